"""An avoir goes back on the card that paid: once, whatever the bank says or does not; PayFiP says that it cannot."""

from collections.abc import Callable

import pytest

from models import clock
from models.banks import BankSilent
from models.counter.refunds import card_refund, refund, refund_list
from models.counter.refunds.card_refund import CardRefund, NotRefundable
from models.counter.refunds.refund import Refund, Wish
from models.counter.taking import Taking, take
from models.money import ledger
from models.money.anomaly import Anomaly
from models.money.payment import Payment
from models.rules.postings import bank_account
from models.rules.states.payments import PaymentMethod
from tests.banks.conftest import OpenStreet, Street
from tests.banks.fake import Fake
from tests.banks.server import Asked, Reply
from tests.engines import ON_SQLITE

pytestmark = ON_SQLITE
ABLE = pytest.mark.parametrize("name", ["paybox", "payzen", "systempay"])
PAID = 680  # cents of Claire's two meals


async def asked(at: Street, cents: int) -> tuple[Refund, Payment]:
    """Claire paid by card; since then she has an avoir, some of which she asks for."""
    await at.tell(at.bank.end(await at.leave(), "paid"))
    await at.hear()
    payment = await at.payment()
    given = Taking(payment.family_id, payment.till_id, (), PaymentMethod.CHEQUE, 2 * PAID, True, "advance")
    await take(given, 1, clock.now())
    wish = Wish(payment.family_id, payment.till_id, cents, "Départ", "c")
    return await refund.ask(wish, "member:1", clock.now()), payment


def answering(bank: Fake, how: Callable[[Asked], Reply]) -> Callable[[Asked], Reply]:
    """The bank's own way to answer, which `how` replaces."""
    before = bank.reply
    bank.reply = how  # type: ignore[method-assign, assignment]
    return before


@ABLE
async def test_it_waits_for_a_bank_that_is_away_and_is_done_once(street: OpenStreet, name: str) -> None:
    at = await street(name)
    row, payment = await asked(at, 400)
    made = await card_refund.order(row.id, payment.id, 1, clock.now())
    real = answering(at.bank, lambda asked: (503, "text/plain", b""))
    with pytest.raises(BankSilent):
        await at.town.run_jobs()
    assert (await CardRefund.get(id=made.id)).state == "ordered" and at.bank.back == []
    assert await refund_list.number_waiting() == 0  # nothing that the mairie has to do
    answering(at.bank, real)
    await at.town.run_jobs()
    await card_refund.carry_out(made.id, clock.now())
    assert at.bank.back == [400] and (await Refund.get()).state == "sent"
    assert await ledger.balance([bank_account(name, payment.till_id)]) == PAID - 400
    again = await refund.ask(
        Wish(payment.family_id, payment.till_id, 281, "Départ", "d"), "member:1", clock.now()
    )
    assert await card_refund.choices(again) == []  # 280 of the card's money are left
    with pytest.raises(NotRefundable):
        await card_refund.order(again.id, payment.id, 1, clock.now())
    await at.town.verify()


@ABLE
async def test_a_lost_answer_gives_nothing_back_twice(street: OpenStreet, name: str) -> None:
    """The bank did it, and the line broke before it could say so. It is asked what went back, where it can tell."""
    at = await street(name)
    row, payment = await asked(at, PAID)
    await card_refund.order(row.id, payment.id, 1, clock.now())

    def done_and_mute(said: Asked) -> Reply:
        answer = real(said)
        return (503, "text/plain", b"") if at.bank.back else answer

    real = answering(at.bank, done_and_mute)
    with pytest.raises(BankSilent):
        await at.town.run_jobs()
    assert at.bank.back == [PAID] and (await Refund.get()).state == "ordered"
    answering(at.bank, real)
    await at.town.run_jobs()
    assert at.bank.back == [PAID] and (await Refund.get()).state == "sent"
    await at.town.verify()


@pytest.mark.parametrize("done", [True, False])
async def test_what_paybox_cannot_tell_somebody_looks_up(street: OpenStreet, done: bool) -> None:
    """It says that something of a payment went back, never how much."""
    at = await street("paybox")
    row, payment = await asked(at, 300)
    made = await card_refund.order(row.id, payment.id, 1, clock.now())
    await CardRefund.filter(id=made.id).update(tries=1)  # its answer was lost
    at.bank.back.append(300)
    await at.town.run_jobs()
    assert (await CardRefund.get(id=made.id)).state == "doubtful" and at.bank.back == [300]
    assert await Anomaly.filter(kind="silent", payment_id=payment.id).count() == 1
    cashier = await at.town.client("mairie")
    page = await cashier.get_page("/mairie/regie/remboursements")
    assert "La banque ne dit pas si elle a rendu" in page
    answer = await cashier.post_form(
        f"/mairie/regie/remboursements/{row.id}/banque", {"vu": "fait" if done else "non"}
    )
    assert answer.status_code == 303 and (await Refund.get()).state == ("sent" if done else "requested")
    await at.town.verify()


async def test_payfip_says_that_it_cannot(street: OpenStreet) -> None:
    at = await street("payfip")
    row, payment = await asked(at, 400)
    assert await card_refund.choices(row) == []
    with pytest.raises(NotRefundable):
        await card_refund.order(row.id, payment.id, 1, clock.now())
    assert (await Refund.get()).state == "requested"
    page = await (await at.town.client("mairie")).get_page("/mairie/regie/remboursements")
    assert "PayFiP ne le permet pas" in page
