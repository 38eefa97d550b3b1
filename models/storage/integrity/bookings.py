"""Bookings: who made them and who cancelled them, and the places they take."""

from models.rules.booking import GIVEN_UP, ORDERED, TAKES_A_PLACE, BookingState
from models.rules.states.attendance import AttendanceState
from models.rules.states.orders import Billing, LineAction, OrderKind, OrderState
from models.rules.states.requests import RequestKind, RequestState
from models.storage.database import sql_list
from models.storage.integrity.promises import Check, Promise

# What is booked was ordered: what is prepaid by a prepaid order, with its line. Who took a rank has no line yet.
BOOKED = f"""
SELECT booking.id FROM booking JOIN slot ON slot.id = booking.slot_id JOIN activity ON activity.id = slot.activity_id
LEFT JOIN family_order ON family_order.id = booking.order_id
LEFT JOIN order_line ON order_line.order_id = booking.order_id AND order_line.booking_id = booking.id
  AND order_line.action = '{LineAction.ADD}'
LEFT JOIN waiting ON waiting.booking_id = booking.id
WHERE (booking.order_id IS NOT NULL AND order_line.id IS NULL AND waiting.id IS NULL)
  OR (booking.state IN {sql_list(ORDERED)} AND activity.billing = '{Billing.PREPAID}' AND (
    order_line.id IS NULL OR family_order.kind <> '{OrderKind.PREPAID}' OR family_order.state <> booking.state))
"""

# The booking, its opening and its enrolment speak of the same thing.
PLACED = """
SELECT booking.id FROM booking JOIN opening ON opening.id = booking.opening_id
JOIN slot ON slot.id = booking.slot_id JOIN enrolment ON enrolment.id = booking.enrolment_id
WHERE booking.day <> opening.day OR booking.slot_id <> opening.slot_id OR enrolment.child_id <> booking.child_id
  OR enrolment.family_id <> booking.family_id OR enrolment.activity_id <> slot.activity_id
"""

# Somebody cancelled it: a parent by an order, the mairie by its answer or a class event, a rank that ended, or the
# request that the family took back; a place that was made at the door goes with the word that it was for nobody. What
# was paid came back by that order, that answer or that event (whose sums the ledger proves), or stays billed because it
# was said too late.
CANCELLED = f"""
SELECT booking.id FROM booking LEFT JOIN family_order AS bought ON bought.id = booking.order_id
LEFT JOIN (
  SELECT order_line.booking_id, MAX(CASE other.kind WHEN '{OrderKind.PREPAID}' THEN 1 ELSE 0 END) AS prepaid,
    MAX(CASE other.kind WHEN '{OrderKind.INVOICED}' THEN 1 ELSE 0 END) AS invoiced
  FROM order_line JOIN family_order AS other ON other.id = order_line.order_id
  WHERE order_line.action = '{LineAction.CANCEL}' AND other.state = '{OrderState.CONFIRMED}'
  GROUP BY order_line.booking_id
) AS asked ON asked.booking_id = booking.id
LEFT JOIN (
  SELECT booking_id, MAX(id) AS id FROM request
  WHERE kind = '{RequestKind.CANCELLATION}' AND state = '{RequestState.ACCEPTED}' GROUP BY booking_id
) AS answer ON answer.booking_id = booking.id
LEFT JOIN (
  SELECT request.booking_id, MAX(request.id) AS id FROM request
  JOIN event ON event.action = 'request.withdrawn' AND event.object = 'request:' || request.id
  WHERE request.kind = '{RequestKind.BOOKING}' AND request.state = '{RequestState.WITHDRAWN}'
  GROUP BY request.booking_id
) AS withdrawn ON withdrawn.booking_id = booking.id
LEFT JOIN waiting ON waiting.booking_id = booking.id AND waiting.state IN {sql_list(GIVEN_UP)}
LEFT JOIN attendance ON attendance.booking_id = booking.id
LEFT JOIN cancelled_day ON cancelled_day.booking_id = booking.id AND cancelled_day.returned_at IS NULL
WHERE booking.state = '{BookingState.CANCELLED}' AND NOT CASE
  WHEN cancelled_day.id IS NOT NULL THEN NOT booking.billed
  WHEN COALESCE(attendance.unbooked, FALSE) THEN NOT booking.billed AND attendance.state <> '{AttendanceState.PRESENT}'
  WHEN booking.billed THEN COALESCE(asked.invoiced, 0) = 1
  WHEN bought.kind = '{OrderKind.PREPAID}' THEN COALESCE(asked.prepaid, 0) = 1 OR answer.id IS NOT NULL
  ELSE asked.booking_id IS NOT NULL OR answer.id IS NOT NULL OR waiting.id IS NOT NULL
    OR withdrawn.id IS NOT NULL END
"""

