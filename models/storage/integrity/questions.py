"""What waits for somebody: ranks and offers, requests, absences, messages to many families."""

from datetime import timedelta

from models.rules.booking import IN_LINE, OFFER_STANDS, BookingState, WaitingState
from models.rules.families.enrolling import WaitState
from models.rules.states.notices import NoticeKind
from models.rules.states.orders import LineAction, OrderKind
from models.rules.states.requests import ANSWERED, OF_A_BOOKING, OF_THE_FILE, RequestKind, RequestState
from models.storage.constraint_list.untouched import FILE
from models.storage.database import sql_list
from models.storage.integrity.promises import Check, Promise, before, left, stands

UNANSWERED = timedelta(
    minutes=10
)  # an offer may outlive its limit by this much: its sweeper comes every five

# While an offered place is being paid its booking is held, and the offer still stands.
RANKS = f"""
SELECT booking.id FROM booking LEFT JOIN waiting ON waiting.booking_id = booking.id
WHERE booking.state IN {sql_list(IN_LINE)} AND (waiting.state IS NULL OR waiting.state <> booking.state)
UNION
SELECT booking.id FROM waiting JOIN booking ON booking.id = waiting.booking_id
WHERE (waiting.state = '{WaitingState.WAITING}' AND booking.state <> '{BookingState.WAITING}')
  OR (waiting.state = '{WaitingState.OFFERED}' AND booking.state NOT IN {sql_list(OFFER_STANDS)})
"""

# One that was being paid when its limit came is left to the sweeper only when the hold is over.
OFFERS = f"""
SELECT waiting.booking_id AS id FROM waiting JOIN booking ON booking.id = waiting.booking_id
WHERE waiting.state = '{WaitingState.OFFERED}' AND booking.state = '{BookingState.OFFERED}'
  AND (waiting.offered_until IS NULL OR waiting.offered_until < ?)
  AND NOT EXISTS (SELECT 1 FROM order_line JOIN family_order ON family_order.id = order_line.order_id
    WHERE order_line.booking_id = booking.id AND order_line.action = '{LineAction.ADD}'
      AND family_order.kind = '{OrderKind.PREPAID}' AND family_order.hold_until >= ?)
"""

ASKED = f"""
SELECT booking.id FROM request JOIN booking ON booking.id = request.booking_id
WHERE request.state = '{RequestState.PENDING}'
  AND booking.state <> CASE request.kind
    WHEN '{RequestKind.BOOKING}' THEN '{BookingState.REQUESTED}' ELSE '{BookingState.CONFIRMED}' END
UNION
SELECT booking.id FROM booking WHERE booking.state = '{BookingState.REQUESTED}' AND NOT EXISTS (
  SELECT 1 FROM request
  WHERE request.booking_id = booking.id AND request.state = '{RequestState.PENDING}'
    AND request.kind = '{RequestKind.BOOKING}')
"""

