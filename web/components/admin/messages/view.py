"""What the page of a conversation knows of its family, and fills into an answer that is often given."""

from models.families.child import Home
from models.french.messages import filled_in
from models.messages.thread import MessageThread

PLACES = ("prénom", "nom", "enfant", "dossier", "objet")
DONE = {
    "reponse": "Votre réponse est envoyée. La famille est prévenue par courriel.",
    "cloture": "La conversation est close.",
    "reouverture": "La conversation est rouverte.",
}


def filled_for(thread: MessageThread, text: str) -> str:
    """The text with its PLACES filled for whoever began this conversation."""
    values = (
        thread.guardian.first_name,
        thread.guardian.last_name,
        thread.child.first_name if thread.child else "votre enfant",
        thread.family.number,
        thread.subject,
    )
    return filled_in(text, dict(zip(PLACES, values, strict=True)))


async def children_of(family: int) -> list[str]:
    """Their first names."""
    homes = await Home.filter(family_id=family).order_by("position", "child_id").select_related("child")
    return [home.child.first_name for home in homes]
