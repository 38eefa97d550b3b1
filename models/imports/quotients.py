"""Quotients: a family by its number, or by a child and its birth; whole euros, from a day on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.families.quotient import Quotient
from models.family_file import many_quotients
from models.family_imports.family_import import FamilyImport, ImportLine
from models.imports.kind import Kind, Lines, Work, Written, twice, wrong
from models.imports.people import CHILD, NUMBER, People
from models.rules.families.quotients import Span, in_force, takes_over
from models.rules.imports.register import Did
from models.rules.imports.table import Column, Flaw, Outcome, WrongLine, day_of, needed
from models.work.audit_log import Event

_VALUE = re.compile(r"([0-9]{1,5})(?:[,.]0{1,2})?")


@dataclass(frozen=True, slots=True)
class NewQuotient:
    family: int
    value: int
    start: date


class Quotients(Kind[NewQuotient]):
    code = "quotients"
    most = 5000
    columns = (
        NUMBER,
        *CHILD,
        Column("value", ("quotient", "quotient familial", "qf", "qf caf", "montant qf"), needed=True),
        Column(
            "start", ("a partir du", "a partir", "date", "debut", "date d effet", "depuis le", "valable du")
        ),
    )

    async def compare(self, file: FamilyImport, lines: Lines, today: date) -> list[Outcome[NewQuotient]]:
        people, seen = await People.all(), set[int]()
        read: list[tuple[int, NewQuotient | Outcome[NewQuotient]]] = []
        for line, said in lines:
            try:
                family = people.family(said)
                start = day_of(said["start"]) if said.get("start") else today.replace(day=1)
                one = NewQuotient(family, _value(needed(said, "value")), start)
            except WrongLine as flaw:
                read.append((line, wrong(line, flaw)))
                continue
            read.append((line, twice(line, people.numbers[family]) if family in seen else one))
            seen.add(family)
        spans = await many_quotients.spans([one.family for _, one in read if isinstance(one, NewQuotient)])
        return [
            _beside(line, one, spans[one.family], people.numbers[one.family])
            if isinstance(one, NewQuotient)
            else one
            for line, one in read
        ]

    async def write(self, outcomes: Sequence[Outcome[NewQuotient]], work: Work) -> list[Written]:
        wanted = [one.row for one in outcomes]
        await many_quotients.write(
            [(one.family, one.value, one.start) for one in wanted], work.actor, work.now
        )
        return [Written("quotient", f"family:{one.family}") for one in wanted]

    async def undo(self, lines: Sequence[ImportLine], work: Work) -> set[int]:
        kept, told = set[int](), dict[int, dict[str, object]]()
        for line in lines:
            if line.home is None or not await _take_back(line.home, line):
                kept.add(line.id)
            else:
                told[line.home] = {"before": line.after, "after": line.before}
        await Event.note_each(work.now, work.actor, "quotient.set", told)
        return kept

    async def after(self, families: Sequence[int], now: datetime) -> None:
        await many_quotients.redraft(families)


def _value(said: str) -> int:
    found = _VALUE.fullmatch("".join(said.split()).removesuffix("€"))
    if found is None:
        raise WrongLine(Flaw.VALUE, said)
    return int(found[1])


def _beside(line: int, one: NewQuotient, spans: Sequence[Span], number: str) -> Outcome[NewQuotient]:
    there = in_force(spans, one.start)
    if there is not None and there.value == one.value:
        return Outcome(line, Did.SAME, number, one.family)
    same, ended = takes_over(spans, one.start)
    old = same or ended
    before = {"value": old.value, "start": str(old.start), "end": old.end and str(old.end)} if old else {}
    after = {"value": one.value, "start": str(one.start), "end": None}
    did = Did.CHANGED if there else Did.CREATED
    return Outcome(line, did, number, one.family, before, after, one)


async def _take_back(family: int, line: ImportLine) -> bool:
    """False: it is not as the file left it any more."""
    start = date.fromisoformat(line.after["start"])
    mine = Quotient.filter(family_id=family, start=start, value=line.after["value"], end=None)
    there = await mine.first()
    if there is None or await Quotient.filter(family_id=family, start__gt=start).exists():
        return False
    before = line.before
    end = date.fromisoformat(before["end"]) if before.get("end") else None
    if before and before["start"] == line.after["start"]:
        await Quotient.filter(id=there.id).update(value=before["value"], end=end)
        return True
    await there.delete()
    if before:
        eve = Quotient.filter(family_id=family, start=before["start"], end=start - timedelta(days=1))
        await eve.update(end=end)
    return True
