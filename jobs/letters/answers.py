"""The mairie's answer to a request, and what happens in a waiting list."""

from datetime import datetime

from jobs.letters import Draft, fit, write
from jobs.letters.french import day_short, day_without_year, moment, moment_short
from models.booking import Booking
from models.request import Request
from models.rules import capacity
from models.rules.money import NBSP, euros
from models.settings import Settings
from models.waiting import Waiting


async def answer(settings: Settings, request_id: int) -> None:
    request = await Request.get(id=request_id)
    if request.state not in ("accepted", "refused"):
        return
    booking = await _booking(request.booking_id)
    accepted = request.state == "accepted"
    facts = {
        "accepted": accepted,
        "asked": "annulation" if request.kind == "cancel" else "réservation",
        "reason": (request.reason or "").strip(),
        "booking": booking,
        "outcome": await _outcome(booking) if accepted else [],
    }
    subject = _subject(accepted, str(facts["reason"]))
    await write(settings, Draft("answer", f"answer:{request.id}", request.family_id, subject, facts))


def _subject(accepted: bool, reason: str) -> str:
    if accepted:
        return "Votre demande est acceptée"
    refused = "Votre demande est refusée"
    one_line = " ".join(reason.splitlines())
    return fit(f"{refused}{NBSP}: {one_line}", refused) if one_line else refused


async def _outcome(booking: Booking) -> list[str]:
    """What became of what was asked."""
    prepaid = booking.slot.activity.billing == "prepaid"
    if booking.state == "confirmed":
        return ["La place est réservée."]
    if booking.state == "cancelled":
        return ["La réservation est annulée."] + ([] if booking.billed else [_free(booking, prepaid)])
    wait = await Waiting.get_or_none(booking_id=booking.id)
    if booking.state == "waiting" and wait:
        return [
            f"C’est complet pour l’instant{NBSP}: vous êtes en liste d’attente, rang {await _rank(wait)}."
        ]
    if booking.state == "offered" and wait and wait.offered_until:
        return _to_answer(booking, wait.offered_until)
    return []


def _free(booking: Booking, prepaid: bool) -> str:
    if not prepaid:
        return "Elle ne vous sera pas facturée."
    return f"{euros(booking.cents)} sont portés à votre avoir."


def _to_answer(booking: Booking, until: datetime) -> list[str]:
    return [
        f"Une place est gardée pour vous jusqu’au {moment(until)}.",
        f"Pour la prendre, réglez {euros(booking.cents)} sur le portail avant ce moment.",
    ]


async def waiting(settings: Settings, booking_id: int, what: str) -> None:
    """« ranked », « confirmed », « offered » or « lapsed ». News that are over already are not told."""
    booking = await _booking(booking_id)
    wait = await Waiting.get_or_none(booking_id=booking.id)
    news = await _news(booking, wait, what)
    if news:
        subject, outcome = news
        facts = {"booking": booking, "outcome": outcome}
        about = f"waiting:{booking.id}:{what}"
        await write(settings, Draft("waiting", about, booking.family_id, subject, facts))


async def _news(booking: Booking, wait: Waiting | None, what: str) -> tuple[str, list[str]] | None:
    day = day_without_year(booking.day)
    match what:
        case "ranked":
            rank = await _rank(wait)
            told = [
                f"C’est complet. Vous êtes en liste d’attente, au rang {rank}.",
                "Si une place se libère, nous vous écrirons.",
            ]
            return (f"Liste d’attente{NBSP}: rang {rank}, {day}", told) if rank else None
        case "confirmed":
            told = ["Une place s’est libérée, elle est à vous.", "Vous n’avez rien à faire."]
            return f"Place réservée{NBSP}: {day}", told
        case "offered":
            until = wait.offered_until if wait else None
            if booking.state != "offered" or until is None:
                return None
            return _offer_subject(booking, until), ["Une place s’est libérée.", *_to_answer(booking, until)]
        case "lapsed":
            told = ["Le délai pour répondre est passé, la place a été rendue.", "Rien ne vous est demandé."]
            return f"La place proposée {day} n’est plus gardée", told
    raise ValueError(what)


def _offer_subject(booking: Booking, until: datetime) -> str:
    place = f"une place {day_short(booking.day)}"
    return fit(f"Répondez avant {moment_short(until)}{NBSP}: {place}", f"Répondez vite{NBSP}: {place}")


async def _booking(booking: int) -> Booking:
    return await Booking.get(id=booking).select_related("child", "slot", "slot__activity")


async def _rank(wait: Waiting | None) -> int | None:
    """1 for the next in line; None when it does not wait any more."""
    if wait is None or wait.state != "waiting":
        return None
    rows = await Waiting.filter(opening_id=wait.opening_id, state="waiting")
    return capacity.rank([capacity.Wait(row.id, row.priority, row.since) for row in rows], wait.id)
