"""Who sends a paper, who gets it, how it can be paid, how it can be disputed."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Issuer:
    """The letterhead. The quality of who issues is compulsory on what claims money (CE, 17 March 2016)."""

    commune: str  # « Ville de Val-Fleuri »
    service: str  # the till: « Régie scolaire »
    address: tuple[str, ...]  # at most four lines
    phone: str = ""
    email: str = ""
    colour: str = "#1D4ED8"  # #RRGGBB
    logo: bytes | None = None  # a PNG, a JPEG or an SVG
    signatory: str = ""  # « Claire Dumont »
    quality: str = ""  # « régisseuse titulaire », « maire »


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who gets it. At most six lines of 38 characters are read by the post (NF Z 10-011)."""

    lines: tuple[str, ...]  # as on the envelope: name, street, postcode and town
    name: str  # « MOREAU Sophie », on the slip that goes back
    number: str  # of the family's file: « VF-1002 »

    def __post_init__(self) -> None:
        if not 1 <= len(self.lines) <= 6:
            raise ValueError(f"{len(self.lines)} lines of address")


@dataclass(frozen=True, slots=True)
class DirectDebit:
    """Announced at least 14 days ahead: the invoice is the notice."""

    on: date
    mandate: str  # its RUM
    account: str  # the IBAN, masked: « FR76 •••• 0189 »


@dataclass(frozen=True, slots=True)
class WaysToPay:
    url: str = ""  # the portal's page of this invoice, drawn as a QR code
    site: str = ""  # « famille.val-fleuri.example »
    collectivity: str = ""  # PayFiP: the collectivity's number (numcli)
    reference: str = ""  # PayFiP: the debt's (refdet)
    counter: tuple[str, ...] = ()  # sentences: where and when, with which means
    cheque_to: str = ""  # « Régie scolaire de Val-Fleuri »; without it no slip is drawn
    debit: DirectDebit | None = None  # then nothing is left to do


class Recovery(StrEnum):
    TILL = "till"  # an invoice of the till: a title follows when it is not paid
    TITLE = "title"  # the paper is the title itself (ORMC)


@dataclass(frozen=True, slots=True)
class Remedies:
    """CGCT L1617-5: two months from receipt, before the court that is named."""

    kind: Recovery
    court: str  # « tribunal administratif de Grenoble »
    court_address: str = ""  # « 2 place de Verdun, 38000 Grenoble »
