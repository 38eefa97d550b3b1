"""What the mairie itself must know of: paid too late, another sum, a bank that does not answer."""

from jobs.emails import drawn
from models.clock import now
from models.commune.commune import Commune
from models.french import plural
from models.money import anomaly
from models.money.anomaly import Anomaly
from models.rules.money import NBSP
from models.settings import Settings
from models.storage.database import transaction
from models.work.email import Email
from models.work.task import Task

NAMES: dict[anomaly.Kind, str] = {
    "late": "payé trop tard, devenu un avoir",
    "full": "payé trop tard pour une place prise, devenu un avoir",
    "taken": "payé trop tard pour des jours déjà réservés, devenu un avoir",
    "short": "payé trop tard, somme insuffisante, devenu un avoir",
    "twice": "payé deux fois, devenu un avoir",
    "member": "adhésion payée deux fois, devenue un avoir",
    "debt": "dette payée deux fois, devenue un avoir",
    "fault": "payé, mais non enregistré par le portail, devenu un avoir",
    "amount": "somme annoncée par la banque autre que demandée",
    "unknown": "paiement inconnu annoncé par la banque",
    "silent": "la banque ne dit pas ce qu’un paiement est devenu",
    "rejected": "prélèvement rejeté par la banque de la famille",
    "unreached": "erreur du portail en ouvrant la page de paiement",
}


async def anomalies(settings: Settings) -> None:
    """One e-mail for all that no e-mail has said yet."""
    found, commune = await anomaly.untold(), await Commune.all().first()
    if not found or commune is None or not commune.email.strip():
        return
    facts = {
        "subject": f"À voir sur le portail{NBSP}: {plural(len(found), 'paiement')}",
        "portal": settings.base_url,
        "found": found,
        "names": NAMES,
    }
    email = drawn("anomalies", f"anomalies:{found[-1].id}", commune.email.strip(), facts)
    async with transaction():
        await Email.bulk_create([email], ignore_conflicts=True)
        written = await Email.get(key=email.key)
        await Anomaly.filter(id__in=[one.id for one in found], told_at=None).update(told_at=now())
        await Task.later("send_email", written.id, key=f"email:{written.id}")
