"""What a child's file holds, beside the journal: each change is a row there, and nothing is another family's."""

from models.rules.booking import LIVE
from models.rules.families.documents import PER
from models.rules.states.requests import RequestState
from models.storage.database import sql_list
from models.storage.integrity.promises import Check, Promise, left, stands

# Its version says how often it was written, and the journal who did each time.
HEALTH = """
SELECT child_health.id FROM child_health WHERE child_health.version <> (SELECT COUNT(*) FROM event
  WHERE event.action = 'health.changed' AND event.object = 'child:' || child_health.child_id)
"""

# Named by a parent of the child, and in the journal: once when added, once when taken away. Of a child that was entered
# twice, the journal may name the other row.
CONTACTS = f"""
SELECT child_contact.id FROM child_contact
JOIN guardian ON guardian.id = child_contact.added_by_id
LEFT JOIN event ON event.action = 'contact.added' AND event.at = child_contact.added_at
  AND event.actor = 'guardian:' || child_contact.added_by_id AND (event.object = 'child:' || child_contact.child_id
    OR event.object IN (SELECT 'child:' || child_id FROM merged_child WHERE kept_id = child_contact.child_id))
WHERE event.id IS NULL OR NOT EXISTS (SELECT 1 FROM home
    WHERE home.child_id = child_contact.child_id AND {stands("home.family_id")} = {stands("guardian.family_id")})
    AND NOT {left("child_contact.child_id", "guardian.family_id")}
  OR (child_contact.removed_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM event AS gone
    WHERE gone.action = 'contact.removed' AND gone.at = child_contact.removed_at
      AND gone.object = 'child:' || child_contact.child_id))
"""

CONSENTS = f"""
SELECT consent_answer.id FROM consent_answer JOIN guardian ON guardian.id = consent_answer.guardian_id
WHERE NOT EXISTS (SELECT 1 FROM event WHERE event.at = consent_answer.at
    AND event.actor = 'guardian:' || consent_answer.guardian_id
    AND event.object = 'consent:' || consent_answer.id
    AND event.action = CASE WHEN consent_answer.granted THEN 'consent.given' ELSE 'consent.refused' END)
  OR NOT EXISTS (SELECT 1 FROM home
    WHERE home.child_id = consent_answer.child_id AND {stands("home.family_id")} = {stands("guardian.family_id")})
    AND NOT {left("consent_answer.child_id", "guardian.family_id")}
"""

# Of a child of the family where it is asked for each child; a proof is of a request of the same family. Answered, it
# is in the journal, which says the answer.
PAPERS = f"""
SELECT sent_document.id FROM sent_document
JOIN guardian ON guardian.id = sent_document.guardian_id
LEFT JOIN required_document ON required_document.id = sent_document.required_id
LEFT JOIN request ON request.id = sent_document.request_id
WHERE {stands("guardian.family_id")} <> {stands("sent_document.family_id")}
  OR (request.id IS NOT NULL AND request.family_id <> sent_document.family_id)
  OR (required_document.per <> '{PER[1]}') <> (sent_document.child_id IS NOT NULL)
  OR (sent_document.child_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM home
    WHERE home.child_id = sent_document.child_id
      AND {stands("home.family_id")} = {stands("sent_document.family_id")})
    AND NOT {left("sent_document.child_id", "sent_document.family_id")})
  OR (sent_document.required_id IS NOT NULL AND sent_document.state <> '{RequestState.PENDING}'
    AND sent_document.answered_by IS NOT NULL AND NOT EXISTS (SELECT 1 FROM event
      WHERE event.action = 'proof.' || sent_document.state AND event.at = sent_document.answered_at
        AND event.object = 'document:' || sent_document.id
        AND {stands("event.family_id")} = {stands("sent_document.family_id")}))
"""

# A file of families that was written: as many wrong lines as it says, and nobody who is not there, or back as it was.
IMPORTS = """
SELECT family_import.id FROM family_import WHERE family_import.applied_at IS NOT NULL AND (
  family_import.wrong <> (SELECT COUNT(*) FROM import_line
    WHERE import_line.file_id = family_import.id AND import_line.what = 'wrong')
  OR EXISTS (SELECT 1 FROM import_line
    LEFT JOIN family ON import_line.what = 'family' AND import_line.subject = 'family:' || family.id
    LEFT JOIN guardian ON import_line.what = 'parent' AND import_line.subject = 'guardian:' || guardian.id
    LEFT JOIN child ON import_line.what = 'child' AND import_line.subject = 'child:' || child.id
    WHERE import_line.file_id = family_import.id AND import_line.what IN ('family', 'parent', 'child')
      AND (COALESCE(family.id, guardian.id, child.id) IS NULL)
        <> (family_import.undone_at IS NOT NULL AND NOT import_line.kept)))
"""

