"""What pages say of messages and of the files that come with them."""

import re
from datetime import date, datetime

from models.french.dates import SHORT_MONTHS, day_long, day_numeric, ordinal, time_of_day, weekday
from models.french.names import quoted
from models.french.numbers import plural, weight
from models.rules.attachments import LONGEST_NAME, MOST_A_DAY, MOST_BYTES, MOST_OF_A_FAMILY, Refusal
from models.rules.deadlines import PARIS
from models.rules.states.threads import ThreadState

TO_FAMILY = {
    ThreadState.OPEN: "En attente",
    ThreadState.SET_ASIDE: "En attente",
    ThreadState.ANSWERED: "Répondu",
    ThreadState.CLOSED: "Clos",
}
TO_MAIRIE = {
    ThreadState.OPEN: "À traiter",
    ThreadState.SET_ASIDE: "En attente",
    ThreadState.ANSWERED: "Répondu",
    ThreadState.CLOSED: "Clos",
}
TAKEN = f"PDF, JPG ou PNG, {weight(MOST_BYTES)} au maximum"
AGAIN = "Votre texte est gardé\u00a0; choisissez le fichier de nouveau si vous voulez en joindre un."
_PLACE = re.compile(r"\{(\w+)\}")
_OTHERS = "Envoyez un PDF, un JPG ou un PNG."
_WHY = {
    Refusal.EMPTY: "est vide. Choisissez un autre fichier.",
    Refusal.HEIC: "est une photo HEIC, que tous les ordinateurs ne lisent pas. Enregistrez-la en JPG "
    "(sur un iPhone\u00a0: Réglages, Appareil photo, Formats, «\u00a0Le plus compatible\u00a0»).",
    Refusal.FORMAT: f"n’est pas d’un format accepté. {_OTHERS}",
    Refusal.DAMAGED: f"est abîmé et ne peut pas être lu. {_OTHERS}",
    Refusal.ACTIVE: "contient un programme ou d’autres fichiers. "
    "Enregistrez-le comme un PDF simple, ou imprimez-le en PDF.",
    Refusal.LOCKED: "est protégé par un mot de passe. Envoyez-le sans protection.",
    Refusal.PIXELS: "est une image trop grande. Réduisez-la, ou envoyez-en une capture.",
}


def refused_file(why: Refusal, name: str, size: int) -> str:
    """« Le fichier « photo.jpg » pèse 3,4 Mo. Choisissez un fichier de 2 Mo au maximum. »; `size` in bytes."""
    if why is Refusal.TOO_MANY:
        return f"Vous avez déjà envoyé {plural(MOST_A_DAY, 'fichier')} en un jour. Envoyez celui-ci demain."
    if why is Refusal.NO_ROOM:
        return (
            f"Vos fichiers pèsent déjà {weight(MOST_OF_A_FAMILY)}\u00a0: envoyez votre message sans fichier."
        )
    file = f"Le fichier {quoted(name[-LONGEST_NAME:])}" if name else "Le fichier"
    if why is Refusal.TOO_LARGE:
        return f"{file} pèse {heavy(size)}. Choisissez un fichier de {weight(MOST_BYTES)} au maximum."
    return f"{file} {_WHY[why]}"


def heavy(size: int) -> str:
    """The weight of what is too heavy: a byte above 2 Mo is not « 2 Mo »."""
    said = weight(size)
    return f"un peu plus de {said}" if said == weight(MOST_BYTES) else said


def when(at: datetime, now: datetime) -> str:
    """As a list of messages says it: « 8:12 » today, « mardi » this week, « 28 oct. », « 28/10/2025 »."""
    local, today = at.astimezone(PARIS), now.astimezone(PARIS).date()
    days = (today - local.date()).days
    if days == 0:
        return time_of_day(at)
    if 0 < days < 7:
        return weekday(local)
    if local.year == today.year:
        return f"{ordinal(local)} {SHORT_MONTHS[local.month - 1]}"
    return day_numeric(local)


def to_department(name: str) -> str:
    """« au service restauration », « à « Régie » »."""
    return f"au s{name[1:]}" if name.lower().startswith("service ") else f"à {quoted(name)}"


def usual_answer(days: int | None) -> str:
    """« Réponse habituelle sous 2 jours ouvrés »; nothing where the commune says nothing."""
    return f"Réponse habituelle sous {plural(days, 'jour ouvré', 'jours ouvrés')}." if days else ""


def filled_in(text: str, values: dict[str, str]) -> str:
    """A canned answer with its places filled: « Bonjour {prénom} » is « Bonjour Sophie »; an unknown place stays."""
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), text)


def to_whom(
    families: int,
    school: str = "",
    level: str = "",
    activity: str = "",
    day: date | None = None,
    *,
    owing: bool = False,
) -> str:
    """« 132 familles de l’école Pasteur, classe CE1, avec un enfant réservé à « Cantine » le lundi 6 octobre 2025 »."""
    said = [plural(families, "famille") + (_of_school(school) if school else "")]
    said += [f"classe {level}"] * bool(level)
    if activity or day:
        link = f" à {quoted(activity)}" if activity else ""
        said.append(
            f"avec un enfant réservé{link} le {day_long(day)}" if day else f"avec un enfant inscrit{link}"
        )
    said += ["avec une somme à régler"] * owing
    if said == [plural(families, "famille")]:
        said.append("c’est-à-dire toutes")
    return ", ".join(said)


def _of_school(name: str) -> str:
    return f" de l’é{name[1:]}" if name.lower().startswith(("école", "ecole")) else f" de {quoted(name)}"
