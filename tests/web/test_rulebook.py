"""« Règlement »: what it says of deadlines and prices is what the grid applies and the cart asks."""

import html
import random
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from jobs import papers
from models import clock
from models.activities.catalogue import ActivityFacts, Catalogue, current_catalogue
from models.commune.commune import Commune
from models.rules.calendar import Kind, is_school_day, is_working
from models.rules.deadlines import PARIS
from models.settings import Settings
from models.work.audit_log import Event
from tests.documents.reading import words as words_of_pdf
from tests.limits_said import WEEKDAYS, Wall, instant, window
from tests.portal import Portal
from web.app import create_app

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
Open = Callable[..., Awaitable[Portal]]
MOMENTS = {
    "lens": "2018-08-27T10:00",
    "lutins": "2018-06-06T09:00",
    "lezignan": "2016-09-16T10:00",
    "alixan": "2022-07-04T14:00",
    "demo": "2025-09-22T10:00",
}
each_town = pytest.mark.parametrize("name", MOMENTS)
DAYS = 200
HEADS = {
    "Un jour se réserve et s’annule": ("book", "cancel"),
    "Un jour se réserve": ("book",),
    "Il s’annule": ("cancel",),
    "Ensuite, au tarif des réservations tardives, il se réserve encore": ("late",),
}


@dataclass(frozen=True)
class Part:
    """A section of the page: its lines, and the rows of its tables below their caption."""

    lines: list[str]
    tables: list[tuple[str, list[list[str]]]]


async def read(town: Portal) -> dict[str, Part]:
    page = await (await town.client()).get_page("/reglement")
    found = {}
    for section in re.findall(r"<section aria-labelledby=.*?</section>", page, re.S):
        title = text_of(re.findall(r"<h2.*?</h2>", section, re.S)[0])
        lines = [text_of(one) for one in re.findall(r"<(?:p|li|h3)>.*?</(?:p|li|h3)>", section, re.S)]
        found[title] = Part(lines, [table(one) for one in re.findall(r"<table.*?</table>", section, re.S)])
    return found


def table(said: str) -> tuple[str, list[list[str]]]:
    rows = re.findall(r"<tr>.*?</tr>", said, re.S)
    cells = [[text_of(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.S)] for row in rows]
    return text_of(re.findall(r"<caption.*?</caption>", said, re.S)[0]), cells


