"""The families of a file into the database: households, who signs in, children, classes and enrolments."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models.activities.definition.description import Activity
from models.activities.definition.writer import Written
from models.commune.school import School
from models.commune.school_year import SchoolYear
from models.commune_file import document as doc
from models.commune_file.checks import group_of
from models.commune_file.document import Document
from models.commune_file.load_accounts import Opened
from models.families.aid import Aid
from models.families.child import Child, Home, Schooling
from models.families.enrolment import Enrolment
from models.families.family import Family
from models.families.guardian import Guardian
from models.families.membership import Membership
from models.families.quotient import Quotient
from models.family_file import writer
from models.french import quoted
from models.rules.accounts import usernames

Identity = tuple[str, str, date]
FUND = ("holder", "scheme", "holder_number", "dependants")
AID = ("funder", "cents", "start", "end", "most_cents", "most_days")


@dataclass
class Household:
    """A family of the file, with the ids its rows have."""

    said: doc.Family
    id: int
    children: list[tuple[doc.Child, int]]


async def load(
    document: Document,
    year: SchoolYear,
    activities: Mapping[str, Written],
    new: Counter[str],
    flags: list[str],
    password: str | None,
    now: datetime,
    opened: Opened,
) -> dict[str, int]:
    """Families' ids by number. `password` (a hash) is for new guardians; None leaves them to their letter."""
    ids = await _families(document, new)
    children = await _children(document, ids, new)
    households = [
        Household(said, ids[said.number], [(child, children[child.identity]) for child in said.children])
        for said in document.families
    ]
    await _guardians(households, password, now)
    await _homes(households)
    await _schoolings(households, year)
    await _quotients(households)
    await _aids(households)
    await _enrolments(document, households, activities, new, flags)
    await _memberships(households, activities, opened)
    return ids


async def _families(document: Document, new: Counter[str]) -> dict[str, int]:
    before = await Family.all().count()
    rows = [Family(number=family.number, category=family.category) for family in document.families]
    await Family.bulk_create(rows, on_conflict=["number"], update_fields=["category"])
    new["families"] += await Family.all().count() - before
    said = {family.number: family for family in document.families}
    found = [row for row in await Family.all() if row.number in said]
    for row in found:  # an address that the family or the mairie gave since stays
        family = said[row.number]
        if family.address and not row.address:
            await Family.filter(id=row.id).update(
                address=family.address, invoice_delivery=family.invoice_delivery
            )
        if not any(getattr(row, name) for name in FUND):
            await Family.filter(id=row.id).update(**{name: getattr(family, name) for name in FUND})
    return {row.number: row.id for row in found}


async def _guardians(households: list[Household], password: str | None, now: datetime) -> None:
    """One who has signed in keeps the address and telephone given since, and the user name chosen then."""
    known = {row.username: row for row in await Guardian.all()}
    said = {
        guardian.username: _person(household.id, guardian)
        for household in households
        for guardian in household.said.guardians
    }
    people = {_person(row.family_id, row): row for row in known.values()}
    renamed = {person: row for person, row in people.items() if said.get(row.username) != person}
    rows = []
    for household in households:
        signs_in = password is not None and household.said.account
        for n, guardian in enumerate(household.said.guardians):
            row = known.get(guardian.username)
            if row is None or _is_anothers(row, household):
                row = renamed.get(_person(household.id, guardian))
            if row is None:
                opened: dict[str, Any] = {"password": password, "activated_at": now} if signs_in else {}
                given = {**vars(guardian), "username": _free_name(guardian, known)}
                made = Guardian(family_id=household.id, position=n, **given, **opened)
                rows.append(made)
                known[made.username] = made
            elif row.activated_at is None:
                same = {**vars(guardian), "username": row.username}
                await Guardian.filter(id=row.id).update(position=n, **same)
    await Guardian.bulk_create(rows)


def _person(family: int, guardian: Guardian | doc.Guardian) -> tuple[int, str, str]:
    return family, guardian.first_name, guardian.last_name


def _is_anothers(row: Guardian, household: Household) -> bool:
    """Chosen by somebody else, at their first connection."""
    return row.activated_at is not None and row.family_id != household.id


def _free_name(guardian: doc.Guardian, known: Mapping[str, Guardian]) -> str:
    """The file's, unless somebody has chosen it meanwhile."""
    if guardian.username not in known:
        return guardian.username
    offered = usernames.offers(guardian.first_name, guardian.last_name)
    return next((name for name in offered if name not in known), f"{guardian.username}.{len(known)}")


async def _children(document: Document, families: dict[str, int], new: Counter[str]) -> dict[Identity, int]:
    """One row per child, in the order of the file: it settles who is the elder of twins."""
    known = await _known(document, families)
    said = {child.identity: child for family in document.families for child in family.children}
    missing = [child for identity, child in said.items() if identity not in known]
    newest = await Child.all().order_by("-id").first()
    await Child.bulk_create(
        [
            Child(first_name=child.first_name, last_name=child.last_name, born=child.born, sex=child.sex)
            for child in missing
        ]
    )
    new["children"] += len(missing)
    made = Child.filter(id__gt=newest.id if newest else 0)
    for id, first, last, born in await made.values_list("id", "first_name", "last_name", "born"):
        known[first, last, born] = id
    return {identity: known[identity] for identity in said}


