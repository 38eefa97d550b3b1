"""« Messages »: what the family and the mairie write to each other; a new message, an answer, their files."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.families.child import Child
from models.french.messages import TAKEN, TO_FAMILY, refused_file, to_department, usual_answer, when
from models.messages import inbox
from models.messages.department import Department, Topic, offered
from models.messages.thread import LONGEST_SUBJECT, LONGEST_TEXT, Draft, MessageThread, TooManyMessages
from models.rules.attachments import MOST_BYTES, RefusedFile
from models.rules.states.threads import ThreadState
from web.http.attachments import HEARD, WrongFile, download, file_sent, too_long
from web.http.auth import ParentRequest, parent
from web.http.forms import plain_key, whole
from web.http.uploads import TooLong, sent, uploads
from web.page.templates import render

HOME, NEW = "/messages", "/messages/nouveau"
SENT = "envoyes"
FIELDS = ("service", "theme", "enfant", "objet", "message", "confirmation", "click")
MISSING = {
    "service": "Choisissez un service.",
    "theme": "Choisissez un thème.",
    "objet": "Saisissez un objet.",
    "message": "Saisissez votre message.",
}
TOO_MANY = "Vous avez envoyé beaucoup de messages aujourd’hui. Réessayez demain, ou appelez la mairie."
Offered = list[tuple[Department, list[Topic]]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A new message as its form says it, and what is wrong with it."""

    typed: Mapping[str, str]
    errors: Mapping[str, str]
    topic: Topic | None
    child: int | None


@parent
async def show(request: ParentRequest) -> Response:
    number = max(1, min(whole(request.query_params.get("page")) or 1, 1000))
    listed = await _listed(request, request.query_params.get("liste", ""), number)
    return render(request, "messages/page.html", listed | {"thread": None})


@parent
async def one(request: ParentRequest) -> Response:
    """To open it is to have read it: the only thing that a look changes, and twice is once."""
    thread = await _thread(request)
    user = request.user
    if not user.viewer and (news := await thread.read_by_family(request.now)):
        request.scope["user"] = replace(user, unread=max(0, user.unread - news))
    return await _conversation(request, thread)


@uploads(limit_bytes=MOST_BYTES, heard_bytes=HEARD)
@parent
async def reply(request: ParentRequest) -> Response:
    thread = await _thread(request)
    typed, errors = {}, {}
    try:
        async with sent(request) as form:
            typed = _typed(form, ("message", "click"))
            errors = _missing(typed, ("message",))
            draft = None if errors else await _draft(form, typed)
    except TooLong as exc:
        if exc.fields is None:
            raise
        typed, errors = _typed(exc.fields, ("message", "click")), {"fichier": str(too_long(exc, exc.fields))}
    except WrongFile as exc:
        errors = {"fichier": str(exc)}
    if errors or draft is None:
        return await _conversation(request, thread, typed, errors, 422)
    try:
        await thread.reply(request.user.guardian, draft, request.now)
    except TooManyMessages:
        return await _conversation(request, thread, typed, {"message": TOO_MANY}, 429)
    except RefusedFile as exc:
        return await _conversation(request, thread, typed, {"fichier": refused_file(exc.why, "", 0)}, 429)
    return RedirectResponse(f"{HOME}/{thread.id}?fait=envoi#fin", 303)


@parent
async def offer(request: ParentRequest) -> Response:
    asked = request.query_params
    typed = {name: asked.get(name, "") for name in ("service", "theme", "enfant", "objet")}
    return await _form(request, await offered(), typed)


@parent
async def topics(request: ParentRequest) -> Response:
    """The themes of a service, as soon as it is chosen."""
    known = {"offered": await offered(), "chosen": request.query_params.get("service", ""), "typed": {}}
    return render(request, "messages/topic_part.html", known)


@uploads(limit_bytes=MOST_BYTES, heard_bytes=HEARD)
@parent
async def send(request: ParentRequest) -> Response:
    known = await offered()
    try:
        async with sent(request) as form:
            wanted = await _wanted(request, known, form)
            draft = None if wanted.errors else await _draft(form, wanted.typed)
    except TooLong as exc:
        if exc.fields is None:
            raise
        wanted = await _wanted(request, known, exc.fields)
        wrong = {"fichier": str(too_long(exc, exc.fields))}
        return await _form(request, known, wanted.typed, {**wanted.errors, **wrong}, 413)
    except WrongFile as exc:
        return await _form(request, known, wanted.typed, {**wanted.errors, "fichier": str(exc)}, 422)
    if draft is None or wanted.topic is None:
        return await _form(request, known, wanted.typed, wanted.errors, 422)
    try:
        thread = await MessageThread.begin(
            request.user.guardian,
            wanted.topic,
            wanted.child,
            wanted.typed["objet"],
            draft,
            request.now,
            confirm=bool(wanted.typed["confirmation"]),
        )
    except TooManyMessages:
        return await _form(request, known, wanted.typed, {"": TOO_MANY}, 429)
    except RefusedFile as exc:
        return await _form(request, known, wanted.typed, {"fichier": refused_file(exc.why, "", 0)}, 429)
    return RedirectResponse(f"{HOME}/{thread.id}?fait=message", 303)


