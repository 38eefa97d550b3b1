"""What each parent chooses for themselves. A choice is said here, once: « Mon compte » asks them all.

wanted = guardian.prefers(MOBILE)  # "auto" until they choose
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Preference:
    key: str  # as forms and rows say it
    title: str
    about: str
    choices: Mapping[str, tuple[str, str]]  # a name and what it means, by value; the first is the usual one

    @property
    def usual(self) -> str:
        return next(iter(self.choices))


MOBILE = Preference(
    "mobile",
    "Accessibilité Mobile",
    "Activer l’ergonomie mobile",
    {
        "auto": ("Automatique", "la semaine sur un téléphone, le mois sur un ordinateur"),
        "always": ("Toujours", "la semaine partout"),
        "never": ("Jamais", "le mois partout"),
    },
)

PREFERENCES = (MOBILE,)
