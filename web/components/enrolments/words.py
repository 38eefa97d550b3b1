"""How an enrolment is told."""

from datetime import date, datetime

from models.family_file.parents.enrolments import Choice, Line, Person, SlotPrice
from models.french import beginning_long, day_numeric, plural
from models.french.rulebook.tariffs import begun
from models.rules.families.enrolling import Beginning, Way

DONE = {
    "inscrit": "L’inscription est faite. Vous pouvez réserver ses jours sur le planning.",
    "attente": "C’est noté sur la liste d’attente. Un e-mail vous dira quand une place se libère.",
    "quitte": "Vous avez quitté la liste d’attente.",
    "demande": "La demande est envoyée. Un e-mail vous dira la réponse de la mairie.",
    "decline": "C’est noté\u00a0: le portail ne demandera plus rien cette année pour cette activité.",
    "reprise": "Cette activité vous est de nouveau proposée.",
}
FULL = "La dernière place vient d’être prise\u00a0: rien n’a été changé."
ELSEWHERE = "Cette activité ne s’inscrit plus ainsi. Voici ce qui est possible maintenant."
TWICE = "Cette demande attend déjà la réponse de la mairie."
WHO = {"": "Tous", "enfants": "Périscolaire", "adultes": "Adultes"}
STANDING = {"current": "inscrit", "coming": "à venir", "over": "terminée"}
OFFERED = {
    Way.ENROL: "place libre",
    Way.ASK: "sur demande",
    Way.PAY: "avec adhésion",
    Way.WAIT: "complet, liste d’attente",
    Way.FULL: "complet",
    Way.LATER: "pas encore ouverte",
}


def not_yet(opens: datetime) -> str:
    return f"Les inscriptions ouvrent pour votre famille le {beginning_long(opens)}."


def begins(said: Beginning) -> str:
    """« Ouvert aux habitants dès le lundi 1er septembre à 08:00, à tous le lundi 8 septembre à 08:00. »"""
    if said.residents == said.everybody:
        return f"Ouvert à tous dès le {beginning_long(said.everybody)}."
    return f"Ouvert aux habitants dès le {beginning_long(said.residents)}, à tous le {beginning_long(said.everybody)}."


def about(person: Person, today: date) -> str:
    """« 8 ans · CE2, École Jules-Ferry »."""
    born = person.facts.born
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if person.adult:
        return "adulte"
    return f"{plural(age, 'an')} · {person.level}, {person.school}" if person.school else plural(age, "an")


def where(line: Line) -> str:
    """« Centre Les Coquelicots · Moins de 6 ans · du 01/09/2025 au 28/08/2026 »."""
    dates = f"du {day_numeric(line.start)} au {day_numeric(line.end)}"
    return " · ".join(said for said in (line.activity.place, line.group, dates) if said)


def unit(price: SlotPrice, kind: str) -> str:
    """« par repas »."""
    if price.slot.timing:
        return begun(price.slot.timing.step)
    return "par repas" if kind in ("meal", "adult") else "par réservation"


def limits(choice: Choice) -> list[str]:
    """« Un jour se réserve jusqu’à 2 jours ouvrés avant, à 10:00. »"""
    return [f"Un jour se réserve{f' {whom}' if whom else ''} {until}." for whom, until in choice.limits]


def verb(choice: Choice) -> str:
    return {
        Way.ENROL: "Inscrire",
        Way.ASK: "Demander l’inscription",
        Way.WAIT: "Rejoindre la liste d’attente",
    }.get(choice.way, "")


def place(choice: Choice) -> str:
    """Where its form goes."""
    return {
        Way.ENROL: "/inscriptions",
        Way.ASK: "/inscriptions/demande",
        Way.WAIT: "/inscriptions/attente",
    }.get(choice.way, "")


def nothing(person: Person) -> str:
    """What to do where nothing is there to be shown."""
    name = person.facts.first_name
    if not person.adult and not person.level:
        return f"La classe de {name} n’est pas encore connue de la mairie\u00a0: rien ne peut être proposé."
    return f"{name} n’est inscrit à aucune activité."
