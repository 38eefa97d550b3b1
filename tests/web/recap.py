"""Carts for the recap."""

from tests.web.checkout import Parent

L1 = [
    ("ACM du Matin", ["2018-09-03"]),
    ("ACM du Soir", ["2018-09-03", "2018-09-04", "2018-09-06", "2018-09-07"]),
    ("Rest Sco Pré Paiement 2018-2019", ["2018-09-03", "2018-09-06", "2018-09-07"]),
]


async def fill(claire: Parent) -> None:
    for slot, days in L1:
        await claire.tick("Chloé", slot, *days)