# What is asked of a booking names a booking of that very family; a change of the file, what was and what is to be. An
# answer is in the journal, with what it changed; so is one that was taken back. The last word there is the state. Its
# family was told of it, or, where the mairie closed booked days, of all its days at once.
REQUESTS = f"""
SELECT request.id FROM request LEFT JOIN booking ON booking.id = request.booking_id
LEFT JOIN (
  SELECT object, MAX(id) AS id FROM event
  WHERE action IN ('request.accepted', 'request.refused', 'request.reopened') GROUP BY object
) AS last ON last.object = 'request:' || request.id
LEFT JOIN event ON event.id = last.id
WHERE NOT CASE
  WHEN request.kind IN {sql_list(OF_A_BOOKING)} THEN COALESCE(booking.family_id = request.family_id, FALSE)
    AND request.subject = 'booking:' || request.booking_id
  ELSE request.kind IN {sql_list(OF_THE_FILE)} AND request.before IS NOT NULL AND request.after IS NOT NULL END
  OR COALESCE(event.action, 'request.reopened') <>
    CASE WHEN request.state IN {sql_list(ANSWERED)} THEN 'request.' || request.state ELSE 'request.reopened' END
  OR (request.state IN {sql_list(ANSWERED)} AND NOT EXISTS (SELECT 1 FROM notice
    WHERE notice.kind = '{NoticeKind.REQUEST_ANSWERED}' AND notice.about = 'request:' || request.id
      OR notice.kind = '{NoticeKind.DAYS_CLOSED}' AND notice.family_id = request.family_id
        AND notice.at = request.answered_at AND request.kind = '{RequestKind.CANCELLATION}'))
  OR (request.state = '{RequestState.ACCEPTED}' AND request.kind IN {sql_list(OF_THE_FILE)}
    AND NOT EXISTS (SELECT 1 FROM event AS done WHERE done.at = request.answered_at
      AND done.family_id = request.family_id AND CASE request.kind
        WHEN '{RequestKind.NEW_PERSON}' THEN done.action IN ('child.added', 'guardian.added')
        WHEN '{RequestKind.ENROLMENT}' THEN done.object = request.subject
          AND done.action IN ('enrolment.made', 'enrolment.waits')
        WHEN '{RequestKind.ENROLMENT_END}' THEN done.object = request.subject AND done.action = 'enrolment.ended'
        ELSE done.object = request.subject AND done.action = CASE request.kind
          WHEN '{RequestKind.HEALTH_CHANGE}' THEN 'health.changed'
          WHEN '{RequestKind.QUOTIENT}' THEN 'quotient.set' ELSE 'file.changed' END END))
"""

# Told in time, or not answered yet: the day is cancelled for nothing, or the mairie has the question.
TOLD = f"""
SELECT absence.id FROM absence JOIN booking ON booking.id = absence.booking_id
WHERE absence.family_id <> booking.family_id OR (NOT absence.billed
  AND NOT (booking.state = '{BookingState.CANCELLED}' AND NOT booking.billed)
  AND NOT (booking.state = '{BookingState.CONFIRMED}' AND EXISTS (SELECT 1 FROM request
    WHERE request.booking_id = booking.id AND request.kind = '{RequestKind.CANCELLATION}'
    AND request.state = '{RequestState.PENDING}')))
"""

# Aids are of a child that lives with the family, or lived with it until its file was merged.
AIDED = f"""
SELECT aid.id FROM aid LEFT JOIN home ON home.child_id = aid.child_id AND home.family_id = aid.family_id
WHERE aid.child_id IS NOT NULL AND home.id IS NULL
  AND NOT EXISTS (SELECT 1 FROM family_merge WHERE family_merge.family_id = aid.family_id)
  AND NOT {left("aid.child_id", "aid.family_id")}
"""

# Who waits for an activity is of the family and in none of its groups; who was enrolled from the line is in it.
ENROLMENT_WAITS = f"""
SELECT wait.id FROM enrolment_wait AS wait JOIN activity_group ON activity_group.id = wait.group_id
LEFT JOIN home ON home.child_id = wait.child_id AND home.family_id = wait.family_id
LEFT JOIN enrolment ON enrolment.child_id = wait.child_id AND enrolment.family_id = wait.family_id
  AND enrolment.activity_id = wait.activity_id
WHERE activity_group.activity_id <> wait.activity_id
  OR (wait.state = '{WaitState.WAITING}' AND (home.id IS NULL OR enrolment.id IS NOT NULL))
  OR (wait.state = '{WaitState.ENROLLED}' AND (enrolment.id IS NULL OR NOT EXISTS (SELECT 1 FROM event
    WHERE event.action = 'enrolment.made' AND event.object = 'child:' || wait.child_id
      AND event.family_id = wait.family_id AND event.at = wait.ended_at)))
"""

# What a family has ended is in its journal at that very moment.
LEFT = """
SELECT enrolment.id FROM enrolment WHERE enrolment.left_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM event
  WHERE event.action = 'enrolment.ended' AND event.object = 'child:' || enrolment.child_id
    AND event.family_id = enrolment.family_id AND event.at = enrolment.left_at)
"""

