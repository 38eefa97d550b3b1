"""What the pages of messages share: whom they open to, departments, and what an answer is filled with."""

from models.families.child import Home
from models.french.messages import filled_in
from models.messages.department import Department
from models.messages.thread import MessageThread
from web.components.admin.kit.form import Choice, OneOf

ROLES = ("manager", "cashier")  # families, and their invoices; a reader reads what a manager sees
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


async def departments() -> list[Department]:
    """Also those that the commune file names no more: what was written to them is there."""
    return await Department.all().order_by("position", "id")


def service(departments: list[Department]) -> OneOf:
    """One of them, or all."""
    choices = (Choice("", "Tous les services"), *(Choice(str(one.id), one.name) for one in departments))
    return OneOf("service", "Service", choices=choices)
