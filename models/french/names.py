"""How a town, a till and a role are called, and how somebody's words agree with them."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from models.rules.money import NBSP

ROLES = {
    "administrator": "Administrateur",
    "manager": "Gestionnaire",
    "cashier": "Régisseur",
    "kitchen": "Cantine",
    "leader": "Animateur",
    "reader": "Lecture",
}


def roles(held: Iterable[str]) -> str:
    """« Cantine, Animateur »."""
    return ", ".join(said for role, said in ROLES.items() if role in set(held))


def the_till(name: str) -> str:
    """« la régie scolaire »: most are called « Régie … » already."""
    first, _, rest = name.partition(" ")
    return f"la régie {rest}" if first.lower() == "régie" and rest else f"la régie {name}"


NO_TOWN = re.compile(
    r"(?:association|caisse|cantine|ccas|communauté|rpi|siv[ou][ms]?|syndicat)\b", re.IGNORECASE
)


def mairie(commune: str) -> str:
    """« Mairie de Lens » of « Ville de Lens », « Mairie d’Issoudun » of « Issoudun »; others keep their name."""
    if NO_TOWN.match(commune):
        return commune
    said = re.fullmatch(r"(?:ville|commune|mairie)\s+((?:de|du|des|d['’]).*)", commune, re.IGNORECASE)
    if said:
        return f"Mairie {said[1]}".replace("'", "’")
    for article, contracted in (("Le ", "du "), ("Les ", "des ")):
        if commune.startswith(article):
            return f"Mairie {contracted}{commune.removeprefix(article)}"
    first = unicodedata.normalize("NFD", commune.replace("Œ", "O"))[:1].lower()
    return f"Mairie d’{commune}" if first in set("aeiouy") else f"Mairie de {commune}"


def initials(name: str) -> str:
    """« CD » of « Camille Durand »."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def together(names: Sequence[str]) -> str:
    """« Hugo », « Hugo et Jules », « Hugo, Emma et Jules »."""
    *others, last = names
    return f"{', '.join(others)} et {last}" if others else last


def quoted(text: object) -> str:
    """« Repas », with spaces that never break."""
    return f"«{NBSP}{text}{NBSP}»"


def agreed(word: str, sex: str) -> str:
    """« née » of « né(e) » for a girl, « né » for a boy; as it stands where nobody has said (`household.SEXES`)."""
    return word.replace("(e)", {"F": "e", "M": ""}.get(sex, "(e)"))
