"""A kitchen's list as a paper and as lines of a spreadsheet."""

from collections.abc import Iterator, Sequence

from models.bookings.day.kitchen_list import KitchenList
from models.commune.commune import Commune
from models.commune.letterhead import issuer
from models.french.spreadsheets import Cell
from models.rules.deadlines import PARIS
from models.rules.papers.kitchen import KitchenLine, KitchenSheet

WITHOUT_SCHOOL = "Adultes, sans classe connue"
ORDINARY, ALLERGIES, ALL = "Ordinaire", "Allergies", "Total"


async def kitchen_paper(row: KitchenList) -> KitchenSheet:
    """`row` has its slot and its activity. Raises LookupError where no commune is loaded."""
    commune = await Commune.with_logo()
    if commune is None:
        raise LookupError("no commune is loaded")
    lines = tuple(
        KitchenLine(one.school or WITHOUT_SCHOOL, one.expected, tuple(one.diets.items()), one.allergies)
        for one in row.schools
    )
    taken = row.taken_at.astimezone(PARIS).date()
    slot = row.slot
    return KitchenSheet(issuer(commune), slot.name, slot.activity.name, row.day, row.closed_at, taken, lines)


def heads(paper: KitchenSheet) -> list[str]:
    return ["Jour", "Créneau", "École", ALL, ORDINARY, *paper.diets, ALLERGIES]


def lines(paper: KitchenSheet) -> Iterator[Sequence[Cell]]:
    for one in (*paper.lines, paper.together):
        diets = dict(one.diets)
        numbers = (one.expected, one.ordinary, *(diets.get(diet, 0) for diet in paper.diets), one.allergies)
        yield (paper.day, paper.meal, one.school, *numbers)