def text_of(said: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", said)).split())


def limits(part: Part) -> dict[tuple[str, int], str]:
    """By what is done and the weekday: « jusqu’à la veille à 12:00 »."""
    found: dict[tuple[str, int], str] = {}
    lines = iter(part.lines)
    for line in lines:
        head = next((head for head in HEADS if line.startswith((f"{head} jusqu’", f"{head} :"))), None)
        if head is None:
            continue
        rest = line.removeprefix(head).strip()
        told = [("", rest)] if rest != ":" else list(of_weekdays(lines))
        for weekdays, until in told:
            for action in HEADS[head]:
                found |= {
                    (action, day): until for day, name in enumerate(WEEKDAYS) if name in (weekdays or name)
                }
    return found


def of_weekdays(lines: Iterator[str]) -> Iterator[tuple[str, str]]:
    """The items after « : », up to the one that has the last of the week."""
    for line in lines:
        found = re.fullmatch(r"pour ((?:le|les) .*?), (jusqu’.*)", line)
        assert found, line
        yield found[1], found[2]
        if "vendredi" in found[1]:
            return


def some_days(catalogue: Catalogue, activity: ActivityFacts, school: str) -> list[date]:
    first, last = activity.timetable.opens, activity.timetable.closes
    every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    mine = [day for day in every if catalogue.day(activity, school, day).kind is not Kind.never]
    return random.Random(f"{activity.code} {school}").choices(mine, k=DAYS)


def opens(catalogue: Catalogue, activity: ActivityFacts, school: str, day: date) -> bool:
    return catalogue.day(activity, school, day).kind is Kind.open


@each_town
async def test_the_instant_that_a_sentence_says_is_the_one_that_the_grid_applies(
    portal: Open, name: str
) -> None:
    await every_sentence_holds(await portal(name, now=MOMENTS[name]))


def counted_and_moved(data: dict[str, Any]) -> None:
    opening = {"rule": "days_before", "days": 2, "at": "23:59", "count": "opening", "for": ["mon", "tue"]}
    friday = {"rule": "previous_weekday", "weekday": "sun", "at": "12:00", "moved": "previous_working_day"}
    for activity in data["activities"]:
        activity["deadlines"] = {"book": [opening, friday], "cancel": [friday | {"weekday": "mon"}]}


async def test_limits_by_opening_days_and_limits_that_move_hold_too(portal: Open) -> None:
    await every_sentence_holds(await portal("lens", now=MOMENTS["lens"], change=counted_and_moved))


async def every_sentence_holds(town: Portal) -> None:
    said = await read(town)
    catalogue = await current_catalogue()
    for activity in catalogue.activities.values():
        told = limits(said[activity.name])
        periods = [found for line in said[activity.name].lines if (found := window(line))]
        assert len(periods) == len(activity.windows)
        starts = {slot.name: slot.starts for slot in activity.slots}
        calendar = catalogue.calendars[activity.year]
        for school in [school.code for school in catalogue.schools.values()]:
            wall = Wall(
                partial(is_working, calendar),
                partial(is_school_day, calendar, school=school),
                partial(opens, catalogue, activity, school),
            )
            for day in some_days(catalogue, activity, school):
                for slot in activity.slots:
                    one = {
                        action: instant(told[action, day.weekday()], day, wall, starts, slot.name)
                        for action in ("book", "cancel", "late")
                        if (action, day.weekday()) in told
                    }
                    book = max(one["book"], one.pop("late", one["book"]))
                    book = min([book, *(shut for first, last, shut in periods if first <= day <= last)])
                    assert book == catalogue.closes(slot.id, "book", day, school).astimezone(UTC)
                    assert one["cancel"] == catalogue.closes(slot.id, "cancel", day, school).astimezone(UTC)


def own(data: dict[str, Any]) -> None:
    data["commune"]["rulebook"] = [
        {"title": "Comportement", "text": "On se tient bien.\n\nOn <b>range</b>\nson couvert."},
        {"title": "Le pique-nique", "text": "La mairie le fournit.", "activity": "restauration"},
    ]


async def test_the_commune_adds_its_own_paragraphs(portal: Open) -> None:
    town = await portal("lens", now=MOMENTS["lens"], change=own)
    said = await read(town)
    assert said["Comportement"].lines == ["On se tient bien.", "On <b>range</b> son couvert."]
    lunch = said["RESTAURATION SCOLAIRE 2018-2019"].lines
    assert lunch[-2:] == ["Le pique-nique", "La mairie le fournit."]
    page = await (await town.client()).get_page("/reglement")
    anchors = re.findall(r'<li><a href="#([^"]+)">', page)
    assert "comportement" in anchors and len(set(anchors)) == len(anchors)
    assert all(f'id="{anchor}"' in page for anchor in anchors)


async def test_it_is_dated_by_its_last_change_and_each_change_has_its_paper(portal: Open) -> None:
    town = await portal("lens", now=MOMENTS["lens"])
    visitor = await town.client()
    assert "Le Pdf est en préparation" in await visitor.get_page("/reglement")
    assert (await visitor.get("/reglement/pdf")).headers["location"] == "/reglement"
    first = await paper(town)
    assert "Dernière mise à jour : lundi 27 août 2018" in first and "jusqu’au mercredi de la semaine" in first
    assert await Event.filter(action="rulebook.changed").count() == 1

    at(days=10)
    assert await paper(town) == first  # nothing has changed, so neither has its date
    for days, minutes, told in (
        (20, 40, "dimanche 16 septembre 2018"),
        (30, 25, "mercredi 26 septembre 2018"),
    ):
        at(days)
        await Commune.all().update(hold_minutes=minutes)  # the second time as it was at first
        page = text_of(await visitor.get_page("/reglement"))
        assert f"Dernière mise à jour : {told}" in page and "en préparation" in page
        changed = await paper(town)
        assert told in changed and f"gardées {minutes} minutes" in changed
        page = text_of(await visitor.get_page("/reglement"))
        assert f"Dernière mise à jour : {told}" in page and "Télécharger en Pdf" in page
    await town.verify()


async def paper(town: Portal) -> str:
    """The words of its PDF, after the clock's job has run."""
    await papers.draw_rulebook()
    answer = await (await town.client()).get("/reglement/pdf")
    assert answer.headers["content-type"] == "application/pdf"
    return " ".join(words_of_pdf(answer.content).split())


def at(days: int) -> None:
    """So many days after the first."""
    start = datetime.fromisoformat(MOMENTS["lens"]).replace(tzinfo=PARIS)
    clock.shift_to(start + timedelta(days=days))


async def test_everybody_finds_it_and_nobody_is_named(portal: Open) -> None:
    town = await portal("lens", now=MOMENTS["lens"])
    for who, path in (
        (None, "/"),
        ("famille15", "/accueil"),
        ("famille15", "/planning"),
        ("mairie", "/reglement"),
    ):
        assert 'href="/reglement"' in await (await town.client(who)).get_page(path), path
    page = await (await town.client()).get_page("/reglement")
    assert "Chloé" not in page and "15.1606" not in page


async def test_without_a_commune_there_is_no_reglement(db: str, settings: Settings) -> None:
    town = Portal(create_app(settings), settings)
    await (await town.client()).get_page("/reglement", status=404)
    await papers.draw_rulebook()
