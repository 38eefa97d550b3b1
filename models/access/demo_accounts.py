"""Whom one may play in a demo."""

from models.access.member import Member
from models.families.guardian import Guardian

MANY = 12  # parents; the file names the others


async def demo_accounts() -> list[tuple[str, str]]:
    """Username and name: parents, then the mairie."""
    guardians = Guardian.exclude(password=None).order_by("id").limit(MANY)
    parents = [(guardian.username or "", guardian.name) for guardian in await guardians]
    return parents + [(member.username, member.name) for member in await Member.all().order_by("id")]


async def demo_newcomer() -> Guardian | None:
    """Somebody who has no account yet, with the family: to try the first connection."""
    return (
        await Guardian.filter(password=None, blocked_at=None).order_by("id").select_related("family").first()
    )
