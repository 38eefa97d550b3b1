"""Where in the planning one is, and the words of its cells."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request

from models.catalogue import ActivityFacts, Catalogue
from models.planning import Planning, Row
from models.rules.calendar import View, period, step
from models.rules.cells import Look
from models.rules.deadlines import is_open
from models.sheet import Cell
from web import words

VIEWS: dict[View, str] = {"mois": "Mensuel", "quinzaine": "Quinzaine", "semaine": "Semaine"}
TABLES: dict[View, str] = {"mois": "month", "quinzaine": "fortnight", "semaine": "week"}
WHOLE: dict[View, str] = {
    "mois": "Tout le mois",
    "quinzaine": "Toute la quinzaine",
    "semaine": "Toute la semaine",
}
MOBILE = ("Mobile", "Android", "iPhone")


@dataclass(frozen=True, slots=True)
class Place:
    """An address of the planning: whose rows, which days, and whether it can be changed."""

    by: str  # enfant | activite
    id: int | None
    view: View
    start: date
    edit: bool
    kept: bool = False  # just validated: the next child opens at once

    def href(self, **changes: object) -> str:
        place = replace(self, **changes)  # type: ignore[arg-type]
        return f"/planning?{urlencode(place.fields)}"

    @property
    def fields(self) -> list[tuple[str, str]]:
        said = [("par", self.by), ("vue", self.view), ("debut", self.start.isoformat())]
        if self.id is not None:
            said.insert(1, ("id", str(self.id)))
        return said + [("modifier", "1")] * self.edit + [("valide", "1")] * self.kept

    def other(self, **changes: object) -> str:
        """Another child, activity or period: what is being changed goes on being changed."""
        return self.href(**{"edit": self.edit or self.kept, "kept": False, **changes})

    def turned(self, n: int) -> str:
        return self.other(start=step(self.view, self.start, n), kept=self.kept, edit=self.edit)


def place_of(request: Request, given: dict[str, str], known: Catalogue, now: datetime) -> Place:
    """What the address says; what it leaves out follows the device and today. Raises HTTPException 404."""
    by, id = given.get("par") or "enfant", given.get("id") or None
    if by not in ("enfant", "activite") or (id is not None and not id.isascii()) or (id and not id.isdigit()):
        raise HTTPException(404)
    if id and len(id) > 9:
        raise HTTPException(404)
    start = _start(given.get("debut"), known, now)
    chosen = _view(given.get("vue")) or preferred(request)
    return Place(
        by=by,
        id=int(id) if id else None,
        view=chosen,
        start=start if chosen == "mois" else period(chosen, start)[0],
        edit=given.get("modifier") == "1",
        kept=given.get("valide") == "1",
    )


def preferred(request: Request) -> View:
    """Weeks on a phone, the month elsewhere: what the browser measured, else what it calls itself."""
    measured = _view(request.cookies.get("vue"))
    if measured:
        return measured
    hint = request.headers.get("sec-ch-ua-mobile")
    if hint in ("?0", "?1"):
        return "semaine" if hint == "?1" else "mois"
    named = request.headers.get("user-agent", "")
    return "semaine" if any(word in named for word in MOBILE) else "mois"


def _view(text: str | None) -> View | None:
    return next((view for view in VIEWS if view == text), None)


def _start(text: str | None, known: Catalogue, now: datetime) -> date:
    """The day asked for, else today; never outside the school years that are known."""
    first = min((year.starts for year in known.years.values()), default=now.date())
    last = max((year.ends for year in known.years.values()), default=now.date())
    try:
        wanted = date.fromisoformat(text) if text else None
    except ValueError:
        wanted = None
    if wanted is None:
        current = [year for year in known.years.values() if year.ends >= now.date()]
        begins = min((year.starts for year in current), default=first)
        return min(max(now.date(), begins), last)
    month_before = (first.replace(day=1) - timedelta(days=1)).replace(day=1)
    return min(max(wanted, month_before), last + timedelta(days=31))


def title(shown: Planning) -> str:
    who = shown.child.first_name if shown.child else shown.activity.name if shown.activity else ""
    return f"{who}\u00a0: {span(shown)}"


def neighbour(place: Place, n: int) -> str:
    """The name of the period before or after."""
    if place.view == "mois":
        return words.month_name(step("mois", place.start, n)).split()[0].capitalize()
    return "Précédente" if n < 0 else "Suivante"


def span(shown: Planning) -> str:
    if shown.view == "mois":
        return words.month_name(shown.first)
    days = [day for week in shown.weeks for day in week.days]
    return words.period(days[0], days[-1]) if days else words.period(shown.first, shown.last)


def key(cell: Cell) -> str:
    return cell.key


def name(cell: Cell, by: str) -> str:
    """How the cell's name begins: « ACM du Soir, lundi 3 septembre 2018 », after the child in the other axis."""
    said = f"{cell.slot_name}, {words.day_long(cell.day)}"
    return f"{cell.child.first_name}, {said}" if by == "activite" else said


