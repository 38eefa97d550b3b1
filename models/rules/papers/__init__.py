"""What stands on a paper, as plain frozen values: days, cents and names, no sentence and no layout.

The room that knows the rows fills them (`models.money`), `models.french.papers` words them, `jobs.documents` draws
them, and a page shows the same value as HTML. They live with the rules because all four may import these, and because
a value refuses to exist when its sums do not agree (ValueError). Amounts are cents, days are Paris days.
"""

from models.rules.papers.access_letter import AccessLetter
from models.rules.papers.account import AccountStatement, Movement
from models.rules.papers.certificate import (
    CertifiedChild,
    EnrolledIn,
    EnrolmentCertificate,
    TaxCertificate,
    under_six,
)
from models.rules.papers.deposit import Cash, Cheque, DepositSlip, MeansTotal
from models.rules.papers.discharge import Discharge
from models.rules.papers.invoice import Adjustment, CreditNote, Invoice, InvoiceLine
from models.rules.papers.kitchen import KitchenLine, KitchenSheet
from models.rules.papers.mandate import Mandate
from models.rules.papers.parties import Addressee, DirectDebit, Issuer, Recovery, Remedies, WaysToPay
from models.rules.papers.receipt import Receipt, Settled
from models.rules.papers.reminder import Reminder, UnpaidInvoice
from models.rules.papers.rulebook import PersonalData, Rulebook

Paper = (
    Invoice
    | CreditNote
    | Receipt
    | Discharge
    | Mandate
    | TaxCertificate
    | EnrolmentCertificate
    | AccountStatement
    | DepositSlip
    | Reminder
    | Rulebook
    | AccessLetter
    | KitchenSheet
    | PersonalData
)

__all__ = [
    "AccessLetter",
    "AccountStatement",
    "Addressee",
    "Adjustment",
    "Cash",
    "CertifiedChild",
    "Cheque",
    "CreditNote",
    "DepositSlip",
    "DirectDebit",
    "Discharge",
    "EnrolledIn",
    "EnrolmentCertificate",
    "Invoice",
    "InvoiceLine",
    "Issuer",
    "KitchenLine",
    "KitchenSheet",
    "Mandate",
    "MeansTotal",
    "Movement",
    "Paper",
    "PersonalData",
    "Receipt",
    "Recovery",
    "Remedies",
    "Reminder",
    "Rulebook",
    "Settled",
    "TaxCertificate",
    "UnpaidInvoice",
    "WaysToPay",
    "under_six",
]
