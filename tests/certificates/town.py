"""A year of the demo that ends with something to certify: Noé Durand's, and Jules Moreau's."""

from datetime import date, datetime

import pytest

from models import clock
from models.access.member import Member
from models.banks import BankNotice
from models.bookings.booking import Booking
from models.certificates import issuing, preparing
from models.certificates.certificate import Certificate
from models.certificates.run import CertificateRun
from models.commune.till import Till
from models.money.invoice import Invoice
from models.money.payment import Payment, PaymentPart
from models.rules.states.payments import BankState, PartKind, PaymentState
from models.storage.database import transaction
from tests.models.invoicing import drafted, issued
from tests.portal import Portal
from tests.web.checkout import Parent, hear_the_bank, parent

MORNING, MEAL, WEDNESDAY, WHOLE = (
    "Accueil du matin",
    "Repas de midi",
    "Mercredi matin",
    "Mercredi, journée avec repas",
)


def at(moment: str) -> datetime:
    clock.shift_to(datetime.fromisoformat(moment).replace(tzinfo=clock.PARIS))
    return clock.now()


async def live_2025(town: Portal, monkeypatch: pytest.MonkeyPatch) -> Parent:
    """Until December 2025. Meals of 1,00 € (0,50 € care), Wednesdays of 2,50 € (all care) and 5,00 € (2,50 € care),
    mornings of 0,80 € of which the CCAS pays 0,50 €, one of them an absence that is billed."""
    hear_the_bank(town, monkeypatch)
    camille = await parent(town, "camille.durand")
    await camille.tick("Noé", MEAL, "2025-10-06", "2025-10-07")
    await camille.pay()
    await camille.tick("Noé", WEDNESDAY, "2025-10-08", "2026-01-14")
    await camille.tick("Noé", WHOLE, "2025-10-15")
    await camille.pay()
    await camille.tick("Noé", MORNING, "2025-10-06", "2025-10-07", "2025-10-09", "2025-10-10")
    await camille.tick("Lina", MORNING, "2025-10-06", "2025-10-07")
    await camille.click()
    sophie = await parent(town, "sophie.moreau")
    await sophie.tick("Jules", WEDNESDAY, "2025-10-08")
    await sophie.pay()
    await town.run_jobs()
    at("2025-10-09T21:00")
    await camille.tick("Noé", MORNING, "2025-10-10", ticked=False)
    await camille.click()
    assert await Booking.exists(day="2025-10-10", state="cancelled", billed=True)
    at("2025-11-03T09:00")
    await Till.all().update(least_invoice=None)
    till = await Till.get(code="scolaire")
    await issued(town, await drafted(town, date(2025, 10, 1), date(2025, 10, 31), till))
    return camille


async def pay_invoice(family: int, cents: int, moment: str) -> None:
    """Some of the family's only invoice of this portal, by card."""
    invoice = await Invoice.get(family_id=family, before_portal=False)
    now = at(moment)
    payment = Payment(
        family_id=family, till_id=invoice.till_id, provider="demo", reference=f"P{cents}", made_at=now
    )
    payment.state = PaymentState.CREATED
    async with transaction():
        part = PaymentPart(kind=PartKind.INVOICE, invoice_id=invoice.id, cents=cents)
        await Payment.prepare(payment, [part])
        await payment.post_paid(BankNotice("demo", payment.reference, BankState.PAID, cents), now)


async def draft(family: int, now: datetime) -> None:
    """One that nobody has: of a year of which the books say nothing."""
    run = await CertificateRun.create(year=2024, made_at=now, prepared_at=now)
    nothing = Certificate(run_id=run.id, family_id=family, year=2024, cents=0, payer="x", recipient="x")
    nothing.children, nothing.tills = [], []
    await nothing.save()


async def prepared(town: Portal, year: int) -> CertificateRun:
    member = await Member.get(username="regie")
    run = await preparing.begin(year, member.id, clock.now())
    await town.run_jobs()
    return await CertificateRun.get(id=run.id)


async def left(town: Portal, run: CertificateRun) -> CertificateRun:
    member = await Member.get(username="regie")
    read = issuing.seen(run, *await issuing.to_issue(run.id))
    assert await issuing.start(run.id, member.id, read, clock.now())
    await town.run_jobs()
    return await CertificateRun.get(id=run.id)
