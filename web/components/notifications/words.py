"""What « Me prévenir » says of each topic, and of why some e-mails always come."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from models.rules.notices.topics import TOPICS, Channel, Topic, Usual, wants
from web.http.auth import Parent

CHANNELS = {Channel.EMAIL: "E-mail", Channel.PUSH: "Notification"}


@dataclass(frozen=True, slots=True)
class Words:
    title: str
    about: str = ""
    locked: str = ""  # why its e-mail always comes
    icon: str = "bell"


WORDS: Mapping[str, Words] = {
    "deadline": Words(
        "Avant la date limite",
        "la veille à 18:00 ou 3 h avant, si des jours ne sont pas validés",
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
    "sent": Words("Message envoyé", icon="send"),
    "account": Words("Mon compte", icon="user"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A box of the page: what it is about, and which channel."""

    name: str  # « place.email »
    channel: str
    wanted: bool
    locked: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A topic that may be chosen, with its boxes."""

    words: Words
    choices: list[Choice] = field(default_factory=list)


def lines(user: Parent) -> list[Line]:
    """Those of which something may be chosen, as this parent chose."""
    return [Line(WORDS[topic.code], _choices(topic, user)) for topic in TOPICS if topic.push is not None]


def _choices(topic: Topic, user: Parent) -> list[Choice]:
    preferences = user.guardian.preferences
    return [
        Choice(
            f"{topic.code}.{channel}",
            CHANNELS[channel],
            wants(preferences, topic, channel),
            topic.usual(channel) == Usual.ALWAYS,
        )
        for channel in CHANNELS
    ]