# A message to many is, for each family that has it, its very words in a conversation of that family, told once. When it
# is over, every family with a parent has it.
TO_MANY = f"""
SELECT mass_recipient.id FROM mass_recipient JOIN mass_message ON mass_message.id = mass_recipient.mass_id
LEFT JOIN message_thread ON message_thread.id = mass_recipient.thread_id
LEFT JOIN message ON message.key = 'mass_recipient:' || mass_recipient.id
WHERE (mass_recipient.thread_id IS NULL AND (message.id IS NOT NULL OR mass_message.done_at IS NOT NULL
    AND EXISTS (SELECT 1 FROM guardian WHERE guardian.family_id = mass_recipient.family_id)
    AND NOT EXISTS (SELECT 1 FROM family_merge WHERE family_merge.family_id = mass_recipient.family_id)))
  OR (mass_recipient.thread_id IS NOT NULL AND NOT (message.thread_id = mass_recipient.thread_id
    AND {stands("message_thread.family_id")} = {stands("mass_recipient.family_id")} AND message.text = mass_message.text
    AND message.member_id = mass_message.member_id AND (SELECT COUNT(*) FROM notice
      WHERE notice.about = 'message:' || message.id AND notice.family_id = mass_recipient.family_id
        AND notice.kind = CASE WHEN mass_message.urgent THEN '{NoticeKind.MESSAGE_URGENT}'
          ELSE '{NoticeKind.MESSAGE_BEGUN}' END) = 1))
  OR (mass_recipient.thread_id IS NOT NULL AND message.id IS NULL)
"""

# A file of a message to many is that of this very message, for each family that has it; any other holds something.
FILES = f"""
SELECT message_attachment.id FROM message_attachment JOIN message ON message.id = message_attachment.message_id
LEFT JOIN mass_attachment ON mass_attachment.id = message_attachment.mass_id
LEFT JOIN mass_recipient ON message."key" = 'mass_recipient:' || mass_recipient.id
LEFT JOIN mass_message ON mass_message.id = mass_recipient.mass_id
WHERE CASE WHEN message_attachment.mass_id IS NULL
    THEN LENGTH(message_attachment.content) = 0 AND message_attachment.name <> '{FILE}'
  ELSE NOT COALESCE(mass_message.click = mass_attachment.click AND message_attachment.size = mass_attachment.size
    AND message_attachment.sha256 = mass_attachment.sha256, FALSE) END
UNION
SELECT mass_recipient.id FROM mass_recipient JOIN mass_message ON mass_message.id = mass_recipient.mass_id
JOIN mass_attachment ON mass_attachment.click = mass_message.click
JOIN message ON message."key" = 'mass_recipient:' || mass_recipient.id
WHERE (SELECT COUNT(*) FROM message_attachment WHERE message_attachment.message_id = message.id) <> 1
"""

PROMISES: tuple[Promise, ...] = (
    Check("attente", "réservations et rangs qui se contredisent", RANKS),
    Check("I11", "places proposées au-delà de leur délai", OFFERS, lambda: [before(UNANSWERED)] * 2),
    Check("demandes", "demandes d’une autre famille, répondues par personne ou sans le dire", REQUESTS),
    Check("demandes", "réservations et demandes qui se contredisent", ASKED),
    Check("attente", "attentes d’inscription que rien n’explique", ENROLMENT_WAITS),
    Check("inscriptions", "inscriptions finies par la famille que rien n’explique", LEFT),
    Check("aides", "aides d’un enfant d’une autre famille", AIDED),
    Check("messages", "messages à plusieurs familles, perdus, changés ou dits deux fois", TO_MANY),
    Check("messages", "fichiers d’un message à plusieurs familles, perdus ou d’un autre", FILES),
    Check("absences", "absences dites sans frais, dont le jour reste pourtant facturé", TOLD),
)
