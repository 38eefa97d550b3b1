"""What parents allow for a child, in words that have a version: an answer is to one version and to no other."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Consent:
    code: str
    version: int  # one more where the words change: the parents are then asked again
    title: str
    words: str


CONSENTS: tuple[Consent, ...] = (
    Consent(
        "photo",
        1,
        "Photos",
        "La commune peut photographier mon enfant pendant les activités et montrer ces photos "
        "dans ses publications.",
    ),
    Consent(
        "leaves_alone",
        1,
        "Sortir seul",
        "Mon enfant peut quitter l’accueil sans être accompagné, à la fin de ce qui est réservé.",
    ),
    Consent(
        "outings",
        1,
        "Sorties",
        "Mon enfant peut participer aux sorties, à pied ou en transport collectif, avec les animateurs.",
    ),
    Consent(
        "urgent_care",
        1,
        "Soins urgents",
        "En cas d’urgence, les responsables de l’accueil peuvent faire appel aux secours et faire "
        "conduire mon enfant à l’hôpital.",
    ),
)
BY_CODE: Mapping[str, Consent] = {consent.code: consent for consent in CONSENTS}
