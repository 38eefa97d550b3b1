"""Any list of deadlines that a commune may write: no page fails, and the words on screen are the limit that decides.

The rules are asked for every day of a school year; the pages and the ticks of a loaded commune for some of them.
"""

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from models.activities.slot import Slot
from models.bookings.cart import CartLine
from models.families.child import Child
from models.french import moment
from models.rules.calendar import days
from models.rules.deadlines import KINDS, WEEKDAYS, closing, deadline_of, is_open
from models.storage import database
from tests.conftest import _forget, copy_of
from tests.engines import ON_SQLITE
from tests.portal import Portal
from tests.rules.deadlines import written
from tests.web.checkout import words
from tests.web.deadline_town import (
    FIRST,
    LAST,
    TOGETHER,
    YEAR,
    Content,
    Town,
    a_minute_before,
    facts_of,
    limit,
)

# What a commune may write

rules = st.one_of(*map(written, KINDS))
some_days = st.lists(st.sampled_from(WEEKDAYS[:5]), min_size=1, unique=True)
clocks = st.builds("{:02d}:{:02d}".format, st.integers(6, 18), st.integers(0, 59))


@st.composite
def lists(draw: st.DrawFn) -> Content:
    """The weekdays of an activity, when it starts, and two lists that leave out the others."""

    def one() -> list[Content]:
        found: list[Content] = [
            {**rule, "for": draw(some_days)} for rule in draw(st.lists(rules, max_size=3))
        ]
        left = [day for day in open_on if not any(day in rule["for"] for rule in found)]
        return [*found, {**draw(rules), "for": left}] if left else found

    open_on = draw(some_days)
    return {"weekdays": open_on, "starts": draw(clocks), "deadlines": {"book": one(), "cancel": one()}}


# The rules, on every day of the year

SPRING = {"rule": "month_before", "day": 31, "at": "03:00"}  # the minute before 03:00 is 01:59 on 31 March


@settings(max_examples=200, deadline=None)
@given(lists())
@example({"weekdays": ["mon"], "starts": "08:00", "deadlines": {"book": [SPRING], "cancel": [SPRING]}})
def test_on_every_day_of_the_year_the_words_are_the_instant(written: Content) -> None:
    facts = facts_of(written)
    rules = {
        action: [deadline_of(row) for row in written["deadlines"][action]] for action in ("book", "cancel")
    }
    for day in days(FIRST, LAST):
        if WEEKDAYS[day.weekday()] not in written["weekdays"]:
            continue
        for list_of_rules in rules.values():
            closes = closing(list_of_rules, day, facts)
            said = limit(moment(closes), day)
            assert said == closes
            assert is_open(a_minute_before(said), closes) and not is_open(said, closes)


# The pages and the ticks


def test_200_lists_fail_no_page_and_no_tick(sqlite_template: Path, tmp_path: Path) -> None:
    """Ten activities at a time, each with a list of its own. Every day of the year says its limit; one is tried."""
    _forget()
    loop = asyncio.new_event_loop()
    town = Town(copy_of(sqlite_template, tmp_path), tmp_path)

    @settings(max_examples=200 // TOGETHER, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(lists(), min_size=TOGETHER, max_size=TOGETHER), st.sampled_from(YEAR), st.integers(0, 30))
    def every_list(written: list[Content], month: date, which: int) -> None:
        loop.run_until_complete(town.check(written, month, which))

    try:
        loop.run_until_complete(town.open())
        every_list()
    finally:
        loop.run_until_complete(database.close())
        loop.close()
        _forget()


@ON_SQLITE
async def test_a_weekday_that_no_rule_is_for_is_a_day_on_which_nothing_opens(portal: Any) -> None:
    """Two lists for four days, and no activity on Wednesday: the family's pages and ticks go on."""

    def two_lists(content: Content) -> None:
        rules = [
            {"rule": "days_before", "days": 2, "at": "12:00", "for": ["mon", "tue"]},
            {"rule": "days_before", "days": 1, "at": "12:00", "for": ["thu", "fri"]},
        ]
        content["activities"][1]["deadlines"] = {"book": rules}

    town: Portal = await portal("lens", now="2018-08-27T10:00", change=two_lists)
    browser = await town.client("famille15")
    child, slot = await Child.get(first_name="Léo"), await Slot.get(name__startswith="Rest Sco")
    for path in (
        "/accueil",
        f"/planning?id={child.id}&debut=2018-09-03&modifier=1",
        "/planning/recapitulatif",
    ):
        await browser.get_page(path)
    answers = {}
    for day in ("2018-09-03", "2018-09-05"):
        answer = await browser.post_part("/planning/operations", {"op": f"{child.id}-{slot.id}-{day}:1"})
        assert answer.status_code == 200
        answers[day] = words(answer.text)
    assert "mercredi 5 septembre : jour non ouvert." in answers["2018-09-05"]
    assert [line.day for line in await CartLine.all()] == [date(2018, 9, 3)]
