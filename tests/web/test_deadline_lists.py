"""Any list of deadlines that a commune may write: no page fails, and the words on screen are the limit that decides.

The rules are asked for every day of a school year; the pages and the ticks of a loaded commune for some of them.
"""

import asyncio
import re
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from models import clock, commune_file
from models.activities.activity import Activity
from models.activities.deadline import Deadline
from models.activities.slot import Slot
from models.bookings.cart import CartLine
from models.commune import school_calendar
from models.commune.school_year import SchoolYear
from models.families.child import Child
from models.french import day_long, moment
from models.french.dates import MONTHS, SHORT_MONTHS
from models.french.dates import WEEKDAYS as FRENCH
from models.rules.calendar import SCHOOL_WEEK, days, is_school_day, is_working, step
from models.rules.calendar import month as of_month
from models.rules.deadlines import KINDS, PARIS, WEEKDAYS, DayFacts, closing, deadline_of, is_open, utc
from models.settings import Settings
from models.storage import database
from tests.conftest import KEYS, _forget, copy_of
from tests.portal import Portal, open_portal
from tests.rules.deadlines import written
from tests.web.checkout import words
from tests.web.grid import names

Content = dict[str, Any]

FIRST, LAST = date(2018, 9, 3), date(2019, 7, 5)
SCHOOL = school_calendar.school_calendar(
    "B", SchoolYear(name="", starts=FIRST, ends=LAST, weekdays=sorted(SCHOOL_WEEK)), ()
)
MOMENT = re.compile(rf"({'|'.join(FRENCH)}) (1er|\d+) (\S+) à (\d\d):(\d\d)")
A_MINUTE = timedelta(minutes=1)


def limit(text: str, day: date) -> datetime:
    """The instant at which what is said so begins to be refused: 23:59 lasts to the end of that minute."""
    found = MOMENT.search(text)
    assert found, text
    weekday, number, month, hour, minute = found.groups()
    at = (SHORT_MONTHS if month in SHORT_MONTHS else MONTHS).index(month) + 1
    for year in (day.year, day.year - 1):
        try:
            said = datetime.combine(
                date(year, at, int(number.removesuffix("er"))), time(int(hour), int(minute))
            )
        except ValueError:  # 29 February
            continue
        if FRENCH[said.weekday()] == weekday:
            ends = said.time() == time(23, 59)
            return (said + A_MINUTE * ends).replace(tzinfo=PARIS)
    raise AssertionError(text)


def a_minute_before(moment: datetime) -> datetime:
    """A minute of life: on the wall, the hour that spring skips would be in between."""
    return (utc(moment) - A_MINUTE).astimezone(PARIS)


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


@cache
def school_day(day: date) -> bool:
    return is_school_day(SCHOOL, day, None)


SPRING = {"rule": "month_before", "day": 31, "at": "03:00"}  # the minute before 03:00 is 01:59 on 31 March


@settings(max_examples=200, deadline=None)
@given(lists())
@example({"weekdays": ["mon"], "starts": "08:00", "deadlines": {"book": [SPRING], "cancel": [SPRING]}})
def test_on_every_day_of_the_year_the_words_are_the_instant(written: Content) -> None:
    hour, minute = map(int, written["starts"].split(":"))
    facts = DayFacts(60 * hour + minute, lambda day: is_working(SCHOOL, day), school_day)
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

TOGETHER = 10  # activities, each with a list of its own


def ten_activities(content: Content) -> None:
    """One child who eats ten times a day, from Monday to Friday."""
    meal = content["activities"][1]
    content["activities"] = [
        {
            **meal,
            "code": f"a{n}",
            "name": f"Activité {n}",
            "weekdays": list(WEEKDAYS[:5]),
            "slots": [{"code": "s", "name": f"Repas {n}", "starts": "11:45", "ends": "19:30"}],
        }
        for n in range(TOGETHER)
    ]
    family = content["families"][0]
    family["children"] = [{**family["children"][0], "activities": [f"a{n}" for n in range(TOGETHER)]}]
    content["families"] = [family]


