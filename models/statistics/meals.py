"""« Cantine à 1 € »: meals that families pay 1 € or less, as the ASP asks them by four months.

A meal counts once it is eaten and charged: confirmed, not called absent; paid when it was booked, or on an invoice
that was issued, at what that says. Its bracket is that of the quotient on its day.
"""

from models.french.spreadsheets import Amount, Cell
from models.rules.booking import BookingState
from models.rules.money import grouped
from models.rules.states.attendance import AttendanceState
from models.rules.states.orders import Billing
from models.statistics.table import Figures, Period
from models.storage.database import rows

MOST = 100  # cents
CEILING = 1000  # whole euros of quotient: of the convention with the State


async def meals(period: Period) -> Figures:
    """One question."""
    found = await rows(_MEALS, [period.first, period.last])
    lines: list[list[Cell]] = [
        [
            row["activity"],
            f"{row['month'][5:]}/{row['month'][:4]}",
            _bracket(row["up_to"], row["known"]),
            Amount(int(row["price"])),
            int(row["meals"]),
            int(row["children"]),
            int(row["families"]),
        ]
        for row in found
    ]
    return Figures(
        "repas-a-1-euro",
        "Repas à 1\u00a0€ ou moins",
        ("Service", "Mois", "Tranche de quotient", "Prix payé", "Repas", "Enfants", "Familles"),
        3,
        lines,
    )


async def families(period: Period) -> Figures:
    """Over the whole period, each family once. One question."""
    found = await rows(_FAMILIES, [period.first, period.last])
    lines: list[list[Cell]] = [
        [row["activity"], *(int(row[name] or 0) for name in ("meals", "low", "free", "families", "below"))]
        for row in found
    ]
    heads = (
        "Service", "Repas de tous prix", "Repas à 1\u00a0€ ou moins", "dont gratuits", "Familles",
        f"dont quotient d’au plus {grouped(CEILING)}",
    )  # fmt: skip
    return Figures("familles-cantine", "Sur toute la période", heads, 1, lines)


def _bracket(up_to: int | None, known: object) -> str:
    if up_to is not None:
        return f"jusqu’à {up_to}"
    return "au-delà des tranches, ou tarif unique" if known else "quotient inconnu"


_QUOTIENT = """(SELECT quotient.value FROM quotient WHERE quotient.family_id = booking.family_id
  AND quotient.start <= booking.day AND (quotient."end" IS NULL OR quotient."end" >= booking.day)
  ORDER BY quotient.start DESC, quotient.id DESC LIMIT 1)"""
_EATEN = f"""
SELECT activity.id AS activity_id, activity.name AS activity, activity.position, booking.child_id, booking.family_id,
  SUBSTR(CAST(booking.day AS TEXT), 1, 7) AS month, {_QUOTIENT} AS quotient, booking.tariff_id,
  CASE WHEN activity.billing = '{Billing.PREPAID}' THEN booking.cents ELSE invoiced_booking.cents END AS price
FROM booking JOIN slot ON slot.id = booking.slot_id JOIN activity ON activity.id = slot.activity_id
LEFT JOIN invoiced_booking ON invoiced_booking.booking_id = booking.id AND invoiced_booking.credit_note_id IS NULL
LEFT JOIN attendance ON attendance.booking_id = booking.id AND attendance.state = '{AttendanceState.ABSENT}'
WHERE booking.state = '{BookingState.CONFIRMED}' AND booking.day >= ? AND booking.day <= ?
  AND activity.kind = 'meal' AND attendance.id IS NULL
  AND (activity.billing = '{Billing.PREPAID}' OR invoiced_booking.id IS NOT NULL)
"""  # noqa: S608
_BRACKET = "(SELECT MIN(band.up_to) FROM band WHERE band.tariff_id = eaten.tariff_id AND band.up_to >= eaten.quotient)"
_MEALS = f"""
SELECT activity, month, up_to, known, price, COUNT(*) AS meals, COUNT(DISTINCT child_id) AS children,
  COUNT(DISTINCT family_id) AS families
FROM (SELECT eaten.*, {_BRACKET} AS up_to, CASE WHEN quotient IS NULL THEN 0 ELSE 1 END AS known
  FROM ({_EATEN}) AS eaten WHERE price <= {MOST}) AS counted
GROUP BY activity_id, activity, position, month, up_to, known, price
ORDER BY position, activity_id, month, COALESCE(up_to, 100000), price
"""  # noqa: S608
_FAMILIES = f"""
SELECT activity, COUNT(*) AS meals, SUM(CASE WHEN price <= {MOST} THEN 1 ELSE 0 END) AS low,
  SUM(CASE WHEN price = 0 THEN 1 ELSE 0 END) AS free, COUNT(DISTINCT family_id) AS families,
  COUNT(DISTINCT CASE WHEN quotient <= {CEILING} THEN family_id END) AS below
FROM ({_EATEN}) AS eaten GROUP BY activity_id, activity, position ORDER BY position, activity_id
"""  # noqa: S608
