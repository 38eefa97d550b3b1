"""A mandate, an invoice that is told to be collected, a file for the bank, its money, its rejects."""

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from importlib.resources import files

import pytest
import xmlschema
from tortoise.exceptions import IntegrityError

from models import clock
from models.checkout import amounts_due
from models.checkout.submission import Stale
from models.commune.till import Till
from models.direct_debit import planning, preparing, sending
from models.direct_debit.debit_batch import DebitBatch
from models.direct_debit.mandate import HasMandate, Mandate
from models.direct_debit.preparing import NothingToCollect
from models.direct_debit.sending import TooEarly
from models.families.family import Family
from models.invoicing import crediting, papers
from models.invoicing.crediting import Correction
from models.invoicing.invoiced_booking import InvoicedBooking
from models.money import ledger
from models.money.credit_use import CreditUse
from models.money.payment import Payment
from models.rules.deadlines import PARIS
from models.rules.postings import FamilyAccount
from models.rules.states.debits import BatchState, DebitState, MandateState
from models.storage import encryption
from models.storage.database import rows, transaction
from tests.engines import ON_SQLITE
from tests.models import debits
from tests.models.debits import BOOKED, DAY, IBAN, OTHER_IBAN, every_invoice
from tests.portal import Portal
from tests.web.checkout import Parent

OpenPortal = Callable[..., Awaitable[Portal]]


@pytest.fixture
async def booked(portal: OpenPortal) -> tuple[Portal, Parent, Parent]:
    town = await portal("demo", now=BOOKED, change=every_invoice)
    return town, *await debits.booked(town)


@pytest.fixture
async def both(booked: tuple[Portal, Parent, Parent]) -> tuple[Portal, int, int]:
    """Two families with a mandate, whose invoices of October have left."""
    town, camille, sophie = booked
    await debits.signed(camille.family)
    await debits.signed(sophie.family, OTHER_IBAN, "Sophie Moreau-Lefèvre n° 2")
    await debits.invoiced(town)
    return town, camille.family, sophie.family


async def test_an_account_is_kept_sealed(both: tuple[Portal, int, int]) -> None:
    await debits.prepared()
    mandate = await Mandate.get(family_id=both[1])
    assert mandate.account == IBAN and mandate.masked == "•••• 0189"
    [row] = await rows("SELECT iban FROM mandate WHERE id = ?", [mandate.id])
    [kept] = await rows("SELECT file FROM debit_batch")
    for sealed in (row["iban"], kept["file"]):
        assert IBAN.encode() not in bytes(sealed) and b"FR76" not in bytes(sealed)
    told = await rows("SELECT CAST(details AS TEXT) AS details FROM event")
    assert not [one for one in told if IBAN in one["details"]]


@ON_SQLITE
async def test_a_key_is_retired_once_all_is_sealed_anew(both: tuple[Portal, int, int]) -> None:
    await debits.prepared()
    town, old = both[0], both[0].settings.secret_keys
    encryption.use((*old, "a-newer-key-of-the-tests"))
    assert await Mandate.renew_seals() == 2 and await DebitBatch.renew_seals() == 1
    assert await Mandate.renew_seals() == 0 and await DebitBatch.renew_seals() == 0
    encryption.use(("a-newer-key-of-the-tests",))
    assert (await Mandate.get(family_id=both[1])).account == IBAN
    await town.verify()
    encryption.use(old)
    with pytest.raises(encryption.Unreadable):
        _ = (await Mandate.get(family_id=both[1])).account
    with pytest.raises(AssertionError, match="mandats dont le compte ne s’ouvre pas"):
        await town.verify()


async def test_an_invoice_tells_its_collection_14_days_before(both: tuple[Portal, int, int]) -> None:
    debit = await debits.of(both[1])
    assert (debit.collect_on, debit.state, debit.cents) == (DAY, DebitState.PLANNED, None)
    assert debit.collect_on - debit.told_on >= timedelta(days=14)
    paper = (await papers.invoices([debit.invoice_id]))[debit.invoice_id]
    told = paper.ways_to_pay.debit
    assert told and (told.on, told.mandate, told.account) == (DAY, debit.mandate.rum, "•••• 0189")
    await both[0].verify()