# Of another kind: each line that did something says what; a taking has its receipt, reversed where it was taken back.
TABLES = """
SELECT family_import.id FROM family_import WHERE family_import.kind <> 'families'
AND family_import.applied_at IS NOT NULL AND (
  family_import.created + family_import.changed <> (SELECT COUNT(*) FROM import_line
    WHERE import_line.file_id = family_import.id AND import_line.what <> 'wrong')
  OR EXISTS (SELECT 1 FROM import_line
    LEFT JOIN receipt ON import_line.subject = 'receipt:' || receipt.id
    LEFT JOIN payment ON payment.id = receipt.payment_id AND payment.family_id = import_line.home
    LEFT JOIN reversal ON reversal.payment_id = payment.id
    WHERE import_line.file_id = family_import.id AND import_line.what = 'taking' AND (payment.id IS NULL
      OR payment.cents <> CAST(import_line.after->>'cents' AS INTEGER)
      OR (family_import.undone_at IS NOT NULL AND NOT import_line.kept AND reversal.id IS NULL))))
"""

# A file that was merged is closed: it holds nobody, and names one that stands; the journal says so.
CLOSED = f"""
SELECT merge.id FROM family_merge AS merge
WHERE EXISTS (SELECT 1 FROM family_merge AS other WHERE other.family_id = merge.into_id)
  OR EXISTS (SELECT 1 FROM guardian WHERE guardian.family_id = merge.family_id
    AND (guardian.password IS NOT NULL OR guardian.blocked_at IS NULL))
  OR EXISTS (SELECT 1 FROM booking WHERE booking.family_id = merge.family_id AND booking.made_at > merge.at
    AND booking.state IN {sql_list(LIVE)})
  OR NOT EXISTS (SELECT 1 FROM event WHERE event.action = 'family.merged' AND event.at = merge.at
    AND event.object = 'family:' || merge.family_id)
  OR EXISTS (SELECT 1 FROM home WHERE home.family_id = merge.family_id
    AND NOT EXISTS (SELECT 1 FROM merged_child WHERE merged_child.child_id = home.child_id))
"""

# A child that was entered twice is at home where the one file stands; what moved between accounts, moved for a merge.
MOVED = f"""
SELECT 'enfant ' || merged_child.child_id AS id FROM merged_child
JOIN family_merge AS merge ON merge.id = merged_child.merge_id
WHERE NOT EXISTS (SELECT 1 FROM home
    WHERE home.child_id = merged_child.kept_id AND home.family_id = {stands("merge.family_id")})
  OR EXISTS (SELECT 1 FROM merged_child AS other WHERE other.child_id = merged_child.kept_id)
UNION
SELECT 'solde ' || moved.id FROM merged_balance AS moved
WHERE NOT EXISTS (SELECT 1 FROM family_merge AS merge
  WHERE merge.family_id = moved.family_id AND merge.at <= moved.at)
"""

# Whoever a passage gave a class, or let go, has it in the journal of that moment.
PASSED = """
SELECT passed_child.id FROM passed_child JOIN passage ON passage.id = passed_child.passage_id
WHERE NOT EXISTS (SELECT 1 FROM event WHERE event.at = passage.at AND event.object = 'child:' || passed_child.child_id
  AND event.action = CASE passed_child.level WHEN '' THEN 'class.left' ELSE 'class.changed' END)
"""

PROMISES: tuple[Promise, ...] = (
    Check("dossier", "données de santé changées hors du journal", HEALTH),
    Check("dossier", "contacts d’un enfant que le journal ne connaît pas", CONTACTS),
    Check("dossier", "autorisations que personne n’a données", CONSENTS),
    Check("dossier", "reprises de familles qui ne disent pas ce qu’elles ont fait", IMPORTS),
    Check("dossier", "fichiers repris qui ne disent pas ce qu’ils ont fait", TABLES),
    Check("dossier", "passages de classe que le journal ne connaît pas", PASSED),
    Check("fusions", "dossiers fusionnés qui ne sont pas fermés", CLOSED),
    Check("fusions", "enfants ou soldes réunis sans fusion", MOVED),
    Check("dossier", "pièces d’une autre famille, ou répondues sans le dire", PAPERS),
)
