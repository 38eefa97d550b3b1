"""Tables whose rows are only ever added: what happened stays as it happened.

An erasure may take the words about a family out of some of them, and nothing else: never a sum, a day or who did it.
"""

from models.rules.states.documents import ERASABLE
from models.storage.constraint_kinds import AppendOnly

REASON = "Motif effacé"
NOTE = "Note effacée"
FILE = "Pièce effacée"

_NO_BYTES = 'LENGTH(NEW."content") = 0'
_KINDS = ", ".join(f"'{kind}'" for kind in sorted(ERASABLE))


def _nothing(column: str, instead: str = "") -> str:
    """It is empty, or says that it was emptied."""
    return f"NEW.\"{column}\" IN ('', '{instead}')" if instead else f"NEW.\"{column}\" = ''"


EMPTIED = (
    AppendOnly("entry", {"child": _nothing("child")}, "id key kind label occurred_at actor activity"),
    AppendOnly(
        "event",
        {
            "details": "CAST(NEW.details AS TEXT) = '{}'",
            "salt": "NEW.salt IS NULL AND OLD.salt IS NOT NULL",
            "emptied_at": "NEW.emptied_at IS NOT NULL AND OLD.emptied_at IS NULL",
        },
        "id at actor action object family_id digest hash",
    ),
    AppendOnly(
        "issued_document",
        {"content": f"{_NO_BYTES} AND OLD.kind IN ({_KINDS})"},
        "id key kind family_id name size sha256 stored_at",
    ),
    AppendOnly(
        "message_attachment",
        {"name": f"NEW.name = '{FILE}'", "content": _NO_BYTES},
        "id message_id mass_id kind size sha256",
    ),
    AppendOnly("thread_note", {"text": _nothing("text", NOTE)}, "id thread_id member_id key written_at"),
    AppendOnly(
        "receipt",
        {"payer": _nothing("payer"), "bank": _nothing("bank"), "drawer": _nothing("drawer")},
        "id payment_id till_id number series_year rank day taken_at member_id tendered paper_number",
    ),
    AppendOnly(
        "reversal", {"reason": _nothing("reason", REASON)}, "id payment_id till_id day at member_id from_bank"
    ),
    AppendOnly(
        "write_off",
        {"reason": _nothing("reason", REASON)},
        "id family_id till_id invoice_id entry_id cents member_id at click",
    ),
    AppendOnly(
        "reminder",
        {"recipient": _nothing("recipient")},
        "id family_id till_id level sent_on sent_at pay_by cents delivery member_id",
    ),
    AppendOnly(
        "discharge",
        {"payee": _nothing("payee")},
        "id refund_id till_id number series_year rank day given_at member_id",
    ),
    AppendOnly("bank_line", {"label": _nothing("label")}, "id file_id till_id day cents key"),
)
APPEND_ONLY = (
    AppendOnly("leg"),
    AppendOnly("invoice"),
    AppendOnly("invoice_line"),
    AppendOnly("credit_note"),
    AppendOnly("credit_note_line"),
    AppendOnly("payment_part"),
    AppendOnly("credit_use"),
    AppendOnly("till_closing"),
    AppendOnly("reminded_invoice"),
    AppendOnly("deposit"),
    AppendOnly("deposited_receipt"),
    AppendOnly("bank_file"),
    AppendOnly("consent_answer"),
    AppendOnly("roll_closing"),
    AppendOnly("roll_charge"),
    AppendOnly("merged_balance"),
    AppendOnly("town_logo"),
    *EMPTIED,
)
