"""The words of the roll call."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from models.bookings.roll.noting import Noted
from models.bookings.roll.roll_list import RollLine, Service
from models.french import plural
from models.rules.deadlines import paris
from models.rules.states.attendance import AttendanceState
from web.components.admin.roll_call.wire import clock

REASONS = {"sick": "maladie", "strike": "grève", "trip": "sortie scolaire", "other": "autre motif"}
UNREADABLE = "Cette page est trop ancienne\u00a0: rechargez-la."
NOT_YET = "Ce service n’a pas encore eu lieu."
NOT_ADDED = {
    "closed": "Ce service est clos\u00a0: la mairie seule peut encore le corriger.",
    "there": "Cet enfant est déjà sur la liste.",
    "asked": "Une réservation de ce jour est en attente pour cet enfant\u00a0: voyez avec la mairie.",
    "nowhere": "Cet enfant n’a pas de place prévue dans ce service\u00a0: voyez avec la mairie.",
}
SOON = timedelta(minutes=30)  # a service is called from so long before it begins


def usual(services: Sequence[Service], now: datetime) -> Service | None:
    """The one of this hour: the first that somebody is expected in and that is not over; else the first at all."""
    expected = [one for one in services if one.booked]
    for one in expected:
        if one.closed_at is None and now <= paris(now.date(), one.ends) + SOON:
            return one
    return next(iter(expected or services), None)


def title(service: Service) -> str:
    return f"{service.slot_name} · {service.group_name}" if service.group_name else service.slot_name


def line(one: RollLine) -> str:
    """What is known of a child, as the tablet writes it too."""
    called = one.called
    if called.state == AttendanceState.ABSENT:
        return f"absence\u00a0: {REASONS[called.reason]}" if called.reason else "absence sans motif"
    if called.state == AttendanceState.UNDONE:
        return f"absence signalée\u00a0: {REASONS[one.told]}" if one.told else "à pointer"
    parts = [f"arrivée {clock(called.arrived)}"] if called.arrived is not None else []
    parts += [f"départ {clock(called.departed)}"] if called.departed is not None else []
    parts += [f"avec {called.fetched_by}"] if called.fetched_by else []
    return ", ".join(parts) or "présence notée"


def refused(told: Noted) -> str:
    """What became of words that could not be noted; "" where all of them were."""
    said = []
    if told.closed:
        kept = plural(told.closed, "pointage n’a pas été noté", "pointages n’ont pas été notés")
        said.append(f"Ce service est clos\u00a0: {kept}.")
    if told.unknown:
        wrong = plural(told.unknown, "pointage n’a pas de sens", "pointages n’ont pas de sens")
        said.append(f"{wrong}\u00a0: l’enfant n’est plus attendu, ou l’heure est impossible.")
    return " ".join(said)
