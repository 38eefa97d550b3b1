"""What the mairie changes of a family's file: people, the household, its quotients. The journal keeps both."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from models.activities.catalogue import Catalogue, current_catalogue
from models.families.child import Child, Home
from models.families.enrolment import Enrolment
from models.families.family import Family
from models.families.file_change import OF_MAIRIE, change_file
from models.families.guardian import Guardian
from models.families.quotient import Quotient
from models.family_file import checks, creating
from models.family_file.creating import NewChild, NewGuardian
from models.invoicing import drafting
from models.rules.families.quotients import Span, takes_over
from models.storage.database import transaction
from models.work.audit_log import Event


async def change_person(
    family: int, subject: str, before: Mapping[str, Any], after: Mapping[str, Any], member: int, now: datetime
) -> None:
    """`subject` as the journal names it: « guardian:3 », « child:7 ». Raises FileChanged."""
    changed = {column for column in after if before[column] != after[column]}
    if not changed:
        return
    old, new = ({column: side[column] for column in sorted(changed)} for side in (before, after))
    homes = await Home.families([int(subject.partition(":")[2])]) if subject.startswith("child:") else set()
    async with transaction():
        await Family.lock(family, *homes)
        await change_file(family, subject, old, new, OF_MAIRIE)
        await Event.note(
            now, f"member:{member}", "file.changed", subject, family, before=_kept(old), after=_kept(new)
        )


async def change_household(family: Family, after: Mapping[str, Any], member: int, now: datetime) -> None:
    """Its address, its category of prices, how its invoices leave. Raises CannotEnrol where a price is missing."""
    before = {column: getattr(family, column) for column in after}
    old = {column: before[column] for column in after if before[column] != after[column]}
    if not old:
        return
    new = {column: after[column] for column in old}
    if "category" in new:
        await _check_prices(await current_catalogue(), family.id, new["category"], now.date())
    async with transaction():
        await Family.lock(family.id)
        await Family.filter(id=family.id).update(**new)
        await Event.note(
            now, f"member:{member}", "family.changed", f"family:{family.id}", family.id, before=old, after=new
        )
    if "category" in new:
        await drafting.redraft(family.id)


async def write_note(family: Family, note: str, member: int, now: datetime) -> None:
    """What the mairie keeps in mind of it, for itself: the journal says that it changed, not what it says."""
    if note == family.note:
        return
    async with Family.turn(family.id):
        await Family.filter(id=family.id).update(note=note)
        await Event.note(now, f"member:{member}", "family.noted", f"family:{family.id}", family.id)


async def _check_prices(catalogue: Catalogue, family: int, category: str | None, today: date) -> None:
    enrolled = Enrolment.filter(family_id=family, category=None, end__gte=today)
    for id in sorted({row.activity_id for row in await enrolled}):
        checks.check_price(catalogue.activities[id], category)


async def add_guardian(family: int, said: NewGuardian, member: int, now: datetime) -> None:
    """Sent twice, it is one parent."""
    async with transaction():
        await Family.lock(family)
        mine = Guardian.filter(family_id=family)
        if await mine.filter(first_name=said.first_name, last_name=said.last_name, email=said.email).exists():
            return
        made = await creating.write_guardian(family, said, await mine.count())
        await Event.note(now, f"member:{member}", "guardian.added", f"guardian:{made.id}", family)


async def add_child(family: Family, said: NewChild, year: int | None, member: int, now: datetime) -> None:
    """With its class and activities; sent twice, it is one child. Raises CannotEnrol."""
    catalogue = await current_catalogue()
    groups = creating.groups_of(catalogue, said, family.category)
    async with transaction():
        await Family.lock(family.id)
        mine = Child.filter(homes__family_id=family.id)
        if await mine.filter(first_name=said.first_name, last_name=said.last_name, born=said.born).exists():
            return
        made = await creating.write_child(catalogue, family.id, said, groups, year, await mine.count(), now)
        await Event.note(now, f"member:{member}", "child.added", f"child:{made.id}", family.id)


async def set_quotient(
    family: int, value: int, start: date, end: date | None, member: int, now: datetime
) -> None:
    """Whole euros, from a day on: it ends the one before it. What is paid keeps its price; what is only drafted for an
    invoice is priced anew."""
    async with transaction():
        await Family.lock(family)
        await write_quotient(family, value, start, end, f"member:{member}", now)
    await drafting.redraft(family)


async def write_quotient(
    family: int, value: int, start: date, end: date | None, actor: str, now: datetime
) -> bool:
    """Call inside a transaction, after Family.lock. False where it is so already."""
    known = [Span(row.id, row.value, row.start, row.end) for row in await Quotient.filter(family_id=family)]
    same, before = takes_over(known, start)
    if same and (same.value, same.end) == (value, end):
        return False
    if before:
        await Quotient.filter(id=before.id).update(end=start - timedelta(days=1))
    if same:
        await Quotient.filter(id=same.id).update(value=value, end=end)
    else:
        await Quotient.create(family_id=family, value=value, start=start, end=end)
    old = same or before
    await Event.note(
        now, actor, "quotient.set", f"family:{family}", family,
        before=_kept({"value": old.value, "start": old.start, "end": old.end} if old else {}),
        after=_kept({"value": value, "start": start, "end": end}),
    )  # fmt: skip
    return True


async def quotient_on(family: int, day: date) -> int | None:
    """Whole euros; None where none is known for that day."""
    spans = Quotient.filter(family_id=family, start__lte=day).order_by("-start", "-id")
    return next((row.value for row in await spans if row.end is None or row.end >= day), None)


def _kept(columns: Mapping[str, Any]) -> dict[str, Any]:
    """As the journal keeps it: a day is « 2026-09-01 »."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in columns.items()}
