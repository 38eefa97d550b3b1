"""Takings: a list of money that came in before, or elsewhere. Each is a payment at the counter with its receipt.

The same family, reference, day and sum is the same taking, whoever entered it. The receipt is of the day that the list
says, as long as nobody has closed it or a later one; the ledger's entry is of the moment of the import.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from models.commune.till import Till
from models.counter import reversal, taking
from models.counter.receipt import Receipt
from models.counter.reversal import AlreadyReversed, NotEnoughCash
from models.counter.taking import Taking
from models.direct_debit import planning
from models.family_imports.family_import import FamilyImport, ImportLine
from models.imports.kind import Kind, Lines, Work, Written, wrong
from models.imports.people import NUMBER, People
from models.money import amounts_due
from models.money.amounts_due import AmountDue, DueKind
from models.money.payment import Payment
from models.rules.imports.register import Did
from models.rules.imports.table import Column, Flaw, Outcome, WrongLine, day_of, needed, sum_of, word
from models.rules.states.debits import AT_THE_BANK
from models.rules.states.payments import PaymentMethod
from models.storage.database import as_date, rows, sql_list

LONGEST_REFERENCE = 60
Key = tuple[int, date, int, str]  # family, day, cents, reference as a word
ADVANCES = ("avance", "acompte", "provision", "alimentation")
MEANS: Mapping[str, PaymentMethod] = {
    "especes": PaymentMethod.CASH,
    "espece": PaymentMethod.CASH,
    "liquide": PaymentMethod.CASH,
    "numeraire": PaymentMethod.CASH,
    "cheque": PaymentMethod.CHEQUE,
    "chq": PaymentMethod.CHEQUE,
    "cheque bancaire": PaymentMethod.CHEQUE,
    "cesu": PaymentMethod.CESU,
    "cheque emploi service": PaymentMethod.CESU,
    "carte": PaymentMethod.CARD,
    "cb": PaymentMethod.CARD,
    "carte bancaire": PaymentMethod.CARD,
    "virement": PaymentMethod.TRANSFER,
    "vir": PaymentMethod.TRANSFER,
    "virement bancaire": PaymentMethod.TRANSFER,
}


@dataclass(frozen=True, slots=True)
class NewTaking:
    """`invoice` None: the oldest sums first, unless it is all an advance. What is over is an advance."""

    family: int
    till: int
    day: date
    method: PaymentMethod
    cents: int
    reference: str
    invoice: int | None
    advance: bool

    @property
    def key(self) -> Key:
        return self.family, self.day, self.cents, word(self.reference)


class Takings(Kind[NewTaking]):
    code = "takings"
    most = 500
    columns = (
        Column(
            "day", ("date", "jour", "date d encaissement", "encaisse le", "date de paiement"), needed=True
        ),
        replace(NUMBER, needed=True),
        Column(
            "means",
            ("moyen", "moyen de paiement", "mode", "mode de paiement", "mode de reglement"),
            needed=True,
        ),
        Column("sum", ("montant", "somme", "montant encaisse", "montant regle"), needed=True),
        Column("reference", ("reference", "ref", "n de cheque", "numero de cheque", "numero"), needed=True),
        Column("purpose", ("objet", "facture", "factures", "n facture", "libelle", "pour")),
        Column("till", ("regie", "caisse")),
    )

    async def compare(self, file: FamilyImport, lines: Lines, today: date) -> list[Outcome[NewTaking]]:
        known = await _Known.all()
        found: list[Outcome[NewTaking]] = []
        for line, said in lines:
            try:
                one = known.read(said, today)
                number = known.people.numbers[one.family]
                found.append(known.beside(line, one, number, said.get("purpose", "")))
            except WrongLine as flaw:
                found.append(wrong(line, flaw))
        return found

    async def write(self, outcomes: Sequence[Outcome[NewTaking]], work: Work) -> list[Written]:
        written = []
        for one in outcomes:
            asked = await _asked(one.row, f"import:{work.file.id}:{one.line}")
            receipt = await taking.enter(asked, work.member, work.now)
            if receipt is None:
                raise LookupError(one.line)  # a sum that is handed over always has one
            written.append(Written("taking", f"receipt:{receipt.id}"))
        return written

    async def undo(self, lines: Sequence[ImportLine], work: Work) -> set[int]:
        """Each is reversed; one that was already, or whose cash is not in the drawer any more, stays."""
        kept = set[int]()
        for line in lines:
            receipt = await Receipt.get(id=int(line.subject.partition(":")[2]))
            payment = await Payment.get(id=receipt.payment_id)
            try:
                reason = f"Fichier annulé\u00a0: {work.file.name}"
                await reversal.enter(receipt, payment, reason, work.member, work.now)
            except (AlreadyReversed, NotEnoughCash):
                kept.add(line.id)
        return kept


@dataclass(frozen=True, slots=True)
class _Known:
    people: People
    tills: Mapping[str, int]  # by code and by name, as words
    last_closed: Mapping[int, date]  # by till
    invoices: Mapping[str, tuple[int, int, int]]  # by number, as a word: its id, family and till
    collected: frozenset[int]  # invoices that a bank is asked for
    there: set[Key]  # of takings that nobody took back

    @classmethod
    async def all(cls) -> "_Known":
        """Five questions, however many lines."""
        tills = await Till.all()
        closed = await rows("SELECT till_id, MAX(day) AS day FROM till_closing GROUP BY till_id")
        invoices = await rows("SELECT id, number, family_id, till_id FROM invoice")
        return cls(
            await People.all(),
            {word(name): till.id for till in tills for name in (till.code, till.name)},
            {row["till_id"]: as_date(row["day"]) for row in closed},
            {word(row["number"]): (row["id"], row["family_id"], row["till_id"]) for row in invoices},
            frozenset(row["invoice_id"] for row in await rows(_AT_BANK)),
            {
                (row["family_id"], as_date(row["day"]), int(row["cents"]), word(row["paper_number"]))
                for row in await rows(_THERE)
            },
        )

    def read(self, said: Mapping[str, str], today: date) -> NewTaking:
        """Raises WrongLine."""
        family = self.people.numbered(needed(said, "number"))
        day = day_of(needed(said, "day"))
        if day > today:
            raise WrongLine(Flaw.FUTURE, said["day"])
        method = MEANS.get(word(needed(said, "means")))
        if method is None:
            raise WrongLine(Flaw.MEANS, said["means"])
        cents, reference = sum_of(needed(said, "sum")), needed(said, "reference")[:LONGEST_REFERENCE]
        purpose = word(said.get("purpose", ""))
        invoice = self._invoice(purpose, family)
        till = self._till(said.get("till", ""), invoice)
        return NewTaking(
            family, till, day, method, cents, reference, invoice and invoice[0], purpose in ADVANCES
        )

    def beside(self, line: int, one: NewTaking, number: str, purpose: str) -> Outcome[NewTaking]:
        """Raises WrongLine; what is new counts as there for the lines below."""
        if one.key in self.there:
            return Outcome(line, Did.SAME, number, one.family)
        last = self.last_closed.get(one.till)
        if last is not None and one.day <= last:
            raise WrongLine(Flaw.CLOSED, f"{one.day:%d/%m/%Y}")
        if one.invoice in self.collected:
            raise WrongLine(Flaw.AT_BANK, purpose)
        self.there.add(one.key)
        after = {
            "day": one.day.isoformat(), "cents": one.cents, "method": str(one.method), "reference": one.reference,
            "invoice": purpose if one.invoice else "", "advance": one.advance,
        }  # fmt: skip
        return Outcome(line, Did.CREATED, number, one.family, {}, after, one)

    def _invoice(self, purpose: str, family: int) -> tuple[int, int, int] | None:
        """Also « facture F2026-12 ». Raises WrongLine where it is another family's."""
        found = self.invoices.get(purpose) or self.invoices.get(purpose.removeprefix("facture "))
        if found and found[1] != family:
            raise WrongLine(Flaw.INVOICE, purpose)
        return found

    def _till(self, said: str, invoice: tuple[int, int, int] | None) -> int:
        ids = set(self.tills.values())
        found = self.tills.get(word(said)) if said else None
        if said and found is None:
            raise WrongLine(Flaw.TILL, said)
        if invoice:
            return invoice[2]
        if found is None and len(ids) != 1:
            raise WrongLine(Flaw.NO_TILL)
        return found or min(ids)


