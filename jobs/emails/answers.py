"""The mairie's answers to requests, and what happens in a waiting list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from urllib.parse import urlencode

from jobs.emails import Draft, fit, write
from jobs.emails.french import count, day_long, day_short, day_without_year, moment, moment_short
from models.bookings.booking import Booking
from models.bookings.family_request import FamilyRequest
from models.bookings.order import Order
from models.bookings.waiting_list import Waiting, ranks
from models.clock import now
from models.french.file_changes import changes
from models.money import ledger
from models.rules.money import NBSP, euros
from models.rules.requests import RequestKind, RequestState
from models.settings import Settings

ASKED = {
    RequestKind.BOOKING.value: "réservation",
    RequestKind.CANCELLATION.value: "annulation",
    RequestKind.FILE_CHANGE.value: "changement du dossier",
}


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


async def answer(settings: Settings, request_id: int) -> None:
    """One e-mail for all that was answered to the family of this request and is not told yet."""
    family = (await FamilyRequest.get(id=request_id)).family_id
    while untold := await FamilyRequest.untold(family):
        claim = partial(FamilyRequest.tell, family, [request.id for request in untold], now())
        if await write(settings, await _digest(settings, family, untold), claim):
            return


async def _digest(settings: Settings, family: int, requests: Sequence[FamilyRequest]) -> Draft:
    answers = [await _answer(request) for request in requests]
    offers = [answer.booking for answer in answers if answer.until and answer.booking]
    facts = {"answers": answers, "link": _planning(settings, offers[0]) if offers else ""}
    return Draft("answer", f"answer:{requests[0].id}", family, _subject(answers), facts)


async def _answer(request: FamilyRequest) -> Answer:
    accepted = request.state == RequestState.ACCEPTED
    if request.booking_id is None:
        return _of_file(request, accepted)
    booking = await _booking(request.booking_id)
    wait = (
        await Waiting.get_or_none(booking_id=booking.id) if booking.state in ("waiting", "offered") else None
    )
    return Answer(
        booking=booking,
        asked=ASKED[request.kind],
        about=f"{booking.child.first_name}, {booking.slot.name}, {day_long(booking.day)}",
        accepted=accepted,
        reason=(request.reason or "").strip(),
        outcome=await _outcome(request, booking, wait) if accepted else _kept(request, booking),
        until=wait.offered_until if wait and booking.state == "offered" else None,
    )


def _of_file(request: FamilyRequest, accepted: bool) -> Answer:
    wanted = [f"{label}{NBSP}: {after}" for label, _, after in changes(request.before, request.after)]
    return Answer(
        booking=None,
        asked=ASKED[request.kind],
        about=", ".join(wanted),
        accepted=accepted,
        reason=(request.reason or "").strip(),
        outcome=["Le dossier est à jour." if accepted else "Rien n’a été changé."],
        until=None,
    )


def _subject(answers: Sequence[Answer]) -> str:
    if len(answers) > 1:
        return _subject_of_several(answers)
    only = answers[0]
    if not only.accepted:
        refused = "Votre demande est refusée"
        one_line = " ".join(only.reason.splitlines())
        return fit(f"{refused}{NBSP}: {one_line}", refused) if one_line else refused
    return _to_be_paid("Votre demande est acceptée", answers)


def _subject_of_several(answers: Sequence[Answer]) -> str:
    said = count(len(answers), "demande")
    accepted = sum(answer.accepted for answer in answers)
    if accepted == len(answers):
        return _to_be_paid(f"Vos {said} sont acceptées", answers)
    return f"La mairie a répondu à vos {said}" if accepted else f"Vos {said} sont refusées"


def _to_be_paid(said: str, answers: Sequence[Answer]) -> str:
    until = min((answer.until for answer in answers if answer.until), default=None)
    if until is None:
        return said
    places = sum(answer.until is not None for answer in answers)
    shorter = f"Répondez avant {moment_short(until)}{NBSP}: {count(places, 'place')}"
    return fit(f"{said}{NBSP}: à payer avant {moment_short(until)}", shorter)


async def _outcome(request: FamilyRequest, booking: Booking, wait: Waiting | None) -> list[str]:
    """What became of what was asked and accepted."""
    if request.kind == RequestKind.CANCELLATION:
        cancelled = booking.state == "cancelled" and not booking.billed
        return ["La réservation est annulée.", *await _free(booking)] if cancelled else []
    if booking.state == "confirmed":
        return ["La place est réservée.", *await _owed(request)]
    if booking.state == "waiting":
        rank = (await ranks([booking.id])).get(booking.id)
        return (
            [f"C’est complet pour l’instant{NBSP}: vous êtes en liste d’attente, rang {rank}."]
            if rank
            else []
        )
    if wait and wait.offered_until:
        return _to_answer(booking, wait.offered_until)
    return []


def _kept(request: FamilyRequest, booking: Booking) -> list[str]:
    """What a refusal leaves as it was."""
    kept = request.kind == RequestKind.CANCELLATION and booking.state == "confirmed"
    return ["La réservation est gardée."] if kept else []


async def _free(booking: Booking) -> list[str]:
    order = await Order.get_or_none(id=booking.order_id)
    if booking.slot.activity.billing != "prepaid" or order is None:
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


def _to_answer(booking: Booking, until: datetime, place: str = "Une place") -> list[str]:
    take = f"réglez {euros(booking.cents)}" if booking.cents else "validez-la"
    return [
        f"{place} est gardée pour vous jusqu’au {moment(until)}.",
        f"Pour la prendre, {take} sur le portail avant ce moment.",
    ]


def _planning(settings: Settings, booking: Booking) -> str:
    """Where the place can be taken, even when it was taken out of the draft."""
    fields = {"par": "enfant", "id": booking.child_id, "debut": booking.day.isoformat(), "modifier": "1"}
    return f"{settings.base_url}/planning?{urlencode(fields)}"


async def waiting(settings: Settings, booking_id: int, what: str) -> None:
    """« confirmed », « offered » or « lapsed ». News that are over already are not told."""
    booking = await _booking(booking_id)
    wait = await Waiting.get_or_none(booking_id=booking.id)
    news = _news(booking, wait, what)
    if news:
        subject, outcome = news
        link = _planning(settings, booking) if what == "offered" else ""
        facts = {"booking": booking, "outcome": outcome, "link": link}
        about = f"waiting:{booking.id}:{what}"
        await write(settings, Draft("waiting", about, booking.family_id, subject, facts))


def _news(booking: Booking, wait: Waiting | None, what: str) -> tuple[str, list[str]] | None:
    day = day_without_year(booking.day)
    match what:
        case "confirmed":
            told = ["Une place s’est libérée, elle est à vous.", "Vous n’avez rien à faire."]
            if booking.cents:
                told.append(f"{euros(booking.cents)} seront sur votre facture de fin de mois.")
            return (f"Place réservée{NBSP}: {day}", told) if booking.state == "confirmed" else None
        case "offered":
            until = wait.offered_until if wait else None
            if booking.state != "offered" or until is None:
                return None
            return _offer_subject(booking, until), [
                "Une place s’est libérée.",
                *_to_answer(booking, until, "Elle"),
            ]
        case "lapsed":
            told = ["Le délai pour répondre est passé, la place a été rendue.", "Rien ne vous est demandé."]
            return f"La place proposée {day} n’est plus gardée", told
    raise ValueError(what)


def _offer_subject(booking: Booking, until: datetime) -> str:
    place = f"une place {day_short(booking.day)}"
    return fit(f"Répondez avant {moment_short(until)}{NBSP}: {place}", f"Répondez vite{NBSP}: {place}")


async def _booking(booking: int) -> Booking:
    return await Booking.get(id=booking).select_related("child", "slot", "slot__activity")
