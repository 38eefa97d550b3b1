"""All the tables that speak of families; those that speak of none stand in `tests/house/test_personal_data.py`."""

from models.personal_data.part import Part
from models.personal_data.parts.days import BOOKED
from models.personal_data.parts.exchanges import EXCHANGED
from models.personal_data.parts.money import MONEY
from models.personal_data.parts.people import ACCESS, PEOPLE

CHAPTERS: dict[str, tuple[Part, ...]] = {
    "Le foyer et les enfants": PEOPLE,
    "Les réservations": BOOKED,
    "Les factures et les paiements": MONEY,
    "Les échanges et le journal": EXCHANGED,
    "L’accès au portail": ACCESS,
}
PARTS: tuple[Part, ...] = tuple(part for parts in CHAPTERS.values() for part in parts)
