"""What the pages of « Exports » share: their place in the menu, the period that they ask."""

from datetime import datetime, timedelta

from web.components.admin.kit.form import Day
from web.page.menu import Entry

PLACE = "/mairie/exports"
FIRST = Day("debut", "Du", missing="Indiquez le premier jour.")
LAST = Day("fin", "Au", missing="Indiquez le dernier jour.")

menu = Entry(
    PLACE,
    "Exports",
    "get",
    roles=("manager", "cashier"),
    order=58,
    shows=("money",),
    about="Les encaissements et les factures pour un tableur",
)


def last_month(now: datetime) -> dict[str, str]:
    """What the fields say until somebody says otherwise."""
    last = now.date().replace(day=1) - timedelta(days=1)
    return {FIRST.name: last.replace(day=1).isoformat(), LAST.name: last.isoformat()}
