"""What an activity must be whose days are booked by themselves."""

from collections.abc import Iterator
from itertools import pairwise

from models.activities.definition.description import Activity
from models.activities.definition.mistake import Mistake
from models.french import quoted
from models.rules.booking import DEFAULT
from models.rules.states.orders import Billing

PREPAID = "un jour payé d’avance ne se réserve pas d’office"


def presence(activity: Activity) -> Iterator[Mistake]:
    """Nobody pays beforehand, answers, or is in two places at once for days that come by themselves."""
    if activity.presence != DEFAULT:
        return
    if activity.billing != Billing.INVOICED:
        yield Mistake(
            "", "presence", f"attendu avec {quoted('billing')} sur la facture du mois\u00a0: {PREPAID}"
        )
    if activity.acceptance != "automatic":
        yield Mistake(
            "", "presence", f"attendu avec {quoted('acceptance')} automatique, sans demande à la mairie"
        )
    if activity.keeps_booked:
        yield Mistake(
            "",
            "presence",
            "attendu avec des annulations possibles\u00a0: un jour réservé d’office se décoche",
        )
    times = sorted((slot.starts, slot.ends) for slot in activity.slots)
    if any(ends > starts for (_, ends), (starts, _) in pairwise(times)):
        yield Mistake(
            "",
            "presence",
            "attendu avec des créneaux qui se suivent\u00a0: un enfant n’est qu’à un endroit",
        )
