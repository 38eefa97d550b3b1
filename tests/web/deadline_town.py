"""A commune whose deadlines are written anew, and what its pages and its ticks say of each day's limit."""

import re
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from models import clock, commune_file
from models.activities.activity import Activity
from models.activities.catalogue import current_catalogue
from models.activities.deadline import Deadline
from models.activities.opening import Opening
from models.activities.slot import Slot
from models.bookings.booking import Booking
from models.bookings.cart import CartLine
from models.bookings.order import OrderLine
from models.checkout import recap
from models.checkout.commit import commit
from models.commune import school_calendar
from models.commune.school_year import SchoolYear
from models.families.child import Child, Home
from models.french import day_long
from models.french.dates import MONTHS, SHORT_MONTHS
from models.french.dates import WEEKDAYS as FRENCH
from models.rules.calendar import SCHOOL_WEEK, Kind, Timetable, day_of, days, is_school_day, is_working, step
from models.rules.calendar import month as of_month
from models.rules.deadlines import PARIS, WEEKDAYS, DayFacts, closing, deadline_of, utc
from models.settings import Settings
from models.storage import database
from tests.conftest import KEYS
from tests.portal import open_portal
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


@cache
def school_day(day: date) -> bool:
    return is_school_day(SCHOOL, day, None)


@cache
def opens_on(weekday: str, day: date) -> bool:
    """Does an activity open that has this weekday?"""
    timetable = Timetable("", frozenset({WEEKDAYS.index(weekday)}), FIRST, LAST)
    return day_of(SCHOOL, timetable, None, day).kind is Kind.open


def facts_of(written: Content) -> DayFacts:
    """What the rules of an activity that is written so may ask."""
    hour, minute = map(int, written["starts"].split(":"))
    return DayFacts(
        60 * hour + minute,
        lambda day: is_working(SCHOOL, day),
        school_day,
        lambda day: any(opens_on(weekday, day) for weekday in written["weekdays"]),
    )


TOGETHER = 10  # activities, each with a list of its own
YEAR = [step("mois", FIRST, n) for n in range(11)]
LONG_BEFORE = datetime(2018, 6, 1, 10, tzinfo=PARIS)


def ten_activities(content: Content) -> None:
    """One child who eats ten times a day, from Monday to Friday."""
    meal = content["activities"][1]
    content["activities"] = [
        {
            **meal,
            "billing": "invoiced",  # a click books it, without a bank
            "late_cancel": "refused",
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
        self.clicks = count()
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
        self.family = (await Home.get(child_id=self.child)).family_id
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
        """The names of the boxes of a month, long before."""
        clock.shift_to(LONG_BEFORE)
        return names(await self.browser.get_page(f"/planning?vue=mois&debut={month}&modifier=1"))

    async def look_elsewhere(self, month: date, now: datetime) -> None:
        """The other pages answer too."""
        clock.shift_to(now)
        for path in (
            "/accueil",
            "/planning/recapitulatif",
            f"/planning?vue=semaine&debut={month}",
            "/planning?modifier=1",
        ):
            await self.browser.get_page(path)

    async def tick(self, n: int, day: date, now: datetime, on: bool = True) -> str:
        """What the answer says."""
        clock.shift_to(now)
        return await self.send(f"{self.child}-{self.slots[repas(n)]}-{day}:{int(on)}")

    async def send(self, *ops: str) -> str:
        sent = [*(("op", op) for op in ops), ("vue", "semaine")]
        answer = await self.browser.post_part("/planning/operations", sent)
        assert answer.status_code == 200, answer.text
        return words(answer.text)

    async def check(self, written: list[Content], month: date, which: int) -> None:
        await self.write(written)
        await self.look_elsewhere(month, LONG_BEFORE)
        told: dict[int, list[tuple[date, datetime]]] = {}
        for each in YEAR[YEAR.index(month) % 2 :: 2]:
            boxes = await self.look(each)
            for n in range(TOGETHER):
                found = dated(boxes, n, each)
                self.is_the_limit(written, "book", n, found)
                if each == month:
                    told[n] = found
        chosen = {n: of[which % len(of)] for n, of in told.items()}
        for n, (day, closes) in chosen.items():
            await self.decides(n, day, closes, on=True)
        await self.book({n: day for n, (day, _) in chosen.items()})
        booked = await self.look(month)
        for n, (day, _) in chosen.items():
            assert any(f"{repas(n)}, {day_long(day)}, réservée" in box for box in booked), booked
            [limit_of] = [one for one in dated(booked, n, month) if one[0] == day]
            self.is_the_limit(written, "cancel", n, [limit_of])
            await self.decides(n, *limit_of, on=False)
        await self.forget()
        await self.look_elsewhere(month, datetime.combine(month, time(10), PARIS))

    def is_the_limit(
        self, written: list[Content], action: str, n: int, told: list[tuple[date, datetime]]
    ) -> None:
        """What the page tells of each day is what the list says."""
        facts = facts_of(written[n])
        rules = [deadline_of(row) for row in written[n]["deadlines"][action]]
        for day, closes in told:
            assert WEEKDAYS[day.weekday()] in written[n]["weekdays"]
            assert closes == closing(rules, day, facts), (action, day)

    async def decides(self, n: int, day: date, closes: datetime, on: bool) -> None:
        """A minute before, the tick is taken; at the limit it is refused, in the same words. Nothing is left."""
        mine = CartLine.filter(slot_id=self.slots[repas(n)], day=day)
        await self.tick(n, day, a_minute_before(closes), on)
        assert [line.action for line in await mine] == ["add" if on else "cancel"], (day, closes)
        await mine.delete()
        refused = await self.tick(n, day, closes, on)
        assert not await CartLine.exists()
        assert limit(refused.partition("la limite était")[2], day) == closes

    async def book(self, chosen: dict[int, date]) -> None:
        clock.shift_to(LONG_BEFORE)
        await self.send(*(f"{self.child}-{self.slots[repas(n)]}-{day}:1" for n, day in chosen.items()))
        catalogue = await current_catalogue()
        shown = await recap.read(catalogue, self.family, LONG_BEFORE)
        await commit(catalogue, self.family, LONG_BEFORE, f"click-{next(self.clicks)}", shown.seen)
        assert await Booking.filter(state="confirmed").count() == len(chosen)

    async def forget(self) -> None:
        """The bookings of these lists."""
        await OrderLine.all().delete()
        await Booking.all().delete()
        await Opening.filter(taken__gt=0).update(taken=0)


def repas(n: int) -> str:
    return f"Repas {n}"


def dated(boxes: list[str], n: int, month: date) -> list[tuple[date, datetime]]:
    """The days of an activity's boxes, and the limit that each tells."""
    mine = [box for box in boxes if box.startswith(f"{repas(n)}, ") and "Modifiable jusqu’à" in box]
    found = [(day, box) for day in days(*of_month(month)) for box in mine if f", {day_long(day)}, " in box]
    assert len(found) == len(mine), mine
    return [(day, limit(box.partition("Modifiable jusqu’à")[2], day)) for day, box in found]