class Town:
    """A commune that is loaded once, whose deadlines are written anew."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        self.content: Content = {}

    async def open(self) -> None:
        await database.connect(self.url)
        settings = Settings(self.folder, self.url, None, None, "http://127.0.0.1:8000", KEYS, None, demo=True)

        def change(content: Content) -> None:
            ten_activities(content)
            self.content = content

        town = await open_portal("lens", settings, "2018-06-01T10:00", change)
        self.browser = await town.client("famille15")
        self.child = (await Child.get(first_name="Chloé")).id
        self.slots = dict(await Slot.all().values_list("name", "id"))

    async def write(self, written: list[Content]) -> None:
        """As the file says it: read, checked, into the database."""
        for activity, one in zip(self.content["activities"], written, strict=True):
            activity |= {"weekdays": one["weekdays"], "deadlines": one["deadlines"]}
            activity["slots"] = [{**activity["slots"][0], "starts": one["starts"]}]
        document = commune_file.parse(self.content, "lens.toml")
        await Deadline.all().delete()
        await CartLine.all().delete()
        for said in document.activities:
            row = await Activity.get(code=said.code)
            await Activity.filter(id=row.id).update(weekdays=list(said.weekdays))
            await Slot.filter(activity_id=row.id).update(starts=said.slots[0].starts)
            await Deadline.bulk_create(
                [
                    Deadline(activity_id=row.id, action=action, position=n, rule=rule)
                    for action, rules in (("book", said.book), ("cancel", said.cancel))
                    for n, rule in enumerate(rules)
                ]
            )

    async def look(self, month: date) -> list[str]:
        """The names of the boxes of a month, long before; the other pages answer too."""
        clock.shift_to(datetime(2018, 6, 1, 10, tzinfo=PARIS))
        for path in ("/accueil", "/planning/recapitulatif", f"/planning?vue=semaine&debut={month}"):
            await self.browser.get_page(path)
        return names(await self.browser.get_page(f"/planning?vue=mois&debut={month}&modifier=1"))

    async def tick(self, slot: str, day: date, now: datetime) -> str:
        """What the answer says; nothing is kept in the cart."""
        clock.shift_to(now)
        op = f"{self.child}-{self.slots[slot]}-{day}:1"
        answer = await self.browser.post_part("/planning/operations", [("op", op), ("vue", "semaine")])
        assert answer.status_code == 200, answer.text
        return words(answer.text)

    async def check(self, written: list[Content], month: date, which: int) -> None:
        await self.write(written)
        boxes = await self.look(month)
        for n in range(TOGETHER):
            name = f"Repas {n}"
            mine = [box for box in boxes if box.startswith(f"{name}, ")]
            day = [day for day in days(*of_month(month)) if any(day_long(day) in box for box in mine)][
                which % len(mine)
            ]
            assert WEEKDAYS[day.weekday()] in written[n]["weekdays"]
            said = next(box for box in mine if day_long(day) in box)
            closes = limit(said.partition("Modifiable jusqu’à")[2], day)
            await self.tick(name, day, a_minute_before(closes))
            assert await CartLine.filter(slot_id=self.slots[name], day=day).delete() == 1, said
            refused = await self.tick(name, day, closes)
            assert not await CartLine.exists()
            assert limit(refused.partition("la limite était")[2], day) == closes
        clock.shift_to(datetime.combine(month, time(10), PARIS))
        for path in ("/accueil", "/planning?modifier=1"):
            await self.browser.get_page(path)


def test_200_lists_fail_no_page_and_no_tick(sqlite_template: Path, tmp_path: Path) -> None:
    """Ten activities at a time, each with a list of its own."""
    _forget()
    loop = asyncio.new_event_loop()
    town = Town(copy_of(sqlite_template, tmp_path), tmp_path)
    months = st.sampled_from([step("mois", FIRST, n) for n in range(10)])

    @settings(max_examples=200 // TOGETHER, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(lists(), min_size=TOGETHER, max_size=TOGETHER), months, st.integers(0, 30))
    def every_list(written: list[Content], month: date, which: int) -> None:
        loop.run_until_complete(town.check(written, month, which))

    try:
        loop.run_until_complete(town.open())
        every_list()
    finally:
        loop.run_until_complete(database.close())
        loop.close()
        _forget()


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
