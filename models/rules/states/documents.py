"""The papers that are issued, kept as they were, and served for ever."""

from enum import StrEnum


class DocumentKind(StrEnum):
    INVOICE = "invoice"
    LETTERS = "letters"  # of a campaign: the invoices that go by post, as one file to print
    CREDIT_NOTE = "credit_note"
    RECEIPT = "receipt"
    DISCHARGE = "discharge"  # of a refund in cash: what the family signs
    DEPOSIT = "deposit"  # what a till hands in to the Trésor
    CERTIFICATE = "certificate"  # of the tax year
    CERTIFICATES = "certificates"  # of a run: all that left with it, as one file
    ENROLMENT = "enrolment"  # of a child: its school and activities, as a parent asked
    STATEMENT = "statement"  # of a family's account
    REMINDER = "reminder"
    GUIDE = "guide"  # how the portal is used, a paper for each text that it had
    RULEBOOK = "rulebook"  # the commune's règlement, a paper for each time that it changed


# What no law keeps: an erasure takes their bytes away.
ERASABLE = frozenset({DocumentKind.ENROLMENT, DocumentKind.STATEMENT, DocumentKind.REMINDER})
