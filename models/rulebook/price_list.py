"""What each activity costs, apart from the rest of the règlement."""

from collections.abc import Iterator
from datetime import date

from models.activities.catalogue import Catalogue
from models.activities.facts import ActivityFacts
from models.french import euros
from models.rulebook import prices
from models.rulebook.writing import current
from models.rules.money import NBSP
from models.rules.papers.rulebook import Block, Section, Sentences


def price_sections(catalogue: Catalogue, today: date) -> list[Section]:
    """One for each activity that is not over, in the order of the commune's file."""
    return [
        Section(f"tarif-{n}", one.name, (*_fee(one), *prices.blocks(one)))
        for n, one in enumerate(current(catalogue, today), start=1)
    ]


def _fee(activity: ActivityFacts) -> Iterator[Block]:
    if activity.membership_fee is not None:
        yield Sentences(f"Adhésion{NBSP}: {euros(activity.membership_fee)} par enfant et par année scolaire.")
