"""Where « Prélèvements » stands in the mairie's menu, and its two lists."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from web.page.menu import Count, Entry

PLACE = "/mairie/prelevements"
MANDATES = f"{PLACE}/mandats"
ROLES = ("manager", "cashier")


def entry(count: Callable[[datetime], Awaitable[Count]]) -> Entry:
    about = "Ce qui sera prélevé, les fichiers de la banque, les rejets, les mandats"
    return Entry(
        PLACE,
        "Prélèvements",
        "euro",
        roles=ROLES,
        order=57,
        shows=("bank", "money"),
        about=about,
        count=count,
    )


def tabs() -> tuple[tuple[str, str, None], ...]:
    return (PLACE, "Lots et rejets", None), (MANDATES, "Mandats", None)