@ON_SQLITE
async def test_a_batch_is_a_valid_file_paid_once(both: tuple[Portal, int, int]) -> None:
    town, camille, sophie = both
    batch = await debits.prepared()
    assert (batch.collect_on, batch.number, batch.state) == (DAY, 2, BatchState.PREPARED)
    content = batch.content()
    assert hashlib.sha256(content).hexdigest() == batch.sha256
    schema = xmlschema.XMLSchema(str(files("sepaxml") / "schemas" / "pain.008.001.08.xsd"))
    schema.validate(content.decode())
    text = content.decode()
    assert f"<MsgId>{batch.message}</MsgId>" in text and "<NbOfTxs>2</NbOfTxs>" in text
    assert text.count("<SeqTp>FRST</SeqTp>") == 1 and f"<ReqdColltnDt>{DAY}</ReqdColltnDt>" in text
    assert "<IBAN>FR7630004000031234567890143</IBAN>" in text and "<Id>FR72ZZZ123456</Id>" in text
    assert "Sophie Moreau-Lefevre n" in text
    first = await debits.of(camille)
    assert re.search(rf"{first.reference}</EndToEndId>.*?{first.mandate.rum}.*?{IBAN}", text, re.S)
    with pytest.raises(NothingToCollect):
        await debits.prepared()
    await town.verify()
    await debits.sent(batch)
    assert not await sending.sent(batch.id, 1, clock.now()), "it has left"
    with pytest.raises(TooEarly):
        await sending.settle(batch.id, 1, clock.now())
    assert await ledger.open_of(first.invoice_id) == first.invoice.cents
    await town.verify()
    await debits.settled(batch)
    assert not await sending.settle(batch.id, 1, clock.now()), "its money came once"
    for family in (camille, sophie):
        debit = await debits.of(family)
        payment = await Payment.get(id=debit.payment_id)
        assert debit.state == DebitState.PAID and await ledger.open_of(debit.invoice_id) == 0
        assert (payment.method, payment.cents, payment.family_id) == ("debit", debit.cents, family)
    assert await ledger.balance(["debit:" + str(batch.till_id)]) == batch.cents
    await town.verify()


@ON_SQLITE
async def test_the_older_format_is_valid_too(both: tuple[Portal, int, int]) -> None:
    await Till.filter(code="scolaire").update(sepa_format="pain.008.001.02")
    content = (await debits.prepared()).content()
    assert b"xsd:pain.008.001.02" in content and b"<BIC>BNPAFRPP</BIC>" in content
    schema = xmlschema.XMLSchema(str(files("sepaxml") / "schemas" / "pain.008.001.02.xsd"))
    schema.validate(content.decode())


async def test_what_was_paid_or_taken_back_meanwhile_is_not_collected(both: tuple[Portal, int, int]) -> None:
    """A part of one, all of the other."""
    town, camille, sophie = both
    whole, other = await debits.of(camille), await debits.of(sophie)
    day = await InvoicedBooking.filter(invoice_id=whole.invoice_id).first()
    assert day
    await crediting.credit(
        whole.invoice_id, Correction(frozenset({day.booking_id}), "Erreur", False), 1, clock.now()
    )
    async with transaction():
        await Family.lock(sophie)
        account = FamilyAccount(sophie, other.invoice.till_id)
        await CreditUse.apply(
            account, other.invoice_id, other.invoice.cents, "click", clock.now(), "member:1"
        )
    batch = await debits.prepared()
    left = await debits.of(camille)
    assert (batch.number, batch.cents, left.cents) == (1, left.cents, whole.invoice.cents - day.cents)
    assert (await debits.of(sophie)).state == DebitState.DROPPED
    await town.verify()


async def test_what_a_bank_is_asked_to_collect_is_not_paid_by_card(both: tuple[Portal, int, int]) -> None:
    debit = await debits.of(both[1])
    chosen = {f"facture-{debit.invoice_id}": None}
    assert await amounts_due.bills(both[1], chosen)
    batch = await debits.prepared()
    with pytest.raises(Stale):
        await amounts_due.bills(both[1], chosen)
    assert await preparing.discard(batch.id, 1, clock.now())
    assert not await preparing.discard(batch.id, 1, clock.now()), "once"
    assert await amounts_due.bills(both[1], chosen)
    assert (await debits.of(both[1])).state == DebitState.PLANNED
    await both[0].verify()
    again = await debits.prepared()
    assert again.message != batch.message


