"""The drafts of a campaign as a list, and what is to be checked before they leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.invoicing.campaign import InvoiceCampaign
from models.rules.booking import BookingState
from models.rules.states.attendance import CALLED, AttendanceState
from models.rules.states.orders import Billing
from models.rules.states.requests import RequestState
from models.storage.database import marks, rows, sql_list
from models.storage.paging import Cut, Listing, Name, Page, Where


@dataclass(frozen=True, slots=True)
class DraftLine:
    id: int
    family: int
    number: str
    name: str  # of its first parent
    cents: int
    previous: int | None
    repriced: bool
    changed: bool  # made anew while the others were issued
    invoice: int | None

    @property
    def moved(self) -> bool:
        """By more than a half of the month before."""
        return self.previous is not None and 2 * abs(self.cents - self.previous) > self.previous


# What a family of a campaign may need: a condition over `draft`, `family`, and the till of `campaign`.
CHECKS = {
    "quotient": """EXISTS (SELECT 1 FROM tariff JOIN activity ON activity.id = tariff.activity_id
        WHERE activity.till_id = campaign.till_id AND tariff.method <> 'flat' AND tariff.position IS NOT NULL)
      AND NOT EXISTS (SELECT 1 FROM quotient WHERE quotient.family_id = draft.family_id
        AND quotient.start <= campaign.period_end
        AND (quotient."end" IS NULL OR quotient."end" >= campaign.period_start))""",
    "adresse": "family.invoice_delivery = 'post' AND family.address = ''",
    "demandes": f"""EXISTS (SELECT 1 FROM request JOIN booking ON booking.id = request.booking_id
      WHERE request.state = '{RequestState.PENDING}' AND booking.family_id = draft.family_id
        AND booking.day BETWEEN campaign.period_start AND campaign.period_end)""",  # noqa: S608
    "pointage": f"""EXISTS (SELECT 1 FROM booking JOIN slot ON slot.id = booking.slot_id
      JOIN activity ON activity.id = slot.activity_id
      WHERE booking.family_id = draft.family_id AND booking.state = '{BookingState.CONFIRMED}'
        AND activity.till_id = campaign.till_id AND activity.billing = '{Billing.INVOICED}'
        AND booking.day BETWEEN campaign.period_start AND campaign.period_end
        AND NOT EXISTS (SELECT 1 FROM attendance WHERE attendance.booking_id = booking.id
          AND attendance.state IN {sql_list(CALLED)})
        AND EXISTS (SELECT 1 FROM booking AS other JOIN attendance ON attendance.booking_id = other.id
          WHERE other.opening_id = booking.opening_id AND attendance.state IN {sql_list(CALLED)}))""",  # noqa: S608
    "sans-reservation": f"""EXISTS (SELECT 1 FROM attendance JOIN booking ON booking.id = attendance.booking_id
      JOIN slot ON slot.id = booking.slot_id JOIN activity ON activity.id = slot.activity_id
      WHERE attendance.unbooked AND attendance.state = '{AttendanceState.PRESENT}'
        AND booking.family_id = draft.family_id AND activity.till_id = campaign.till_id
        AND activity.billing = '{Billing.INVOICED}'
        AND booking.day BETWEEN campaign.period_start AND campaign.period_end)""",  # noqa: S608
    "avoir": """(SELECT COALESCE(SUM(leg.cents), 0) FROM leg JOIN account ON account.id = leg.account_id
      WHERE account.kind = 'family' AND account.family_id = draft.family_id AND account.till_id = campaign.till_id
        AND leg.invoice_id IS NULL) < 0""",
    "ecart": """draft.previous_cents IS NOT NULL
      AND 2 * ABS(draft.cents - draft.previous_cents) > draft.previous_cents""",
    "prix": "CAST(draft.repriced AS TEXT) <> '[]'",
    "relire": "draft.changed_at IS NOT NULL AND draft.invoice_id IS NULL",
}


async def page(cut: Cut, campaign: int, *, check: str = "", search: str = "") -> Page[DraftLine]:
    where = Where("draft.campaign_id = ?", (campaign,))
    if check:
        where = where.and_also(CHECKS[check])
    return await _LISTING.page(where.containing(search, "family.number", _NAME), cut)


async def counts(campaign: int) -> dict[str, int]:
    """How many families each check concerns; "" is all of them."""
    columns = ", ".join(
        f'SUM(CASE WHEN {condition} THEN 1 ELSE 0 END) AS "{name}"' for name, condition in CHECKS.items()
    )
    sql = f'SELECT COUNT(*) AS "all", {columns} FROM {_SOURCE} WHERE draft.campaign_id = ?'  # noqa: S608
    row = (await rows(sql, [campaign]))[0]
    return {"": int(row["all"])} | {name: int(row[name] or 0) for name in CHECKS}


@dataclass(frozen=True, slots=True)
class Days:
    """What concerns no family of the campaign alone."""

    to_come: int  # days of the period that are not over
    older: int  # earlier days that no invoice has


async def days(campaign: InvoiceCampaign, today: date) -> Days:
    found = await rows(_DAYS, [today, campaign.period_start, campaign.till_id, campaign.period_end])
    return Days(int(found[0]["to_come"] or 0), int(found[0]["older"] or 0))


async def names(families: Sequence[int]) -> dict[int, str]:
    """Of their first parents, by family."""
    sql = f"SELECT family.id, {_NAME} AS name FROM family WHERE family.id IN ({marks(families)})"  # noqa: S608
    return {row["id"]: row["name"] or "" for row in await rows(sql, families)} if families else {}


def _line(row: dict[str, Any]) -> DraftLine:
    same = ("id", "family", "number", "cents", "previous", "invoice")
    return DraftLine(
        **{name: row[name] for name in same},
        name=row["name"] or "",
        repriced=bool(row["repriced"]),
        changed=bool(row["changed"]),
    )


_NAME = """(SELECT guardian.first_name || ' ' || guardian.last_name FROM guardian
  WHERE guardian.family_id = family.id ORDER BY guardian.position, guardian.id LIMIT 1)"""
_SORTED = """(SELECT guardian.last_name FROM guardian
  WHERE guardian.family_id = family.id ORDER BY guardian.position, guardian.id LIMIT 1)"""
_SOURCE = """
invoice_draft AS draft JOIN family ON family.id = draft.family_id
JOIN invoice_campaign AS campaign ON campaign.id = draft.campaign_id
"""
_LISTING = Listing(
    columns=f"""
