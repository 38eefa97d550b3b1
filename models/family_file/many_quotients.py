"""Quotients of many families at once: each ends the one before it, and the journal keeps both."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from models.families.quotient import Quotient
from models.invoicing import drafting
from models.invoicing.draft import InvoiceDraft
from models.rules.families.quotients import Span, in_force, takes_over
from models.storage.database import marks, rows
from models.work.audit_log import Event

AT_ONCE = 400  # rows of a statement: neither database takes more than 32 000 values


async def write(lines: Sequence[tuple[int, int, date]], actor: str, now: datetime) -> None:
    """(family, whole euros, since when), one of each family. Inside a transaction, after Family.lock of each; then
    `redraft`. A line that says what is known does nothing."""
    known = await spans([family for family, _, _ in lines])
    told, ended, replaced, made = {}, [], [], []
    for family, value, start in lines:
        there = in_force(known[family], start)
        if there is not None and there.value == value:
            continue
        same, before = takes_over(known[family], start)
        if before:
            ended.append(Quotient(id=before.id, end=start - timedelta(days=1)))
        if same:
            replaced.append(Quotient(id=same.id, value=value, end=None))
        else:
            made.append(Quotient(family_id=family, value=value, start=start))
        told[family] = _told(same or before, value, start)
    await Quotient.bulk_update(ended, ["end"], batch_size=AT_ONCE)
    await Quotient.bulk_update(replaced, ["value", "end"], batch_size=AT_ONCE)
    await Quotient.bulk_create(made, batch_size=AT_ONCE)
    await Event.note_each(now, actor, "quotient.set", told)


async def redraft(families: Sequence[int]) -> None:
    """What these pay has changed: their drafts of invoices are made anew."""
    drafted: set[int] = set()
    for some in _pieces(sorted(set(families))):
        question = f"SELECT DISTINCT family_id FROM {_DRAFTS} WHERE invoice_id IS NULL AND family_id IN ({marks(some)})"  # noqa: S608
        drafted |= {row["family_id"] for row in await rows(question, some)}
    for family in sorted(drafted):
        await drafting.redraft(family)


async def spans(families: Sequence[int]) -> defaultdict[int, list[Span]]:
    """All that is known of each, by family."""
    found: defaultdict[int, list[Span]] = defaultdict(list)
    for some in _pieces(families):
        for row in await Quotient.filter(family_id__in=some):
            found[row.family_id].append(Span(row.id, row.value, row.start, row.end))
    return found


def _pieces(families: Sequence[int]) -> list[list[int]]:
    return [list(families[first : first + AT_ONCE]) for first in range(0, len(families), AT_ONCE)]


def _told(old: Span | None, value: int, start: date) -> dict[str, dict[str, object]]:
    """As the journal keeps it."""
    before = (
        {"value": old.value, "start": old.start.isoformat(), "end": old.end and old.end.isoformat()}
        if old
        else {}
    )
    return {"before": before, "after": {"value": value, "start": start.isoformat(), "end": None}}


_DRAFTS = InvoiceDraft._meta.db_table
