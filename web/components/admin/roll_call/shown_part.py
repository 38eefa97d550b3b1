"""Which part of a long roll a page shows: said by its address, and remembered by the tablet."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlencode

from starlette.responses import Response

from models.bookings.roll import parts
from models.bookings.roll.parts import Part, RollClass
from web.http import signing
from web.http.auth import StaffRequest
from web.http.forms import whole

SCHOOL, LEVEL = "ecole", "classe"
EVERY, UNKNOWN = "Toutes les écoles", "Sans classe connue"
LONGEST = 200  # characters of what a tablet remembers


@dataclass(frozen=True, slots=True)
class Pill:
    """A part that can be chosen, and how far its roll is."""

    label: str
    part: Part
    called: int
    booked: int
    current: bool


def asked(said: Mapping[str, str]) -> Part | None:
    """What an address says; None where it says nothing."""
    if SCHOOL not in said:
        return None
    school = whole(said[SCHOOL])
    return Part(school, said.get(LEVEL)) if school is not None else Part()


def remembered(request: StaffRequest) -> Part:
    school, dash, level = request.cookies.get(_cookie(request), "")[:LONGEST].partition("-")
    return Part(whole(school), unquote(level) if dash else None)


def remember(request: StaffRequest, answer: Response, part: Part) -> Response:
    """The answer, after which the next service begins with this part, where somebody chose its school."""
    if part.school is not None and asked(request.query_params) not in (None, Part()):
        level = "" if part.level is None else f"-{quote(part.level)}"
        signing.keep(answer, request.settings, _cookie(request), f"{part.school}{level}")
    return answer


def query(part: Part | None) -> str:
    """« &ecole=3&classe=CP », as an address says it; "" of the whole roll."""
    if part is None or part.school is None:
        return ""
    return "&" + urlencode({SCHOOL: part.school} | ({} if part.level is None else {LEVEL: part.level}))


def schools(found: Sequence[RollClass], part: Part) -> list[Pill]:
    """Those of a service that has several, and all of them where a page may show them."""
    names = {one.school: one.school_name or UNKNOWN for one in found}
    if len(names) < 2:
        return []
    some = [Part(), *map(Part, names)] if parts.booked(found, Part()) <= parts.LONG else map(Part, names)
    labels = {Part(): EVERY} | {Part(school): name for school, name in names.items()}
    return [_pill(found, labels[one], one, one.school == part.school) for one in some]


def classes(found: Sequence[RollClass], part: Part) -> list[Pill]:
    """Those of the school that is shown, where its roll is too long for a page, or a class was asked for."""
    return list(_classes(found, part)) if part.school is not None else []


def _classes(found: Sequence[RollClass], part: Part) -> Iterator[Pill]:
    school = Part(part.school)
    short = parts.booked(found, school) <= parts.LONG
    if short and part.level is None:
        return
    if short:
        yield _pill(found, "Toute l’école", school, current=False)
    for one in parts.within(found, school):
        yield _pill(found, one.level or UNKNOWN, Part(one.school, one.level), one.level == part.level)


def _pill(found: Sequence[RollClass], label: str, part: Part, current: bool) -> Pill:
    those = parts.within(found, part)
    called, booked = sum(one.called for one in those), sum(one.booked for one in those)
    return Pill(label, part, called, booked, current)


def _cookie(request: StaffRequest) -> str:
    return f"{signing.session_cookie(request.settings)}-appel"
