"""« Travaux »: what the portal does in the background, and what it could not do."""

import re
from collections.abc import Mapping
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.storage.paging import Page
from models.work import work_list
from models.work.retrying import retry as retry_task
from models.work.task import TITLES, Task
from models.work.work_list import EmailLine, TaskLine
from web.components.admin.kit.form import Choice
from web.components.admin.kit.table import Column, Filter, Table, View, came_from
from web.http.auth import StaffRequest, staff
from web.http.forms import form
from web.page.menu import Count, Entry
from web.page.templates import render

PLACE = "/mairie/travaux"
ADDRESS = re.compile(r"([\w.+-])[\w.+-]*@")
TROUBLES, WAITING, EMAILS = "", "en-attente", "courriels"
VIEWS = Filter(
    "vue",
    "Liste",
    (Choice(TROUBLES, "À regarder"), Choice(WAITING, "En attente"), Choice(EMAILS, "Courriels")),
    narrows=False,
)
WORK, TRIES = Column("travail", "Travail"), Column("essais", "Essais", "tries", figures=True)
TABLES = {
    TROUBLES: Table(
        PLACE,
        (WORK, TRIES, Column("raison", "Raison"), Column("suite", "Suite", "last")),
        sort="-suite",
        filters=(VIEWS,),
    ),
    WAITING: Table(PLACE, (WORK, TRIES, Column("prevu", "Prévu", "due")), sort="prevu", filters=(VIEWS,)),
    EMAILS: Table(
        PLACE,
        (
            Column("objet", "Objet", "subject"),
            Column("destinataire", "À"),
            Column("ecrit", "Écrit", "written"),
            Column("envoye", "Envoyé", "sent"),
        ),
        sort="-ecrit",
        filters=(VIEWS,),
        search="Objet du courriel",
    ),
}


async def stuck(now: datetime) -> Count:
    number = await work_list.count_troubles()
    return Count(number, "à regarder" if number else "")


menu = Entry(
    PLACE,
    "Travaux",
    "gear",
    roles=("manager",),
    order=90,
    about="Ce que le portail fait de lui-même, et les courriels partis",
    count=stuck,
)


@staff(*menu.roles)
async def show(request: StaffRequest) -> Response:
    asked, counts = _read(request.query_params), await work_list.counts()
    known = {
        "asked": asked,
        "found": await _found(asked),
        "shown": asked.chosen["vue"],
        "views": VIEWS,
        "counts": counts,
        "of_view": {TROUBLES: counts.troubles, WAITING: counts.waiting, EMAILS: counts.emails},
        "titles": TITLES,
        "masked": masked,
    }
    return render(request, "admin/tasks/page.html", known)


@staff(*menu.roles)
async def retry(request: StaffRequest) -> Response:
    task = await Task.get_or_none(id=request.number("id"))
    if task is None:
        raise HTTPException(404)
    await retry_task(task, request.user.actor, request.now)
    return RedirectResponse(_read(came_from(await form(request))).address, 303)


def _read(said: Mapping[str, str]) -> View:
    return TABLES.get(said.get("vue", ""), TABLES[TROUBLES]).read(said)


async def _found(asked: View) -> Page[TaskLine] | Page[EmailLine]:
    match asked.chosen["vue"]:
        case "courriels":
            return await work_list.emails(asked.cut, asked.search)
        case "en-attente":
            return await work_list.waiting(asked.cut)
    return await work_list.troubles(asked.cut)


def masked(text: str) -> str:
    """« m…@exemple.fr »: enough to know one’s own again, too little to write to somebody else’s."""
    return ADDRESS.sub(r"\1…@", text)


routes = [
    Route(PLACE, show),
    Route("/mairie/travaux/{id:int}/nouvel-essai", retry, methods=["POST"]),
]
