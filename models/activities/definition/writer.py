"""The rows of an activity as it is described: made where there are none, changed where there are, never another's."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.activities.activity import Activity
from models.activities.deadline import Deadline
from models.activities.definition import description, price_list
from models.activities.group import Group
from models.activities.slot import Slot

OWN_COLUMNS = (
    "name", "kind", "billing", "acceptance", "enrolment", "opens", "closes", "place", "memo", "kitchen_email",
    "membership_fee", "waiting_list", "late_cancel", "visible_from", "residents_first_days",
    "enrolment_places", "presence",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """Ids of the rows of an activity, also of slots and groups that are described no more."""

    id: int
    slots: dict[str, int]  # by code
    groups: dict[str, int]


async def write(said: description.Activity, year: int, till: int, position: int) -> Written:
    """The activity of this code in this year, its slots, groups, deadlines and prices; its days are `openings`.

    By code: what has one keeps its id, and what is described no more keeps its row. Call inside a transaction, after
    Family.lock_all, with no mistake left.
    """
    row = Activity(
        year_id=year,
        till_id=till,
        code=said.code,
        weekdays=list(said.weekdays),
        on_days=said.on,
        position=position,
        absences=[dict(rule) for rule in said.absences] or None,
        windows=[window.line for window in said.windows] or None,
        **{name: getattr(said, name) for name in OWN_COLUMNS},
    )
    changed = ["till_id", "weekdays", "on_days", "position", "absences", "windows", *OWN_COLUMNS]
    await Activity.bulk_create([row], on_conflict=["year_id", "code"], update_fields=changed)
    id = (await Activity.get(year_id=year, code=said.code)).id
    await _slots(id, said.slots)
    await _groups(id, said.groups)
    await _deadlines(id, said)
    await price_list.write(id, said.tariffs)
    return Written(
        id,
        {slot.code: slot.id for slot in await Slot.filter(activity_id=id).order_by("position", "id")},
        {group.code: group.id for group in await Group.filter(activity_id=id).order_by("position", "id")},
    )


async def _slots(activity: int, said: Sequence[description.Slot]) -> None:
    rows = [Slot(activity_id=activity, position=n, **vars(slot)) for n, slot in enumerate(said)]
    columns = [
        "name",
        "starts",
        "ends",
        "care_part",
        "step",
        "minimum",
        "late_pickup",
        "requires",
        "closes",
        "position",
    ]
    await Slot.bulk_create(rows, on_conflict=["activity_id", "code"], update_fields=columns)


async def _groups(activity: int, said: Sequence[description.Group]) -> None:
    def codes(value: tuple[str, ...] | None) -> list[str] | None:
        return None if value is None else list(value)

    rows = [
        Group(
            activity_id=activity,
            code=group.code,
            name=group.name,
            levels=codes(group.levels),
            schools=codes(group.schools),
            places=group.places,
            closes=group.closes,
            position=n,
        )
        for n, group in enumerate(said)
    ]
    columns = ["name", "levels", "schools", "places", "closes", "position"]
    await Group.bulk_create(rows, on_conflict=["activity_id", "code"], update_fields=columns)


async def _deadlines(activity: int, said: description.Activity) -> None:
    """They have no code of their own: the list that is described replaces the activity's."""
    rows = [
        Deadline(activity_id=activity, action=action, position=n, rule=rule)
        for action, rules in (("book", said.book), ("cancel", said.cancel), ("late", said.late))
        for n, rule in enumerate(rules)
    ]
    await Deadline.filter(activity_id=activity).delete()
    await Deadline.bulk_create(rows)
