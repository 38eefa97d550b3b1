"""« Messages »: the inbox that the mairie shares, a conversation with its answer, the answers that are often given."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.access.member import Member
from models.french import moment, plural
from models.french.messages import TAKEN, TO_MAIRIE
from models.messages import inbox
from models.messages.canned_answer import CannedAnswer
from models.messages.department import Department
from models.messages.note import LONGEST as LONGEST_NOTE
from models.messages.note import ThreadNote
from models.messages.thread import LONGEST_TEXT, Draft, MessageThread
from models.rules.attachments import MOST_BYTES
from models.rules.states.threads import ThreadState
from models.storage.paging import Cut, Page
from web.components.admin.kit.csv_file import Cell, csv_file
from web.components.admin.kit.form import Choice, OneOf
from web.components.admin.kit.table import Column, Filter, Table, View
from web.components.admin.messages import beginning, canned, handling, mass, view
from web.http.attachments import HEARD, WrongFile, download, file_sent, too_long
from web.http.auth import StaffRequest, staff
from web.http.forms import plain_key, whole
from web.http.uploads import TooLong, sent, uploads
from web.page.menu import Count, Entry
from web.page.templates import render

PLACE = view.PLACE
UNREAD = "non-lus"
STATES = Filter(
    "etat",
    "État",
    (
        Choice("", "Tous"),
        Choice("a-traiter", "À traiter"),
        Choice(UNREAD, "Non lus"),
        Choice("en-attente", "En attente"),
        Choice("repondus", "Répondus"),
        Choice("clos", "Clos"),
    ),
)
STATE_OF = {
    "a-traiter": ThreadState.OPEN,
    "en-attente": ThreadState.SET_ASIDE,
    "repondus": ThreadState.ANSWERED,
    "clos": ThreadState.CLOSED,
}
NOBODY = "personne"
WRITE_IT = "Écrivez votre réponse."
TOO_LONG_TEXT = f"{LONGEST_TEXT} caractères au maximum."


async def to_answer(now: datetime) -> Count:
    number, since = await inbox.waiting()
    return Count(number, f"le plus ancien depuis {moment(since)}" if since else "")


menu = Entry(
    PLACE,
    "Messages",
    "mail",
    roles=view.ROLES,
    order=25,
    shows=("words",),
    about="Ce que les familles écrivent, et les réponses de la mairie",
    count=to_answer,
)


@staff(*menu.roles)
async def show(request: StaffRequest) -> Response:
    asked = _table(await view.departments(), await view.agents()).read(request.query_params)
    if request.query_params.get("export") == "csv":
        return _file((await _found(asked, asked.whole)).rows, request.now)
    counts = await inbox.counts()
    known = {
        "asked": asked,
        "found": await _found(asked, asked.cut),
        "states": STATES,
        "of_state": {
            "": sum(counts[state] for state in ThreadState),
            UNREAD: counts["unread"],
            **{said: counts[state] for said, state in STATE_OF.items()},
        },
        "waiting": plural(counts[ThreadState.OPEN], "conversation à traiter", "conversations à traiter"),
        "said": TO_MAIRIE,
        "canned": canned.PLACE,
        "new": beginning.NEW,
        "mass": mass.PLACE,
    }
    return render(request, "admin/messages/list.html", known)


@staff(*menu.roles)
async def one(request: StaffRequest) -> Response:
    """Whoever may answer has read it by opening it; a reader's look changes nothing."""
    thread = await view.found(request)
    if request.user.may(menu.roles, change=True):
        await thread.read_by_mairie(request.now)
    chosen = whole(request.query_params.get("modele"))
    answer = await CannedAnswer.get_or_none(id=chosen, retired_at=None) if chosen else None
    return await _page(request, thread, await view.filled_for(request, thread, answer.text) if answer else "")


@uploads(limit_bytes=MOST_BYTES, heard_bytes=HEARD)
@staff(*menu.roles)
async def answer(request: StaffRequest) -> Response:
    thread, typed = await view.found(request), ""
    try:
        async with sent(request) as sent_form:
            typed = _text(sent_form)
            draft = Draft(typed, _click(sent_form), await file_sent(sent_form))
    except TooLong as exc:
        if exc.fields is None:
            raise
        return await _page(
            request, thread, _text(exc.fields), {"fichier": str(too_long(exc, exc.fields))}, 413
        )
    except WrongFile as exc:
        return await _page(request, thread, typed, {"fichier": str(exc)}, 422)
    if not typed or len(typed) > LONGEST_TEXT:
        return await _page(request, thread, typed, {"message": TOO_LONG_TEXT if typed else WRITE_IT}, 422)
    await thread.answer(request.user.member, draft, request.now)
    return RedirectResponse(f"{PLACE}/{thread.id}?fait=reponse", 303)


