"""What stands on the paper of a receipt, a discharge or a deposit slip, from the rows as they were issued."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

from models import banks
from models.commune.commune import Commune
from models.counter.deposit import Deposit, DepositedReceipt
from models.counter.receipt import Receipt
from models.counter.refunds.discharge import Discharge
from models.counter.reminder import RemindedInvoice, Reminder
from models.french.payments import METHODS
from models.invoicing.papers import REMEDIES, addressee_of, issuer_of
from models.money import invoice_list
from models.rules import papers
from models.rules.money import NBSP
from models.rules.papers import Cheque, Issuer, MeansTotal, Settled, UnpaidInvoice, WaysToPay
from models.rules.states.payments import PaymentMethod

ACCOUNTANT = "Service de gestion comptable"
MEANS = {PaymentMethod.CHEQUE: "Chèques", PaymentMethod.CESU: "CESU"}


async def receipts(ids: Sequence[int]) -> dict[int, papers.Receipt]:
    """By id."""
    commune = await Commune.with_logo()
    found = await Receipt.filter(id__in=list(ids)).select_related("till", "member", "payment__family")
    return {
        row.id: papers.Receipt(
            issuer=_signed(issuer_of(commune, row.till), row.member.name),
            number=row.number,
            received_at=row.taken_at,
            payer=row.payer,
            family_number=row.payment.family.number,
            settled=tuple(
                Settled(label, cents) for label, cents in await invoice_list.paid_with(row.payment_id)
            ),
            means=METHODS[PaymentMethod(row.payment.method)],
            details=details(row),
            tendered_cents=row.tendered,
        )
        for row in found
    }


async def discharges(ids: Sequence[int]) -> dict[int, papers.Discharge]:
    """By id."""
    commune = await Commune.with_logo()
    found = await Discharge.filter(id__in=list(ids)).select_related("till", "member", "refund__family")
    return {
        row.id: papers.Discharge(
            issuer=_signed(issuer_of(commune, row.till), row.member.name),
            number=row.number,
            given_at=row.given_at,
            payee=row.payee,
            family_number=row.refund.family.number,
            cents=row.refund.cents,
            reason=row.refund.reason,
        )
        for row in found
    }


def details(receipt: Receipt) -> str:
    """« n° 0000123, Banque postale, Sophie Moreau »."""
    number = f"n°{NBSP}{receipt.paper_number}" if receipt.paper_number else ""
    return ", ".join(part for part in (number, receipt.bank, receipt.drawer) if part)


async def deposit_slips(ids: Sequence[int]) -> dict[int, papers.DepositSlip]:
    """By id."""
    commune = await Commune.with_logo()
    found = await Deposit.filter(id__in=list(ids)).select_related("till", "member")
    return {row.id: await _slip(commune, row) for row in found}


async def _slip(commune: Commune | None, row: Deposit) -> papers.DepositSlip:
    lines = DepositedReceipt.filter(deposit_id=row.id).order_by("receipt_id")
    taken = [line.receipt for line in await lines.select_related("receipt__payment")]
    totals = [_total(method, name, taken) for method, name in MEANS.items()]
    if row.cash_cents:
        totals.append(MeansTotal("Espèces", 1, row.cash_cents))
    days: list[date] = [receipt.day for receipt in taken] or [row.day]
    return papers.DepositSlip(
        issuer=_signed(issuer_of(commune, row.till), row.member.name),
        number=row.number,
        issued_on=row.day,
        first=min(days),
        last=max(*days, row.day),
        recipient=row.till.deposit_to or ACCOUNTANT,
        totals=tuple(total for total in totals if total.count),
    )


async def reminders(ids: Sequence[int]) -> dict[int, papers.Reminder]:
    """By id."""
    commune = await Commune.with_logo()
    found = await Reminder.filter(id__in=list(ids)).select_related("till", "family")
    return {row.id: await _reminder(commune, row) for row in found}


async def _reminder(commune: Commune | None, row: Reminder) -> papers.Reminder:
    named = await RemindedInvoice.filter(reminder_id=row.id).order_by("id").select_related("invoice")
    base = banks.base_url()
    return papers.Reminder(
        issuer=issuer_of(commune, row.till),
        addressee=addressee_of(row.recipient, row.family.number),
        level=row.level,
        issued_on=row.sent_on,
        pay_by=row.pay_by,
        invoices=tuple(
            UnpaidInvoice(
                one.invoice.number, one.invoice.issued_on, one.invoice.due_on or one.invoice.issued_on,
                one.invoice.cents, one.cents,
            )
            for one in named
        ),
        ways_to_pay=WaysToPay(url=f"{base}/factures", site=urlsplit(base).netloc) if row.till.online else WaysToPay(),
        remedies=REMEDIES,
    )  # fmt: skip


def _total(method: PaymentMethod, name: str, taken: Sequence[Receipt]) -> MeansTotal:
    cheques = tuple(
        Cheque(
            receipt.paper_number, receipt.bank, receipt.drawer or receipt.payer, receipt.payment.cents,
            receipt.number,
        )
        for receipt in taken
        if receipt.payment.method == method
    )  # fmt: skip
    return MeansTotal(name, len(cheques), sum(cheque.cents for cheque in cheques), cheques=cheques)


def _signed(issuer: Issuer, member: str) -> Issuer:
    """By who took the money, where the till names nobody."""
    return issuer if issuer.signatory else replace(issuer, signatory=member)
