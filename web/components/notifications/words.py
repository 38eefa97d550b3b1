"""What « Me prévenir » says of each topic, and of why some e-mails always come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from models.notifying.texts.carrier import carrier
from models.rules.notices.topics import TOPICS, Channel, Topic, Usual, wants
from models.settings import Settings
from web.http.auth import Parent

CHANNELS = {Channel.EMAIL: "E-mail", Channel.PUSH: "Notification", Channel.TEXT: "SMS"}


@dataclass(frozen=True, slots=True)
class Words:
    title: str
    about: str = ""
    locked: str = ""  # why its e-mail always comes
    icon: str = "bell"


WORDS: Mapping[str, Words] = {
    "deadline": Words(
        "Avant la date limite",
        "la veille à 18:00 ou 3 h avant, si des jours ne sont pas validés\u00a0; "
        "un mois avant, pour une pièce du dossier",
        icon="clip",
    ),
    "place": Words("Place libérée", "liste d’attente", icon="clock"),
    "answer": Words("Réponse à une demande", "acceptée ou refusée", "c’est la réponse de la mairie", "doc"),
    "invoice": Words(
        "Facture, prélèvement, attestation",
        "et rappel après l’échéance",
        "une facture doit vous parvenir",
        "bill",
    ),
    "booking": Words("Réservation et paiement", "confirmation, reçu", "c’est votre justificatif", "card"),
    "presence": Words("Présence sans réservation", "le jour même", icon="people"),
    "urgent": Words(
        "Information urgente", "grève, fermeture, intempéries", "elle doit vous parvenir", "alert"
    ),
    "message": Words("Message de la mairie", icon="mail"),
    "news": Words("Actualités", "à leur parution", icon="news"),
    "menus": Words("Menus de la semaine", "le vendredi soir, ou dès qu’ils sont écrits", icon="meal"),
    "sent": Words("Message envoyé", icon="send"),
    "account": Words("Mon compte", icon="user"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A box of the page: what it is about, and which channel. None is drawn where the topic has no such channel."""

    name: str  # « place.email »
    channel: str
    wanted: bool
    locked: bool
    offered: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """A topic that may be chosen, with its boxes."""

    words: Words
    choices: list[Choice] = field(default_factory=list)


def channels(settings: Settings) -> list[Channel]:
    """Text messages only where the commune has a carrier."""
    return [one for one in CHANNELS if one != Channel.TEXT or carrier(settings)]


def lines(user: Parent, by: Sequence[Channel]) -> list[Line]:
    """Those of which something may be chosen, as this parent chose."""
    return [Line(WORDS[topic.code], _choices(topic, user, by)) for topic in TOPICS if topic.push is not None]


def _choices(topic: Topic, user: Parent, by: Sequence[Channel]) -> list[Choice]:
    preferences = user.guardian.preferences
    return [
        Choice(
            f"{topic.code}.{channel}",
            CHANNELS[channel],
            wants(preferences, topic, channel),
            topic.usual(channel) == Usual.ALWAYS,
            topic.usual(channel) is not None,
        )
        for channel in by
    ]
