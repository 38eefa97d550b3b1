"""What families paid for care in a civil year, from the ledger, the invoices and the orders.

The facts of some families are read once; models.rules.papers.care_paid decides what of them counts at the two ends of
the year.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast

from models.invoicing.due import CARE
from models.rules.booking import BookingState
from models.rules.deadlines import paris
from models.rules.papers.care_paid import (
    Charge,
    Key,
    care_in_year,
    care_of_day,
    care_of_price,
    paid_of_orders,
)
from models.rules.states.attendance import AttendanceState
from models.rules.states.orders import LineAction, OrderKind, OrderState
from models.storage.database import as_date, as_instant, as_json, instant, marks, rows

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Moment:
    """One end of the year: the first moment that is no longer before it, and its day."""

    at: datetime
    day: date


@dataclass
class Paid:
    """Of a family: cents by child and activity, and the tills that took something of them."""

    care: Counter[Key] = field(default_factory=Counter)
    tills: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Odd:
    """A booking that is not simply there: since when its absence is billed, what booking late added."""

    absent_since: datetime | None
    late: str | None

    def care(self, cents: int, care: int, moment: Moment) -> int:
        absent = self.absent_since is not None and self.absent_since < moment.at
        return care_of_day(cents, care, absent=absent, late=self.late)


async def paid_care(families: Sequence[int], year: int) -> dict[int, Paid]:
    """By family, of those who paid or were given back something. As many statements for a hundred as for one."""
    first, end = date(year, 1, 1), date(year + 1, 1, 1)
    before, after = Moment(paris(first, 0), first), Moment(paris(end, 0), end)
    odd = await _odd_bookings(families)
    found: defaultdict[int, Paid] = defaultdict(Paid)
    for source in (_Invoices, _Orders):
        facts = await source.read(families, before, after, odd)
        for family, till in facts.accounts():
            charges = facts.charges(family, till, before), facts.charges(family, till, after)
            if care := care_in_year(*charges):
                found[family].care.update(care)
                found[family].tills.add(till)
    return dict(found)


@dataclass
class _Invoices:
    invoices: list[Row]
    lines: dict[int, list[Row]]  # of an invoice, those of care alone
    notes: dict[int, list[Row]]
    note_lines: dict[int, list[Row]]
    odd: dict[int, _Odd]
    before: Moment

    @classmethod
    async def read(
        cls, families: Sequence[int], before: Moment, after: Moment, odd: dict[int, _Odd]
    ) -> "_Invoices":
        """Those of which something was paid, or given back, in the year."""
        first, end = instant(before.at), instant(after.at)
        values = [first, end, *families, end, first, before.day, after.day]
        invoices = await rows(_INVOICES.format(marks=marks(families)), values)
        ids = [row["id"] for row in invoices]
        notes = await rows(_NOTES.format(marks=marks(ids)), ids)
        of_notes = [row["id"] for row in notes]
        return cls(
            invoices,
            _grouped(await rows(_LINES.format(marks=marks(ids)), ids), "invoice_id"),
            _grouped(notes, "invoice_id"),
            _grouped(await rows(_NOTE_LINES.format(marks=marks(of_notes)), of_notes), "credit_note_id"),
            odd,
            before,
        )

    def accounts(self) -> set[tuple[int, int]]:
        return {(row["family"], row["till"]) for row in self.invoices}

    def charges(self, family: int, till: int, moment: Moment) -> Iterator[Charge]:
        for row in self.invoices:
            if (row["family"], row["till"]) == (family, till) and _instant(row["issued_at"]) < moment.at:
                yield self._charge(row, moment)

    def _charge(self, row: Row, moment: Moment) -> Charge:
        total, care = row["cents"], self._care(self.lines.get(row["id"], ()), moment)
        for note in self.notes.get(row["id"], ()):
            if as_date(note["issued_on"]) < moment.day:
                total -= note["cents"]
                care.subtract(self._care(self.note_lines.get(note["id"], ()), moment))
        left = row["left_before"] if moment == self.before else row["left_after"]
        return Charge(total, care, total - int(left))

    def _care(self, lines: Iterable[Row], moment: Moment) -> Counter[Key]:
        found: Counter[Key] = Counter()
        for line in lines:
            if line["child"] is not None and line["activity"] is not None:
                found[line["child"], line["activity"]] += self._care_of(line, moment)
        return found

    def _care_of(self, line: Row, moment: Moment) -> int:
        """Its care, less that of days which do not count."""
        care = int(line["care_cents"])
        for day in as_json(line["days"]) or ():
            odd = self.odd.get(day.get("booking", 0))
            if odd and line["cents"]:
                of_day = day["cents"] * line["care_cents"] // line["cents"]
                care -= of_day - odd.care(day["cents"], of_day, moment)
        return care


@dataclass
class _Orders:
    lines: list[Row]  # days that were added, the oldest orders first
    owed: dict[tuple[int, int], Row]  # by family and till, outside invoices
    charged: dict[int, list[Row]]  # by booking, what the roll call changed of it
    odd: dict[int, _Odd]
    before: Moment

    @classmethod
    async def read(
        cls, families: Sequence[int], before: Moment, after: Moment, odd: dict[int, _Odd]
    ) -> "_Orders":
        """Orders that were sold or changed in the year; of who owes something, all of them."""
        first, end = instant(before.at), instant(after.at)
        ends = [first, end, first, first, end, end]
        owed = await rows(_OWED.format(marks=marks(families)), [*ends, *families, end])
        owing = sorted({row["family"] for row in owed if max(row["before"] or 0, row["after"] or 0) > 0})
        sql = _ORDERED.format(families=marks(families), owing=marks(owing))
        lines = await rows(sql, [*families, end, first, first, *owing, first])
        charged = _grouped(await rows(_CHARGED.format(marks=marks(families)), families), "booking")
        return cls(lines, {(row["family"], row["till"]): row for row in owed}, charged, odd, before)

    def accounts(self) -> set[tuple[int, int]]:
        return {(row["family"], row["till"]) for row in self.lines}

    def charges(self, family: int, till: int, moment: Moment) -> list[Charge]:
        totals: defaultdict[int, int] = defaultdict(int)
        care: defaultdict[int, Counter[Key]] = defaultdict(Counter)
        for row in self.lines:
            if (row["family"], row["till"]) == (family, till) and self._stands(row, moment):
                cents = row["cents"] - self._given_back(row["booking"], moment)
                totals[row["order"]] += cents
                care[row["order"]][row["child"], row["activity"]] += self._care_of(row, cents, moment)
        account = self.owed.get((family, till), {})
        when = "before" if moment == self.before else "after"
        owed, other = int(account.get(when) or 0), int(account.get(f"other_{when}") or 0)
        paid = paid_of_orders(list(totals.values()), owed, other)
        return [
            Charge(total, care[order], share)
            for (order, total), share in zip(totals.items(), paid, strict=True)
        ]

    def _stands(self, row: Row, moment: Moment) -> bool:
        """Sold by then, and not given back."""
        given_back = row["state"] == BookingState.CANCELLED and not row["billed"]
        return _instant(row["sold_at"]) < moment.at and not (
            given_back and _instant(row["changed_at"]) < moment.at
        )

    def _given_back(self, booking: int, moment: Moment) -> int:
        """By the roll call, until then. What it added is a debt that no order pays: no care is certified for it."""
        some = [int(row["cents"]) for row in self.charged.get(booking, ()) if _instant(row["at"]) < moment.at]
        return max(0, -sum(some))

    def _care_of(self, row: Row, cents: int, moment: Moment) -> int:
        care = care_of_price(cents, row["care_part"], row["kind"] in CARE)
        odd = self.odd.get(row["booking"])
        return odd.care(cents, care, moment) if odd else care


async def _odd_bookings(families: Sequence[int]) -> dict[int, _Odd]:
    found = await rows(_ODD.format(marks=marks(families)), families)
    return {
        row["id"]: _Odd(as_instant(row["absent_since"]), row["surcharge"] if row["late"] else None)
        for row in found
    }


def _grouped(found: Iterable[Row], key: str) -> dict[int, list[Row]]:
    grouped: defaultdict[int, list[Row]] = defaultdict(list)
    for row in found:
        grouped[row[key]].append(row)
    return grouped


def _instant(moment: datetime | str) -> datetime:
    return cast(datetime, as_instant(moment))


_INVOICES = """
SELECT invoice.id, invoice.family_id AS family, invoice.till_id AS till, invoice.cents,
  MIN(entry.occurred_at) AS issued_at,
  SUM(CASE WHEN entry.occurred_at < ? THEN leg.cents ELSE 0 END) AS left_before,
  SUM(CASE WHEN entry.occurred_at < ? THEN leg.cents ELSE 0 END) AS left_after
