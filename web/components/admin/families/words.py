"""What the journal of a family says, in French. An action that has no words here shows its code."""

from models.family_file.journal import JournalLine
from models.french import journal
from models.french.rulebook.tariffs import CATEGORIES
from models.rules.booking import BookingState
from models.rules.families import household
from web.components.admin.kit.form import Choice

WEEKS = {"all": "", "even": "semaines paires", "odd": "semaines impaires"}
SAVED = {
    "cree": "Le dossier est créé.",
    "fusion": "Les deux dossiers n’en font plus qu’un.",
    "separation": "Le nouveau dossier est créé. Son courrier de première connexion s’imprime depuis "
    "«\u00a0Comptes\u00a0».",
    "1": "C’est enregistré.",
    "garde": "C’est enregistré. Une inscription garde son groupe\u00a0: des jours y sont réservés, "
    "ou aucun groupe n’est pour cette classe.",
}
UNSURE = {
    BookingState.REQUESTED: "demandé",
    BookingState.WAITING: "en liste d’attente",
    BookingState.OFFERED: "place proposée",
    BookingState.HELD: "paiement en cours",
}


def what(line: JournalLine) -> str:
    said, emptied = journal.title(line.action), journal.emptied(line.emptied_at)
    return (
        f"{said}\u00a0: {line.about}{emptied}"
        if line.about and line.who != line.about
        else f"{said}{emptied}"
    )


def who(line: JournalLine) -> str:
    return journal.who(line.who)


def rewritten(line: JournalLine) -> list[tuple[str, str, str]]:
    """What it was and what it is: (label, before, after)."""
    return journal.rewritten(line.details)


def more(line: JournalLine) -> str:
    """A sum or an activity, where the row says one."""
    return journal.more(line.details)


def delivery(code: str) -> str:
    return household.DELIVERIES[code]


def scheme(code: str) -> str:
    return household.SCHEMES[code]


def sex(code: str) -> str:
    return household.SEXES[code]


def category(code: str | None) -> str:
    return CATEGORIES.get(code or "", "non précisée")


def categories(empty: str) -> tuple[Choice, ...]:
    return (Choice("", empty), *(Choice(code, name) for code, name in CATEGORIES.items()))
