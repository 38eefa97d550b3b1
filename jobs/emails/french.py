"""How letters write French: days, moments, numbers with their noun, the town after « Mairie »."""

import re
import unicodedata
from datetime import date, datetime

from models.rules.deadlines import PARIS, last_minute

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


def day_long(day: date) -> str:
    """« lundi 3 septembre 2018 »."""
    return f"{day_without_year(day)} {day.year}"


def day_without_year(day: date) -> str:
    """« lundi 3 septembre »."""
    return f"{day_short(day)} {MONTHS[day.month - 1]}"


def day_short(day: date) -> str:
    """« lundi 3 »."""
    return f"{WEEKDAYS[day.weekday()]} {'1er' if day.day == 1 else day.day}"


def moment(instant: datetime) -> str:
    """« jeudi 3 septembre à 12:00 »; midnight belongs to the day that ends."""
    local = last_minute(instant)
    return f"{day_without_year(local)} à {local:%H:%M}"


def moment_short(instant: datetime) -> str:
    """« jeudi 3, 12:00 »."""
    local = last_minute(instant)
    return f"{day_short(local)}, {local:%H:%M}"


def moment_numeric(instant: datetime) -> str:
    """« 03/09/2018 à 12:00 »."""
    return f"{instant.astimezone(PARIS):%d/%m/%Y à %H:%M}"


def count(number: int, noun: str) -> str:
    """« 1 réservation », « 8 réservations »."""
    return f"{number} {noun}{'s' if number > 1 else ''}"


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