@parent
async def file(request: ParentRequest) -> Response:
    thread = await _thread(request)
    found = await inbox.file_of(thread.id, request.number("piece"))
    if found is None:
        raise HTTPException(404)
    return download(found)


routes = [
    Route(HOME, show, methods=["GET"]),
    Route(NEW, offer, methods=["GET"]),
    Route(NEW, send, methods=["POST"]),
    Route("/messages/themes", topics, methods=["GET"]),
    Route("/messages/{id:int}", one, methods=["GET"]),
    Route("/messages/{id:int}", reply, methods=["POST"]),
    Route("/messages/{id:int}/pieces/{piece:int}", file, methods=["GET"]),
]


async def _thread(request: ParentRequest) -> MessageThread:
    found = await inbox.thread_of_family(request.number("id"), request.user.family.id)
    if found is None:
        raise HTTPException(404)
    return found


async def _listed(request: ParentRequest, said: str, number: int = 1) -> dict[str, object]:
    """What the mairie wrote; what the family did, when that is asked for or nothing was received yet."""
    family, received = request.user.family.id, said != SENT
    rows, more = await inbox.of_family(family, received=received, page=number)
    if received and not rows and number == 1 and not said:
        received = False
        rows, more = await inbox.of_family(family, received=False)
    return {
        "rows": rows,
        "more": more,
        "number": number,
        "received": received,
        "list": "recus" if received else SENT,
        "states": TO_FAMILY,
        "when": when,
        "open": bool(await offered()),
    }


async def _conversation(
    request: ParentRequest,
    thread: MessageThread,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    sent_to = f"Votre message est envoyé {to_department(thread.department.name)}."
    done = {"message": sent_to, "envoi": "C’est envoyé."}
    known = {
        "thread": thread,
        "messages": await inbox.messages(thread.id),
        "usual": usual_answer(thread.department.reply_days) if thread.state == ThreadState.OPEN else "",
        "closed": thread.state == ThreadState.CLOSED,
        "typed": typed or {},
        "errors": errors or {},
        "done": done.get(request.query_params.get("fait", ""), ""),
        "click": (typed or {}).get("click") or secrets.token_urlsafe(16),
        "taken": TAKEN,
        "most": MOST_BYTES,
        "longest": LONGEST_TEXT,
    }
    listed = await _listed(request, request.query_params.get("liste", ""))
    return render(request, "messages/page.html", listed | known, status)


async def _form(
    request: ParentRequest,
    known: Offered,
    typed: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    if len(known) == 1:
        typed = {**typed, "service": str(known[0][0].id)}
    context = {
        "offered": known,
        "chosen": typed.get("service", ""),
        "typed": typed,
        "children": await request.user.children(),
        "errors": errors or {},
        "click": typed.get("click") or secrets.token_urlsafe(16),
        "taken": TAKEN,
        "most": MOST_BYTES,
        "longest": LONGEST_TEXT,
        "longest_subject": LONGEST_SUBJECT,
        "usual": {str(one.id): usual_answer(one.reply_days) for one, _ in known},
    }
    return render(request, "messages/new.html", context, status)


def _typed(form: FormData, names: tuple[str, ...]) -> dict[str, str]:
    """What was written, with the ends of lines as we keep them."""
    return {name: str(form.get(name, "")).replace("\r\n", "\n").strip() for name in names} | {
        "click": plain_key(form, "click")
    }


def _missing(typed: Mapping[str, str], names: tuple[str, ...]) -> dict[str, str]:
    errors = {name: MISSING[name] for name in names if not typed[name]}
    if len(typed["message"]) > LONGEST_TEXT:
        errors["message"] = f"{LONGEST_TEXT} caractères au maximum."
    return errors


async def _wanted(request: ParentRequest, known: Offered, form: FormData) -> Wanted:
    typed = _typed(form, FIELDS)
    errors = _missing(typed, tuple(MISSING))
    if len(typed["objet"]) > LONGEST_SUBJECT or "\n" in typed["objet"]:
        errors["objet"] = f"{LONGEST_SUBJECT} caractères au maximum, sur une ligne."
    service = next((its for one, its in known if str(one.id) == typed["service"]), [])
    topic = next((one for one in service if str(one.id) == typed["theme"]), None)
    if typed["theme"] and typed["service"] and topic is None:
        errors["theme"] = "Choisissez un thème de ce service."
    return Wanted(typed, errors, topic, await _child(request, typed["enfant"]))


async def _child(request: ParentRequest, said: str) -> int | None:
    """One of the family's, or nobody. Another's is a 404."""
    if not said:
        return None
    child: Child = await request.user.child(whole(said) or 0)
    return child.id


async def _draft(form: FormData, typed: Mapping[str, str]) -> Draft:
    """Raises WrongFile."""
    return Draft(typed["message"], typed["click"] or secrets.token_urlsafe(16), await file_sent(form))
