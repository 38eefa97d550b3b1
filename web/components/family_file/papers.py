"""What the family sends: the papers that the commune asks, and the proof of a new quotient. And back to it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.bookings.family_request import AlreadyAsked
from models.families.child import Child
from models.families.file.required_document import RequiredDocument
from models.families.file.sent_document import Lost, NewPaper, SentDocument
from models.family_file.parents import asking
from models.family_file.parents.asking import NothingAsked
from models.french.messages import TAKEN, refused_file
from models.rules.attachments import MOST_BYTES, RefusedFile
from web.components.family_file.questions import Answers, Question, read
from web.http.attachments import HEARD, Unopened, WrongFile, download, file_sent, too_long
from web.http.auth import ParentRequest, parent
from web.http.forms import plain_key, whole
from web.http.uploads import TooLong, sent, uploads
from web.page.templates import render

HOME = "/dossier"
FILE = "fichier"
NO_FILE = "Choisissez un fichier."
SAME = "C’est déjà le quotient de votre dossier."
TWICE = "Un nouveau quotient attend déjà la réponse de la mairie."
QUOTIENT = (
    Question("quotient", "Quotient familial", "number", "En euros entiers.", "Saisissez le quotient."),
    Question("debut", "À partir du", "day", "", "Saisissez le jour à partir duquel il compte."),
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A form with a file, as it was sent."""

    answers: Answers
    file: NewPaper | None
    errors: Mapping[str, str]
    status: int = 422


@parent
async def ask_quotient(request: ParentRequest) -> Response:
    return await _draw(request, "Mettre à jour mon quotient", QUOTIENT, Answers())


@uploads(limit_bytes=MOST_BYTES, heard_bytes=HEARD)
@parent
async def send_quotient(request: ParentRequest) -> Response:
    said = await _sent(request, QUOTIENT)
    errors, status = dict(said.errors), said.status
    if said.file is not None and not errors:
        value, start = said.answers.values["quotient"], said.answers.values["debut"]
        try:
            guardian = request.user.guardian
            await asking.quotient(guardian, value, start, said.file, said.file.click, request.now)
            return RedirectResponse(f"{HOME}?fait=demande", 303)
        except NothingAsked:
            errors = {"quotient": SAME}
        except AlreadyAsked:
            errors, status = {"": TWICE}, 409
        except RefusedFile as exc:
            errors, status = {FILE: refused_file(exc.why, "", 0)}, 429
    title = "Mettre à jour mon quotient"
    return await _draw(request, title, QUOTIENT, Answers(said.answers.typed, {}, errors), status)


@parent
async def ask_paper(request: ParentRequest) -> Response:
    required, child = await _wanted(request)
    return await _draw(request, required.name, (), Answers(), child=child)


@uploads(limit_bytes=MOST_BYTES, heard_bytes=HEARD)
@parent
async def send_paper(request: ParentRequest) -> Response:
    required, child = await _wanted(request)
    said = await _sent(request, ())
    errors, status = dict(said.errors), said.status
    if said.file is not None and not errors:
        try:
            await SentDocument.send(
                request.user.guardian, required, child.id if child else None, said.file, request.now
            )
            anchor = f"#enfant-{child.id}" if child else ""
            return RedirectResponse(f"{HOME}?fait=piece{anchor}", 303)
        except RefusedFile as exc:
            errors, status = {FILE: refused_file(exc.why, "", 0)}, 429
    return await _draw(request, required.name, (), Answers({}, {}, errors), status, child)


@parent
async def give_back(request: ParentRequest) -> Response:
    found = await SentDocument.get_or_none(id=request.number("id"), family_id=request.user.family.id)
    if found is None:
        raise HTTPException(404)
    try:
        return download(found, await found.give_back(request.user.guardian.actor, request.now))
    except Lost:
        raise Unopened(
            "demandez-en un nouvel exemplaire à qui l’a établi, et envoyez-le de nouveau."
        ) from None


async def _wanted(request: ParentRequest) -> tuple[RequiredDocument, Child | None]:
    """What the address asks for, and for whom. Another family's child is a 404, as is a paper nobody asks."""
    found = await RequiredDocument.get_or_none(id=request.number("piece"), asked=True)
    if found is None:
        raise HTTPException(404)
    if found.per == "family":
        return found, None
    return found, await request.user.child(whole(request.query_params.get("enfant")) or 0)


async def _sent(request: ParentRequest, questions: tuple[Question, ...]) -> Upload:
    """The form is heard to its end; what was typed beside a file that is not taken is kept."""
    try:
        async with sent(request) as form:
            answers = read(questions, form)
            file = await file_sent(form)
            click = plain_key(form, "click") or secrets.token_urlsafe(16)
    except TooLong as exc:
        if exc.fields is None:
            raise
        return _wrong(questions, exc.fields, too_long(exc, exc.fields), 413)
    except WrongFile as exc:
        return Upload(Answers(), None, {FILE: str(exc)})
    if file is None:
        return Upload(answers, None, {**answers.errors, FILE: NO_FILE})
    paper = NewPaper(click, file.name, file.kind, file.content)
    return Upload(answers, paper, answers.errors)


def _wrong(questions: tuple[Question, ...], form: FormData, why: WrongFile, status: int) -> Upload:
    answers = read(questions, form)
    return Upload(answers, None, {**answers.errors, FILE: str(why)}, status)


async def _draw(
    request: ParentRequest,
    title: str,
    questions: tuple[Question, ...],
    answers: Answers,
    status: int = 200,
    child: Child | None = None,
) -> Response:
    known = {
        "title": title,
        "child": child,
        "questions": questions,
        "answers": answers,
        "errors": answers.errors,
        "click": secrets.token_urlsafe(16),
        "taken": TAKEN,
        "most": MOST_BYTES,
        "back": HOME,
    }
    return render(request, "family_file/upload.html", known, status)


routes = [
    Route(f"{HOME}/quotient", ask_quotient, methods=["GET"]),
    Route(f"{HOME}/quotient", send_quotient, methods=["POST"]),
    Route(f"{HOME}/pieces/{{piece:int}}", ask_paper, methods=["GET"]),
    Route(f"{HOME}/pieces/{{piece:int}}", send_paper, methods=["POST"]),
    Route(f"{HOME}/pieces/envoyees/{{id:int}}", give_back, methods=["GET"]),
]
