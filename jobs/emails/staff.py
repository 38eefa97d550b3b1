"""What an agent of the mairie is written: the link that opens their account."""

from jobs.emails import drawn
from models import french
from models.access.staff.invitation import Invitation
from models.commune.commune import Commune
from models.rules.money import NBSP
from models.settings import Settings
from models.storage.database import transaction
from models.work.email import Email
from models.work.task import Task


async def invite(settings: Settings, invitation_id: int) -> None:
    """Once; not at all when the link is used or replaced. Kept sealed."""
    invitation = await Invitation.get(id=invitation_id).select_related("member")
    secret = invitation.secret
    if secret is None:
        return
    commune = await Commune.all().first()
    facts = {
        "subject": f"Votre accès à l’espace mairie{NBSP}: choisissez un mot de passe",
        "portal": settings.base_url,
        "mairie": french.mairie(commune.name) if commune else "La mairie",
        "member": invitation.member,
        "secret": secret,
        "no_reply": True,
    }
    email = drawn("member", f"member:{invitation.id}", invitation.email, facts)
    email.seal()
    async with transaction():
        await Email.bulk_create([email], ignore_conflicts=True)
        written = await Email.get(key=email.key)
        await Task.later("send_email", written.id, key=f"email:{written.id}")