async def _known(document: Document, families: dict[str, int]) -> dict[Identity, int]:
    """Children of these families; a namesake elsewhere is somebody else. A date of birth is set right."""
    rows = await Home.filter(family_id__in=list(families.values())).values_list(
        "family_id", "child_id", "child__first_name", "child__last_name", "child__born"
    )
    known = {(first, last, born): id for _, id, first, last, born in rows}
    names = {(family, first, last): id for family, id, first, last, _ in rows}
    for family in document.families:
        for child in family.children:
            id = names.get((families[family.number], child.first_name, child.last_name))
            if id is not None and child.identity not in known:
                await Child.filter(id=id).update(born=child.born)
                known[child.identity] = id
    return known


async def _homes(households: list[Household]) -> None:
    rows = [
        Home(child_id=id, family_id=household.id, weeks=child.weeks, position=n)
        for household in households
        for n, (child, id) in enumerate(household.children)
    ]
    await writer.write_homes(rows)


async def _schoolings(households: list[Household], year: SchoolYear) -> None:
    schools = {school.code: school.id for school in await School.all()}
    rows = {
        id: Schooling(child_id=id, year_id=year.id, school_id=schools[child.school], level=child.level)
        for household in households
        for child, id in household.children
        if child.school is not None
    }
    await writer.write_schoolings(rows.values())


async def _quotients(households: list[Household]) -> None:
    """By family and first day; one that the mairie added stays."""
    ids = [household.id for household in households]
    known = {(row.family_id, row.start): row for row in await Quotient.filter(family_id__in=ids)}
    rows = []
    for household in households:
        for quotient in household.said.quotients:
            row = known.get((household.id, quotient.start))
            if row is None:
                rows.append(Quotient(family_id=household.id, **vars(quotient)))
            elif (row.value, row.end) != (quotient.value, quotient.end):
                await Quotient.filter(id=row.id).update(value=quotient.value, end=quotient.end)
    await Quotient.bulk_create(rows)


async def _aids(households: list[Household]) -> None:
    """By family, funder, child and first day; one that the mairie added stays."""
    ids = [household.id for household in households]
    known = {
        (row.family_id, row.funder, row.child_id, row.start): row
        for row in await Aid.filter(family_id__in=ids)
    }
    for household in households:
        children = {child.first_name: id for child, id in household.children}
        for said in household.said.aids:
            child = children[said.child] if said.child else None
            codes = None if said.activities is None else list(said.activities)
            values = {name: getattr(said, name) for name in AID} | {"child_id": child, "activities": codes}
            row = known.get((household.id, said.funder, child, said.start))
            if row is None:
                await Aid.create(family_id=household.id, **values)
            else:
                await Aid.filter(id=row.id).update(**values)


async def _enrolments(
    document: Document,
    households: list[Household],
    activities: Mapping[str, Written],
    new: Counter[str],
    flags: list[str],
) -> None:
    """The family that lists the activity pays it. A child with bookings stays in its group."""
    before = await Enrolment.all().count()
    rows = [
        _enrolment(document.activity(code), household, child, id, n, activities)
        for household in households
        for child, id in household.children
        for n, code in enumerate(child.activities)
    ]
    groups = {(row.child_id, row.activity_id, row.family_id): row.group_id for row in await Enrolment.all()}
    await writer.write_enrolments(rows)
    new["enrolments"] += await Enrolment.all().count() - before
    for row in rows:
        key = (row.child_id, row.activity_id, row.family_id)
        if groups.get(key, row.group_id) != row.group_id:
            await _change_group(row, flags)


def _enrolment(
    activity: Activity,
    household: Household,
    child: doc.Child,
    id: int,
    position: int,
    activities: Mapping[str, Written],
) -> Enrolment:
    group = group_of(activity, child)
    assert group is not None  # noqa: S101 (checked when the file was read)
    return Enrolment(
        child_id=id,
        family_id=household.id,
        activity_id=activities[activity.code].id,
        group_id=activities[activity.code].groups[group.code],
        category=child.category,
        start=activity.opens,
        end=activity.closes,
        position=position,
    )


async def _change_group(row: Enrolment, flags: list[str]) -> None:
    if not await writer.change_group(row.child_id, row.family_id, row.activity_id, row.group_id):
        child = await Child.get(id=row.child_id)
        name = quoted(f"{child.first_name} {child.last_name}")
        flags.append(f"{name} change de groupe mais a des réservations\u00a0: son groupe est gardé.")


async def _memberships(
    households: list[Household], activities: Mapping[str, Written], opened: Opened
) -> None:
    """Paid elsewhere, so of no cents here; the journal is told which they were."""
    known = set(await Membership.all().values_list("child_id", "activity_id"))
    rows = []
    for household in households:
        for child, id in household.children:
            for activity in (activities[code].id for code in child.members):
                if (id, activity) not in known:
                    known.add((id, activity))
                    rows.append(
                        Membership(child_id=id, activity_id=activity, family_id=household.id, cents=0)
                    )
                    opened[household.id].setdefault("members", []).append(f"{id}-{activity}")
    await Membership.bulk_create(rows)
