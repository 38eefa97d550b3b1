"""« Règlement »: each of its prices is the one that the cart asks."""

import re
from collections.abc import Iterator
from datetime import date

import pytest

from models.activities.catalogue import ActivityFacts, Catalogue, SlotFacts, current_catalogue
from models.french import euros
from models.rules.pricing import NoTariff
from tests.web.test_rulebook import MOMENTS, Open, Part, each_town, read

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
CATEGORIES = {
    "Familles de la commune": None,
    "Tarif général": None,
    "Familles hors commune": "outside",
    "Enfants avec un projet d’accueil individualisé (PAI)": "pai",
    "Adultes": "adult",
    "Agents de la commune": "staff",
}


@each_town
async def test_every_price_of_the_page_is_the_one_that_is_asked(portal: Open, name: str) -> None:
    said = await read(await portal(name, now=MOMENTS[name]))
    catalogue, compared = await current_catalogue(), 0
    for activity in catalogue.activities.values():
        for slot in activity.slots:
            for line in lines_of(said[activity.name], slot):
                compared += compare_line(catalogue, activity, slot, line)
        for caption, rows in said[activity.name].tables:
            compared += compare_table(catalogue, activity, caption, rows)
    assert compared >= sum(len(activity.slots) for activity in catalogue.activities.values())


def lines_of(part: Part, slot: SlotFacts) -> Iterator[str]:
    """The lines that tell prices of this slot, below its heading or after its name."""
    below = False
    for line in part.lines:
        if line.startswith("Prix"):
            below = line == "Prix" or slot.name in line
        elif re.search(r" par (?:repas|réservation)", line) and below:
            named, _, rest = line.partition(" : ")
            if named == slot.name:
                yield rest
            elif named not in [other for other in part_slots(part) if other != slot.name]:
                yield line


def part_slots(part: Part) -> list[str]:
    return [line.partition(" : ")[0] for line in part.lines if re.search(r" : de [0-9:]+ à [0-9:]+\.$", line)]


def compare_line(catalogue: Catalogue, activity: ActivityFacts, slot: SlotFacts, line: str) -> int:
    category = CATEGORIES.get(line.partition(" : ")[0])
    days = activity.timetable.opens, activity.timetable.closes
    asked = {plain(price(catalogue, slot, category, day, None)) for day in days}
    if "du quotient" not in line:
        assert re.findall(r"[0-9  ]+,[0-9]{2} €", line)[0].strip() in asked, line
        return 1
    example, unknown = re.findall(r"donne ([0-9,]+ €)|([0-9,]+ €) quand", line)
    assert example[0] == plain(price(catalogue, slot, category, days[0], 800))
    assert unknown[1] in asked
    return 1


def compare_table(catalogue: Catalogue, activity: ActivityFacts, caption: str, rows: list[list[str]]) -> int:
    head, *rest = rows
    slots = [slot for slot in activity.slots if len(head) == (3 if slot.timing else len(head))]
    category = next((of for name, of in CATEGORIES.items() if caption.startswith(name)), None)
    ranks = [1, *(int(found[1]) for title in head if (found := re.search(r"dès le (\d)e", title.lower())))]
    for label, *cells in rest:
        for quotient in quotients(label):
            for rank, cell in zip(ranks, cells, strict=False):
                prices = {
                    plain(price(catalogue, slot, category, activity.timetable.opens, quotient, rank))
                    for slot in slots
                }
                assert cell in prices, (label, rank)
            if slots[-1].stay and len(cells) == 2 and len(ranks) == 1:
                entire = catalogue.price(slots[-1].id, category, activity.timetable.opens, quotient, 1).cents
                assert cells[1] == plain(entire)
    return len(rest)


def quotients(label: str) -> list[int | None]:
    """Both ends of a bracket."""
    numbers = [int(one.replace(" ", "")) for one in re.findall(r"[0-9]{1,3}(?: [0-9]{3})*", label)]
    match label.split()[0]:
        case "quotient":
            return [None]
        case "jusqu’à":
            return [0, *numbers]
        case "de":
            return [*numbers]
        case _:
            return [*numbers, 9000]


def price(
    catalogue: Catalogue,
    slot: SlotFacts,
    category: str | None,
    day: date,
    quotient: int | None,
    rank: int = 1,
) -> int:
    """Of one unit."""
    try:
        found = catalogue.price(slot.id, category, day, quotient, rank)
    except NoTariff:
        return 0
    return found.unit_cents


def plain(cents: int) -> str:
    return " ".join(euros(cents).split())
