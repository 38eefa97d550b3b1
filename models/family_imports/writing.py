"""A file is written: all that its good lines say, in one transaction; its wrong lines are kept with their reasons."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import cast

from models.activities.catalogue import Catalogue, current_catalogue
from models.families.family import Family
from models.families.guardian import Guardian
from models.family_file import classes, creating
from models.family_file.creating import NewChild, NewGuardian
from models.family_imports.comparing import Comparison
from models.family_imports.family_import import FamilyImport, ImportLine
from models.rules.families.numbers import next_number
from models.rules.imports.register import Change, Did, Household, Kid, Outcome, Parent, What
from models.storage.database import retrying, rows, transaction
from models.work.audit_log import Event

WRONG = "wrong"


async def write(file: FamilyImport, member: int, now: datetime) -> None:
    """Done twice, it is done once. Raises WrongFile, and nothing is written."""
    catalogue = await current_catalogue()
    await retrying(partial(_write, file.id, catalogue, member, now))


async def _write(id: int, catalogue: Catalogue, member: int, now: datetime) -> None:
    actor = f"member:{member}"
    async with transaction():
        await Family.lock_all()
        file = await FamilyImport.get(id=id).select_related("year")
        if not file.is_open:
            return
        comparison = await Comparison.of(file, now.date())
        work = _Writing(file, comparison, catalogue, member, now)
        counts: Counter[Did] = Counter()
        await work.begin()
        async for batch in comparison.batches():
            counts.update(one.did for one in batch)
            await work.write(batch)
        said = {str(did): counts[did] for did in Did}
        await Event.note(now, actor, "import.written", f"import:{id}", name=file.name, **said)
        [last] = await rows("SELECT MAX(id) AS id FROM event")
        await FamilyImport.filter(id=id).update(
            content=None, applied_at=now, applied_by=actor, last_event=last["id"], **said
        )


class _Writing:
    def __init__(
        self, file: FamilyImport, comparison: Comparison, catalogue: Catalogue, member: int, now: datetime
    ) -> None:
        self._file, self._comparison, self._catalogue = file, comparison, catalogue
        self._member, self._now = member, now
        self._number = ""

    async def begin(self) -> None:
        """The number before that of the first family that is made."""
        known = [str(number) for number in await Family.all().values_list("number", flat=True)]
        self._numbers = [*known, *self._comparison.numbers()]

    async def write(self, batch: Sequence[Outcome]) -> None:
        lines: list[ImportLine] = []
        made: dict[int, Household] = {}
        moved: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
        for outcome in batch:
            if outcome.flaw:
                lines.append(
                    self._line(outcome, WRONG, after={"flaw": str(outcome.flaw), "said": outcome.said})
                )
            for change in outcome.changes:
                subject = await self._carry_out(change, outcome.line, made, moved)
                lines.append(
                    self._line(
                        outcome,
                        change.what,
                        subject,
                        change.household.id,
                        dict(change.before),
                        dict(change.after),
                    )
                )
        for (school, level), children in moved.items():
            await classes.move(
                self._catalogue, children, self._file.year, school, level, self._member, self._now
            )
        await Event.note_each(self._now, self._actor, "family.created", _told(made, self._file))
        await ImportLine.bulk_create(lines)

    @property
    def _actor(self) -> str:
        return f"member:{self._member}"

    def _line(
        self,
        outcome: Outcome,
        what: str,
        subject: str = "",
        home: int | None = None,
        before: dict[str, object] | None = None,
        after: dict[str, object] | None = None,
    ) -> ImportLine:
        return ImportLine(
            file_id=self._file.id,
            line=outcome.line,
            what=what,
            subject=subject,
            home=home,
            before=before or {},
            after=after or {},
        )

    async def _carry_out(
        self,
        change: Change,
        line: int,
        made: dict[int, Household],
        moved: defaultdict[tuple[int, str], list[int]],
    ) -> str:
        """What it is about, as the journal names it."""
        household = change.household
        match change.what:
            case What.FAMILY:
                await self._family(household, line)
                made[_id(household)] = household
                return f"family:{household.id}"
            case What.PARENT:
                return await self._parent(change, told=household.id not in made)
            case What.CHILD:
                return await self._child(change, told=household.id not in made)
            case What.CONTACT:
                return await self._contact(change)
            case What.ADDRESS:
                await Family.filter(id=household.id).update(**change.after)
                subject = f"family:{household.id}"
                await self._note(
                    "family.changed", subject, household, dict(change.before), dict(change.after)
                )
                return subject
            case What.CLASS:
                kid = cast(Kid, change.kid)
                moved[cast(int, kid.school), cast(str, kid.level)].append(cast(int, kid.id))
                return f"child:{kid.id}"

    async def _family(self, household: Household, line: int) -> None:
        if not household.number:
            household.number = self._number = next_number([self._number] if self._number else self._numbers)
        made = await Family.create(
            number=household.number, address=household.address, click=f"import:{self._file.id}:{line}"
        )
        self._comparison.register.adopt(made.id, household)

    async def _parent(self, change: Change, *, told: bool) -> str:
        parent, household = cast(Parent, change.parent), change.household
        said = parent.contact
        person = NewGuardian(
            parent.first,
            parent.last,
            said.get("email", ""),
            said.get("phone"),
            said.get("home_phone"),
            said.get("work_phone"),
        )
        row = await creating.write_guardian(_id(household), person, household.parents.index(parent))
        parent.id = row.id
        if told:
            await self._note("guardian.added", row.actor, household)
        return row.actor

    async def _child(self, change: Change, *, told: bool) -> str:
        kid, household = cast(Kid, change.kid), change.household
        said = NewChild(kid.first, kid.last, kid.born, kid.school, kid.level, sex=kid.sex)
        row = await creating.write_child(
            self._catalogue,
            _id(household),
            said,
            {},
            self._file.year_id,
            household.kids.index(kid),
            self._now,
        )
        kid.id = row.id
        if told:
            await self._note("child.added", f"child:{row.id}", household)
        return f"child:{row.id}"

    async def _contact(self, change: Change) -> str:
        parent = cast(Parent, change.parent)
        await Guardian.filter(id=parent.id).update(**change.after)
        subject = f"guardian:{parent.id}"
        before, after = dict(change.before), dict(change.after)
        await self._note("file.changed", subject, change.household, before, after)
        return subject

    async def _note(
        self,
        action: str,
        subject: str,
        household: Household,
        before: dict[str, object] | None = None,
        after: dict[str, object] | None = None,
    ) -> None:
        await Event.note(
            self._now, self._actor, action, subject, household.id, before=before or {}, after=after or {}
        )


def _id(household: Household) -> int:
    """Of a family that is there, or has just been made."""
    return cast(int, household.id)


def _told(made: dict[int, Household], file: FamilyImport) -> dict[int, dict[str, object]]:
    """As the journal keeps each new family."""
    return {
        id: {
            "number": household.number,
            "guardians": [one.name for one in household.parents],
            "children": [kid.name for kid in household.kids],
            "file": file.name,
        }
        for id, household in made.items()
    }
