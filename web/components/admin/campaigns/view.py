"""The words of a campaign: its steps, its states, its checks."""

from models.french import plural
from models.french.spreadsheets import Amount, Cell
from models.invoicing.campaign import InvoiceCampaign
from models.invoicing.draft_list import DraftLine
from models.rules.states.campaigns import CampaignState

HEADS = ("Dossier", "Famille", "Montant", "Mois précédent", "Écart", "À relire")  # of a file of drafts
STEPS = ("Période", "Contrôles", "Brouillons", "Émission", "Suites")
STATES = {
    CampaignState.DRAFT: "brouillons",
    CampaignState.ISSUING: "émission en cours",
    CampaignState.ISSUED: "émise",
    CampaignState.DISCARDED: "abandonnée",
}
CHECK_LABELS = {
    "relire": "À relire",
    "ecart": "Gros écarts",
    "prix": "Prix recalculés",
    "quotient": "Sans quotient",
    "adresse": "Sans adresse",
    "demandes": "Demandes en attente",
    "pointage": "Sans pointage",
    "sans-reservation": "Sans réservation",
    "avoir": "Avoirs",
}
# By check: one family, several, what it means, what it says when there is none.
CHECKS = {
    "demandes": (
        "famille attend une réponse", "familles attendent une réponse",
        "Répondez-leur avant d’émettre, ou leurs jours manqueront.", "Toutes les demandes ont leur réponse",
    ),
    "quotient": (
        "famille sans quotient", "familles sans quotient", "Au tarif prévu sans quotient.",
        "Tous les quotients sont là",
    ),
    "adresse": (
        "famille à qui l’on écrit sans adresse", "familles à qui l’on écrit sans adresse",
        "Leur facture part par courrier\u00a0: complétez le dossier.", "Toutes les adresses sont là",
    ),
    "pointage": (
        "famille a un jour que l’appel a oublié", "familles ont un jour que l’appel a oublié",
        "Il est facturé comme réservé.", "Aucun enfant oublié à l’appel",
    ),
    "sans-reservation": (
        "famille a un enfant venu sans réservation", "familles ont un enfant venu sans réservation",
        "Facturé au tarif prévu pour cela.", "Personne n’est venu sans réservation",
    ),
    "avoir": (
        "famille a un avoir", "familles ont un avoir", "Il est déduit quand elle règle.",
        "Aucun avoir à déduire",
    ),
}  # fmt: skip


def is_moving(campaign: InvoiceCampaign) -> bool:
    """Does the portal work at it just now?"""
    drafting = campaign.state == CampaignState.DRAFT and campaign.drafted_at is None
    return drafting or campaign.state == CampaignState.ISSUING


def steps(campaign: InvoiceCampaign, issuing: bool) -> list[tuple[int, str, str]]:
    """Number, words, and « done », « now » or « »."""
    at = 3
    if campaign.state == CampaignState.ISSUED:
        at = 5
    elif campaign.state == CampaignState.ISSUING or issuing:
        at = 4
    return [
        (n, said, "done" if n < at else "now" if n == at else "") for n, said in enumerate(STEPS, start=1)
    ]


def state_of(state: str) -> str:
    return STATES[CampaignState(state)]


def told(check: str, number: int) -> str:
    one, many, _, none = CHECKS[check]
    return plural(number, one, many) if number else none


def cells(draft: DraftLine) -> list[Cell]:
    """Of a file, as HEADS names them."""
    before = None if draft.previous is None else Amount(draft.previous)
    moved = None if draft.previous is None else Amount(draft.cents - draft.previous)
    return [draft.number, draft.name, Amount(draft.cents), before, moved, "oui" if draft.changed else "non"]
