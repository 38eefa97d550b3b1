"""What a tariff asks, in words; the amounts themselves are those of `models.rules.pricing`."""

from models.french.numbers import plural
from models.rules.money import NBSP, euros, grouped
from models.rules.pricing import Band, Tariff
from models.rules.pricing.missed import AbsenceRule
from models.rules.pricing.stay import LatePickup, Timing
from models.rules.pricing.surcharge import surcharge_of

CATEGORIES = {
    "resident": "Familles de la commune",
    "outside": "Familles hors commune",
    "pai": "Enfants avec un projet d’accueil individualisé (PAI)",
    "occasional": "Accueil occasionnel",
    "adult": "Adultes",
    "staff": "Agents de la commune",
}
REASONS = {"sick": "Maladie", "strike": "Grève", "trip": "Sortie scolaire", "other": "Autre motif"}


def band_label(lowest: int, up_to: int | None) -> str:
    """« jusqu’à 450 », « de 451 à 900 », « à partir de 1 401 »: quotients."""
    if up_to is None:
        return f"à partir de {grouped(lowest)}" if lowest else "tous les quotients"
    return f"de {grouped(lowest)} à {grouped(up_to)}" if lowest else f"jusqu’à {grouped(up_to)}"


def share(said: Tariff | Band) -> str:
    """« 0,45 % du quotient, au moins 2,50 € et au plus 9,00 € »."""
    limits = [f"au moins {euros(said.low)}"] if said.low is not None else []
    limits += [f"au plus {euros(said.high)}"] if said.high is not None else []
    rate = (said.rate or "0").replace(".", ",")
    return ", ".join(part for part in (f"{rate}{NBSP}% du quotient", " et ".join(limits)) if part)


def from_the(rank: int) -> str:
    return f"dès le {rank}e enfant" if rank > 1 else "dès le 1er enfant"


def surcharge(written: str) -> str:
    """« 50 % de plus », « 2,00 € de plus », « 10,00 € au lieu du prix ordinaire »."""
    said = surcharge_of(written)
    if said.percent is not None:
        return f"{said.percent}{NBSP}% de plus"
    if said.cents is not None:
        return f"{euros(said.cents)} de plus"
    return f"{euros(said.instead or 0)} au lieu du prix ordinaire"


def begun(minutes: int) -> str:
    """« par demi-heure commencée »."""
    named = {15: "quart d’heure commencé", 30: "demi-heure commencée", 60: "heure commencée"}
    return f"par {named.get(minutes, f'tranche de {minutes}{NBSP}minutes commencée')}"


def length(minutes: int) -> str:
    """« 1 h 30 », « 45 minutes »."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{minutes}{NBSP}minutes"
    return f"{hours}{NBSP}h{NBSP}{rest:02d}" if rest else f"{hours}{NBSP}h"


def timing(said: Timing) -> str:
    least = f", pour {length(said.minimum)} au moins" if said.minimum else ""
    return (
        f"Le temps se compte {begun(said.step)}{least}. À la réservation, le créneau entier est prévu{NBSP}; la durée "
        "notée à l’appel la corrige ensuite."
    )


def late_pickup(said: LatePickup, clock: str) -> str:
    per = f" {begun(said.per)}" if said.per else ""
    return f"Après {clock}, un retard coûte {euros(said.cents)}{per}."


def absence(rule: AbsenceRule) -> str:
    """« Maladie : le premier jour reste dû, les suivants sont rendus… »."""
    head = f"{REASONS[rule.reason]}{NBSP}: "
    whole = "" if rule.credit == 100 else f" à {rule.credit}{NBSP}%"
    if not rule.due_days:
        told = f"les jours manqués sont rendus{whole}" if whole else "rien n’est dû pour les jours manqués"
    else:
        first = (
            "le premier jour reste dû"
            if rule.due_days == 1
            else f"les {rule.due_days} premiers jours restent dus"
        )
        told = f"{first}, les suivants sont rendus{whole}"
    if rule.proof_hours is None:
        return f"{head}{told}."
    hours = plural(rule.proof_hours, "heure").replace(" ", NBSP)
    return f"{head}{told}, si un justificatif parvient à la mairie dans les {hours} qui suivent le début de l’absence."