def text(cell: Cell, by: str, now: datetime) -> str:
    """All that a cell says, as text: slot, day, state, price and its reason, deadline."""
    look = cell.look
    if look.state in ("never", "closed", "holiday"):
        return f"{name(cell, by)}\u00a0: {state(cell)}"
    said = f"{name(cell, by)}, {state(cell)}. {words.euros(cell.cents)}, {cell.reason}."
    if look.state != "other":
        lead = "Modifiable jusqu’à" if is_open(now, cell.closes) else "La limite était"
        said += f" {lead} {words.moment(cell.closes)}."
    if cell.left is not None and 0 < cell.left < 5 and look.state == "free":
        said += f" Reste {words.plural(cell.left, 'place')}."
    return said


def state(cell: Cell) -> str:
    look = cell.look
    if look.state == "holiday":
        return f"{cell.closed_by or 'vacances scolaires'}, fermé".lower()
    if look.state == "closed":
        return f"fermé ({cell.closed_by})" if cell.closed_by else "fermé"
    if look.state == "waiting":
        if look.why == "offered" and cell.offered_until:
            return f"une place s’est libérée, gardée jusqu’à {words.moment(cell.offered_until)}"
        return f"liste d’attente, rang {cell.rank}"
    if look.state == "refused":
        return f"refusée par la mairie\u00a0: {cell.note}" if cell.note else "refusée"
    said = STATES[look.state]
    if look.state == "booked" and look.locked:
        said += ", non modifiable"
    return f"{said}, {WHYS[look.why]}" if look.why in WHYS and look.state != "booked" else said


STATES = {
    "never": "jour non ouvert",
    "past": "non réservée",
    "free": "libre",
    "picked": "sélection non validée",
    "sent": "demande envoyée",
    "booked": "réservée",
    "cancel": "annulation en attente",
    "cancelsent": "annulation envoyée",
    "other": "réservée par l’autre foyer",
}
WHYS = {
    "late": "délai passé",
    "late_billed": "hors délai\u00a0: elle reste facturée",
    "full": "complet",
    "queue": "complet\u00a0: liste d’attente",
    "membership": "adhésion à payer d’abord",
    "not_yet": "pas encore ouverte à la réservation",
    "paying": "en cours de paiement",
}


def refusal(cell: Cell, now: datetime) -> str:
    """Why a tick was refused, with the next step."""
    when, why = words.day_without_year(cell.day), cell.look.why
    if cell.look.state in ("closed", "holiday", "never"):
        return f"{cell.slot_name}, {when}\u00a0: jour non ouvert."
    if why == "paying":
        return f"{cell.slot_name}, {when}\u00a0: cette réservation est en cours de paiement."
    if why == "membership":
        return f"{cell.slot_name}\u00a0: l’adhésion doit être payée avant de réserver."
    if why == "full":
        return f"{cell.slot_name}, {when}\u00a0: complet."
    if why == "asked":
        return (
            f"{cell.slot_name}, {when}\u00a0: la mairie n’a pas encore répondu à votre demande d’annulation."
        )
    if why == "not_yet":
        return f"{cell.slot_name}\u00a0: les réservations ne sont pas encore ouvertes."
    if cell.look.state == "other":
        return f"{cell.slot_name}, {when}\u00a0: ce jour est réservé par l’autre foyer."
    if not is_open(now, cell.closes):
        kept = " La réservation reste facturée." if cell.look.ticked else ""
        return f"Trop tard pour {when}\u00a0: la limite était {words.moment_long(cell.closes)}.{kept}"
    return f"{cell.slot_name}, {when}\u00a0: ce changement n’est pas possible."


def slot_icon(activity: ActivityFacts, starts: int) -> str:
    if activity.kind == "meal":
        return "meal"
    if activity.kind in ("leisure", "adult"):
        return "kite"
    return "sunrise" if starts < 12 * 60 else "moon"


def row_title(row: Row, by: str) -> str:
    return row.child.first_name if by == "activite" else row.slot.name


def mark(look: Look) -> str:
    return MARKS.get(look.state, "m-waiting" if look.state == "free" and look.why == "queue" else "")


MARKS = {
    "picked": "m-picked",
    "sent": "m-sent",
    "booked": "m-booked",
    "waiting": "m-waiting",
    "cancel": "m-cancel",
    "cancelsent": "m-cancel",
    "refused": "m-refused",
    "other": "m-booked",
    "closed": "m-closed",
}
LEGEND = {
    "free": "Libre",
    "picked": "Sélection",
    "sent": "Demande envoyée",
    "booked": "Réservée",
    "locked": "Non modifiable",
    "waiting": "Liste d’attente",
    "cancel": "Annulation en attente",
    "cancelsent": "Annulation envoyée",
    "refused": "Refusée",
    "other": "Autre foyer",
    "closed": "Fermé",
    "holiday": "Vacances",
    "past": "Délai passé",
    "never": "Jour non ouvert",
}


def legend(shown: Planning, edit: bool) -> list[tuple[str, str]]:
    """Only the states that are there, and those that a tick makes."""
    seen = {
        "locked" if cell.look.state == "booked" and cell.look.locked else cell.look.state
        for row in shown.rows
        for cell in row.cells
    }
    if edit:
        seen |= {"picked"} if "free" in seen else set()
        seen |= {"cancel"} if "booked" in seen else set()
    return [(code, said) for code, said in LEGEND.items() if code in seen]
