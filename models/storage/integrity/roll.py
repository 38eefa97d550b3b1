"""The roll call: what it says is what the journal heard last, and what it changed of prepaid days has its reason."""

from models.rules.booking import BookingState
from models.rules.states.attendance import AttendanceState
from models.rules.states.orders import Billing
from models.rules.states.requests import RequestState
from models.storage.integrity.promises import Check, Promise

# The journal's last word of a child is the state of its row, with the times.
HEARD = """
SELECT attendance.id FROM attendance LEFT JOIN (
  SELECT object, MAX(id) AS id FROM event WHERE action = 'roll.noted' GROUP BY object
) AS last ON last.object = 'attendance:' || attendance.id LEFT JOIN event ON event.id = last.id
WHERE event.id IS NULL OR event.details->>'state' <> attendance.state
  OR COALESCE(CAST(event.details->>'arrived' AS INTEGER), -1) <> COALESCE(attendance.arrived, -1)
  OR COALESCE(CAST(event.details->>'departed' AS INTEGER), -1) <> COALESCE(attendance.departed, -1)
UNION
SELECT CAST(SUBSTR(event.object, 12) AS INTEGER) FROM event WHERE event.action = 'roll.noted'
  AND NOT EXISTS (SELECT 1 FROM attendance WHERE event.object = 'attendance:' || attendance.id)
"""

# Who was there had a place, unless the mairie took it back itself; who was there without a booking keeps the one that
# was made at the door.
THERE = f"""
SELECT attendance.id FROM attendance JOIN booking ON booking.id = attendance.booking_id
WHERE (attendance.state = '{AttendanceState.PRESENT}' AND booking.state <> '{BookingState.CONFIRMED}'
    AND NOT EXISTS (SELECT 1 FROM request WHERE request.booking_id = booking.id
      AND request.state = '{RequestState.ACCEPTED}'))
  OR (attendance.state = '{AttendanceState.ABSENT}' AND attendance.unbooked)
  OR (attendance.unbooked AND attendance.state <> '{AttendanceState.PRESENT}'
    AND booking.state = '{BookingState.CONFIRMED}')
"""

CLOSED = """
SELECT roll_closing.opening_id AS id FROM roll_closing WHERE NOT EXISTS (SELECT 1 FROM event
  WHERE event.object = 'opening:' || roll_closing.opening_id AND event.action = 'roll.closed'
    AND event.actor = 'member:' || roll_closing.member_id AND event.at = roll_closing.at)
UNION
SELECT CAST(SUBSTR(event.object, 9) AS INTEGER) FROM event WHERE event.action = 'roll.closed'
  AND NOT EXISTS (SELECT 1 FROM roll_closing WHERE event.object = 'opening:' || roll_closing.opening_id)
"""

# A prepaid day of a closed service: with what the roll call charged and gave back, it costs what is due of it. A day
# whose cancellation was accepted came back whole, so nothing else does.
SETTLED = f"""
SELECT attendance.id FROM attendance JOIN booking ON booking.id = attendance.booking_id
JOIN slot ON slot.id = booking.slot_id JOIN activity ON activity.id = slot.activity_id
LEFT JOIN (SELECT attendance_id, SUM(cents) AS cents FROM roll_charge GROUP BY attendance_id) AS charged
  ON charged.attendance_id = attendance.id
WHERE charged.cents IS NOT NULL AND (activity.billing <> '{Billing.PREPAID}'
  OR booking.cents + charged.cents <> COALESCE(attendance.due_cents, booking.cents)
  OR NOT EXISTS (SELECT 1 FROM roll_closing WHERE roll_closing.opening_id = booking.opening_id)
  OR (booking.state <> '{BookingState.CONFIRMED}' AND NOT attendance.unbooked AND charged.cents <> 0))
UNION
SELECT attendance.id FROM attendance JOIN booking ON booking.id = attendance.booking_id
JOIN slot ON slot.id = booking.slot_id JOIN activity ON activity.id = slot.activity_id
JOIN roll_closing ON roll_closing.opening_id = booking.opening_id
WHERE activity.billing = '{Billing.PREPAID}' AND booking.state = '{BookingState.CONFIRMED}'
  AND attendance.due_cents <> booking.cents
  AND NOT EXISTS (SELECT 1 FROM roll_charge WHERE roll_charge.attendance_id = attendance.id)
  AND NOT EXISTS (SELECT 1 FROM request WHERE request.booking_id = booking.id)
"""

PROMISES: tuple[Promise, ...] = (
    Check("pointage", "présences que le journal ne dit pas, ou autrement", HEARD),
    Check("pointage", "enfants présents sans leur place, ou absents avec elle", THERE),
    Check("pointage", "services clos par personne", CLOSED),
    Check("pointage", "jours payés d’avance qui ne coûtent pas ce que l’appel en fait devoir", SETTLED),
)
