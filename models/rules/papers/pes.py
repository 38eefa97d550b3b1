"""A file of debts for the public accountant: PES V2, « ordres de recette multi-créanciers » (ORMC).

Source: the layout as family software of the field writes it. It has not been read by Hélios yet: « à valider avec la
trésorerie » before the first real file. Open there: the period's one digit (the month's last here), the first key.
Amounts are cents.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import quoteattr

from models.rules.papers.datamatrix import LETTERS, key_mod_11

LEAST = 1500  # a smaller debt is not recovered (CGCT D1611-1)
LONGEST = 38  # letters of a name or of a line of an address
ENCODING = "ISO-8859-1"
TO_VALIDATE = "A valider avec la tresorerie avant tout envoi reel"
NAMESPACES = (
    'xmlns:n="http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)


@dataclass(frozen=True, slots=True)
class Sender:
    """What the accountant gives: codes of the post, the collectivity and its budget, and of the product."""

    post: str
    siret: str
    collectivity: str
    budget: str
    product: str
    bordereau: str  # never the same twice in a year
    on: date
    subject: str

    def wrong(self) -> set[str]:
        """Names of the fields that Hélios would refuse."""
        return {name for name, form in FORMS.items() if not re.fullmatch(form, getattr(self, name))}


FORMS = {
    "post": r"[0-9]{6,7}|02[AB][0-9]{3,4}",
    "siret": r"[0-9]{14}",
    "collectivity": r"[0-9]{3}",
    "budget": r"[0-9A-Z][0-9]",
    "product": r"[0-9A-Za-z]{1,4}",
    "bordereau": r"[1-9][0-9]{0,6}",
}


@dataclass(frozen=True, slots=True)
class Debt:
    """What is left to pay of an invoice. ValueError for an address without its postcode."""

    number: int  # at most 13 digits
    invoice: str
    month: int
    cents: int
    last_name: str
    first_name: str
    address: str  # lines

    @property
    def period(self) -> str:
        return str(self.month % 10)

    @property
    def place(self) -> tuple[str, str, str]:
        """Street, postcode, town."""
        *street, last = [line for line in self.address.splitlines() if line.strip()] or [""]
        found = re.fullmatch(r"([0-9]{5}) +(.+)", last.strip())
        if found is None or not street:
            raise ValueError(self.address)
        return street[-1], found[1], found[2]


def plain(words: str, longest: int = LONGEST) -> str:
    """Capitals without accents, digits, spaces, hyphens and apostrophes."""
    bare = (
        unicodedata.normalize("NFKD", words.replace("’", "'").replace("œ", "oe"))
        .encode("ascii", "ignore")
        .decode()
    )
    return " ".join(re.sub(r"[^A-Z0-9' -]", " ", bare.upper()).split())[:longest]


def amount(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def keys(sender: Sender, debt: Debt) -> tuple[str, str]:
    """Of collectivity, bordereau, year, period and debt, mod 11; of year, period, « 00 » and debt, mod 23."""
    year, number = f"{sender.on.year % 100:02d}", f"{debt.number:013d}"
    first = key_mod_11(f"{sender.collectivity}{sender.bordereau}{year}{debt.period}{number}")
    return str(first), LETTERS[int(f"{year}{debt.period}00{number}") % len(LETTERS)]


def written(sender: Sender, debts: Sequence[Debt], file: str) -> Iterator[str]:
    """The file, a debt at a time. ValueError where a field would be refused, or where there is no debt."""
    if sender.wrong() or not debts:
        raise ValueError(sorted(sender.wrong()))
    yield f'<?xml version="1.0" encoding="{ENCODING}"?>\n<!-- {TO_VALIDATE} -->\n<n:PES_Aller {NAMESPACES}>\n'
    yield _block("Enveloppe", _block("Parametres", _said(Version="2", TypFic="PESORMC", NomFic=file)),
                 _block("Emetteur", _said(Sigle="PORTAIL FAMILLE")))  # fmt: skip
    yield _block(
        "EnTetePES",
        _said(
            DteStr=sender.on.isoformat(), IdPost=sender.post, IdColl=sender.siret, CodCol=sender.collectivity,
            CodBud=sender.budget,
        ),
    )  # fmt: skip
    yield f"<PES_RecetteAller>\n{_block('EnTeteRecette', _said(IdVer='2', InfoDematerialisee='0'))}<Bordereau>\n"
    total = amount(sum(debt.cents for debt in debts))
    yield _block(
        "BlocBordereau",
        _said(
            Exer=str(sender.on.year), IdBord=sender.bordereau, DteBordEm=sender.on.isoformat(), TypBord="06",
            NbrPce=str(len(debts)), MtBordHt=total, DteAsp=sender.on.isoformat(), Objet=plain(sender.subject, 160),
        ),
    )  # fmt: skip
    yield from (_piece(sender, debt, number) for number, debt in enumerate(debts, start=1))
    yield "</Bordereau>\n</PES_RecetteAller>\n</n:PES_Aller>\n"


def _piece(sender: Sender, debt: Debt, number: int) -> str:
    first, second = keys(sender, debt)
    street, postcode, town = debt.place
    bloc = _said(
        IdPce=str(number), TypPce="15", NatPce="01", ObjPce=plain(f"FACTURE {debt.invoice}", 160),
        NumDette=f"{debt.number:013d}", Per=debt.period, Cle1=first, Cle2=second,
    )  # fmt: skip
    line = _said(
        IdLigne="1",
        CodProdLoc=sender.product,
        Nature="588",
        Majo="0",
        TvaIntraCom="0",
        MtHT=amount(debt.cents),
    )
    who = _said(
        CatTiers="01", NatJur="01", TypTiers="01", Nom=plain(debt.last_name), Prenom=plain(debt.first_name)
    )
    where = _said(TypAdr="1", Adr2=plain(street), CP=postcode, Ville=plain(town), CodRes="0")
    return _block(
        "Piece",
        _block("BlocPiece", bloc),
        _block(
            "LigneDePiece",
            _block("BlocLignePiece", _block("InfoLignePiece", line)),
            _block("Tiers", _block("InfoTiers", who), _block("Adresse", where)),
        ),
    )


def _block(name: str, *inside: str) -> str:
    return f"<{name}>\n{''.join(inside)}</{name}>\n"


def _said(**values: str) -> str:
    """Hélios reads values from an attribute « V »."""
    return "".join(f"<{name} V={quoteattr(value)}/>\n" for name, value in values.items())