# What a class event cancelled is not booked, but where it was booked again; a credit is what had been paid.
AWAY = f"""
SELECT cancelled_day.id FROM cancelled_day JOIN booking ON booking.id = cancelled_day.booking_id
JOIN slot ON slot.id = booking.slot_id JOIN activity ON activity.id = slot.activity_id
JOIN class_event ON class_event.id = cancelled_day.event_id
WHERE (cancelled_day.returned_at IS NULL AND booking.state <> '{BookingState.CANCELLED}')
  OR (cancelled_day.returned_at IS NOT NULL AND (class_event.withdrawn_at IS NULL OR cancelled_day.kept <> ''))
  OR cancelled_day.cents <> CASE WHEN activity.billing = '{Billing.PREPAID}'
    AND cancelled_day.was = '{BookingState.CONFIRMED}' THEN booking.cents ELSE 0 END
"""

# More than there are places only as somebody said: who, and how many.
PLACES = f"""
SELECT opening.id FROM opening
LEFT JOIN booking ON booking.opening_id = opening.id AND booking.state IN {sql_list(TAKES_A_PLACE)}
GROUP BY opening.id, opening.taken, opening.places, opening.overrun
HAVING opening.taken <> COUNT(booking.id) OR opening.taken > opening.places + opening.overrun
"""

OVERRUN = """
SELECT opening.id FROM opening WHERE opening.overrun <> 0 AND NOT EXISTS (
  SELECT 1 FROM event WHERE event.object = 'opening:' || opening.id AND event.action = 'opening.overrun'
    AND event.actor = opening.overrun_by AND CAST(event.details->>'overrun' AS INTEGER) = opening.overrun)
"""

# A price was said by a tariff of that very activity, for that slot or for all; the line and what it booked name one.
PRICED = f"""
SELECT priced.id FROM (
  SELECT 'réservation ' || id AS id, slot_id, tariff_id FROM booking
  UNION ALL SELECT 'ligne ' || id, slot_id, tariff_id FROM order_line
  UNION ALL SELECT 'panier ' || id, slot_id, tariff_id FROM cart_line
) AS priced JOIN tariff ON tariff.id = priced.tariff_id LEFT JOIN slot ON slot.id = priced.slot_id
WHERE slot.id IS NULL OR tariff.activity_id <> slot.activity_id OR tariff.slot_code <> slot.code
UNION
SELECT 'ligne ' || order_line.id FROM order_line JOIN booking ON booking.id = order_line.booking_id
WHERE order_line.action = '{LineAction.ADD}' AND booking.order_id = order_line.order_id
  AND COALESCE(booking.tariff_id, 0) <> COALESCE(order_line.tariff_id, 0)
"""

# Who books late pays what the tariff says of it: one that says nothing makes no booking late.
LATE = """
SELECT booking.id FROM booking LEFT JOIN tariff ON tariff.id = booking.tariff_id
WHERE booking.late AND tariff.late IS NULL
"""

# What the portal booked by itself is of an order that says so, and is never paid beforehand; and only that.
BY_DEFAULT = f"""
SELECT booking.id FROM booking JOIN slot ON slot.id = booking.slot_id JOIN activity ON activity.id = slot.activity_id
LEFT JOIN event ON event.object = 'order:' || booking.order_id AND event.action = 'order.by_default'
WHERE (booking.by_default AND event.id IS NULL) OR (NOT booking.by_default AND event.id IS NOT NULL)
  OR (booking.by_default AND booking.state IN {sql_list(ORDERED)} AND activity.billing = '{Billing.PREPAID}')
"""

# The mairie took it away with its day, its enrolment or the whole habit: nobody else did.
RETURNS = f"""
SELECT booking.id FROM booking WHERE booking.returns AND (booking.state <> '{BookingState.CANCELLED}' OR NOT (
  EXISTS (SELECT 1 FROM request WHERE request.booking_id = booking.id
    AND request.kind = '{RequestKind.CANCELLATION}' AND request.state = '{RequestState.ACCEPTED}')
  OR EXISTS (SELECT 1 FROM event WHERE event.object = 'booking:' || booking.id
    AND event.action = 'waiting.taken_back')
  OR EXISTS (SELECT 1 FROM order_line JOIN event ON event.object = 'order:' || order_line.order_id
    WHERE order_line.booking_id = booking.id AND order_line.action = '{LineAction.CANCEL}'
      AND event.action = 'order.default_taken_back')))
"""

PROMISES: tuple[Promise, ...] = (
    Check("réservations", "réservations sans leur commande", BOOKED),
    Check("réservations", "réservations d’un autre jour, d’un autre enfant ou d’une autre famille", PLACED),
    Check("réservations", "réservations annulées par personne, ou sans avoir", CANCELLED),
    Check("réservations", "jours d’une classe absente encore réservés, ou d’un autre avoir", AWAY),
    Check("réservations", "prix d’un tarif qui n’est pas celui du créneau", PRICED),
    Check("réservations", "réservations dites tardives sans majoration", LATE),
    Check("réservations", "réservations d’office que rien n’explique", BY_DEFAULT),
    Check("réservations", "jours rendus par la mairie sans qu’elle l’ait dit", RETURNS),
    Check("I8", "places prises mal comptées, ou de trop", PLACES),
    Check("I8", "places en plus que personne n’a accordées", OVERRUN),
)
