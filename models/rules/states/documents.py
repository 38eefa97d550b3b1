"""The papers that a till issues."""

from enum import StrEnum


class DocumentKind(StrEnum):
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    RECEIPT = "receipt"
    DEPOSIT = "deposit"  # what a till hands in to the Trésor
    CERTIFICATE = "certificate"  # of the tax year
    STATEMENT = "statement"  # of a family's account
    REMINDER = "reminder"
