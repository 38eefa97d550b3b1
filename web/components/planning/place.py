"""Where in the planning one is: whose rows, which days, which view; read from an address, written into links."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from starlette.exceptions import HTTPException

from models.activities.catalogue import Catalogue
from models.families.preferences import MOBILE
from models.rules.calendar import View, period, step
from web.http.auth import ParentRequest
from web.http.forms import whole

VIEWS: dict[View, str] = {"mois": "Mensuel", "quinzaine": "Quinzaine", "semaine": "Semaine"}
LAYOUTS: dict[str, View] = {
    "always": "semaine",
    "never": "mois",
}  # the account's choice; auto follows the device
PHONES = ("Mobile", "Android", "iPhone")
WEEKS = 3  # the first one whole, the others as lines that open
MOST_WEEKS = 53


@dataclass(frozen=True, slots=True)
class Place:
    """An address of the planning, and whether it can be changed there."""

    by: str  # enfant | activite
    id: int | None
    view: View
    start: date
    today: date  # where « Aujourd’hui » leads
    edit: bool  # always on a phone
    kept: bool = False  # just validated: the next child opens at once
    weeks: int = 1  # shown one below the other, in the view of the week

    def moved(self, **changes: Any) -> "Place":
        return replace(self, **changes)

    def href(self, **changes: Any) -> str:
        return f"/planning?{urlencode(self.moved(**changes).fields)}"

    @property
    def fields(self) -> list[tuple[str, str]]:
        whose = [("par", self.by)] if self.id is None else [("par", self.by), ("id", str(self.id))]
        said = [*whose, ("vue", self.view), ("debut", self.start.isoformat())]
        many = [("semaines", str(self.weeks))] if self.view == "semaine" and self.weeks != WEEKS else []
        return said + many + [("modifier", "1")] * self.edit + [("valide", "1")] * self.kept

    @property
    def first(self) -> date:
        """The first day of the (first) period that is shown."""
        return period(self.view, self.start)[0]

    @property
    def starts(self) -> list[date]:
        """Where the periods that are shown begin."""
        return [step("semaine", self.start, n) for n in range(self.weeks)] if self.weeks > 1 else [self.start]

    def other(self, by: str, id: int) -> str:
        """Another child or activity: what is being changed, or was just validated, goes on being changed."""
        return self.href(by=by, id=id, edit=self.edit or self.kept, kept=False, weeks=WEEKS)

    def turned(self, n: int) -> str:
        return self.href(start=step(self.view, self.start, n), weeks=WEEKS)


def place_of(request: ParentRequest, given: Mapping[str, str], catalogue: Catalogue, now: datetime) -> Place:
    """What the address says; what it leaves out follows the device and today. Raises HTTPException 404."""
    by, id = given.get("par") or "enfant", whole(given.get("id") or "0")
    if by not in ("enfant", "activite") or id is None:
        raise HTTPException(404)
    view = _view(given.get("vue")) or preferred(request)
    start = _start(given.get("debut"), catalogue, now)
    return Place(
        by=by,
        id=id or None,
        view=view,
        start=place_start(view, start),
        today=now.date(),
        edit=given.get("modifier") == "1" or on_phone(request),
        kept=given.get("valide") == "1",
        weeks=_weeks(given.get("semaines")) if view == "semaine" else 1,
    )


def place_start(view: View, day: date) -> date:
    """How an address names the period of a day."""
    return day if view == "mois" else period(view, day)[0]


def preferred(request: ParentRequest) -> View:
    """What the account chose; else weeks on a phone, the month elsewhere."""
    return LAYOUTS.get(request.user.guardian.prefers(MOBILE)) or ("semaine" if on_phone(request) else "mois")


def on_phone(request: ParentRequest) -> bool:
    """Is the screen narrow? As the browser measured, or is called. There what can be ticked always is."""
    if measured := request.cookies.get("vue"):
        return measured == "semaine"
    hint = request.headers.get("sec-ch-ua-mobile")
    if hint in ("?0", "?1"):
        return hint == "?1"
    named = request.headers.get("user-agent", "")
    return any(word in named for word in PHONES)


def _weeks(text: str | None) -> int:
    return min(whole(text) or WEEKS, MOST_WEEKS)


def _view(text: str | None) -> View | None:
    return next((view for view in VIEWS if view == text), None)


def _start(text: str | None, catalogue: Catalogue, now: datetime) -> date:
    """The day asked for, held near the school years of the catalogue; without one, today."""
    try:
        wanted = date.fromisoformat(text) if text else None
    except ValueError:
        wanted = None
    return now.date() if wanted is None else held(wanted, catalogue, now)


def held(wanted: date, catalogue: Catalogue, now: datetime) -> date:
    """The day, or the nearest to it of those near a school year: what is far away is neither drawn nor kept."""
    years, today = catalogue.years.values(), now.date()
    first = min((year.starts for year in years), default=today) - timedelta(days=31)
    last = max((year.ends for year in years), default=today) + timedelta(days=62)
    return min(max(wanted, min(first, today)), max(last, today))
