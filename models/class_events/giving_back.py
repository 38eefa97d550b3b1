"""A class event that was taken back: its days are booked again, where nobody else has the place."""

from datetime import datetime
from functools import partial

from models.activities.opening import Opening
from models.bookings.booking import Booking
from models.class_events.cancelled_day import CancelledDay
from models.commune.class_event import ClassEvent
from models.families.family import Family
from models.french.class_events import KINDS
from models.money import ledger
from models.rules import postings
from models.rules.booking import LIVE, BookingState
from models.rules.postings import FamilyAccount
from models.rules.states.class_events import Kept
from models.rules.states.notices import NoticeKind
from models.storage.database import retrying
from models.work.audit_log import Event
from models.work.notice import Notice


async def return_class_days(id: int, now: datetime) -> None:
    """Family after family; done twice, it is done once. Ranks and offers are not given back: others came first."""
    event = await ClassEvent.get(id=id)
    left = CancelledDay.filter(event_id=id, returned_at=None, kept=Kept.NO, was=BookingState.CONFIRMED)
    families = await left.distinct().values_list("booking__family_id", flat=True)
    for family in sorted(set(families)):
        await retrying(partial(_return_of, event, int(str(family)), now))
    await ClassEvent.filter(id=id, returned_at=None).update(returned_at=now)


async def _return_of(event: ClassEvent, family: int, now: datetime) -> None:
    async with Family.turn(family):
        mine = CancelledDay.filter(
            event_id=event.id,
            returned_at=None,
            kept=Kept.NO,
            was=BookingState.CONFIRMED,
            booking__family_id=family,
        )
        days = await mine.select_related("booking__slot__activity", "booking__order").order_by(
            "booking__opening_id"
        )
        back = [day for day in days if await _book_again(event, day, now)]
        if not days:
            return
        await Event.note(
            now, event.withdrawn_by or event.made_by, "class_event.returned", f"class_event:{event.id}", family,
            bookings=[day.booking_id for day in back],
        )  # fmt: skip
        await Notice.say(NoticeKind.CLASS_BACK, family, f"cancelled_day:{days[0].id}", now)


async def _book_again(event: ClassEvent, day: CancelledDay, now: datetime) -> bool:
    """False where it stays cancelled, and why is written."""
    booking, why = day.booking, Kept.NO
    if booking.day < now.date():
        why = Kept.OVER
    elif await Booking.exists(
        child_id=booking.child_id, slot_id=booking.slot_id, day=booking.day, state__in=LIVE
    ):
        why = Kept.BOOKED
    elif not await Opening.take(booking.opening_id):
        why = Kept.FULL
    if why:
        await CancelledDay.filter(id=day.id).update(kept=why)
        return False
    await Booking.move(
        booking.id, BookingState.CANCELLED, BookingState.CONFIRMED, changed_at=now, billed=True
    )
    await CancelledDay.filter(id=day.id).update(returned_at=now)
    if day.cents and booking.order:
        label = f"{KINDS[event.kind]} du {booking.day:%d/%m/%Y}, annulée"
        account = FamilyAccount(booking.family_id, booking.order.till_id)
        posting = postings.booked_again(account, day.return_key, booking.slot.activity.code, day.cents, label)
        await ledger.post(posting, at=now, actor=event.withdrawn_by or event.made_by)
    return True