@ON_SQLITE
async def test_what_is_being_paid_by_card_waits(both: tuple[Portal, int, int]) -> None:
    debit = await debits.of(both[1])
    due = debit.invoice.cents
    chosen = {f"facture-{debit.invoice_id}": None}
    await amounts_due.pay(both[1], chosen, {debit.invoice.till_id: due}, clock.now(), "click")
    batch = await debits.prepared()
    assert batch.number == 1 and (await debits.of(both[1])).state == DebitState.PLANNED
    await both[0].verify()


async def test_two_who_prepare_at_once_make_one_batch(both: tuple[Portal, int, int]) -> None:
    made = await asyncio.gather(debits.prepared(), debits.prepared(), return_exceptions=True)
    assert sorted(type(one).__name__ for one in made) == ["DebitBatch", "NothingToCollect"]
    assert await DebitBatch.all().count() == 1
    await both[0].verify()


async def test_two_who_settle_at_once_are_paid_once(both: tuple[Portal, int, int]) -> None:
    batch = await debits.sent(await debits.prepared())
    day = datetime(2025, 12, 4, 9, tzinfo=PARIS)
    said = await asyncio.gather(*(sending.settle(batch.id, 1, day) for _ in range(3)))
    assert said.count(True) == 1
    assert await Payment.filter(method="debit").count() == 2
    assert await ledger.balance([f"debit:{batch.till_id}"]) == batch.cents
    await both[0].verify()


async def test_a_card_and_a_collection_at_once_take_the_money_once(both: tuple[Portal, int, int]) -> None:
    debit = await debits.of(both[1])
    chosen, due = {f"facture-{debit.invoice_id}": None}, {debit.invoice.till_id: debit.invoice.cents}
    card = amounts_due.pay(both[1], chosen, due, clock.now(), "click")
    paying, batch = await asyncio.gather(card, debits.prepared(), return_exceptions=True)
    assert isinstance(batch, DebitBatch)
    collected = (await debits.of(both[1])).state == DebitState.PREPARED
    assert isinstance(paying, Stale) is collected
    await both[0].verify()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_late_batch_asks_for_the_first_day_there_is(both: tuple[Portal, int, int]) -> None:
    late = datetime(2025, 12, 24, 9, tzinfo=PARIS)
    assert (await debits.prepared(now=late)).collect_on == datetime(2025, 12, 29, tzinfo=PARIS).date()


@ON_SQLITE
async def test_a_family_has_one_mandate_for_a_till(booked: tuple[Portal, Parent, Parent]) -> None:
    family = booked[1].family
    first = await debits.signed(family)
    with pytest.raises(HasMandate):
        await debits.signed(family, OTHER_IBAN)
    with pytest.raises(IntegrityError):
        await Mandate.create(
            **{name: getattr(first, name) for name in ("family_id", "till_id", "iban", "last_four", "holder")},
            rum="X", signed_on=first.signed_on, made_at=first.made_at, made_by="x",
        )  # fmt: skip
    assert await planning.revoke(first, clock.now(), "guardian:1")
    assert not await planning.revoke(first, clock.now(), "guardian:1")
    second = await debits.signed(family, OTHER_IBAN)
    assert second.rum != first.rum
    await booked[0].run_jobs()
    await booked[0].verify()


@ON_SQLITE
async def test_a_revoked_mandate_collects_nothing_more(both: tuple[Portal, int, int]) -> None:
    mandate = await Mandate.get(family_id=both[1])
    await planning.revoke(mandate, clock.now(), "guardian:1")
    assert (await debits.of(both[1])).state == DebitState.DROPPED
    assert (await debits.prepared()).number == 1
    await both[0].verify()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_mandate_that_nobody_used_expires(booked: tuple[Portal, Parent, Parent]) -> None:
    mandate = await debits.signed(booked[1].family)
    soon = datetime(2028, 9, 21, 9, tzinfo=PARIS)
    assert await planning.expire_mandates(soon) == 0
    assert await planning.expire_mandates(soon + timedelta(days=1)) == 1
    assert (await Mandate.get(id=mandate.id)).state == MandateState.EXPIRED
    await booked[0].verify()
