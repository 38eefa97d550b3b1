"""Which booked days are to be on an invoice of a campaign."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.bookings.roll.called_days import MARKED, mark_of
from models.invoicing.campaign import InvoiceCampaign
from models.rules.booking import BookingState
from models.rules.pricing.attended import Mark
from models.rules.states.campaigns import CampaignState
from models.rules.states.orders import Billing
from models.storage.database import as_date, marks, rows


@dataclass(frozen=True, slots=True)
class Billable:
    id: int
    family: int
    child: int
    child_name: str
    slot: int
    slot_name: str
    day: date
    state: str
    cents: int  # as it was booked
    reason: str
    category: str | None  # of the enrolment
    late: bool  # booked after the limit, until the later one: it costs more
    unbooked: bool  # nobody had booked: it was there all the same
    mark: Mark | None  # what the roll call says; None: nobody called the child


async def families_due(campaign: InvoiceCampaign, after: int, limit: int, drafted: bool = True) -> list[int]:
    """The next families with such days, in the order of their ids. Not `drafted`: of those without a draft alone."""
    bare = "" if drafted else _WITHOUT_DRAFT
    sql = (
        f"SELECT DISTINCT booking.family_id AS id {_DUE} AND booking.family_id > ? {bare} ORDER BY id LIMIT ?"
    )
    values = [*_values(campaign), after, *([] if drafted else [campaign.id]), limit]
    return [row["id"] for row in await rows(sql, values)]


async def billable_of(campaign: InvoiceCampaign, families: Sequence[int]) -> list[Billable]:
    sql = f"{_BILLABLE} AND booking.family_id IN ({marks(families)})"
    return [_billable(row) for row in await rows(sql, [*_values(campaign), *families])] if families else []


def _billable(row: dict[str, Any]) -> Billable:
    same = (
        "id", "family", "child", "child_name", "slot", "slot_name", "cents", "category",
    )  # fmt: skip
    return Billable(
        **{name: row[name] for name in same},
        day=as_date(row["day"]),
        state=row["booking_state"],
        reason=row["price_reason"],
        late=bool(row["late"]),
        unbooked=bool(row["unbooked"]),
        mark=mark_of(row),
    )


def _values(campaign: InvoiceCampaign) -> list[Any]:
    return [campaign.till_id, campaign.period_end, campaign.period_start, campaign.period_start]


# Days of the period, and those of earlier ones whose sum was too small for an invoice. None that is on an invoice
# that stands, or that a credit note took off for good.
_DUE = f"""
FROM booking JOIN slot ON slot.id = booking.slot_id JOIN activity ON activity.id = slot.activity_id
JOIN enrolment ON enrolment.id = booking.enrolment_id JOIN child ON child.id = booking.child_id
LEFT JOIN attendance ON attendance.booking_id = booking.id
WHERE activity.till_id = ? AND activity.billing = '{Billing.INVOICED}' AND booking.billed
  AND booking.state IN ('{BookingState.CONFIRMED}', '{BookingState.CANCELLED}') AND booking.day <= ?
  AND (booking.day >= ? OR EXISTS (
    SELECT 1 FROM invoice_draft AS small JOIN invoice_campaign AS earlier ON earlier.id = small.campaign_id
    WHERE small.family_id = booking.family_id AND small.invoice_id IS NULL AND small.cents > 0
      AND earlier.state = '{CampaignState.ISSUED}' AND earlier.till_id = activity.till_id
      AND booking.day BETWEEN earlier.period_start AND earlier.period_end AND earlier.period_end < ?))
  AND NOT EXISTS (
    SELECT 1 FROM invoiced_booking LEFT JOIN credit_note ON credit_note.id = invoiced_booking.credit_note_id
    WHERE invoiced_booking.booking_id = booking.id AND (credit_note.id IS NULL OR NOT credit_note.rebill))
"""  # noqa: S608
_WITHOUT_DRAFT = """
AND NOT EXISTS (SELECT 1 FROM invoice_draft WHERE invoice_draft.family_id = booking.family_id
  AND invoice_draft.campaign_id = ?)
"""
_BILLABLE = f"""
SELECT booking.id, booking.family_id AS family, booking.child_id AS child,
  child.first_name || ' ' || child.last_name AS child_name, booking.slot_id AS slot, slot.name AS slot_name,
  booking.late, booking.day, booking.state AS booking_state, booking.cents, booking.reason AS price_reason,
  enrolment.category, {MARKED}
{_DUE}
"""
