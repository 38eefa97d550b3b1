"""What happened to somebody's account: told to them alone."""

from collections.abc import Sequence

from jobs.emails import Draft
from models.settings import Settings
from models.work.notice import Notice


async def password_changed(settings: Settings, digest: Sequence[Notice]) -> Draft:
    [notice] = digest
    about = f"password:{notice.at.isoformat()}"
    subject = "Votre mot de passe a été changé"
    return Draft("password", about, notice.family_id, subject, {"at": notice.at}, only=notice.guardian_id)
