"""Tables whose rows are only ever added: what happened stays as it happened."""

from models.storage.constraint_kinds import AppendOnly

APPEND_ONLY = (
    AppendOnly("entry"),
    AppendOnly("leg"),
    AppendOnly("event"),
    AppendOnly("invoice"),
    AppendOnly("invoice_line"),
    AppendOnly("credit_note"),
    AppendOnly("credit_note_line"),
    AppendOnly("issued_document"),
    AppendOnly("message_attachment"),
    AppendOnly("thread_note"),
    AppendOnly("payment_part"),
    AppendOnly("credit_use"),
    AppendOnly("receipt"),
    AppendOnly("reversal"),
    AppendOnly("till_closing"),
    AppendOnly("write_off"),
    AppendOnly("reminder"),
    AppendOnly("reminded_invoice"),
    AppendOnly("discharge"),
    AppendOnly("deposit"),
    AppendOnly("deposited_receipt"),
    AppendOnly("bank_file"),
    AppendOnly("bank_line"),
    AppendOnly("consent_answer"),
    AppendOnly("roll_closing"),
    AppendOnly("roll_charge"),
    AppendOnly("merged_balance"),
)
