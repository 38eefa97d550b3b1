"""What is true of each row."""

from models.rules.attachments import FileType
from models.rules.dues import EXEMPTIONS
from models.rules.families.documents import BLOCKS, PER
from models.rules.families.enrolling import WaitState
from models.rules.states import texts
from models.rules.states.attendance import AttendanceState
from models.rules.states.debits import IN_BATCH, DebitState
from models.rules.states.payments import PartKind
from models.rules.states.requests import ANSWERED, OF_A_BOOKING, RequestKind, RequestState
from models.rules.states.threads import ThreadState
from models.storage.constraint_kinds import Check
from models.storage.database import sql_list

# What a part of a payment is for, told by its kind: that, and nothing else.
ONE_THING = f"""CASE NEW.kind
  WHEN '{PartKind.ORDER}' THEN NEW.order_id IS NOT NULL AND NEW.invoice_id IS NULL AND NEW.till_id IS NULL
  WHEN '{PartKind.INVOICE}' THEN NEW.order_id IS NULL AND NEW.invoice_id IS NOT NULL AND NEW.till_id IS NULL
  WHEN '{PartKind.DEBT}' THEN NEW.order_id IS NULL AND NEW.invoice_id IS NULL AND NEW.till_id IS NOT NULL
  WHEN '{PartKind.ADVANCE}' THEN NEW.order_id IS NULL AND NEW.invoice_id IS NULL AND NEW.till_id IS NULL
  ELSE FALSE END"""

ENDED = "NEW.reason <> '' AND (NEW.ended_at IS NULL) = (NEW.ended_by_id IS NULL)"  # by whom, where it is
UNDONE = (
    "(NEW.undone_at IS NULL) = (NEW.undone_by_id IS NULL) AND (NEW.undone_at IS NULL) = (NEW.reason = '')"
)

# By the mairie, with a reason where it is refused.
PAPER_ANSWERED = f"""CASE WHEN NEW.state IN {sql_list(ANSWERED)}
  THEN NEW.answered_at IS NOT NULL AND NEW.answered_by IS NOT NULL
    AND (NEW.state = '{RequestState.REFUSED}') = (NEW.reason <> '')
  ELSE NEW.answered_by IS NULL AND NEW.reason = '' AND NEW.until IS NULL END"""

