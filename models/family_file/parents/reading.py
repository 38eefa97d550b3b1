"""« Mon dossier », whole, as the parents of a family read it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from models.bookings.family_request import FamilyRequest
from models.commune.commune import Commune
from models.commune.school_year import SchoolYear
from models.families.family import Family
from models.families.file.consent import ConsentAnswer
from models.families.file.contact import ChildContact
from models.families.file.health import ChildHealth
from models.families.file.lacking import Lack, lacking
from models.families.file.required_document import RequiredDocument
from models.families.file.sent_document import LISTED, SentDocument
from models.families.guardian import Guardian
from models.family_file import overview
from models.family_file.overview import ChildLine
from models.rules.families.consents import CONSENTS
from models.rules.families.documents import PLAN, Standing, is_wanted, standing
from models.rules.families.health import DIETS, NOTHING, Health
from models.rules.families.household import is_confirmed
from models.rules.families.quotients import Span, until
from models.rules.states.requests import OF_THE_FILE, RequestKind, RequestState
from models.storage.encryption import Unreadable

FUND = ("holder", "scheme", "holder_number", "dependants")


@dataclass(frozen=True, slots=True)
class Asks:
    """What the commune asks of the family, of the household or of one child, and how far it has come."""

    required: RequiredDocument
    child: int | None
    standing: Standing
    last: SentDocument | None  # that was sent for it, and was not taken back
    lack: Lack | None = None  # no day is booked without it, from a day on

    @property
    def wanted(self) -> bool:
        return is_wanted(self.standing)


@dataclass(frozen=True, slots=True)
class ChildFile:
    line: ChildLine
    health: Health
    contacts: Sequence[ChildContact]
    consents: Mapping[str, ConsentAnswer]  # by code
    papers: Sequence[Asks]
    asked: bool  # a change of the health waits for the mairie

    @property
    def unanswered(self) -> int:
        """Questions about what is allowed that nobody has answered yet."""
        return sum(consent.code not in self.consents for consent in CONSENTS)

    @property
    def left(self) -> int:
        """What the parents have to do for this child."""
        return bool(self.unanswered) + sum(one.wanted for one in self.papers)


@dataclass(frozen=True, slots=True)
class Dossier:
    year: SchoolYear | None
    guardians: Sequence[Guardian]
    children: Sequence[ChildFile]
    papers: Sequence[Asks]  # of the household
    quotient: Span | None  # of the day
    quotient_until: date | None
    waiting: frozenset[str]  # what is asked already: the columns, « quotient »
    confirmed: bool  # this school year

    @property
    def fund_waits(self) -> bool:
        """Does a change of what the fund knows wait for the mairie?"""
        return not self.waiting.isdisjoint(FUND)

    @property
    def left(self) -> int:
        """How many things the parents have to do before they confirm."""
        return sum(child.left for child in self.children) + sum(one.wanted for one in self.papers)


async def read(family: Family, now: datetime) -> Dossier:
    """As many questions for one child as for five. Raises encryption.Unreadable."""
    today = now.date()
    year = await SchoolYear.current(today)
    lines = await overview.children(family.id, year.id if year else None, today)
    ids = [line.id for line in lines]
    pending = await FamilyRequest.filter(
        family_id=family.id, kind__in=OF_THE_FILE, state=RequestState.PENDING
    )
    health, consents = await ChildHealth.known(ids), await ConsentAnswer.of(ids)
    contacts: defaultdict[int, list[ChildContact]] = defaultdict(list)
    for row in await ChildContact.of(ids):
        contacts[row.child_id].append(row)
    papers = await asks(family.id, ids, today)
    sick = {row.subject for row in pending if row.kind == RequestKind.HEALTH_CHANGE}
    spans = await overview.quotients(family.id)
    current = next((span for span in spans if _is_of(span, spans, today)), None)
    return Dossier(
        year=year,
        guardians=await Guardian.filter(family_id=family.id).order_by("position", "id"),
        children=[
            ChildFile(
                line,
                health.get(line.id, NOTHING),
                contacts[line.id],
                consents[line.id],
                [one for one in papers if one.child == line.id],
                f"child:{line.id}" in sick,
            )
            for line in lines
        ],
        papers=[one for one in papers if one.child is None],
        quotient=current,
        quotient_until=until(current, spans) if current else None,
        waiting=frozenset(_waiting(pending)),
        confirmed=year is not None and is_confirmed(_day(family.confirmed_at), year.starts),
    )


async def asks(family: int, children: Sequence[int], today: date) -> list[Asks]:
    """Each paper that the commune asks of this family, in its order. As many questions for one as for five."""
    wanted = await RequiredDocument.filter(asked=True).order_by("position", "id")
    if not wanted:
        return []
    sent: defaultdict[tuple[int, int | None], list[SentDocument]] = defaultdict(list)
    mine = SentDocument.filter(family_id=family, required_id__not_isnull=True)
    known = mine.exclude(state=RequestState.WITHDRAWN).order_by("id").only(*LISTED)
    for row in await known:
        sent[row.required_id or 0, row.child_id].append(row)
    conditions = [condition for one in wanted if (condition := one.condition)]
    lacks = {
        (lack.condition.id, lack.child): lack for lack in await lacking(conditions, family, children, today)
    }
    cared_for = await _with_a_plan(children) if any(one.per == PLAN for one in wanted) else []
    whose = {"child": children, "family": (None,), PLAN: cared_for}
    found = []
    for one in wanted:
        for child in whose[one.per]:
            rows = sent[one.id, child]
            papers = [row.paper for row in rows]
            found.append(
                Asks(
                    one,
                    child,
                    standing(papers, today),
                    rows[-1] if rows else None,
                    lacks.get((one.id, child)),
                )
            )
    return found


async def _with_a_plan(children: Sequence[int]) -> list[int]:
    """Those who have a care plan; nobody while the keys that open it are not there."""
    try:
        known = await ChildHealth.known(children)
    except Unreadable:
        return []
    return [child for child in children if child in known and known[child].plan]


async def wanted(family: int, children: Sequence[int], today: date) -> int:
    """How many papers the family has to send. One question where the commune asks none."""
    return sum(one.wanted for one in await asks(family, children, today))


async def diets() -> tuple[str, ...]:
    """Those that the canteen serves, as the commune calls them."""
    commune = await Commune.all().first()
    return tuple(commune.diets) if commune is not None and commune.diets is not None else DIETS


def _is_of(span: Span, spans: Sequence[Span], day: date) -> bool:
    last = until(span, spans)
    return span.start <= day and (last is None or last >= day)


def _waiting(pending: Sequence[FamilyRequest]) -> set[str]:
    found: set[str] = set()
    for row in pending:
        if row.kind == RequestKind.QUOTIENT:
            found.add("quotient")
        elif row.kind == RequestKind.FILE_CHANGE and row.subject.startswith("family:"):
            found |= row.after.keys()
    return found


def _day(at: datetime | None) -> date | None:
    return at.date() if at else None
