"""« Attestation d’inscription »: what a child is enrolled in, attested when a parent asks, as it stood then.

The facts stand in the journal, which nobody changes; the paper bears the number of their row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models.activities.catalogue import current_catalogue
from models.commune.commune import Commune
from models.commune.letterhead import issuer
from models.commune.school_year import SchoolYear
from models.families.child import Child, Schooling
from models.families.enrolment import Enrolment
from models.families.family import Family
from models.families.guardian import Guardian
from models.invoicing.papers import addressee_of
from models.invoicing.recipients import recipients_of
from models.money.issued_document import IssuedDocument, document_key
from models.rules.deadlines import PARIS
from models.rules.papers import EnrolledIn, EnrolmentCertificate
from models.rules.states.documents import DocumentKind
from models.storage.database import retrying
from models.work.audit_log import Event
from models.work.task import Task

ATTESTED = "enrolment.attested"
KIND = DocumentKind.ENROLMENT


class NothingToAttest(Exception):
    """The child is in no school and in no activity of the year."""


@dataclass(frozen=True, slots=True)
class Attested:
    """One that the family asked for; `paper` once it is drawn."""

    id: int
    child: int
    on: date
    paper: IssuedDocument | None


async def attest(guardian: Guardian, child: int, now: datetime) -> int:
    """The number of the paper: another one where something changed since the last, or the day. Raises NothingToAttest.

    Only what this household enrolled the child in; the other home has its own.
    """
    return await retrying(lambda: _attest(guardian, child, now))


async def _attest(guardian: Guardian, child: int, now: datetime) -> int:
    async with Family.turn(guardian.family_id):
        facts = await _facts(guardian.family_id, child, now.date())
        last = await _last(guardian.family_id, child)
        if last is not None and last.details["facts"] == facts and _day(last) == now.date():
            return last.id
        about = f"child:{child}"
        await Event.note(now, guardian.actor, ATTESTED, about, guardian.family_id, facts=facts)
        [made] = await Event.filter(family_id=guardian.family_id, action=ATTESTED).order_by("-id").limit(1)
        await Task.later("draw_papers", KIND, [made.id], key=f"draw:{KIND}:{made.id}")
        return made.id


async def of_family(family: int) -> list[Attested]:
    """All that it asked for, the newest first."""
    found = await Event.filter(family_id=family, action=ATTESTED).order_by("-id")
    keys = [document_key(KIND, row.id) for row in found]
    drawn = await IssuedDocument.filter(key__in=keys).only("id", "key", "size", "name") if keys else []
    papers = {row.key: row for row in drawn}
    return [Attested(row.id, _child(row), _day(row), papers.get(document_key(KIND, row.id))) for row in found]


async def paper_of(family: int, id: int) -> IssuedDocument | None:
    """Of this family alone, once it is drawn."""
    if not await Event.exists(id=id, family_id=family, action=ATTESTED):
        return None
    return await IssuedDocument.of(KIND, id)


async def papers(ids: Sequence[int]) -> dict[int, EnrolmentCertificate]:
    """What stands on each, by the number of its row."""
    found = await Event.filter(id__in=list(ids), action=ATTESTED)
    commune = await Commune.with_logo()
    families = {row.id: row for row in await Family.filter(id__in=[row.family_id for row in found])}
    children = {row.id: row for row in await Child.filter(id__in=[_child(row) for row in found])}
    people = await recipients_of(list(families))
    if commune is None:
        return {}
    letterhead = issuer(commune)
    return {
        row.id: EnrolmentCertificate(
            issuer=letterhead,
            addressee=addressee_of(people[row.family_id or 0].text, families[row.family_id or 0].number),
            child=f"{children[_child(row)].first_name} {children[_child(row)].last_name}",
            born_on=children[_child(row)].born,
            year=row.details["facts"]["year"],
            school=row.details["facts"]["school"],
            level=row.details["facts"]["level"],
            activities=tuple(
                EnrolledIn(name, group, date.fromisoformat(first), date.fromisoformat(last))
                for name, group, first, last in row.details["facts"]["activities"]
            ),
            issued_on=_day(row),
            sex=children[_child(row)].sex,
        )
        for row in found
    }


async def _facts(family: int, child: int, today: date) -> dict[str, Any]:
    """Of the school year of the day; without a name. Raises NothingToAttest."""
    year = await SchoolYear.current(today)
    if year is None:
        raise NothingToAttest
    schooling = await Schooling.get_or_none(child_id=child, year_id=year.id).select_related("school")
    mine = Enrolment.filter(family_id=family, child_id=child, activity__year_id=year.id, end__gte=today)
    activities = (await current_catalogue()).activities
    found = []
    for row in await mine.order_by("position", "id").select_related("group"):
        activity = activities[row.activity_id]
        group = row.group.name if len(activity.groups) > 1 else ""
        found.append([activity.name, group, row.start.isoformat(), row.end.isoformat()])
    if schooling is None and not found:
        raise NothingToAttest
    return {
        "year": year.name,
        "school": schooling.school.name if schooling else "",
        "level": schooling.level if schooling else "",
        "activities": found,
    }


async def _last(family: int, child: int) -> Event | None:
    mine = Event.filter(family_id=family, action=ATTESTED, object=f"child:{child}")
    return await mine.order_by("-id").first()


def _child(row: Event) -> int:
    return int(row.object.partition(":")[2])


def _day(row: Event) -> date:
    return row.at.astimezone(PARIS).date()