CHECKS = (
    Check(
        "ck_opening_places",
        "opening",
        "NEW.taken >= 0 AND (NEW.places IS NULL OR NEW.taken <= NEW.places + NEW.overrun)",
    ),
    Check(
        "ck_opening_overrun", "opening", "NEW.overrun = 0 OR (NEW.overrun > 0 AND NEW.overrun_by IS NOT NULL)"
    ),
    Check(
        "ck_enrolment_wait_ended",
        "enrolment_wait",
        f"(NEW.state = '{WaitState.WAITING}') = (NEW.ended_at IS NULL)",
    ),
    Check("ck_session_viewed", "session", "NEW.viewed_id IS NULL OR NEW.member_id IS NOT NULL"),
    Check(
        "ck_family_import_content",
        "family_import",
        "(NEW.content IS NULL) = (NEW.applied_at IS NOT NULL OR NEW.dropped_at IS NOT NULL)",
    ),
    Check(
        "ck_family_import_undone",
        "family_import",
        "(NEW.undone_at IS NULL) = (NEW.undone_by IS NULL) AND (NEW.undone_at IS NULL OR NEW.applied_at IS NOT NULL)",
    ),
    Check(
        "ck_family_import_applied",
        "family_import",
        "(NEW.applied_at IS NULL) = (NEW.applied_by IS NULL) AND (NEW.applied_at IS NULL OR NEW.dropped_at IS NULL)",
    ),
    Check("ck_passage_undone", "passage", "(NEW.undone_at IS NULL) = (NEW.undone_by IS NULL)"),
    Check("ck_passed_child_class", "passed_child", "(NEW.school_id IS NULL) = (NEW.level = '')"),
    Check("ck_family_merge_into", "family_merge", "NEW.family_id <> NEW.into_id"),
    Check("ck_merged_child_kept", "merged_child", "NEW.child_id <> NEW.kept_id"),
    Check("ck_merged_balance_cents", "merged_balance", "NEW.cents <> 0 AND NEW.family_id <> NEW.into_id"),
    Check("ck_leg_cents", "leg", "NEW.cents <> 0"),
    Check("ck_payment_cents", "payment", "NEW.cents > 0"),
    Check("ck_payment_part_cents", "payment_part", "NEW.cents > 0"),
    Check("ck_payment_part_kind", "payment_part", ONE_THING),
    Check("ck_payment_part_entry", "payment_part", f"NEW.entry_id IS NULL OR NEW.kind = '{PartKind.DEBT}'"),
    Check("ck_credit_use_cents", "credit_use", "NEW.cents > 0"),
    Check("ck_cart_line_cents", "cart_line", "NEW.cents >= 0"),
    Check("ck_booking_cents", "booking", "NEW.cents >= 0"),
    Check("ck_cancelled_day_cents", "cancelled_day", "NEW.cents >= 0"),
    Check(
        "ck_class_event_withdrawn", "class_event", "(NEW.withdrawn_at IS NULL) = (NEW.withdrawn_by IS NULL)"
    ),
    Check("ck_attendance_state", "attendance", f"NEW.state IN {sql_list(AttendanceState)}"),
    Check("ck_attendance_times", "attendance", "COALESCE(NEW.arrived <= NEW.departed, TRUE)"),
    Check("ck_roll_charge_cents", "roll_charge", "NEW.cents <> 0"),
    Check("ck_tax_certificate_cents", "tax_certificate", "NEW.cents >= 0"),
    Check("ck_credit_note_cents", "credit_note", "NEW.cents > 0"),
    Check(
        "ck_credit_note_applied",
        "credit_note",
        "NEW.applied_cents >= 0 AND NEW.applied_cents <= NEW.cents",
    ),
    Check(
        "ck_invoice_rank",
        "invoice",
        "NEW.before_portal OR (NEW.rank IS NOT NULL AND NEW.series_year IS NOT NULL)",
    ),
    Check(
        "ck_slot_time", "slot", "(NEW.step IS NULL OR NEW.step > 0) AND (NEW.minimum IS NULL OR NEW.step > 0)"
    ),
    Check("ck_aid_days", "aid", 'NEW."end" IS NULL OR NEW."end" >= NEW.start'),
    Check(
        "ck_aid_sums",
        "aid",
        "NEW.cents > 0 AND (NEW.most_cents IS NULL OR NEW.most_cents > 0) "
        "AND (NEW.most_days IS NULL OR NEW.most_days > 0)",
    ),
    Check(
        "ck_request_booking",
        "request",
        f"NEW.kind NOT IN {sql_list(OF_A_BOOKING)} OR NEW.booking_id IS NOT NULL",
    ),
    Check(
        "ck_request_change",
        "request",
        f"NEW.kind <> '{RequestKind.FILE_CHANGE}' OR (NEW.before IS NOT NULL AND NEW.after IS NOT NULL)",
    ),
    Check("ck_passkey_owner", "passkey", "(NEW.guardian_id IS NULL) <> (NEW.member_id IS NULL)"),
    Check("ck_family_dependants", "family", "NEW.dependants IS NULL OR NEW.dependants >= 0"),
    Check("ck_child_health_version", "child_health", "NEW.version > 0"),
    Check("ck_child_contact_use", "child_contact", "NEW.collects OR NEW.emergency"),
    Check("ck_required_document_per", "required_document", f"NEW.per IN {sql_list(PER)}"),
    Check(
        "ck_required_document_blocks",
        "required_document",
        f"NEW.blocks IS NULL OR NEW.blocks IN {sql_list(BLOCKS)}",
    ),
    Check("ck_sent_document_kind", "sent_document", f"NEW.size > 0 AND NEW.kind IN {sql_list(FileType)}"),
    Check("ck_sent_document_for", "sent_document", "(NEW.required_id IS NULL) <> (NEW.request_id IS NULL)"),
    Check("ck_sent_document_answer", "sent_document", PAPER_ANSWERED),
    Check(
        "ck_message_author",
        "message",
        "(NEW.guardian_id IS NULL AND NEW.member_id IS NOT NULL) "
        "OR (NEW.guardian_id IS NOT NULL AND NEW.member_id IS NULL)",
    ),
    Check("ck_message_attachment_size", "message_attachment", "NEW.size > 0"),
    Check("ck_mass_attachment_size", "mass_attachment", "NEW.size > 0"),
    Check("ck_mass_attachment_kind", "mass_attachment", f"NEW.kind IN {sql_list(FileType)}"),
    Check("ck_message_attachment_kind", "message_attachment", f"NEW.kind IN {sql_list(FileType)}"),
    Check("ck_message_thread_state", "message_thread", f"NEW.state IN {sql_list(ThreadState)}"),
    Check(
        "ck_text_message_state",
        "text_message",
        f"NEW.state IN {sql_list(texts.TextState)} "
        f"AND (NEW.ended_at IS NOT NULL) = (NEW.state IN {sql_list(sorted(texts.ENDED))})",
    ),
    Check("ck_debit_batch_cents", "debit_batch", "NEW.number > 0 AND NEW.cents > 0"),
    Check(
        "ck_direct_debit_batch",
        "direct_debit",
        f"(NEW.state IN {sql_list(IN_BATCH)}) = (NEW.batch_id IS NOT NULL)",
    ),
    Check(
        "ck_direct_debit_cents",
        "direct_debit",
        "CASE WHEN NEW.batch_id IS NULL THEN NEW.cents IS NULL ELSE COALESCE(NEW.cents > 0, FALSE) END",
    ),
    Check(
        "ck_direct_debit_payment",
        "direct_debit",
        f"NEW.payment_id IS NULL OR NEW.state IN ('{DebitState.PAID}', '{DebitState.REJECTED}')",
    ),
    Check("ck_kitchen_list", "kitchen_list", "NEW.expected >= 0"),
    Check("ck_order_parts", "family_order", "NEW.debt >= 0 AND NEW.credit >= 0 AND NEW.due >= 0"),
    Check("ck_receipt_tendered", "receipt", "NEW.tendered IS NULL OR NEW.tendered > 0"),
    Check("ck_reversal_reason", "reversal", "NEW.reason <> ''"),
    Check(
        "ck_till_closing_reason",
        "till_closing",
        "NEW.counted_cents = NEW.expected_cents OR NEW.reason <> ''",
    ),
    Check("ck_write_off", "write_off", "NEW.cents > 0 AND NEW.reason <> ''"),
    Check("ck_exemption", "exemption", ENDED),
    Check("ck_exemption_kind", "exemption", f"NEW.kind IN {sql_list(EXEMPTIONS)}"),
    Check("ck_till_block", "till", "NEW.block_above > 0 OR NEW.block_above IS NULL"),
    Check("ck_refund_cents", "refund", "NEW.cents > 0"),
    Check("ck_demo_charge_back", "demo_charge", "NEW.given_back >= 0 AND NEW.given_back <= NEW.cents"),
    Check("ck_deposit_cents", "deposit", "NEW.cents > 0 AND NEW.cash_cents >= 0"),
    Check("ck_bank_line_cents", "bank_line", "NEW.cents > 0"),
    Check("ck_bank_file_lines", "bank_file", "NEW.lines > 0"),
    Check("ck_bank_match_undone", "bank_match", UNDONE),
    Check("ck_bank_aside", "bank_aside", ENDED),
    Check("ck_bank_match_one", "bank_match", "(NEW.deposit_id IS NULL) <> (NEW.payment_id IS NULL)"),
)
