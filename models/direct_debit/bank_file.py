"""The file that asks a bank to collect (pain.008), made by sepaxml and valid against the schema that it ships."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from models.commune.till import Till


class Refused(Exception):
    """The file would not be valid: a name, a reference or an account is not what a bank can read."""


@dataclass(frozen=True, slots=True)
class Collection:
    reference: str
    cents: int
    sequence: str
    rum: str
    signed_on: date
    holder: str
    iban: str
    bic: str
    about: str  # what the statement of the account says


def made(message: str, till: Till, collect_on: date, collections: Sequence[Collection]) -> bytes:
    """Takes some seconds for hundreds: not in the event loop. Raises Refused."""
    from sepaxml import SepaDD  # with its schemas and their validator, which take a moment
    from sepaxml.validation import ValidationError

    document = SepaDD(_creditor(till), schema=till.sepa_format, clean=True)
    for one in collections:
        document.add_payment(_payment(one, collect_on))
    _name(document, message)
    try:
        return bytes(document.export(validate=True))
    except ValidationError:
        raise Refused(message) from None


def _creditor(till: Till) -> dict[str, object]:
    from models.direct_debit.account import bank_account

    account = bank_account(till.iban or "")
    found: dict[str, object] = {
        "name": till.creditor,
        "IBAN": account.iban,
        "batch": True,
        "creditor_id": till.ics,
        "currency": "EUR",
    }
    return found | ({"BIC": account.bic} if account.bic else {})


def _payment(one: Collection, collect_on: date) -> dict[str, object]:
    found: dict[str, object] = {
        "name": one.holder,
        "IBAN": one.iban,
        "amount": one.cents,
        "type": one.sequence,
        "collection_date": collect_on,
        "mandate_id": one.rum,
        "mandate_date": one.signed_on,
        "description": one.about,
        "endtoend_id": one.reference,
    }
    return found | ({"BIC": one.bic} if one.bic else {})


def _name(document: "object", message: str) -> None:
    """sepaxml invents the name of the message: the bank's answers must name ours."""
    header = document._xml.find("CstmrDrctDbtInitn/GrpHdr/MsgId")  # type: ignore[attr-defined]
    header.text = message
