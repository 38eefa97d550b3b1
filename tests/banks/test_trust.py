"""Whose word counts: another account, another mode, another key, an old state."""

from dataclasses import replace
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Any
from urllib.parse import urlencode

import pytest

from models import banks, clock
from models.banks import BankNotice, Hint, Kept
from models.banks.paybox import Paybox
from models.banks.payfip import PayFiP, PayFiPFault
from models.banks.payzen import PayZen, PayZenFault
from models.checkout import settlement
from models.commune.till import Till
from models.families.guardian import Guardian
from models.money.anomaly import Anomaly
from models.money.ledger import Entry
from models.rules.states.payments import BankState
from tests.banks import paybox, payfip, payzen
from tests.banks.conftest import ALL, OpenStreet, Street, form_of
from tests.banks.fake import Notification
from tests.engines import ON_SQLITE

OTHER = {"site": "87654321", "key": payzen.OTHER_KEY}


async def with_another_till(at: Street) -> None:
    """The same platform, another account."""
    await Till.create(code="autre", name="Autre régie", bank_label="AUTRE", provider=at.bank.name)
    table = at.bank.table() | (OTHER if at.bank.name == "payzen" else {"numcli": "080808"})
    both = {"acm": at.bank.table(), "autre": table}
    await banks.open_accounts(replace(at.town.settings, banks=both))


@ON_SQLITE
async def test_what_another_till_was_paid_is_nothing_of_this_one(street: OpenStreet) -> None:
    """Signed, and right, for the other till's account: with the reference of this one's payment."""
    at = await street("payzen")
    charge = await at.leave()
    await with_another_till(at)
    told = at.bank.end(charge, "paid", key=payzen.OTHER_KEY, fields={"vads_site_id": OTHER["site"]})
    assert await at.tell(told) == 200
    await at.hear()
    assert not await at.is_paid() and not await Entry.exists(key__startswith="pay:")
    assert [row.kind for row in await Anomaly.all()] == ["unknown"]
    await at.town.verify()


@ON_SQLITE
@pytest.mark.parametrize("more", [{"numcli": "080808"}, {"mode": "W"}, {"mode": "X"}], ids=str)
async def test_payfip_speaks_of_this_account_and_mode_or_not_at_all(
    street: OpenStreet, more: dict[str, str]
) -> None:
    at = await street("payfip")
    charge = await at.leave()
    await with_another_till(at)
    assert await at.tell(at.bank.end(charge, "paid", **more)) == 200
    with pytest.raises(PayFiPFault):
        await settlement.ask_once((await at.payment()).id, clock.now())
    assert not await at.is_paid()


@ALL
@ON_SQLITE
async def test_a_notification_of_another_key_is_forged(street: OpenStreet, name: str) -> None:
    at = await street(name)
    told = at.bank.end(await at.leave(), "paid", key=1 if name == "paybox" else payzen.OTHER_KEY)
    if name == "payfip":  # it signs nothing: a number that it never gave
        told = Notification("POST", b"idOp=cc0cb210-1cd4-11ea-8cca-0213ad91a103")
    asked = len(at.bank.asked)
    assert await at.tell(told) == 400
    await at.hear()
    assert not await at.is_paid() and len(at.bank.asked) == asked


def opened(name: str, fake: Any, **more: str) -> Any:
    """Its account as a portal in production has it, but for the address of its server."""
    return {"payfip": PayFiP, "paybox": Paybox, "payzen": PayZen}[name]("acm", fake.table() | more)


REFERENCE = "A1B2C3D4E5F6A7B8C9"
PAYMENT = {"vads_page_action": "PAYMENT", "vads_payment_config": "SINGLE", "vads_version": "V2"}


async def test_a_test_payment_is_nothing_in_production() -> None:
    fake = payzen.PayZen()
    try:
        fake.forms[REFERENCE] = {
            "vads_order_id": REFERENCE, "vads_amount": "680", "vads_site_id": fake.site,
            "vads_ctx_mode": "TEST", "vads_currency": "978", **PAYMENT,
        }  # fmt: skip
        bank = opened("payzen", fake, mode="production")
        told = fake.end(REFERENCE, "paid")
        assert await bank.read(told.said, {}) is None  # signed, by the very key
        production = fake.end(REFERENCE, "paid", mode="PRODUCTION")
        assert isinstance(await bank.read(production.said, {}), BankNotice)
        with pytest.raises(PayZenFault):  # the service answers in another mode
            await bank.ask(REFERENCE, Kept(680))
    finally:
        fake.close()


async def test_a_signature_of_paybox_is_written_in_one_way() -> None:
    """The last letter of base64 has bits that say nothing: another one would be the same signature."""
    fake = paybox.Paybox()
    try:
        fake.forms[REFERENCE] = {"PBX_TOTAL": "680"}
        said = fake.end(REFERENCE, "paid").said
        end = said.rindex(b"%3D%3D") - 1
        letters = ascii_uppercase + ascii_lowercase + digits + "+/"
        other = letters[letters.index(chr(said[end])) + 1].encode()
        assert await opened("paybox", fake).read(said, {}) is not None
        assert await opened("paybox", fake).read(said[:end] + other + said[end + 1 :], {}) is None
    finally:
        fake.close()


