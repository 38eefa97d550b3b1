"""What the bank announced, in words: what happened, and what to do."""

from models.french import euros
from models.money.anomaly import AnomalyLine, Kind

WORDS: dict[Kind, tuple[str, str]] = {
    "late": ("Payé trop tard", "Les jours ne pouvaient plus être réservés\u00a0: la somme est un avoir."),
    "full": ("Payé trop tard", "Il n’y avait plus de place\u00a0: la somme est un avoir."),
    "taken": ("Payé trop tard", "Les jours étaient déjà réservés ou annulés\u00a0: la somme est un avoir."),
    "short": (
        "Payé trop tard",
        "L’avoir qui devait compléter ce paiement a servi entre-temps\u00a0: la somme est un avoir.",
    ),
    "twice": ("Payé deux fois", "La commande était déjà payée\u00a0: la somme est un avoir."),
    "member": ("Adhésion payée deux fois", "L’enfant l’avait déjà\u00a0: la somme est un avoir."),
    "debt": ("Dette payée deux fois", "Elle avait été réglée entre-temps\u00a0: la somme est un avoir."),
    "fault": (
        "Payé, non enregistré",
        "Le portail n’a pas pu faire ce qui était payé\u00a0: la somme est un avoir. "
        "Prévenez qui s’occupe du portail.",
    ),
    "amount": (
        "Somme inattendue",
        "La banque annonce une autre somme que celle demandée\u00a0: rien n’est enregistré. "
        "Comparez avec le relevé de la banque.",
    ),
    "unknown": (
        "Paiement inconnu",
        "La banque annonce une référence que le portail n’a jamais donnée\u00a0: rien n’est enregistré. "
        "Comparez avec le relevé de la banque.",
    ),
    "silent": (
        "Banque muette",
        "La banque ne dit pas ce que ce paiement est devenu\u00a0: les places sont rendues. "
        "Si elle annonce plus tard qu’il est payé, le portail l’enregistre.",
    ),
    "rejected": (
        "Prélèvement rejeté",
        "La facture est de nouveau à payer, la famille en est prévenue. Elle n’est pas présentée une seconde fois.",
    ),
    "unreached": (
        "Page de paiement inaccessible",
        "L’erreur vient du portail\u00a0: rien n’a été débité. Prévenez qui s’occupe du portail.",
    ),
}
# What the filter « Objet » gathers, by what the address says.
GROUPS: dict[str, tuple[str, tuple[Kind, ...]]] = {
    "": ("Toutes", ()),
    "tard": ("Payés trop tard", ("late", "full", "taken", "short")),
    "deux-fois": ("Payés deux fois", ("twice", "member", "debt")),
    "banque": ("Désaccords avec la banque", ("amount", "unknown", "silent")),
    "rejets": ("Prélèvements rejetés", ("rejected",)),
    "portail": ("Erreurs du portail", ("fault", "unreached")),
}


def title(line: AnomalyLine) -> str:
    return WORDS[line.kind][0]


def meaning(line: AnomalyLine) -> str:
    return WORDS[line.kind][1]


def about(line: AnomalyLine) -> str:
    """« Dossier 15.1606 · Régie des repas »."""
    dossier = f"Dossier {line.dossier}" if line.dossier else ""
    return " · ".join(part for part in (dossier, line.till) if part)


def done(lines: list[AnomalyLine]) -> str:
    """What was just marked as seen."""
    if len(lines) > 1:
        return f"{len(lines)} lignes marquées comme vues."
    line = lines[0]
    return (
        f"{title(line)}{f', {euros(line.cents)}' if line.cents is not None else ''}\u00a0: marqué comme vu."
    )