@staff(*menu.roles)
async def file(request: StaffRequest) -> Response:
    found = await inbox.file_of(request.number("id"), request.number("piece"))
    if found is None:
        raise HTTPException(404)
    return download(found)


routes = [
    Route(PLACE, show),
    *canned.routes,
    *beginning.routes,
    *mass.routes,
    *handling.routes,
    Route("/mairie/messages/{id:int}", one),
    Route("/mairie/messages/{id:int}", answer, methods=["POST"]),
    Route("/mairie/messages/{id:int}/pieces/{piece:int}", file),
]


async def _page(
    request: StaffRequest,
    thread: MessageThread,
    typed: str = "",
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    known = {
        "thread": thread,
        "messages": await inbox.messages(thread.id),
        "others": [one for one in await inbox.others(thread.family_id) if one.id != thread.id],
        "children": await view.children_of(thread.family_id),
        "canned": await CannedAnswer.offered(thread.department_id),
        "manage": canned.PLACE,
        "typed": typed,
        "errors": errors or {},
        "done": view.DONE.get(request.query_params.get("fait", ""), ""),
        "closed": thread.state == ThreadState.CLOSED,
        "waits": thread.state == ThreadState.OPEN,
        "notes": await ThreadNote.of(thread.id),
        "longest_note": LONGEST_NOTE,
        "agents": await view.agents(),
        "said": TO_MAIRIE,
        "click": secrets.token_urlsafe(16),
        "taken": TAKEN,
        "longest": LONGEST_TEXT,
        "place": f"{PLACE}/{thread.id}",
    }
    return render(request, "admin/messages/thread.html", known, status)


def _table(departments: list[Department], agents: list[Member]) -> Table:
    services = (view.service(departments),) if len(departments) > 1 else ()
    return Table(
        PLACE,
        (
            Column("objet", "Message", "subject"),
            Column("famille", "Famille", "family"),
            Column("service", "Service"),
            Column("etat", "État"),
            Column("date", "Dernier mot", "last"),
        ),
        sort="-date",
        filters=(STATES,),
        search="Objet, thème, famille ou dossier",
        asks=(*services, _who(agents)),
    )


def _who(agents: list[Member]) -> OneOf:
    """Who takes care of it."""
    everybody = (Choice("", "Tous les agents"), Choice(NOBODY, "Confié à personne"))
    return OneOf(
        "agent", "Suivi par", choices=(*everybody, *(Choice(str(one.id), one.name) for one in agents))
    )


async def _found(asked: View, cut: Cut) -> Page[inbox.InboxRow]:
    chosen, who = asked.chosen["etat"], asked.filled.values.get("agent")
    return await inbox.page(
        cut,
        state=STATE_OF.get(chosen, ""),
        department=whole(asked.filled.values.get("service")),
        assigned=0 if who == NOBODY else whole(who),
        unread=chosen == UNREAD,
        search=asked.search,
    )


def _text(sent_form: FormData) -> str:
    return str(sent_form.get("message", "")).replace("\r\n", "\n").strip()


def _click(sent_form: FormData) -> str:
    return plain_key(sent_form, "click") or secrets.token_urlsafe(16)


def _file(lines: list[inbox.InboxRow], now: datetime) -> Response:
    heads = (
        "Objet",
        "Service",
        "Thème",
        "Dossier",
        "Famille",
        "Enfant",
        "État",
        "Suivi par",
        "Dernier message",
        "Non lus",
    )
    return csv_file(f"messages_{now:%Y-%m-%d}", heads, [_cells(line) for line in lines])


def _cells(line: inbox.InboxRow) -> list[Cell]:
    return [
        line.subject,
        line.department,
        line.topic,
        line.family,
        line.name,
        line.child,
        TO_MAIRIE[ThreadState(line.state)],
        line.assigned,
        line.last_at,
        line.unread,
    ]
