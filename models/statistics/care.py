"""Hours of care as the CAF asks them: by activity, month, age and scheme; children and days of each activity.

Booked: confirmed days, as long as their slot. Present: those of them that the roll call found there, from the arrival
to the departure where both were noted, never beyond the slot. A child is under six until its sixth birthday.
"""

from models.french.spreadsheets import Cell, Hours
from models.rules.booking import BookingState
from models.rules.families.household import SCHEMES
from models.rules.states.attendance import AttendanceState
from models.statistics.table import Figures, Period
from models.storage.database import rows

KINDS = {"care": "périscolaire", "leisure": "loisirs", "meal": "restauration"}
AGES = {1: "moins de 6 ans", 0: "6 ans et plus"}


async def hours(period: Period) -> Figures:
    """One question."""
    found = await rows(_HOURS, [period.first, period.last])
    lines: list[list[Cell]] = [
        [
            row["activity"],
            KINDS[row["kind"]],
            f"{int(row['month']) % 100:02}/{int(row['month']) // 100}",
            AGES[int(row["young"])],
            SCHEMES[row["scheme"]],
            int(row["times"]),
            Hours(int(row["booked"])),
            int(row["attended"]),
            Hours(int(row["present"])),
            int(row["children"]),
        ]
        for row in found
    ]
    return Figures(
        "heures-caf",
        "Heures par mois",
        ("Activité", "Accueil", "Mois", "Âge", "Régime", "Réservations", "Heures réservées", "Présences",
         "Heures de présence", "Enfants"),
        5,
        lines,
    )  # fmt: skip


async def children(period: Period) -> Figures:
    """Each child once, each day once, over the whole period. One question."""
    found = await rows(_CHILDREN, [period.first, period.last])
    lines: list[list[Cell]] = [
        [
            row["activity"],
            KINDS[row["kind"]],
            int(row["days"]),
            int(row["children"]),
            int(row["young"]),
            int(row["caf"]),
        ]
        for row in found
    ]
    heads = (
        "Activité",
        "Accueil",
        "Jours d’ouverture",
        "Enfants différents",
        "dont moins de 6 ans",
        "dont CAF",
    )
    return Figures("enfants-caf", "Sur toute la période", heads, 2, lines)


def _number(day: str) -> str:
    """20251103: a day as a number that both databases compare."""
    return f"CAST(REPLACE(CAST({day} AS TEXT), '-', '') AS INTEGER)"


SIX_YEARS = 6_00_00
_YOUNG = f"CASE WHEN {_number('booking.day')} - {_number('child.born')} < {SIX_YEARS} THEN 1 ELSE 0 END"
_MONTH = f"{_number('booking.day')} / 100"
_ARRIVED = "CASE WHEN attendance.arrived > slot.starts THEN attendance.arrived ELSE slot.starts END"
_DEPARTED = "CASE WHEN attendance.departed < slot.ends THEN attendance.departed ELSE slot.ends END"
_STAYED = f"({_DEPARTED}) - ({_ARRIVED})"
# Groups are numbers: to count each child once PostgreSQL sorts the rows by them, and words sort slowly.
_FROM = f"""
FROM booking JOIN slot ON slot.id = booking.slot_id JOIN activity ON activity.id = slot.activity_id
JOIN child ON child.id = booking.child_id JOIN family ON family.id = booking.family_id
LEFT JOIN attendance ON attendance.booking_id = booking.id AND attendance.state = '{AttendanceState.PRESENT}'
WHERE booking.state = '{BookingState.CONFIRMED}' AND booking.day >= ? AND booking.day <= ? AND activity.kind <> 'adult'
"""
_HOURS = f"""
SELECT activity.name AS activity, activity.kind, {_MONTH} AS month, {_YOUNG} AS young, family.scheme,
  COUNT(*) AS times, SUM(slot.ends - slot.starts) AS booked, COUNT(attendance.id) AS attended,
  COALESCE(SUM(CASE WHEN attendance.id IS NOT NULL AND {_STAYED} > 0 THEN {_STAYED} ELSE 0 END), 0) AS present,
  COUNT(DISTINCT booking.child_id) AS children
{_FROM} GROUP BY activity.id, {_MONTH}, {_YOUNG}, family.scheme
ORDER BY activity.position, activity.id, {_MONTH}, {_YOUNG} DESC, family.scheme
"""
_CHILDREN = f"""
SELECT activity.name AS activity, activity.kind, COUNT(DISTINCT booking.day) AS days,
  COUNT(DISTINCT booking.child_id) AS children,
  COUNT(DISTINCT CASE WHEN {_YOUNG} = 1 THEN booking.child_id END) AS young,
  COUNT(DISTINCT CASE WHEN family.scheme = 'caf' THEN booking.child_id END) AS caf
{_FROM} GROUP BY activity.id
ORDER BY activity.position, activity.id
"""
