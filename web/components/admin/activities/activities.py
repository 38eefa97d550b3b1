"""« Activités » of the mairie: what can be booked, read and changed tab by tab, as the commune file would say it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.activity_file import activity_list, draft
from models.activity_file.activity_list import ListedActivity
from models.activity_file.change import Asked, BilledOtherwise, Breaks, ChangedMeanwhile, Mistaken, change
from models.activity_file.definition import Definition
from models.activity_file.impact import Impact
from models.commune.school_year import SchoolYear
from models.french.class_events import UNANSWERED
from models.presence import switching
from models.rules.deadlines import PARIS
from web.components.admin.activities import making, words
from web.components.admin.activities.identity import IDENTITY
from web.components.admin.activities.opened import (
    Opened,
    draw,
    draw_preview,
    open_activity,
    show_tab,
    tab_of,
    told,
)
from web.components.admin.activities.place import PLACE, menu
from web.components.admin.activities.sheet import Tab
from web.components.admin.kit.csv_file import csv_file
from web.components.admin.kit.form import Choice, Filled, Text, Word, fill
from web.components.admin.kit.table import Column, Filter, Table
from web.http.auth import StaffRequest, staff
from web.http.forms import form
from web.page.templates import render

KIND = Filter("genre", "Genre", (Choice("", "Toutes"), *words.choices(words.KINDS)))
COLUMNS = (
    Column("nom", "Activité", "name"),
    Column("regie", "Régie"),
    Column("periode", "Période", "opens"),
    Column("inscrits", "Inscrits", figures=True),
    Column("places", "Places", figures=True),
    Column("limite", "Prochaine limite"),
    Column("etat", "État"),
)
WORD = Word("mot", "Écrivez CONFIRMER", "", "Écrivez CONFIRMER pour continuer.", word="CONFIRMER")
REASON = Text("raison", "Motif, lu par les familles")
MEANWHILE = (
    "Un autre agent a modifié cette activité. Relisez-la telle qu’elle est maintenant, puis recommencez."
)
TOO_LATE = "Plus de 24 heures ont passé, ou ce changement est déjà annulé."
BILLED = "Des jours sont réservés\u00a0: le paiement ne peut plus changer."
OWN_KEYS = ("csrf", "lu", "confirme", "mot", "raison")  # of the form that confirms


@staff(*menu.roles)
async def show(request: StaffRequest) -> Response:
    """The activities of a school year; the current one when none is asked for."""
    today = request.now.astimezone(PARIS).date()
    years = await activity_list.years()
    current = await SchoolYear.current(today)
    asked = _table(years, current).read(request.query_params)
    year = next((one for one in years if str(one.id) == asked.chosen["annee"]), current)
    kind = asked.chosen["genre"]
    if request.query_params.get("export") == "csv":
        return _file(
            (await activity_list.page(asked.whole, year.id if year else 0, today, kind, asked.search)).rows
        )
    found = await activity_list.page(asked.cut, year.id if year else 0, today, kind, asked.search)
    catalogue = await request.catalogue()
    known = {
        "asked": asked,
        "found": found,
        "place": PLACE,
        "today": today,
        "words": words,
        "drafts": await draft.drafts(),
        "closing": {row.id: activity_list.next_closing(catalogue, row.id, request.now) for row in found.rows},
    }
    return render(request, "admin/activities/list.html", known)


def _file(lines: Sequence[ListedActivity]) -> Response:
    heads = ("Activité", "Genre", "Régie", "Du", "Au", "Inscrits", "Places")
    cells = [
        (one.name, words.KINDS[one.kind], one.till, one.opens, one.closes, one.enrolled, one.places)
        for one in lines
    ]
    return csv_file("activites", heads, cells)


@staff(*menu.roles)
async def one(request: StaffRequest) -> Response:
    return await show_tab(request, await open_activity(request), IDENTITY)


@staff(*menu.roles)
async def tab(request: StaffRequest) -> Response:
    return await show_tab(request, await open_activity(request), tab_of(request))


@staff(*menu.roles)
async def as_a_parent(request: StaffRequest) -> Response:
    return await draw_preview(request, await open_activity(request))


@staff(*menu.roles)
async def book_as_before(request: StaffRequest) -> Response:
    """« Annuler » of a switch to days that are booked by themselves."""
    opened = await open_activity(request)
    try:
        await switching.undo(opened.id, request.user.member.id, request.now)
    except switching.TooLate:
        return await _again(request, opened, IDENTITY, opened.definition, _shown(opened), {"": TOO_LATE}, 409)
    return RedirectResponse(f"{opened.place}/{IDENTITY.key}?fait=1", 303)


def _shown(opened: Opened) -> Filled:
    return Filled(dict(IDENTITY.typed(opened.definition, opened.site)), {}, {})


@staff(*menu.roles)
async def save(request: StaffRequest) -> Response:
    """Written, or shown again with what is wrong, or with what it would do to booked days."""
    opened, sheet, sent = await open_activity(request), tab_of(request), await form(request)
    reading = sheet.read(sent, opened.definition, opened.site)
    wanted, filled = reading.wanted, reading.filled
    if sent.get("lu") != opened.seen:
        return await _again(request, opened, sheet, wanted, filled, {"": MEANWHILE}, 409)
    if filled.errors:
        return await draw(request, opened, sheet, wanted, filled, 422)
    word, reason = fill((WORD,), sent), fill((REASON,), sent).of(REASON) or ""
    confirmed = "" if word.errors else str(sent.get("confirme", ""))
    member = request.user.member.id
    try:
        await change(Asked(opened.id, wanted, opened.seen, member, confirmed, reason), request.now)
    except ChangedMeanwhile:
        return await _again(request, opened, sheet, wanted, filled, {"": MEANWHILE}, 409)
    except Mistaken as mistaken:
        return await _again(request, opened, sheet, wanted, filled, told(mistaken.mistakes, sheet), 422)
    except BilledOtherwise:
        return await _again(request, opened, sheet, wanted, filled, {"facturation": BILLED}, 422)
    except Breaks as breaks:
        tried = word if str(sent.get("confirme", "")) == breaks.impact.mark else Filled({}, {}, {})
        return _confirm(request, opened, sheet, wanted, breaks.impact, sent, tried)
    return RedirectResponse(f"{opened.place}/{sheet.key}?fait=1", 303)


async def _again(
    request: StaffRequest,
    opened: Opened,
    sheet: Tab,
    wanted: Definition,
    filled: Filled,
    errors: dict[str, str],
    status: int,
) -> Response:
    return await draw(request, opened, sheet, wanted, replace(filled, errors=errors), status)


def _confirm(
    request: StaffRequest,
    opened: Opened,
    sheet: Tab,
    wanted: Definition,
    impact: Impact,
    sent: FormData,
    tried: Filled,
) -> Response:
    """What it would do to booked days, in figures; the form that was sent comes along, hidden."""
    new = [one.reason for one in wanted.closures if one not in opened.definition.closures]
    reason = str(sent.get(REASON.name, "")) or ", ".join(dict.fromkeys(new))
    known: dict[str, Any] = {
        "title": opened.definition.said.name,
        "place": PLACE,
        "opened": opened,
        "impact": impact,
        "carried": [(name, value) for name, value in sent.multi_items() if name not in OWN_KEYS],
        "action": f"{opened.place}/{sheet.key}",
        "word": WORD,
        "reason": REASON,
        "reasoned": reason,
        "filled": tried,
        "errors": tried.errors,
        "states": UNANSWERED,
    }
    return render(request, "admin/activities/confirm.html", known, 422 if tried.errors else 409)


def _table(years: list[SchoolYear], current: SchoolYear | None) -> Table:
    """The current year first, and so the usual choice."""
    ordered = sorted(years, key=lambda year: year != current)
    year = Filter(
        "annee",
        "Année scolaire",
        tuple(Choice(str(one.id), one.name) for one in ordered) or (Choice("", "aucune"),),
        narrows=False,
    )
    return Table(PLACE, COLUMNS, sort="nom", filters=(year, KIND), search="Nom ou lieu")


routes = [
    Route(PLACE, show),
    *making.routes,
    Route("/mairie/activites/{id:int}", one),
    Route("/mairie/activites/{id:int}/apercu", as_a_parent),
    Route("/mairie/activites/{id:int}/presence/annulation", book_as_before, methods=["POST"]),
    Route("/mairie/activites/{id:int}/{tab}", tab),
    Route("/mairie/activites/{id:int}/{tab}", save, methods=["POST"]),
]