FROM invoice JOIN leg ON leg.invoice_id = invoice.id JOIN entry ON entry.id = leg.entry_id
  AND entry.kind <> 'merge'
WHERE invoice.family_id IN ({marks}) AND entry.occurred_at < ?
GROUP BY invoice.id, invoice.family_id, invoice.till_id, invoice.cents
HAVING MAX(entry.occurred_at) >= ? OR EXISTS (SELECT 1 FROM credit_note WHERE credit_note.invoice_id = invoice.id
  AND credit_note.issued_on >= ? AND credit_note.issued_on < ?)
ORDER BY invoice.id
"""
_LINES = """
SELECT invoice_id, child_row_id AS child, activity_id AS activity, cents, care_cents, days FROM invoice_line
WHERE care_cents <> 0 AND invoice_id IN ({marks})
"""
_NOTES = "SELECT id, invoice_id, issued_on, cents FROM credit_note WHERE invoice_id IN ({marks})"
_NOTE_LINES = """
SELECT credit_note_id, child_row_id AS child, activity_id AS activity, cents, care_cents, days FROM credit_note_line
WHERE care_cents <> 0 AND credit_note_id IN ({marks})
"""
_ORDERED = f"""
SELECT line.order_id AS "order", sold.family_id AS family, sold.till_id AS till, line.child_id AS child,
  line.activity_id AS activity, line.cents, line.booking_id AS booking, slot.care_part, activity.kind, booking.state,
  booking.billed, booking.changed_at, entry.occurred_at AS sold_at
