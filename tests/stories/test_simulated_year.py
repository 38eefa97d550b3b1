"""A school year of a small town, by chance: at the end of each month every promise holds, and the money adds up.

`python -m tests.bench.year` lives the year of two hundred families. A seed that failed is said, and can be given there.
"""

import random
from collections import Counter
from collections.abc import Awaitable, Callable

from beancount.core.data import Balance
from beancount.loader import load_string

from models.certificates.paid_care import paid_care
from models.exports import beancount
from models.storage.integrity import verify
from tests.models.year import MONTHS, START, Year, people
from tests.portal import Portal

FAMILIES = 8
MONEY = tuple(
    f"Assets:{name}" for name in ("Banque", "Especes", "Cheques", "Cesu", "Virements", "Prelevements")
)


async def test_a_year_adds_up(portal: Callable[..., Awaitable[Portal]]) -> None:
    seed = random.randrange(10**6)
    await portal("demo", now=START, change=lambda content: people(content, FAMILIES, random.Random(seed)))
    year = Year(random.Random(seed))
    await year.open()
    for first in MONTHS:
        await year.month(first)
        faults = [str(fault) for fault in await verify()]
        assert faults == [], f"{first:%B %Y}, seed {seed}"
        assert await year.banked() == +year.paid, f"{first:%B %Y}, seed {seed}"
    did = ("orders", "given back", "paid", "invoices paid", "taken", "debits", "avoir by transfer")
    assert min(year.did[what] for what in did) > 0, (year.did, seed)
    await the_journal_says_the_same(year, seed)
    await nobody_is_certified_more_than_was_paid(year, seed)


async def the_journal_says_the_same(year: Year, seed: int) -> None:
    said = "".join([piece async for piece in beancount.journal()])
    entries, errors, _ = load_string(said)
    assert errors == [], f"seed {seed}"
    banked = [one for one in entries if isinstance(one, Balance) and one.account.startswith(MONEY)]
    assert sum(int((one.amount.number or 0) * 100) for one in banked) == year.paid.total(), f"seed {seed}"


async def nobody_is_certified_more_than_was_paid(year: Year, seed: int) -> None:
    certified: Counter[int] = Counter()
    for civil in (2025, 2026):
        for family, paid in (await paid_care(year.families, civil)).items():
            certified[family] += paid.care.total()
    for family, cents in certified.items():
        assert 0 <= cents <= sum(sum_ for (who, _), sum_ in year.paid.items() if who == family), (
            f"seed {seed}"
        )
    assert certified.total() > 0, f"seed {seed}"
