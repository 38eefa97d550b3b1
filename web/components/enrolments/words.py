"""How an enrolment is told."""

from datetime import date, datetime

from models.bookings.family_request import AlreadyAsked
from models.checkout.submission import AlreadyPaying, Stale
from models.family_file.parents.enrolments import Choice, Line, Person, SlotPrice
from models.family_file.parents.leaving import HeldOff, Leaving
from models.french import agreed, beginning_long, day_numeric, euros, plural, word
from models.french.rulebook.tariffs import begun
from models.rules.families.enrolling import Beginning, Way

DONE = {
    "inscrit": "L’inscription est faite. Vous pouvez réserver ses jours sur le planning.",
    "attente": "C’est noté sur la liste d’attente. Un e-mail vous dira quand une place se libère.",
    "quitte": "Vous avez quitté la liste d’attente.",
    "demande": "La demande est envoyée. Un e-mail vous dira la réponse de la mairie.",
    "decline": "C’est noté\u00a0: le portail ne demandera plus rien cette année pour cette activité.",
    "fin": "C’est fait\u00a0: l’inscription prend fin à la date dite. "
    "Un clic sur «\u00a0Inscrire à nouveau\u00a0» la reprend.",
    "fin-demandee": "La demande est envoyée. Un e-mail vous dira la réponse de la mairie.",
    "reprise": "Cette activité vous est de nouveau proposée.",
}
FULL = "La dernière place vient d’être prise\u00a0: rien n’a été changé."
ELSEWHERE = "Cette activité ne s’inscrit plus ainsi. Voici ce qui est possible maintenant."
TWICE = "Cette demande attend déjà la réponse de la mairie."
STOPPED: dict[type[Exception], str] = {  # why an enrolment does not end
    Stale: "Quelque chose a changé depuis l’affichage de cette page\u00a0: rien n’a été enregistré. "
    "Vérifiez ce qu’elle dit maintenant, puis confirmez à nouveau.",
    HeldOff: "Un jour réservé ne peut plus être annulé\u00a0: rien n’a été enregistré.",
    AlreadyPaying: "Un paiement est en cours\u00a0: rien n’a été enregistré. "
    "Terminez-le ou annulez-le, puis recommencez.",
    AlreadyAsked: TWICE,
}
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


def freed(shown: Leaving) -> str:
    """« 2 jours réservés seront annulés : 8,60 € d’avoir. »"""
    days = shown.freed
    said = f"{plural(len(days), 'réservation')} {word(len(days), 'est annulée', 'sont annulées')} à la confirmation"
    return (
        f"{said}\u00a0: {euros(shown.credit)} deviennent un avoir."
        if shown.credit
        else f"{said}, sans frais."
    )


def held(shown: Leaving) -> str:
    """Why it cannot end on that day, and from when on it can."""
    days = plural(len(shown.held), "réservation")
    why = "ne peut plus être annulée" if len(shown.held) == 1 else "ne peuvent plus être annulées"
    said = f"{days} {why if shown.at_once else 'à annuler d’abord sur le planning'}"
    if shown.possible_from is None:
        return (
            f"{said}\u00a0: l’inscription va jusqu’à son dernier jour, le {day_numeric(shown.enrolment.end)}."
        )
    if shown.at_once:
        return f"{said}\u00a0: l’inscription peut prendre fin à partir du {day_numeric(shown.possible_from)}."
    return f"{said}, ou choisissez une date à partir du {day_numeric(shown.possible_from)}."


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
    return f"{name} n’est {agreed('inscrit(e)', person.facts.sex)} à aucune activité."
