"""« Écrire à une famille »: the mairie begins a conversation; the family is found first."""

import secrets
from collections.abc import Mapping

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.families.family import Family
from models.families.guardian import Guardian
from models.family_file import family_list
from models.french.messages import TAKEN
from models.messages.department import Topic, offered
from models.messages.thread import LONGEST_SUBJECT, LONGEST_TEXT, Draft, MessageThread, NobodyToWriteTo
from models.rules.attachments import MOST_BYTES
from models.storage.paging import Cut
from web.components.admin.kit.form import NOTHING, Choice, Filled, Lines, OneOf, Text, fill
from web.components.admin.messages import view
from web.http.attachments import HEARD, WrongFile, file_sent, too_long
from web.http.auth import StaffRequest, staff
from web.http.forms import plain_key, whole
from web.http.uploads import TooLong, sent, uploads
from web.page.templates import render

NEW = "/mairie/messages/nouveau"
FEW = 12  # families that a search shows
SUBJECT = Text("objet", "Objet", missing="Saisissez un objet.", longest=LONGEST_SUBJECT)
TEXT = Lines("message", "Message", missing="Écrivez votre message.", longest=LONGEST_TEXT, rows=8)
NOBODY = "Aucun responsable n’est connu dans ce dossier\u00a0: personne ne lirait ce message."
Known = tuple[OneOf, Text, Lines]


@staff(*view.ROLES)
async def offer(request: StaffRequest) -> Response:
    """The form, once the family is known; else where it is looked for."""
    family = await _family(request, request.query_params.get("famille"))
    if family is None:
        return await _search(request)
    return await _page(request, family)


@uploads(limit_bytes=MOST_BYTES, heard_bytes=HEARD)
@staff(*view.ROLES)
async def send(request: StaffRequest) -> Response:
    """The fields are read again where the file is refused: nothing that was typed is lost."""
    fields = topics_and_words(await topics())
    try:
        async with sent(request) as form:
            family, filled = await _said(request, fields, form)
            file = None if filled.errors else await file_sent(form)
    except TooLong as exc:
        if exc.fields is None:
            raise
        family, filled = await _said(request, fields, exc.fields)
        return await _page(request, family, filled, {"fichier": str(too_long(exc, exc.fields))}, 413)
    except WrongFile as exc:
        return await _page(request, family, filled, {"fichier": str(exc)}, 422)
    topic = await topic_of(filled)
    if filled.errors or topic is None:
        return await _page(request, family, filled, status=422)
    draft = Draft(filled.typed["message"], filled.typed["click"], file)
    try:
        thread = await MessageThread.begin_with(
            family.id, request.user.member, topic, filled.typed["objet"], draft, request.now
        )
    except NobodyToWriteTo:
        return await _page(request, family, filled, {"": NOBODY}, 422)
    return RedirectResponse(f"{view.PLACE}/{thread.id}?fait=debut", 303)


routes = [Route(NEW, offer), Route(NEW, send, methods=["POST"])]


async def topics() -> tuple[Choice, ...]:
    """« Régie – Facture »: a department and what it answers about."""
    return tuple(
        Choice(str(topic.id), f"{department.name} – {topic.name}")
        for department, its in await offered()
        for topic in its
    )


def topics_and_words(choices: tuple[Choice, ...]) -> Known:
    every = (Choice("", "Choisir un service et un thème"), *choices)
    hint = "La famille lit le nom du service, et non le vôtre."
    theme = OneOf("theme", "Service et thème", hint, "Choisissez un thème.", choices=every)
    return (theme, SUBJECT, TEXT)


async def topic_of(filled: Filled) -> Topic | None:
    """One that the commune offers."""
    return await Topic.get_or_none(id=whole(filled.values.get("theme")) or 0, offered=True)


async def _family(request: StaffRequest, said: object) -> Family | None:
    """None where none is named; one that there is not is a 404."""
    if not said:
        return None
    family = await Family.get_or_none(id=whole(str(said)) or 0)
    if family is None:
        raise HTTPException(404)
    return family


async def _said(request: StaffRequest, fields: Known, form: FormData) -> tuple[Family, Filled]:
    family = await _family(request, form.get("famille"))
    if family is None:
        raise HTTPException(404)
    filled = fill(fields, form)
    click = plain_key(form, "click") or secrets.token_urlsafe(16)
    return family, Filled({**filled.typed, "click": click}, filled.values, filled.errors)


async def _search(request: StaffRequest) -> Response:
    words = " ".join(request.query_params.get("recherche", "").split())[:80]
    cut, today = Cut("name", size=FEW), request.now.date()
    found = await family_list.page(cut, today, search=words) if words else None
    known = {"found": found, "words": words, "new": NEW}
    return render(request, "admin/messages/whom.html", known)


async def _page(
    request: StaffRequest,
    family: Family,
    filled: Filled = NOTHING,
    wrong: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    guardians = await Guardian.filter(family_id=family.id).order_by("position", "id")
    known = {
        "family": family,
        "guardians": guardians,
        "children": await view.children_of(family.id),
        "fields": topics_and_words(await topics()),
        "filled": filled,
        "errors": {**filled.errors, **(wrong or {})},
        "click": filled.typed.get("click") or secrets.token_urlsafe(16),
        "taken": TAKEN,
        "new": NEW,
    }
    return render(request, "admin/messages/new.html", known, status)
