"""Direct debits in words: what is wrong with an account, what a bank's code means, how far a collection has come."""

from models.french.dates import day_numeric
from models.rules.money import NBSP
from models.rules.papers import Mandate
from models.rules.states.debits import BatchState, DebitState, MandateState

IBAN_FLAWS = {  # after « IBAN » as the subject, or alone below the field
    "form": f"attendu, un IBAN{NBSP}: FR, deux chiffres, puis 23 chiffres ou lettres",
    "country": "attendu, un compte d’un pays de la zone SEPA",
    "length": "n’a pas le bon nombre de caractères pour son pays",
    "checksum": "est mal recopié, sa clé n’est pas juste",
}
MANDATE_STATES: dict[str, str] = {
    MandateState.ACTIVE: "actif",
    MandateState.REVOKED: "révoqué",
    MandateState.EXPIRED: "expiré",
}
DEBIT_STATES: dict[str, str] = {
    DebitState.PLANNED: "prévu",
    DebitState.PREPARED: "en préparation",
    DebitState.SENT: "transmis à la banque",
    DebitState.PAID: "prélevé",
    DebitState.REJECTED: "rejeté",
    DebitState.DROPPED: "sans objet",
}
BATCH_STATES: dict[str, str] = {
    BatchState.PREPARED: "à transmettre",
    BatchState.SENT: "transmis",
    BatchState.SETTLED: "encaissé",
    BatchState.DISCARDED: "abandonné",
}
# ISO 20022 codes that French banks answer with (EPC 173-14).
REASONS = {
    "AC01": "numéro de compte incorrect",
    "AC04": "compte clôturé",
    "AC06": "compte bloqué",
    "AC13": "compte qui ne peut pas être prélevé",
    "AG01": "prélèvement non autorisé sur ce compte",
    "AG02": "opération non reconnue",
    "AM04": "provision insuffisante",
    "AM05": "prélèvement présenté deux fois",
    "BE05": "créancier non reconnu",
    "CNOR": "banque du créancier non reconnue",
    "DNOR": "banque du titulaire non reconnue",
    "FF01": "format incorrect",
    "MD01": "mandat absent ou révoqué",
    "MD02": "données du mandat incorrectes",
    "MD06": "contesté par le titulaire du compte",
    "MD07": "titulaire du compte décédé",
    "MS02": "refusé par le titulaire du compte",
    "MS03": "motif non précisé par la banque",
    "RC01": "code de la banque incorrect",
    "RR01": "règle de la banque",
    "SL01": "refusé par un service de la banque du titulaire",
}


NOT_ADDED = {  # why an invoice joins no collection
    "settled": "Cette facture est réglée.",
    "planned": "Cette facture attend déjà son prélèvement.",
    "mandate": "Aucun mandat ne permet de prélever cette facture.",
    "again": "Cette facture ne peut plus être présentée à la banque.",
}


def reason(code: str) -> str:
    """« provision insuffisante »; a code that nobody knows is told as it is."""
    return REASONS.get(code) or f"motif {code}"


MISTAKES = {  # of a bank's answer; what the file says stands behind it
    "xml": "ce n’est pas un fichier XML lisible",
    "answer": "ce n’est pas une réponse de banque à des prélèvements (pain.002)",
    "batch": "ce fichier répond à un lot que ce portail n’a pas fait",
    "debit": "ce prélèvement n’est pas dans le lot",
    "cents": "ce montant n’est pas celui qui a été demandé",
    "reason": "le motif du rejet manque ou n’est pas un code de quatre caractères",
    "twice": "ce prélèvement est dit deux fois",
    "unsent": "ce prélèvement n’a pas été marqué comme transmis",
    "lot": "un groupe est rejeté sans dire lesquels de ses prélèvements",
}


def mistake(line: int, flaw: str, what: str) -> str:
    """« Ligne 12 : ce prélèvement n’est pas dans le lot (PRLV-9). »."""
    shown = f" ({what[:60]})" if what else ""
    return f"Ligne {line}{NBSP}: {MISTAKES[flaw]}{shown}."


# What a mandate says, in the words that the European Payments Council gives for it in French.
MANDATE_TITLE = "Mandat de prélèvement SEPA"


def mandate_sentences(paper: Mandate) -> list[str]:
    who = paper.creditor
    return [
        f"En signant ce formulaire de mandat, vous autorisez {who} à envoyer des instructions à votre banque pour "
        f"débiter votre compte, et votre banque à débiter votre compte conformément aux instructions de {who}.",
        "Vous bénéficiez du droit d’être remboursé par votre banque suivant les conditions décrites dans la "
        "convention que vous avez passée avec elle. Une demande de remboursement doit être présentée dans les "
        "8 semaines suivant la date de débit de votre compte pour un prélèvement autorisé.",
    ]


def mandate_facts(paper: Mandate) -> list[tuple[str, str]]:
    """Each line of the form, as it is to be read."""
    return [
        ("Référence unique du mandat (RUM)", paper.rum),
        ("Identifiant du créancier (ICS)", paper.ics),
        ("Créancier", ", ".join((paper.creditor, *paper.issuer.address))),
        ("Débiteur", ", ".join(paper.addressee.lines)),
        ("Titulaire du compte", paper.holder),
        ("IBAN", _spaced(paper.iban)),
        *((("BIC", paper.bic),) if paper.bic else ()),
        ("Type de paiement", "Récurrent"),
    ]


def mandate_signed(paper: Mandate) -> str:
    if paper.online_on is None:
        return (
            "Fait à\u2026\u2026\u2026\u2026\u2026\u2026\u2026\u2026, le\u2026\u2026\u2026\u2026\u2026\u2026"
        )
    return f"Signé en ligne le {day_numeric(paper.online_on)}, avec le mot de passe du compte."


def mandate_rights() -> str:
    return (
        "Vos droits concernant ce mandat sont expliqués dans un document que vous pouvez obtenir auprès de votre "
        "banque. Les informations de ce mandat ne servent qu’à la relation du créancier avec son client (règlement "
        f"UE{NBSP}2016/679)."
    )


def _spaced(iban: str) -> str:
    """« FR76 3000 6000 0112 3456 7890 189 », which no line breaks."""
    return NBSP.join(iban[n : n + 4] for n in range(0, len(iban), 4))
