"""What each parent chooses for themselves. A choice is said here, once: « Mon compte » asks them all.

wanted = guardian.prefers(MOBILE)  # "auto" until they choose

« Aide à la lecture » asks those of READING, of visitors and the mairie too, whose device keeps them.
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

LETTERS = Preference(
    "letters",
    "Taille des lettres",
    "Sur toutes les pages",
    {
        "100": ("Normale", "celle de votre appareil"),
        "125": ("Grande", "un quart de plus"),
        "150": ("Très grande", "la moitié de plus"),
        "200": ("Double", "deux fois plus grande"),
    },
)
SPACING = Preference(
    "spacing",
    "Espacement",
    "Entre les lettres, les mots et les lignes",
    {"no": ("Normal", "celui de la page"), "yes": ("Plus large", "pour ne pas perdre la ligne")},
)
CONTRAST = Preference(
    "contrast",
    "Contraste",
    "Des couleurs et des traits",
    {"no": ("Normal", "les couleurs de la commune"), "yes": ("Renforcé", "noir et blanc, traits épais")},
)
RULER = Preference(
    "ruler",
    "Règle de lecture",
    "Une bande claire suit la souris, le doigt ou le clavier",
    {"no": ("Sans", "la page entière"), "yes": ("Avec", "le reste de la page s’assombrit")},
)

PREFERENCES = (MOBILE,)
READING = (LETTERS, SPACING, CONTRAST, RULER)