async def _asked(one: NewTaking, click: str) -> Taking:
    """The invoice it names, or what is owed longest; never what a bank is asked to collect."""
    dues = (
        []
        if one.advance
        else [due for due in await amounts_due.of_family(one.family) if due.till == one.till]
    )
    if one.invoice:
        dues = [due for due in dues if due.kind is DueKind.INVOICE and due.id == one.invoice]
    chosen = tuple(due.key for due in await _free(dues))
    return Taking(
        family=one.family, till=one.till, chosen=chosen, method=one.method, given=one.cents, keep=True,
        click=click, paper_number=one.reference, day=one.day,
    )  # fmt: skip


async def _free(dues: Sequence[AmountDue]) -> list[AmountDue]:
    invoices = [due.id for due in dues if due.kind is DueKind.INVOICE]
    collected = await planning.of_invoices(invoices)
    at_bank = {id for id, debit in collected.items() if debit.is_at_the_bank}
    return [due for due in dues if due.kind is not DueKind.INVOICE or due.id not in at_bank]


_THERE = """
SELECT receipt.day, receipt.paper_number, payment.cents, payment.family_id FROM receipt
JOIN payment ON payment.id = receipt.payment_id LEFT JOIN reversal ON reversal.payment_id = payment.id
WHERE reversal.id IS NULL AND receipt.paper_number <> ''
"""
_AT_BANK = f"SELECT DISTINCT invoice_id FROM direct_debit WHERE state IN {sql_list(AT_THE_BANK)}"  # noqa: S608
