"""What the pages of messages share: whom they open to, departments, and what an answer is filled with."""

from starlette.exceptions import HTTPException

from models.access.member import Member
from models.families.child import Home
from models.french import moment_long
from models.french.messages import filled_in
from models.messages.department import Department
from models.messages.thread import MessageThread
from models.planning import overview
from web.components.admin.kit.form import Choice, OneOf
from web.http.auth import StaffRequest

PLACE = "/mairie/messages"
ROLES = ("manager", "cashier")  # families, and their invoices; a reader reads what a manager sees
PLACES = ("prénom", "nom", "enfant", "dossier", "objet", "limite")
NO_LIMIT = "la date limite affichée sur le planning"
DONE = {
    "reponse": "Votre réponse est envoyée. La famille est prévenue par courriel.",
    "debut": "Votre message est envoyé. La famille est prévenue.",
    "attente": "La conversation est mise en attente.",
    "suivi": "C’est noté.",
    "note": "La note est enregistrée. La famille ne la voit pas.",
    "cloture": "La conversation est close.",
    "reouverture": "La conversation est rouverte.",
}


async def found(request: StaffRequest) -> MessageThread:
    """The conversation that the address names, with all that a page says of it. Else a 404."""
    related = ("department", "topic", "child", "family", "guardian", "assigned", "begun_by")
    thread = await MessageThread.get_or_none(id=request.number("id")).select_related(*related)
    if thread is None:
        raise HTTPException(404)
    return thread


async def agents() -> list[Member]:
    """Who may take care of a conversation."""
    everybody = await Member.filter(blocked_at=None).order_by("name", "id")
    return [one for one in everybody if one.may(ROLES, change=True)]


async def filled_for(request: StaffRequest, thread: MessageThread, text: str) -> str:
    """The text with its PLACES filled for whoever began this conversation."""
    values = (
        thread.guardian.first_name,
        thread.guardian.last_name,
        thread.child.first_name if thread.child else "votre enfant",
        thread.family.number,
        thread.subject,
        await _limit(request, thread) if "{limite}" in text else "",
    )
    return filled_in(text, dict(zip(PLACES, values, strict=True)))


async def _limit(request: StaffRequest, thread: MessageThread) -> str:
    """« jeudi 25 septembre à 12:00 »: until when the family may change the next of its days."""
    found = await overview.read(await request.catalogue(), thread.family, request.now)
    closes = found.due.closes if found.due else None
    return moment_long(closes) if closes else NO_LIMIT


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
