"""A slot or a group that an activity is described without: taken away where nobody ever was in it.

The commune file never takes one away. One that was booked keeps its row, for its history: it can be closed.
"""

from collections.abc import Sequence

from models.activities.definition.description import Activity
from models.activities.definition.mistake import Mistake
from models.activities.group import Group
from models.activities.opening import Opening
from models.activities.slot import Slot
from models.bookings.booking import Booking
from models.bookings.cart import CartLine
from models.bookings.day.kitchen_list import KitchenList
from models.bookings.order import OrderLine
from models.bookings.roll.roll_closing import RollClosing
from models.families.enrolment import Enrolment
from models.families.enrolment_wait import EnrolmentWait
from models.french import plural, quoted
from models.rules.money import NBSP

KEPT = f"{NBSP}: il peut être fermé, pas supprimé"
HELD = f"{NBSP}: elle peut être fermée, pas supprimée"


async def hindrances(activity: int, before: Activity, wanted: Activity) -> list[Mistake]:
    """Why what is described no more has to stay; `where` is its place in `before`."""
    found = []
    for n, slot in enumerate(before.slots):
        if slot.code not in {one.code for one in wanted.slots}:
            needing = [one.name for one in wanted.slots if one.requires == slot.code]
            said = _needed(needing) if needing else await _of_slot(activity, slot.code)
            found += [Mistake(f"slots[{n}]", "", said)] if said else []
    for n, group in enumerate(before.groups):
        if group.code not in {one.code for one in wanted.groups}:
            said = await _of_group(activity, group.code)
            found += [Mistake(f"groups[{n}]", "", said)] if said else []
    return found


async def take_away(activity: int, before: Activity, wanted: Activity) -> None:
    """Their rows, with their days and what was ticked of them. Call inside the transaction that writes `wanted`, after
    Family.lock_all, with no hindrance left."""
    slots = [one.code for one in before.slots if one.code not in {kept.code for kept in wanted.slots}]
    groups = [one.code for one in before.groups if one.code not in {kept.code for kept in wanted.groups}]
    if slots:
        await CartLine.filter(slot__activity_id=activity, slot__code__in=slots).delete()
        await Opening.filter(slot__activity_id=activity, slot__code__in=slots).delete()
        await Slot.filter(activity_id=activity, code__in=slots).delete()
    if groups:
        await Opening.filter(group__activity_id=activity, group__code__in=groups).delete()
        await Group.filter(activity_id=activity, code__in=groups).delete()


def _needed(needing: Sequence[str]) -> str:
    return f"{', '.join(map(quoted, needing))} demande cette séance{NBSP}: changez d’abord ce qu’il demande"


async def _of_slot(activity: int, code: str) -> str:
    row = await Slot.get_or_none(activity_id=activity, code=code)
    if row is None:
        return ""
    if number := await Booking.filter(slot_id=row.id).count():
        return f"cette séance a {plural(number, 'réservation')}{HELD}"
    used = (
        await OrderLine.exists(slot_id=row.id)
        or await KitchenList.exists(slot_id=row.id)
        or await RollClosing.exists(opening__slot_id=row.id)
    )
    return f"cette séance a déjà servi{HELD}" if used else ""


async def _of_group(activity: int, code: str) -> str:
    row = await Group.get_or_none(activity_id=activity, code=code)
    if row is None:
        return ""
    if number := await Enrolment.filter(group_id=row.id).count():
        return f"ce groupe a {plural(number, 'enfant inscrit', 'enfants inscrits')}{KEPT}"
    used = await Booking.exists(opening__group_id=row.id) or await EnrolmentWait.exists(group_id=row.id)
    used = used or await RollClosing.exists(opening__group_id=row.id)
    return f"ce groupe a déjà servi{KEPT}" if used else ""
