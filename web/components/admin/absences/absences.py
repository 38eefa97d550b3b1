"""« Absences »: which children will not come, day by day, as their parents said."""

from datetime import date, datetime, timedelta

from starlette.responses import Response
from starlette.routing import Route

from models.checkout import expected_absences
from models.checkout.expected_absences import ExpectedAbsence
from models.storage.paging import Cut, Page
from web.components.admin.kit.csv_file import Cell, csv_file
from web.components.admin.kit.form import Choice, Day
from web.components.admin.kit.table import Column, Filter, Table, View, grouped
from web.http.auth import StaffRequest, staff
from web.page.menu import Count, Entry
from web.page.templates import render

PLACE = "/mairie/absences"
AHEAD = timedelta(days=60)
REASONS = {"sick": "maladie", "strike": "grève", "trip": "sortie scolaire", "other": "autre"}
SAID = {"maladie": "sick", "greve": "strike", "sortie": "trip", "autre": "other"}  # by what the address says
OUTCOMES = {
    "credited": "annulé, avoir",
    "unbilled": "annulé, non facturé",
    "asked": "demande d’annulation en attente",
    "late": "hors délai, annulé et facturé",
    "kept": "hors délai, facturé",
}
MOTIVES = Filter(
    "motif",
    "Motif",
    (Choice("", "Tous"), *(Choice(said, REASONS[kept].capitalize()) for said, kept in SAID.items())),
)
SINCE = Day("debut", "À partir du")
TABLE = Table(
    PLACE,
    (
        Column("jour", "Jour", "day"),
        Column("enfant", "Enfant", "child"),
        Column("creneau", "Créneau", "slot"),
        Column("motif", "Motif"),
        Column("signalee", "Signalée", "told"),
        Column("suite", "Suite"),
    ),
    sort="jour",
    filters=(MOTIVES,),
    search="Enfant, dossier ou créneau",
    asks=(SINCE,),
)


async def today(now: datetime) -> Count:
    told = await expected_absences.counts(now.date(), now.date())
    return Count(sum(told.values()), "aujourd’hui")


menu = Entry(
    PLACE,
    "Absences",
    "sick",
    roles=("leader", "manager"),
    order=40,
    shows=("days",),
    about="Les enfants qui ne viendront pas, jour par jour",
    count=today,
)


@staff(*menu.roles)
async def show(request: StaffRequest) -> Response:
    """From today on, or from the day that is asked for."""
    asked, now = TABLE.read(request.query_params), request.now
    first = asked.filled.of(SINCE) or now.date()
    if request.query_params.get("export") == "csv":
        return _file((await _found(asked, asked.whole, first)).rows, now)
    found = await _found(asked, asked.cut, first)
    counted = await expected_absences.counts(first, first + AHEAD)
    by_day = asked.sort.key == "jour"
    known = {
        "asked": asked,
        "found": found,
        "groups": grouped(found.rows, lambda line: line.day if by_day else None),
        "by_day": by_day,
        "motives": MOTIVES,
        "of_motive": {"": sum(counted.values())}
        | {said: counted.get(kept, 0) for said, kept in SAID.items()},
        "first": first,
        "last": first + AHEAD,
        "reasons": REASONS,
        "outcomes": OUTCOMES,
    }
    return render(request, "admin/absences/page.html", known)


async def _found(asked: View, cut: Cut, first: date) -> Page[ExpectedAbsence]:
    reason = SAID.get(asked.chosen["motif"], "")
    return await expected_absences.page(cut, first, first + AHEAD, reason=reason, search=asked.search)


def _file(lines: list[ExpectedAbsence], now: datetime) -> Response:
    heads = ("Jour", "Nom", "Prénom", "Dossier", "Activité", "Créneau", "Motif", "Signalée le", "Suite")
    return csv_file(f"absences_{now:%Y-%m-%d}", heads, [_cells(line) for line in lines])


def _cells(line: ExpectedAbsence) -> list[Cell]:
    return [
        line.day,
        line.last_name,
        line.first_name,
        line.family,
        line.activity,
        line.slot,
        REASONS[line.reason],
        line.told_at,
        OUTCOMES[line.outcome],
    ]


routes = [Route(PLACE, show)]