draft.id, draft.family_id AS family, family.number, {_NAME} AS name, draft.cents, draft.previous_cents AS previous,
  draft.invoice_id AS invoice, CASE WHEN {CHECKS["prix"]} THEN 1 ELSE 0 END AS repriced,
  CASE WHEN {CHECKS["relire"]} THEN 1 ELSE 0 END AS changed""",
    source=_SOURCE,
    orders={
        "family": (Name(_SORTED), "draft.id"),
        "cents": ("draft.cents", "draft.id"),
        "difference": ("ABS(draft.cents - COALESCE(draft.previous_cents, 0))", "draft.id"),
    },
    row=_line,
)
_DAYS = f"""
SELECT SUM(CASE WHEN booking.day > ? THEN 1 ELSE 0 END) AS to_come,
  SUM(CASE WHEN booking.day < ? AND NOT EXISTS (
    SELECT 1 FROM invoiced_booking WHERE invoiced_booking.booking_id = booking.id) THEN 1 ELSE 0 END) AS older
FROM booking JOIN slot ON slot.id = booking.slot_id JOIN activity ON activity.id = slot.activity_id
WHERE activity.till_id = ? AND activity.billing = '{Billing.INVOICED}' AND booking.billed
  AND booking.state IN ('{BookingState.CONFIRMED}', '{BookingState.CANCELLED}') AND booking.day <= ?
"""  # noqa: S608
