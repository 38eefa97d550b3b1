"""« Mon dossier »: all that the mairie knows of the family; what is changed here, asked for, or fixed at the mairie."""

import secrets
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.bookings.family_request import AlreadyAsked
from models.families.child import Child
from models.families.child_stop import ChildStop
from models.families.file.contact import ChildContact
from models.families.file_change import FileChanged
from models.family_file.parents import asked, own, reading
from models.family_file.parents.asking import NothingAsked
from models.rules.families.consents import CONSENTS
from web.components.family_file import documents, papers, steps, words
from web.components.family_file.questions import Answers, read
from web.components.family_file.sheets import HERE, OF_CHILD, SHEETS, CannotSave, Sheet
from web.http.auth import ParentRequest, parent
from web.http.forms import form, plain_key
from web.page.templates import render

HOME = "/dossier"
CHILD = f"{HOME}/enfants/{{id:int}}"
LAST = 3  # démarches that the page shows
SAME = "C’est déjà ainsi dans votre dossier\u00a0: il n’y a rien à demander."
TWICE = "Cette demande attend déjà la réponse de la mairie. Vous pouvez la supprimer dans «\u00a0Mes démarches\u00a0»."
CHANGED = "Ces informations ont été modifiées entre-temps. Voici la version à jour."


@parent
async def show(request: ParentRequest) -> Response:
    family = request.user.family
    file = await reading.read(family, request.now)
    known = {
        "file": file,
        "stops": await ChildStop.of([child.line.id for child in file.children]),
        "family": family,
        "steps": await asked.last(family.id, LAST),
        "consents": CONSENTS,
        "words": words,
        "today": request.now.date(),
        "done": words.DONE.get(request.query_params.get("fait", ""), ""),
    }
    return render(request, "family_file/page.html", known)


@parent
async def confirm(request: ParentRequest) -> Response:
    """Once a school year; sent twice, it is said once."""
    known = await reading.read(request.user.family, request.now)
    if known.year is None:
        raise HTTPException(404)
    await own.confirm(request.user.guardian, known.year.starts, request.now)
    return RedirectResponse(f"{HOME}?fait=confirme", 303)


@parent
async def remove(request: ParentRequest) -> Response:
    """Somebody may fetch the child no more. One of another family's children is a 404."""
    child = await request.user.child(request.number("id"))
    row = await ChildContact.get_or_none(id=request.number("personne"), child_id=child.id)
    if row is None:
        raise HTTPException(404)
    await row.remove(request.user.guardian, request.now)
    return RedirectResponse(f"{HOME}?fait=retrait#enfant-{child.id}", 303)


def _pages(sheet: Sheet) -> list[Route]:
    """The form of a sheet, and what becomes of it."""

    @parent
    async def show_sheet(request: ParentRequest) -> Response:
        child = await _child(request, sheet)
        return await _sheet(request, sheet, child, Answers(typed=await sheet.begins(request, child)))

    @parent
    async def send(request: ParentRequest) -> Response:
        child, sent = await _child(request, sheet), await form(request)
        answers = read(await sheet.asks(request, child), sent)
        click = plain_key(sent, "click") or secrets.token_urlsafe(16)
        errors, status = answers.errors, 422
        if not errors:
            errors, status = await _save(request, sheet, child, answers, click)
        if errors:
            return await _sheet(request, sheet, child, Answers(answers.typed, {}, errors), status)
        done = "fait" if sheet.bucket == HERE else "demande"
        return RedirectResponse(f"{HOME}?fait={done}{f'#enfant-{child.id}' if child else ''}", 303)

    path = f"{CHILD}/{sheet.name}" if sheet.of_child else f"{HOME}/{sheet.name}"
    return [Route(path, show_sheet, methods=["GET"]), Route(path, send, methods=["POST"])]


async def _save(
    request: ParentRequest, sheet: Sheet, child: Child | None, answers: Answers, click: str
) -> tuple[Mapping[str, str], int]:
    """What is wrong with it, and the status that says so; nothing where it is done."""
    try:
        await sheet.save(request, child, answers, click)
    except CannotSave as exc:
        return exc.errors, 422
    except NothingAsked:
        return {"": SAME}, 422
    except AlreadyAsked:
        return {"": TWICE}, 409
    except FileChanged:
        return {"": CHANGED}, 409
    return {}, 200


async def _child(request: ParentRequest, sheet: Sheet) -> Child | None:
    return await request.user.child(request.number("id")) if sheet.of_child else None


async def _sheet(
    request: ParentRequest, sheet: Sheet, child: Child | None, answers: Answers, status: int = 200
) -> Response:
    known = {
        "sheet": sheet,
        "child": child,
        "questions": await sheet.asks(request, child),
        "answers": answers,
        "errors": answers.errors,
        "click": secrets.token_urlsafe(16),
        "back": HOME,
    }
    return render(request, "family_file/form.html", known, status)


routes = [
    Route(HOME, show, methods=["GET"]),
    Route(f"{HOME}/confirmation", confirm, methods=["POST"]),
    Route(f"{CHILD}/personnes/{{personne:int}}/retrait", remove, methods=["POST"]),
    *(route for sheet in (*SHEETS, *OF_CHILD) for route in _pages(sheet)),
    *papers.routes,
    *documents.routes,
    *steps.routes,
]
