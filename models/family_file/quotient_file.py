"""Quotients of many families at once, from a file: what they would change, then all of them or none."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.families.family import Family
from models.families.quotient import Quotient
from models.invoicing import drafting
from models.invoicing.draft import InvoiceDraft
from models.rules.families.quotient_file import QuotientLine
from models.rules.families.quotients import Span, takes_over
from models.storage.database import retrying, transaction
from models.work.audit_log import Event

AT_ONCE = 400  # rows of a statement: neither database takes more than 32 000 values


@dataclass(frozen=True, slots=True)
class Difference:
    """A line of the file beside what is known: `before` None, nothing is."""

    family: int
    line: QuotientLine
    before: int | None

    @property
    def changes(self) -> bool:
        return self.before != self.line.value


async def numbers() -> list[str]:
    """Of all families."""
    return [str(number) for number in await Family.all().values_list("number", flat=True)]


async def differences(lines: Sequence[QuotientLine]) -> list[Difference]:
    """Two questions, however many lines; in their order. A family that is gone is left out."""
    families = await _families(lines)
    spans = await _spans(list(families.values()))
    return [
        Difference(family, line, _on(spans[family], line.start))
        for line in lines
        if (family := families.get(line.number)) is not None
    ]


async def apply(lines: Sequence[QuotientLine], member: int, now: datetime) -> int:
    """In one transaction; how many families have another quotient now. Done twice, it is done once."""
    changed = await retrying(lambda: _apply(lines, f"member:{member}", now))
    drafts = InvoiceDraft.filter(family_id__in=changed, invoice_id=None)
    for family in sorted(set(await drafts.values_list("family_id", flat=True))):
        await drafting.redraft(int(str(family)))
    return len(changed)


async def _apply(lines: Sequence[QuotientLine], actor: str, now: datetime) -> list[int]:
    families = await _families(lines)
    async with transaction():
        await Family.lock(*families.values())
        spans = await _spans(list(families.values()))
        told, ended, replaced, made = {}, [], [], []
        for line in lines:
            family = families.get(line.number)
            if family is None or _on(spans[family], line.start) == line.value:
                continue
            same, before = takes_over(spans[family], line.start)
            if before:
                ended.append(Quotient(id=before.id, end=line.start - timedelta(days=1)))
            if same:
                replaced.append(Quotient(id=same.id, value=line.value, end=None))
            else:
                made.append(Quotient(family_id=family, value=line.value, start=line.start))
            told[family] = _told(same or before, line)
        await Quotient.bulk_update(ended, ["end"], batch_size=AT_ONCE)
        await Quotient.bulk_update(replaced, ["value", "end"], batch_size=AT_ONCE)
        await Quotient.bulk_create(made, batch_size=AT_ONCE)
        await Event.note_each(now, actor, "quotient.set", told)
    return list(told)


def _on(spans: Sequence[Span], day: date) -> int | None:
    found = [span for span in spans if span.start <= day and (span.end is None or span.end >= day)]
    return max(found, key=lambda span: (span.start, span.id)).value if found else None


def _told(old: Span | None, line: QuotientLine) -> dict[str, dict[str, object]]:
    """As the journal keeps it."""
    before = (
        {"value": old.value, "start": old.start.isoformat(), "end": old.end and old.end.isoformat()}
        if old
        else {}
    )
    return {"before": before, "after": {"value": line.value, "start": line.start.isoformat(), "end": None}}


async def _families(lines: Sequence[QuotientLine]) -> dict[str, int]:
    """By number."""
    found: dict[str, int] = {}
    wanted = [line.number for line in lines]
    for first in range(0, len(wanted), AT_ONCE):
        rows = Family.filter(number__in=wanted[first : first + AT_ONCE])
        found |= {row.number: row.id for row in await rows.only("id", "number")}
    return found


async def _spans(families: Sequence[int]) -> defaultdict[int, list[Span]]:
    found: defaultdict[int, list[Span]] = defaultdict(list)
    for first in range(0, len(families), AT_ONCE):
        for row in await Quotient.filter(family_id__in=families[first : first + AT_ONCE]):
            found[row.family_id].append(Span(row.id, row.value, row.start, row.end))
    return found