async def test_a_signed_word_of_paybox_is_only_a_hint() -> None:
    """Its key signs for all merchants, on the test platform too: anybody can have this signed."""
    fake = paybox.Paybox()
    try:
        fake.forms[REFERENCE] = {"PBX_TOTAL": "680"}
        bank = opened("paybox", fake)
        told = fake.end(REFERENCE, "paid", here=False)  # to somebody else's account
        assert await bank.read(told.said, {}) == Hint(reference=REFERENCE, cents=680)
        assert (await bank.ask(REFERENCE, Kept(680))).state == BankState.PENDING
        fake.end(REFERENCE, "paid")
        assert (await bank.ask(REFERENCE, Kept(680))).state == BankState.PAID
        assert (await bank.ask(REFERENCE, Kept(681))).state == BankState.PENDING
    finally:
        fake.close()


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({}, "paid"),
        ({"vads_trans_status": "CAPTURED"}, "paid"),
        ({"vads_trans_status": "REFUSED"}, "refused"),  # with vads_result 00
        ({"vads_trans_status": "ABANDONED"}, "cancelled"),
        ({"vads_trans_status": "EXPIRED"}, "expired"),
        ({"vads_trans_status": "AUTHORISED_TO_VALIDATE"}, "pending"),
        ({"vads_trans_status": "WAITING_AUTHORISATION"}, "pending"),
        ({"vads_trans_status": "UNDER_VERIFICATION"}, "pending"),
        ({"vads_trans_status": ""}, "pending"),
        ({"vads_result": "05"}, "pending"),  # the two contradict each other
        ({"vads_operation_type": "CREDIT"}, "pending"),  # a refund is no payment
    ],
    ids=str,
)
async def test_payzen_is_paid_when_the_transaction_says_so_too(fields: dict[str, str], state: str) -> None:
    fake = payzen.PayZen()
    try:
        fake.forms[REFERENCE] = {
            "vads_order_id": REFERENCE, "vads_amount": "680", "vads_site_id": fake.site,
            "vads_ctx_mode": "TEST", "vads_currency": "978", **PAYMENT,
        }  # fmt: skip
        notice = await opened("payzen", fake).read(fake.end(REFERENCE, "paid", fields=fields).said, {})
        assert isinstance(notice, BankNotice) and (notice.state, notice.cents) == (state, 680)
        foreign = fake.end(REFERENCE, "paid", fields={**fields, "vads_currency": "840"})
        assert await opened("payzen", fake).read(foreign.said, {}) is None
    finally:
        fake.close()


async def test_a_payzen_signature_is_hmac_sha256_as_its_documentation_computes_it() -> None:
    """Its own example: fields, key and result."""
    fields = {
        "vads_action_mode": "INTERACTIVE", "vads_amount": "5124", "vads_ctx_mode": "TEST",
        "vads_currency": "978", "vads_page_action": "PAYMENT", "vads_payment_config": "SINGLE",
        "vads_site_id": "12345678", "vads_trans_date": "20170129130025", "vads_trans_id": "123456",
        "vads_version": "V2",
    }  # fmt: skip
    bank = PayZen("acm", {"mode": "test", "site": "12345678", "key": "1122334455667788", "password": "x"})
    assert bank._signature(fields) == "ycA5Do5tNvsnKdc/eP1bj2xa19z9q3iWPy9/rpesfS0="


async def test_payfip_waits_two_hours_for_an_unfinished_charge_and_two_minutes_for_a_cancelled_one(
    at: Any,
) -> None:
    fake = payfip.PayFiP()
    try:
        bank, start = opened("payfip", fake), at("2018-08-27T10:00")
        charge = fake._creerPaiementSecurise(
            {
                "numcli": "090909", "saisie": "T", "exer": "2018", "refdet": REFERENCE, "montant": "680",
                "mel": "claire@exemple.fr", "objet": "ACM",
                "urlnotif": "http://127.0.0.1/banque/payfip/notification", "urlredirect": "http://127.0.0.1/retour",
            }
        )["idOp"]  # fmt: skip
        kept = Kept(680, charge, start)

        async def state_at(moment: str) -> str:
            at(moment)
            return (await bank.ask(REFERENCE, kept)).state

        assert await state_at("2018-08-27T11:59") == "pending"
        assert await state_at("2018-08-27T12:01") == "expired"
        fake.end(charge, "cancelled", at=start)
        assert await state_at("2018-08-27T10:01:30") == "pending"
        assert await state_at("2018-08-27T10:02:30") == "cancelled"
        for state, meant in (("debited", "paid"), ("debit refused", "refused"), ("refused", "refused")):
            fake.end(charge, state)
            assert await state_at("2018-08-27T10:05") == meant
        fake.erased.add(charge)
        assert await state_at("2018-08-27T10:06") == "expired"
        assert (await bank.ask(REFERENCE, Kept(680))).state == "expired"  # no idOp was ever made
    finally:
        fake.close()


@ON_SQLITE
async def test_a_parent_cannot_cut_the_portals_own_form_into_a_paid(street: OpenStreet) -> None:
    """PayZen signs values joined by « + », whatever their names: what a parent chose must hold none."""
    at = await street("payzen")
    await at.leave()
    payment = await at.payment()
    chosen = f"{payment.reference}+00+{at.bank.table()['site']}+AUTHORISED+x@exemple.fr"
    await Guardian.filter(username="famille15").update(email=chosen)
    form = form_of(await at.claire.browser.get_page(f"/paiement/{payment.id}/banque"))[1]
    cut = {"vads_a": "INTERACTIVE", "vads_amount": "680", "vads_b": "0", "vads_ctx_mode": "TEST"}
    cut |= {"vads_currency": "978", "vads_order_id": payment.reference, "vads_result": "00"}
    cut |= {
        "vads_site_id": at.bank.table()["site"],
        "vads_trans_status": "AUTHORISED",
        "vads_u": "x@exemple.fr",
    }
    after = list(form)[list(form).index("vads_language") :]
    cut |= {f"vads_v{n:02d}": form[name] for n, name in enumerate(after) if name.startswith("vads_")}
    said = urlencode({**cut, "signature": form["signature"]}).encode()
    assert await at.tell(Notification("POST", said)) == 400
    assert not await at.is_paid()
