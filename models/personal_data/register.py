"""All the tables that speak of families; those that speak of none stand in `tests/house/test_personal_data.py`."""

from models.personal_data.part import Part
from models.personal_data.parts.days import BOOKED
from models.personal_data.parts.exchanges import EXCHANGED
from models.personal_data.parts.money import MONEY
from models.personal_data.parts.people import ACCESS, PEOPLE

PARTS: tuple[Part, ...] = (*PEOPLE, *BOOKED, *MONEY, *EXCHANGED, *ACCESS)
