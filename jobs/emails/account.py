"""What happened to somebody's account: told to them alone."""

from datetime import datetime

from jobs.emails import Draft, write
from models.families.guardian import Guardian
from models.settings import Settings


async def password_changed(settings: Settings, guardian_id: int, at: str) -> None:
    guardian = await Guardian.get_or_none(id=guardian_id)
    if guardian is None:
        return
    about = f"password:{at}"
    subject = "Votre mot de passe a été changé"
    facts = {"at": datetime.fromisoformat(at)}
    await write(settings, Draft("password", about, guardian.family_id, subject, facts, only=guardian.id))