FROM family_order AS sold JOIN order_line AS line ON line.order_id = sold.id AND line.action = '{LineAction.ADD}'
JOIN entry ON entry.key = 'sale:' || sold.id JOIN booking ON booking.id = line.booking_id
JOIN slot ON slot.id = line.slot_id JOIN activity ON activity.id = line.activity_id
WHERE sold.family_id IN ({{families}}) AND sold.kind = '{OrderKind.PREPAID}' AND sold.state = '{OrderState.CONFIRMED}'
  AND entry.occurred_at < ? AND (entry.occurred_at >= ? OR booking.changed_at >= ? OR sold.family_id IN ({{owing}})
    OR EXISTS (SELECT 1 FROM roll_charge JOIN attendance ON attendance.id = roll_charge.attendance_id
      WHERE attendance.booking_id = booking.id AND roll_charge.at >= ?))
ORDER BY entry.id, line.id
"""  # noqa: S608
_CHARGED = """
SELECT attendance.booking_id AS booking, roll_charge.cents, roll_charge.at
FROM roll_charge JOIN attendance ON attendance.id = roll_charge.attendance_id
JOIN booking ON booking.id = attendance.booking_id WHERE booking.family_id IN ({marks})
"""
# What an account owes outside invoices, and what of it is no order of days: from before the portal, memberships, a debt
# that came from a merged file (whose care nobody has paid).
_OWED = f"""
SELECT account.family_id AS family, account.till_id AS till,
  SUM(CASE WHEN entry.occurred_at < ? THEN leg.cents ELSE 0 END) AS before,
  SUM(CASE WHEN entry.occurred_at < ? THEN leg.cents ELSE 0 END) AS after,
  SUM(CASE WHEN (entry.kind = 'opening' OR carried.id IS NOT NULL) AND entry.occurred_at < ? THEN leg.cents ELSE 0 END)
    + SUM(CASE WHEN entry.occurred_at < ? THEN COALESCE(joined.cents, 0) ELSE 0 END) AS other_before,
  SUM(CASE WHEN (entry.kind = 'opening' OR carried.id IS NOT NULL) AND entry.occurred_at < ? THEN leg.cents ELSE 0 END)
    + SUM(CASE WHEN entry.occurred_at < ? THEN COALESCE(joined.cents, 0) ELSE 0 END) AS other_after
FROM account JOIN leg ON leg.account_id = account.id AND leg.invoice_id IS NULL JOIN entry ON entry.id = leg.entry_id
LEFT JOIN (SELECT 'sale:' || order_id AS key, SUM(cents) AS cents FROM order_line
  WHERE action = '{LineAction.MEMBERSHIP}' GROUP BY order_id) AS joined ON joined.key = entry.key
LEFT JOIN merged_balance AS carried ON entry.key = 'merge:' || carried.id AND carried.cents > 0
WHERE account.kind = 'family' AND account.family_id IN ({{marks}}) AND entry.occurred_at < ?
  AND (carried.id IS NULL OR leg.cents > 0)
GROUP BY account.family_id, account.till_id
"""  # noqa: S608
_ODD = f"""
SELECT booking.id, booking.late, tariff.late AS surcharge,
  CASE WHEN booking.state = '{BookingState.CANCELLED}' AND booking.billed THEN booking.changed_at
    WHEN absence.billed THEN absence.told_at
    WHEN attendance.state = '{AttendanceState.ABSENT}' THEN attendance.noted_at END AS absent_since
FROM booking LEFT JOIN tariff ON tariff.id = booking.tariff_id LEFT JOIN absence ON absence.booking_id = booking.id
LEFT JOIN attendance ON attendance.booking_id = booking.id
WHERE booking.family_id IN ({{marks}}) AND (booking.late OR absence.billed
  OR attendance.state = '{AttendanceState.ABSENT}'
  OR booking.state = '{BookingState.CANCELLED}' AND booking.billed)
"""  # noqa: S608
