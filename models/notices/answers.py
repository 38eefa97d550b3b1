"""The mairie's answers to requests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.bookings.booking import Booking
from models.bookings.family_request import FamilyRequest
from models.bookings.order import Order
from models.bookings.waiting_list import Waiting, ranks
from models.families import enrolment_wait
from models.french import moment_short, plural
from models.french.file_changes import ASKED, changes
from models.money import ledger
from models.notices.days.waiting import booking_told, how_to_take, place, taking
from models.notices.message import Message, fit, words_of
from models.rules.booking import IN_LINE, BookingState
from models.rules.money import NBSP, euros
from models.rules.states.notices import NoticeKind
from models.rules.states.orders import Billing
from models.rules.states.requests import RequestKind, RequestState
from models.work.notice import Notice


@dataclass(frozen=True)
class Answer:
    """What was asked, and what became of it."""

    booking: Booking | None
    asked: str
    about: str
    accepted: bool
    reason: str
    outcome: list[str]
    until: datetime | None  # of a place to be paid for


@words_of(NoticeKind.REQUEST_ANSWERED, "Réponse à votre demande.", "/planning")
async def answered(digest: Sequence[Notice]) -> Message:
    """One message for all that was answered to the family and is not told yet."""
    requests = [await FamilyRequest.get(id=notice.id_of_about) for notice in digest]
    answers = [await _answer(request) for request in requests]
    offers = [answer.booking for answer in answers if answer.until and answer.booking]
    link = taking(offers[0]) if offers else None
    return Message(_title(answers), link=link, template="answer", facts={"answers": answers})


async def _answer(request: FamilyRequest) -> Answer:
    accepted = request.state == RequestState.ACCEPTED
    if request.booking_id is None:
        return await _of_file(request, accepted)
    booking = await booking_told(request.booking_id)
    wait = await Waiting.get_or_none(booking_id=booking.id) if booking.state in IN_LINE else None
    return Answer(
        booking=booking,
        asked=ASKED[request.kind],
        about=place(booking),
        accepted=accepted,
        reason=(request.reason or "").strip(),
        outcome=await _outcome(request, booking, wait) if accepted else _kept(request, booking),
        until=wait.offered_until if wait and booking.state == BookingState.OFFERED else None,
    )


async def _of_file(request: FamilyRequest, accepted: bool) -> Answer:
    told = changes(request.before, request.after)
    sealed = request.kind == RequestKind.HEALTH_CHANGE  # an e-mail says nothing of it but what it is about
    wanted = [label if sealed else f"{label}{NBSP}: {after}" for label, _, after in told]
    return Answer(
        booking=None,
        asked=ASKED[request.kind],
        about=", ".join(wanted),
        accepted=accepted,
        reason=(request.reason or "").strip(),
        outcome=[await _done(request) if accepted else "Rien n’a été changé."],
        until=None,
    )


async def _done(request: FamilyRequest) -> str:
    if request.kind == RequestKind.ENROLMENT_END:
        return "L’inscription prend fin à cette date."
    if request.kind != RequestKind.ENROLMENT:
        return "Le dossier est à jour."
    child = int(request.subject.partition(":")[2])
    rank = (await enrolment_wait.ranks(request.family_id)).get((child, request.after["activity"]))
    if rank is None:
        return "L’inscription est faite."
    return f"C’est complet pour l’instant{NBSP}: vous êtes en liste d’attente, rang {rank.number}."


def _title(answers: Sequence[Answer]) -> str:
    if len(answers) > 1:
        return _title_of_several(answers)
    only = answers[0]
    if not only.accepted:
        refused = "Votre demande est refusée"
        one_line = " ".join(only.reason.splitlines())
        return fit(f"{refused}{NBSP}: {one_line}", refused) if one_line else refused
    return _to_be_paid("Votre demande est acceptée", answers)


def _title_of_several(answers: Sequence[Answer]) -> str:
    said = plural(len(answers), "demande")
    accepted = sum(answer.accepted for answer in answers)
    if accepted == len(answers):
        return _to_be_paid(f"Vos {said} sont acceptées", answers)
    return f"La mairie a répondu à vos {said}" if accepted else f"Vos {said} sont refusées"


def _to_be_paid(said: str, answers: Sequence[Answer]) -> str:
    until = min((answer.until for answer in answers if answer.until), default=None)
    if until is None:
        return said
    places = sum(answer.until is not None for answer in answers)
    shorter = f"Répondez avant {moment_short(until)}{NBSP}: {plural(places, 'place')}"
    return fit(f"{said}{NBSP}: à payer avant {moment_short(until)}", shorter)


async def _outcome(request: FamilyRequest, booking: Booking, wait: Waiting | None) -> list[str]:
    """What became of what was asked and accepted."""
    if request.kind == RequestKind.CANCELLATION:
        cancelled = booking.state == BookingState.CANCELLED and not booking.billed
        return ["La réservation est annulée.", *await _free(booking)] if cancelled else []
    if booking.state == BookingState.CONFIRMED:
        return ["La place est réservée.", *await _owed(request)]
    if booking.state == BookingState.WAITING:
        rank = (await ranks([booking.id])).get(booking.id)
        return (
            [f"C’est complet pour l’instant{NBSP}: vous êtes en liste d’attente, rang {rank}."]
            if rank
            else []
        )
    if wait and wait.offered_until:
        return how_to_take(booking, wait.offered_until)
    return []


def _kept(request: FamilyRequest, booking: Booking) -> list[str]:
    """What a refusal leaves as it was."""
    kept = request.kind == RequestKind.CANCELLATION and booking.state == BookingState.CONFIRMED
    return ["La réservation est gardée."] if kept else []


async def _free(booking: Booking) -> list[str]:
    order = await Order.get_or_none(id=booking.order_id)
    if booking.slot.activity.billing != Billing.PREPAID or order is None:
        return ["Elle ne vous sera pas facturée."]
    settled, credit = await ledger.given_back(order.family_id, order.till_id, f"cancel:{booking.id}")
    return [f"{euros(settled)} sont déduits de votre restant dû."] * bool(settled) + [
        f"{euros(credit)} sont portés à votre avoir."
    ] * bool(credit)


async def _owed(request: FamilyRequest) -> list[str]:
    """Accepted too late to be paid first: a debt of the till, less a credit."""
    order = await Order.get_or_none(family_id=request.family_id, click=request.click)
    if order is None or not order.net:
        return []
    owed = order.net - order.credit
    return [f"{euros(order.credit)} sont pris sur votre avoir."] * bool(order.credit) + [
        f"Il était trop tard pour régler d’avance{NBSP}: {euros(owed)} sont à régler à la prochaine réservation."
    ] * bool(owed)
