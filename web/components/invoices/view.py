"""What the pages of invoices show: the dues of each till, each with its lines, its paper and what can be done."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from models import banks
from models.activities.catalogue import Catalogue
from models.checkout.amounts_due import TillBill
from models.commune.till import Till
from models.counter import journal
from models.counter.journal import Paid
from models.direct_debit import planning
from models.direct_debit.debit import DirectDebit
from models.french import day_short, month_name
from models.invoicing.due import BILLED_ABSENCE
from models.money import amounts_due, invoice_list
from models.money.amounts_due import AmountDue, DueKind
from models.money.invoice import InvoiceLine
from models.money.invoice_list import IssuedInvoice


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line as it was printed; `days` are « lu 03 » and whether the child was away."""

    line: InvoiceLine
    days: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Due:
    due: AmountDue
    lines: Sequence[PrintedLine]
    size: int | None  # of the paper; None while it is not drawn
    chosen: bool
    debit: DirectDebit | None = None  # the collection that it waits for

    @property
    def title(self) -> str:
        """« Avril 2016 », « CANTINE - CANTINE 2016-2017 »."""
        if self.due.kind is not DueKind.INVOICE:
            return self.due.label
        day = self.due.period[0] if self.due.period else self.due.on
        return month_name(day).capitalize() if day else self.due.label

    @property
    def is_at_the_bank(self) -> bool:
        return self.debit is not None and self.debit.is_at_the_bank

    @property
    def is_invoice(self) -> bool:
        return self.due.kind is DueKind.INVOICE

    @property
    def href(self) -> str:
        return f"/factures/{self.due.id}"


@dataclass(frozen=True, slots=True)
class TillDues:
    till: Till
    dues: Sequence[Due]
    payable: bool
    credit: int

    @property
    def open(self) -> int:
        return sum(one.due.open for one in self.dues)


@dataclass(frozen=True, slots=True)
class Dues:
    tills: Sequence[TillDues]
    credit: int  # at all tills, those too where nothing is due

    @property
    def all(self) -> list[Due]:
        return [one for till in self.tills for one in till.dues]

    @property
    def total(self) -> int:
        return sum(till.open for till in self.tills)

    @property
    def situation(self) -> int:
        """« Situation financière »: all that is due less the avoirs, in cents; negative in the family's favour."""
        return self.total - self.credit

    @property
    def invoiced(self) -> int:
        """« Solde des factures »: what is left to pay of them, in cents."""
        return sum(one.due.open for one in self.all if one.is_invoice)

    @property
    def payable(self) -> bool:
        return any(till.payable for till in self.tills)

    @property
    def invoices(self) -> int:
        return sum(one.is_invoice for one in self.all)

    def overdue(self, today: date) -> int:
        return sum(one.due.is_overdue(today) for one in self.all)


async def dues(catalogue: Catalogue, family: int, chosen: Collection[str] | None) -> Dues:
    """`chosen`: keys that are ticked; None on a first look, when the only one there is is ticked."""
    found = await amounts_due.of_family(family)
    invoices = [due.id for due in found if due.kind is DueKind.INVOICE]
    lines, sizes = await _lines(invoices), await invoice_list.weights(invoices)
    debits = await planning.of_invoices(invoices)
    credits = await amounts_due.credits_of(family)
    tills = [till for till in catalogue.tills.values() if any(due.till == till.id for due in found)]
    alone = chosen is None and len(found) == 1

    def one(due: AmountDue) -> Due:
        ours = due.id if due.kind is DueKind.INVOICE else 0
        debit = debits.get(ours)
        ticked = due.key in (chosen or ()) or (alone and debit is None)
        return Due(due, lines.get(ours, ()), sizes.get(ours), ticked, debit)

    return Dues(
        [
            TillDues(
                till,
                [one(due) for due in found if due.till == till.id],
                banks.of_till(till) is not None,
                credits.get(till.id, 0),
            )
            for till in tills
        ],
        sum(credits.values()),
    )


@dataclass(frozen=True, slots=True)
class Paper:
    """An issued invoice as its page shows it."""

    invoice: IssuedInvoice
    till: Till
    lines: Sequence[PrintedLine]
    size: int | None
    payable: bool
    paid: Sequence[Paid]  # at a counter
    debit: DirectDebit | None = None

    @property
    def title(self) -> str:
        return month_name(self.invoice.month).capitalize()

    @property
    def due_key(self) -> str:
        return f"{DueKind.INVOICE}-{self.invoice.id}"


async def papers(catalogue: Catalogue, found: Sequence[IssuedInvoice]) -> list[Paper]:
    ids = [invoice.id for invoice in found]
    debits = await planning.of_invoices(ids)
    lines, sizes = await _lines(ids), await invoice_list.weights(ids)
    paid = await journal.of_invoices(ids)
    return [
        Paper(
            invoice,
            till := catalogue.tills[invoice.till],
            lines.get(invoice.id, ()),
            sizes.get(invoice.id),
            banks.of_till(till) is not None,
            paid[invoice.id],
            debits.get(invoice.id),
        )
        for invoice in found
    ]


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of the sums of the recap. `without`: the recap of all the others, or the list when it is alone."""

    due: AmountDue
    cents: int
    without: str

    @property
    def field(self) -> str:
        return f"montant-{self.due.key}"

    @property
    def name(self) -> str:
        return f"Facture n°\u00a0{self.due.label}" if self.due.kind is DueKind.INVOICE else self.due.label


@dataclass(frozen=True, slots=True)
class Recap:
    bills: Sequence[TillBill]

    @property
    def number(self) -> int:
        return sum(len(bill.lines) for bill in self.bills)

    @property
    def noun(self) -> str:
        """« facture », when all of them are."""
        kinds = {due.kind for bill in self.bills for due, _ in bill.lines}
        return "facture" if kinds == {DueKind.INVOICE} else "somme"

    @property
    def total(self) -> int:
        return sum(bill.total for bill in self.bills)

    @property
    def credit(self) -> int:
        return sum(bill.credit for bill in self.bills)

    @property
    def due(self) -> int:
        return sum(bill.due for bill in self.bills)

    @property
    def payments(self) -> list[TillBill]:
        """Those that a bank is asked for, in turn."""
        return [bill for bill in self.bills if bill.due]

    @property
    def offline(self) -> list[Till]:
        return [bill.till for bill in self.payments if banks.of_till(bill.till) is None]

    @property
    def back(self) -> str:
        return f"/factures?{_query(self._keys)}"

    @property
    def _keys(self) -> list[str]:
        return [due.key for bill in self.bills for due, _ in bill.lines]

    def chosen(self, bill: TillBill) -> list[Chosen]:
        return [Chosen(due, cents, self._without(due.key)) for due, cents in bill.lines]

    def _without(self, key: str) -> str:
        others = [other for other in self._keys if other != key]
        return f"/factures/recapitulatif?{_query(others)}" if others else "/factures"


def _query(keys: Sequence[str]) -> str:
    return urlencode([("choix", key) for key in keys])


async def _lines(invoices: Sequence[int]) -> dict[int, list[PrintedLine]]:
    found = await invoice_list.lines(invoices)
    return {id: [PrintedLine(line, _days(line)) for line in lines] for id, lines in found.items()}


def _days(line: InvoiceLine) -> tuple[tuple[str, bool], ...]:
    return tuple(
        (day_short(date.fromisoformat(day["day"])), day["what"].endswith(BILLED_ABSENCE))
        for day in line.days or ()
    )
