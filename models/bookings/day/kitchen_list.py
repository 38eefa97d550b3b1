"""What a kitchen was told: how many meals of a day, taken at the limit and kept. Nothing changes it afterwards.

The limit is the later of booking and cancelling, and the minutes that a payment under way may still take. What was
booked then is read from the rows as they were, so that a portal that was away takes the same numbers later.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.activities.catalogue import Catalogue, current_catalogue
from models.activities.slot import Slot
from models.bookings.day import day_list
from models.families.file.health import ChildHealth
from models.rules.booking import BookingState
from models.rules.deadlines import NoRule, utc
from models.storage.database import as_date, instant, rows, transaction
from models.storage.fields import Instant
from models.work.audit_log import Event
from models.work.task import Task

AHEAD = timedelta(days=70)  # no limit is earlier
COOK = ("kitchen",)  # who reads it needs no more than diets and how many allergies
MEAL = "meal"  # the kind of an activity


@dataclass(frozen=True, slots=True)
class SchoolMeals:
    """The meals of one school; `school` is "" for whoever has no known class. No name stands here."""

    school: str
    expected: int
    diets: dict[str, int]  # by a word of the commune's list
    allergies: int  # children with at least one allergen


class KitchenList(Model):
    id = fields.IntField(primary_key=True)
    slot: fields.ForeignKeyRelation[Slot] = fields.ForeignKeyField(
        "models.Slot", "kitchen_lists", on_delete=fields.RESTRICT
    )
    day = fields.DateField()
    closed_at = Instant()  # the limit, and the minutes of a payment under way
    taken_at = Instant()
    expected = fields.IntField()
    lines: Any = fields.JSONField()  # SchoolMeals of each
    recipient = fields.CharField(max_length=254, null=True)  # the caterer; null: nobody is written to

    slot_id: int

    class Meta:
        table = "kitchen_list"

    @property
    def schools(self) -> list[SchoolMeals]:
        return [SchoolMeals(**line) for line in self.lines]

    @classmethod
    async def of_days(cls, first: date, last: date) -> dict[tuple[int, date], "KitchenList"]:
        """By slot and day."""
        found = await cls.filter(day__gte=first, day__lte=last)
        return {(one.slot_id, one.day): one for one in found}


async def freeze_kitchen_lists(now: datetime) -> None:
    """Keep each list whose limit has passed, once, and ask for what the caterer is sent."""
    try:
        catalogue = await current_catalogue()
    except LookupError:
        return
    for slot, day in await _open_lists(now.date()):
        closed = closing(catalogue, slot, day)
        if closed and utc(closed) <= utc(now):
            await _freeze(slot, day, closed, now)


def closing(catalogue: Catalogue, slot: int, day: date) -> datetime | None:
    """When the list of a meal is taken; None where no limit is known."""
    try:
        closed = day_list.closes(catalogue, slot, day)
    except NoRule:
        return None
    return closed + timedelta(minutes=catalogue.commune.hold_minutes)


async def _open_lists(today: date) -> list[tuple[int, date]]:
    found = await rows(_OPEN, [today, today + AHEAD])
    return [(row["slot_id"], as_date(row["day"])) for row in found]


async def _freeze(slot: int, day: date, closed: datetime, now: datetime) -> None:
    schools = await _meals(slot, day, closed)
    async with transaction():
        row = await Slot.select_for_update().get(id=slot)
        if await KitchenList.exists(slot_id=slot, day=day):
            return
        made = await KitchenList.create(
            slot_id=slot,
            day=day,
            closed_at=closed,
            taken_at=now,
            expected=sum(one.expected for one in schools),
            lines=[asdict(one) for one in schools],
            recipient=(await row.activity).kitchen_email,
        )
        await Event.note(
            now, "clock", "kitchen.closed", f"slot:{slot}", day=day.isoformat(), expected=made.expected
        )
        if made.recipient:
            await Task.later("send_kitchen_list", made.id, key=f"kitchen:{made.id}")


async def _meals(slot: int, day: date, closed: datetime) -> list[SchoolMeals]:
    """By school. Diets are those that are known now. Raises encryption.Unreadable."""
    children = await rows(_BOOKED_THEN, [slot, day, *[instant(closed)] * 4])
    known = await ChildHealth.known({row["child_id"] for row in children})
    needs = {child: health.seen_by(COOK) for child, health in known.items()}
    schools: dict[str, list[int]] = {}
    for row in children:
        schools.setdefault(row["school"] or "", []).append(row["child_id"])
    return [_school(name, those, needs) for name, those in schools.items()]


def _school(name: str, children: Iterable[int], needs: Mapping[int, Any]) -> SchoolMeals:
    here = list(children)
    seen = [needs[child] for child in here if child in needs]
    diets = Counter(health.diet for health in seen if health.diet)
    return SchoolMeals(name, len(here), dict(diets.most_common()), sum(bool(one.allergens) for one in seen))


_OPEN = f"""
SELECT DISTINCT opening.slot_id, opening.day FROM opening
JOIN slot ON slot.id = opening.slot_id JOIN activity ON activity.id = slot.activity_id
WHERE activity.kind = '{MEAL}' AND opening.day BETWEEN ? AND ? AND NOT EXISTS (
  SELECT 1 FROM kitchen_list WHERE kitchen_list.slot_id = opening.slot_id AND kitchen_list.day = opening.day)
ORDER BY opening.day, opening.slot_id
"""  # noqa: S608

# Confirmed at that moment: since then one may have been cancelled, or confirmed. An absence that was told counts off.
_BOOKED_THEN = f"""
SELECT booking.child_id, school.name AS school
FROM booking JOIN slot ON slot.id = booking.slot_id JOIN activity ON activity.id = slot.activity_id
LEFT JOIN schooling ON schooling.child_id = booking.child_id AND schooling.year_id = activity.year_id
LEFT JOIN school ON school.id = schooling.school_id
WHERE booking.slot_id = ? AND booking.day = ? AND booking.made_at <= ? AND (
  (booking.state = '{BookingState.CONFIRMED}' AND booking.changed_at <= ?)
  OR (booking.state = '{BookingState.CANCELLED}' AND booking.changed_at > ?))
  AND NOT EXISTS (SELECT 1 FROM absence WHERE absence.booking_id = booking.id AND absence.told_at <= ?)
ORDER BY school.name IS NULL, school.position, school.id, booking.child_id
"""  # noqa: S608
