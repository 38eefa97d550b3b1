"""Which paper is drawn how."""

from collections.abc import Sequence
from datetime import date

from jobs.documents import (
    access_letter,
    account_statement,
    credit_note,
    deposit_slip,
    invoice,
    kitchen_list,
    personal_data,
    receipt,
    reminder,
    rulebook,
    tax_certificate,
)
from jobs.documents.letter import Letter
from jobs.documents.rulebook import Booklet
from jobs.documents.sheet import Sheet
from jobs.documents.signed import discharge, enrolment_certificate, mandate
from models.rules.deadlines import PARIS
from models.rules.papers import (
    AccessLetter,
    AccountStatement,
    CreditNote,
    DepositSlip,
    Discharge,
    EnrolmentCertificate,
    Invoice,
    KitchenSheet,
    Mandate,
    Paper,
    PersonalData,
    Receipt,
    Reminder,
    Rulebook,
    TaxCertificate,
)


def drawn(papers: Sequence[Paper]) -> bytes:
    if not papers:
        raise ValueError("no paper")
    letters = [letter_of(paper) for paper in papers]
    sheet = Sheet(title_of(letters), max(map(day_of, papers)))
    for letter in letters:
        letter.draw(sheet)
    return sheet.written()


def letter_of(paper: Paper) -> Letter | Booklet:
    match paper:
        case Invoice():
            return invoice.letter(paper)
        case CreditNote():
            return credit_note.letter(paper)
        case Receipt():
            return receipt.letter(paper)
        case Discharge():
            return discharge.letter(paper)
        case Mandate():
            return mandate.letter(paper)
        case TaxCertificate():
            return tax_certificate.letter(paper)
        case EnrolmentCertificate():
            return enrolment_certificate.letter(paper)
        case AccountStatement():
            return account_statement.letter(paper)
        case DepositSlip():
            return deposit_slip.letter(paper)
        case Reminder():
            return reminder.letter(paper)
        case AccessLetter():
            return access_letter.letter(paper)
        case KitchenSheet():
            return kitchen_list.letter(paper)
        case Rulebook():
            return rulebook.letter(paper)
        case PersonalData():
            return personal_data.letter(paper)


def title_of(letters: Sequence[Letter | Booklet]) -> str:
    """What a reader's window shows."""
    subject = letters[0].running_title if len(letters) == 1 else f"{len(letters)} documents"
    return subject if isinstance(letters[0], Booklet) else f"{subject}, {letters[0].issuer.commune}"


def day_of(paper: Paper) -> date:
    match paper:
        case Receipt():
            return paper.received_at.astimezone(PARIS).date()
        case Discharge():
            return paper.given_at.astimezone(PARIS).date()
    return paper.issued_on
