"""What waits for somebody: ranks and offers, requests, absences."""

from datetime import timedelta

from models.storage.integrity.promises import Check, Promise, before

UNANSWERED = timedelta(
    minutes=10
)  # an offer may outlive its limit by this much: its sweeper comes every five

# While an offered place is being paid its booking is held, and the offer still stands.
RANKS = """
SELECT booking.id FROM booking LEFT JOIN waiting ON waiting.booking_id = booking.id
WHERE booking.state IN ('waiting', 'offered') AND (waiting.state IS NULL OR waiting.state <> booking.state)
UNION
SELECT booking.id FROM waiting JOIN booking ON booking.id = waiting.booking_id
WHERE (waiting.state = 'waiting' AND booking.state <> 'waiting')
  OR (waiting.state = 'offered' AND booking.state NOT IN ('offered', 'held'))
"""

# One that was being paid when its limit came is left to the sweeper only when the hold is over.
OFFERS = """
SELECT waiting.booking_id AS id FROM waiting JOIN booking ON booking.id = waiting.booking_id
WHERE waiting.state = 'offered' AND booking.state = 'offered'
  AND (waiting.offered_until IS NULL OR waiting.offered_until < ?)
  AND NOT EXISTS (SELECT 1 FROM order_line JOIN family_order ON family_order.id = order_line.order_id
    WHERE order_line.booking_id = booking.id AND order_line.action = 'add'
      AND family_order.kind = 'prepaid' AND family_order.hold_until >= ?)
"""

ASKED = """
SELECT booking.id FROM request JOIN booking ON booking.id = request.booking_id
WHERE request.state = 'pending'
  AND booking.state <> CASE request.kind WHEN 'booking' THEN 'requested' ELSE 'confirmed' END
UNION
SELECT booking.id FROM booking WHERE booking.state = 'requested' AND NOT EXISTS (
  SELECT 1 FROM request
  WHERE request.booking_id = booking.id AND request.state = 'pending' AND request.kind = 'booking')
"""

# What is asked of a booking names a booking of that very family; a change of the file, what was and what is to be. An
# answer is in the journal, with what it changed; so is one that was taken back. The last word there is the state.
REQUESTS = """
SELECT request.id FROM request LEFT JOIN booking ON booking.id = request.booking_id
LEFT JOIN (
  SELECT object, MAX(id) AS id FROM event
  WHERE action IN ('request.accepted', 'request.refused', 'request.reopened') GROUP BY object
) AS last ON last.object = 'request:' || request.id
LEFT JOIN event ON event.id = last.id
WHERE NOT CASE
  WHEN request.kind IN ('booking', 'cancellation') THEN COALESCE(booking.family_id = request.family_id, FALSE)
    AND request.subject = 'booking:' || request.booking_id
  ELSE request.kind = 'file_change' AND request.before IS NOT NULL AND request.after IS NOT NULL END
  OR COALESCE(event.action, 'request.reopened') <>
    CASE WHEN request.state IN ('accepted', 'refused') THEN 'request.' || request.state ELSE 'request.reopened' END
  OR (request.state IN ('accepted', 'refused') AND NOT EXISTS (SELECT 1 FROM notice
    WHERE notice.kind = 'request_answered' AND notice.about = 'request:' || request.id))
  OR (request.state = 'accepted' AND request.kind = 'file_change' AND NOT EXISTS (SELECT 1 FROM event AS done
    WHERE done.action = 'file.changed' AND done.object = request.subject AND done.at = request.answered_at))
"""

# Told in time, or not answered yet: the day is cancelled for nothing, or the mairie has the question.
TOLD = """
SELECT absence.id FROM absence JOIN booking ON booking.id = absence.booking_id
WHERE absence.family_id <> booking.family_id OR (NOT absence.billed
  AND NOT (booking.state = 'cancelled' AND NOT booking.billed)
  AND NOT (booking.state = 'confirmed' AND EXISTS (SELECT 1 FROM request WHERE request.booking_id = booking.id
    AND request.kind = 'cancellation' AND request.state = 'pending')))
"""

PROMISES: tuple[Promise, ...] = (
    Check("attente", "réservations et rangs qui se contredisent", RANKS),
    Check("I11", "places proposées au-delà de leur délai", OFFERS, lambda: [before(UNANSWERED)] * 2),
    Check("demandes", "demandes d’une autre famille, répondues par personne ou sans le dire", REQUESTS),
    Check("demandes", "réservations et demandes qui se contredisent", ASKED),
    Check("absences", "absences dites sans frais, dont le jour reste pourtant facturé", TOLD),
)
