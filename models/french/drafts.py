"""What left a draft before it was validated."""

from models.french.numbers import plural
from models.rules.money import NBSP
from models.rules.states.orders import LineAction

WHY_GONE = {
    "late": "la limite est passée",
    "full": "il n’y a plus de place",
    "suspended": "vos réservations sont suspendues",
    "papers": "un document est à envoyer d’abord",
    "needs": "l’autre créneau que celui-ci demande n’est pas réservé",
    "never": "ce qui est réservé ne s’annule pas",
    "closed": "ce n’est plus possible ce jour-là",
}


def lost(count: int, why: str, action: str) -> str:
    """« 2 réservations ont été retirées : la limite est passée. »"""
    noun = "réservation" if action == LineAction.ADD else "annulation"
    verb = "ont été retirées" if count > 1 else "a été retirée"
    return f"{plural(count, noun)} {verb}{NBSP}: {WHY_GONE[why]}."
