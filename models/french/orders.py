"""What an order did and what became of its lines, as pages and e-mails say it."""

from datetime import date, datetime, timedelta

from models.french.dates import day_numeric, time_of_day
from models.rules.booking import BookingState
from models.rules.money import NBSP

AWAY = (
    "Le site de paiement ne répond pas. Rien n’a été débité et vos modifications sont gardées. "
    "Réessayez dans quelques minutes."
)
FAULT = (
    f"Le portail n’a pas pu ouvrir la page de paiement{NBSP}: l’erreur vient de nous, et la mairie en est prévenue. "
    "Rien n’a été débité et vos modifications sont gardées. Réessayez plus tard, ou appelez la mairie."
)
PAYING = "Un paiement est déjà en cours. Terminez-le ou annulez-le avant d’en commencer un autre."
TOO_MANY = (
    "Trop d’essais de paiement. Aucun autre n’a été commencé et vos modifications sont gardées. "
    "Réessayez dans une heure, ou appelez la mairie."
)

BECAME: dict[str, str] = {  # of a line: the state of its booking, else what became of the line itself
    BookingState.REQUESTED: "demande envoyée",
    BookingState.WAITING: "liste d’attente",
    BookingState.OFFERED: "place gardée, à payer",
    BookingState.HELD: "en cours de paiement",
    BookingState.RELEASED: "non payée, non prise en compte",
    BookingState.CANCELLED: "annulée depuis",
    BookingState.REFUSED: "refusée par la mairie",
    "cancelled_late": "annulée depuis, hors délai",
    "cancellation": "annulation",
    "late_cancellation": "annulation hors délai",
    "cancel_asked": "demande d’annulation envoyée",
    "cancel_refused": "annulation refusée par la mairie",
    "paid_before": "déjà payée, portée à votre avoir",
    "credited": "portée à votre avoir",
}
DID = {  # by what its click did
    "booked": "Réservé",
    "asked": "Demandé à la mairie, qui vous répondra",
    "queued": f"En liste d’attente{NBSP}: pas encore réservé, rien à payer",
    "cancelled": "Annulé",
    "late": f"Annulé hors délai{NBSP}: le prix reste dû",
    "cancel_asked": "Annulation demandée à la mairie, qui vous répondra",
    "withdrawn": "Retiré",
    "membership": "Adhésion",
}


def too_many(until: datetime | None) -> str:
    """No other payment was started: too many failed, or one that was left may still go through until then."""
    if until is None:
        return TOO_MANY
    return (
        "Un paiement que vous avez commencé il y a peu peut encore aboutir. Aucun autre n’a été commencé et vos "
        f"modifications sont gardées. Réessayez à partir de {time_of_day(until + timedelta(seconds=59))}."
    )


def not_started(*, bank_away: bool) -> str:
    """Why nobody was led to the bank."""
    return AWAY if bank_away else FAULT


def became(state: str, rank: int) -> str:
    """« liste d’attente, rang 3 »; empty for a plain booking."""
    said = BECAME.get(state, "")
    return f"{said}, rang {rank}" if rank else said


def charge_label(day: date, slot: str, cents: int) -> str:
    """What the roll call changed of a prepaid day: « Appel du 07/10/2025, Repas de midi : rendu »."""
    return f"Appel du {day_numeric(day)}, {slot}\u00a0: {'rendu' if cents < 0 else 'en plus'}"
