"""What was owed before this portal: old debts and old invoices, posted once whatever is loaded again.

What is posted is told in the journal, family by family (`Opened`): nothing else in the database knows these sums.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from models.commune_file import document as doc
from models.commune_file.document import Document
from models.french import quoted
from models.money import ledger
from models.money.invoice import Invoice, InvoiceLine
from models.money.ledger import Entry, Leg
from models.rules import postings
from models.rules.deadlines import paris
from models.rules.journal import fingerprint
from models.rules.postings import FamilyAccount, Posting
from models.rules.states.documents import DocumentKind
from models.work.task import Task

ACTOR = "command"

Opened = defaultdict[
    int, dict[str, Any]
]  # by family: "entries" {key: cents}, "invoices" {till:number: fingerprint}


@dataclass
class _Books:
    """What is known already, and what was noticed."""

    known: set[str]
    new: Counter[str]
    flags: list[str]
    opened: Opened

    async def post(self, posting: Posting, on: date, account: FamilyAccount) -> None:
        if posting.key not in self.known and await ledger.post(posting, at=paris(on, 0), actor=ACTOR):
            self.new["entries"] += 1
            cents = sum(leg.cents for leg in posting.legs if leg.account == account.code)
            self.opened[account.family].setdefault("entries", {})[posting.key] = cents


async def load(
    document: Document,
    families: dict[str, int],
    tills: dict[str | None, int],
    new: Counter[str],
    flags: list[str],
    opened: Opened,
) -> None:
    known: Any = await Entry.filter(kind="opening").values_list("key", flat=True)
    books = _Books(set(known), new, flags, opened)
    for family in document.families:
        id = families[family.number]
        for n, debt in enumerate(family.opening):
            await _debt(books, debt_key(family.number, n), debt, FamilyAccount(id, tills[debt.till]))
        for invoice in family.invoices:
            account = FamilyAccount(id, tills[invoice.till])
            await _invoice(books, invoice, account, _recipient(family))


def _recipient(family: doc.Family) -> str:
    """Name and address as paper shows them."""
    first = family.guardians[0]
    return "\n".join(line for line in (f"{first.first_name} {first.last_name}", family.address) if line)


def debt_key(number: str, n: int) -> str:
    return f"opening:{number}:{n}"


def invoice_key(till: int, number: str) -> str:
    return f"opening:invoice:{till}:{number}"


async def _debt(books: _Books, key: str, debt: doc.Debt, account: FamilyAccount) -> None:
    if key in books.known:
        await _compare(books, key, debt.cents, debt.label)
        return
    owed = postings.opening_debt(account, key, debt.cents, debt.label)
    await books.post(replace(owed, child=debt.child, activity=debt.activity), debt.on, account)
    if debt.paid:
        await books.post(
            postings.opening_paid(account, f"{key}:paid", debt.paid, debt.label),
            debt.on,
            account,
        )


async def _compare(books: _Books, key: str, cents: int, label: str) -> None:
    """What is posted is never changed by a file: the mairie corrects it."""
    if not await Leg.filter(entry__key=key, cents=cents).exists():
        books.flags.append(
            f"{quoted(label)} est déjà dans les comptes, d’un autre montant\u00a0; il y reste."
        )


async def _invoice(books: _Books, said: doc.Invoice, account: FamilyAccount, recipient: str) -> None:
    known = await Invoice.get_or_none(till_id=account.till, number=said.number)
    if known is not None:
        if (known.family_id, known.cents, known.issued_on) != (account.family, said.cents, said.on):
            books.flags.append(f"La facture {said.number} existe déjà, autrement\u00a0; rien n’y est changé.")
        return
    invoice = await Invoice.create(
        family_id=account.family,
        till_id=account.till,
        number=said.number,
        issued_on=said.on,
        cents=said.cents,
        recipient=recipient,
        before_portal=True,
    )
    await Task.later("draw_papers", DocumentKind.INVOICE, [invoice.id], key=f"draw:before:{invoice.id}")
    await InvoiceLine.bulk_create(
        [
            InvoiceLine(
                invoice_id=invoice.id, position=n, cents=line.quantity * line.unit_cents, **vars(line)
            )
            for n, line in enumerate(said.lines)
        ]
    )
    lines = [
        (row.child, row.label, row.quantity, row.unit_cents, row.quantity * row.unit_cents)
        for row in said.lines
    ]
    issued = books.opened[account.family].setdefault("invoices", {})
    issued[f"{account.till}:{said.number}"] = fingerprint(said.on.isoformat(), said.cents, lines)
    key, label = invoice_key(account.till, said.number), f"Facture {said.number}"
    if said.cents:
        await books.post(postings.opening_debt(account, key, said.cents, label, invoice.id), said.on, account)
    if said.paid:
        await books.post(
            postings.opening_paid(account, f"{key}:paid", said.paid, label, invoice.id),
            said.on,
            account,
        )
