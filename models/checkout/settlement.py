"""What an answer of the bank does: « paid » makes an order take effect, anything else frees what it held.

The payment's own row, entries and anomalies are models.money.payment's.
"""

from dataclasses import replace
from datetime import datetime

from tortoise.exceptions import IntegrityError

from models import banks
from models.banks import BankNotice, Hint, Page
from models.bookings.order import Order, OrderLine
from models.checkout import fulfilment
from models.checkout.fulfilment import Outcome
from models.clock import real
from models.families.child import Home
from models.families.family import Family
from models.money.anomaly import Anomaly
from models.money.payment import BankAway, BankFault, Payment, log_fault
from models.rules.states.notices import NoticeKind
from models.rules.states.orders import LineAction
from models.rules.states.payments import OPEN, BankState, PaymentState
from models.storage.database import TROUBLES, retrying, transaction
from models.work.notice import Notice
from models.work.task import Task

MINUTE, DAY = 60.0, 86400.0
MOMENT = 3.0  # seconds
POLLS = (2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 20 * MINUTE, 60 * MINUTE, 120 * MINUTE)  # then daily
GIVEN_UP = 30  # polls without any final answer: about a month


async def begin(id: int, now: datetime) -> str:
    """Ask the bank for its page; its address. Asked again, it is the same page. Raises NotStarted."""
    payment = await Payment.get(id=id).select_related("till", "started_by")
    if payment.bank_url and payment.state in OPEN:
        return payment.bank_url
    try:
        page = await payment.ask_for_page()
    except Exception as exc:
        await _close(payment, BankState.EXPIRED, now)
        await payment.missed("unreached", exc, now)
        raise (BankAway if banks.is_away(exc) else BankFault) from exc
    return await payment.led_to(page)


async def page_of(payment: Payment) -> Page | None:
    """The form that leads to the bank, for a payment that somebody began; None where an address is enough."""
    if payment.state not in OPEN or not (payment.bank_url or "").endswith(f"/paiement/{payment.id}/banque"):
        return None
    await payment.fetch_related("till", "started_by")
    page = await payment.ask_for_page()
    return page if page.fields is not None else None


async def look_into(provider: str, hint: Hint, now: datetime) -> bool:
    """A bank says that something happened: ask it, once for all that it says within a moment. False: of no payment
    that we know."""
    known = Payment.filter(provider=provider)
    if hint.number:
        payment = await known.get_or_none(bank_number=hint.number)
    else:
        payment = await known.get_or_none(reference=hint.reference or "")
    if payment is None:
        return False
    if hint.cents is not None and hint.cents != payment.cents:
        async with transaction():
            await payment.wonder("amount", now, hint.cents)
    moment, past = divmod(real(), MOMENT)
    await Task.later("ask_bank", payment.id, key=f"told:{payment.id}:{moment:.0f}", after=MOMENT - past)
    return True


async def ask_once(id: int, now: datetime) -> None:
    """What became of an attempt; `ask_again` goes on at its own pace."""
    payment = await Payment.get(id=id)
    if payment.state != PaymentState.PAID:
        await settle(await payment.ask_bank(), now)


async def settle(notice: BankNotice, now: datetime) -> Payment | None:
    """Record what the bank says, once, whatever it repeats and in whatever order. None: unknown reference."""
    payment = await Payment.get_or_none(provider=notice.provider, reference=notice.reference)
    if payment and notice.account and notice.account != (await payment.bank()).account:
        payment = None  # another till was paid: nothing of this one's
    if payment is None:
        about, cents = f"{notice.provider}:{notice.reference}", notice.cents
        async with transaction():
            actor = f"bank:{notice.provider}"
            await Anomaly.note("unknown", about, now, actor, reference=notice.reference, cents=cents)
    if payment is None or notice.state == BankState.PENDING:
        return payment
    await retrying(lambda: _record(payment, notice, now, heard=True))
    return await Payment.get(id=payment.id)


async def ask_again(id: int, now: datetime, turn: int = 0) -> None:
    """Ask the bank what became of an attempt, and come back later while it does not know."""
    payment = await Payment.get(id=id)
    if payment.state == PaymentState.PAID:
        return
    notice = await payment.ask_bank()
    settled = await settle(notice, now)
    if notice.state != BankState.PENDING and settled is not None and settled.state not in OPEN:
        return
    if turn < GIVEN_UP:
        after = POLLS[turn] if turn < len(POLLS) else DAY
        await Task.later("poll_bank", id, turn + 1, key=f"poll:{id}:{turn + 1}", after=after)
    else:
        async with transaction():
            await payment.wonder("silent", now, payment.cents)


async def expire(payment: Payment, now: datetime) -> None:
    """The hold ended: the bank has the last word, and silence means not paid. A later « paid » is still heard."""
    notice = await payment.last_word(now)
    if notice:
        await settle(notice, now)
    await _close(payment, BankState.EXPIRED, now)


async def give_up(id: int, now: datetime) -> Payment:
    """The parent leaves the bank's page for good: unless the bank says it is paid, the places are free again."""
    payment = await Payment.get(id=id)
    notice = await payment.last_word(now)
    if notice:
        left = replace(notice, state=BankState.CANCELLED) if notice.state == BankState.EXPIRED else notice
        await settle(left, now)
    await _close(payment, BankState.CANCELLED, now)
    return await Payment.get(id=id)


async def _close(payment: Payment, state: BankState, now: datetime) -> None:
    """The portal waits no longer. The bank has not said so: a later « paid » is still heard."""
    silence = BankNotice(payment.provider, payment.reference, state, payment.cents)
    await retrying(lambda: _record(payment, silence, now, heard=False))


async def _record(payment: Payment, notice: BankNotice, now: datetime, heard: bool) -> None:
    families = await _families(payment)
    async with transaction():
        await Family.lock(*families)
        if heard and notice.state != BankState.PAID:
            await payment.hear()
        if notice.state == BankState.PAID:
            await _paid(payment, notice, now)
        elif await payment.close(PaymentState(notice.state)):
            await _release(payment, now)


async def _families(payment: Payment) -> set[int]:
    """Whom it touches: a membership opens an activity to both homes of a child."""
    joins = OrderLine.filter(order_id=payment.order_id, action=LineAction.MEMBERSHIP)
    children = await joins.values_list("child_id", flat=True)
    return {payment.family_id} | (await Home.families(children) if children else set())  # type: ignore[arg-type]


async def _paid(payment: Payment, notice: BankNotice, now: datetime) -> None:
    """Only the first « paid » posts; the money is on the family's account before anything is decided with it."""
    if notice.cents != payment.cents:
        await payment.wonder("amount", now, notice.cents)
        return
    if not await payment.post_paid(notice, now):
        return
    outcome = await _fulfil(payment, now)
    if outcome.why:
        await _let_go(payment, now)
        await Payment.filter(id=payment.id).update(anomaly=outcome.why)
        await payment.wonder(outcome.why, now, payment.cents)
        await Notice.say(NoticeKind.PAYMENT_LATE, payment.family_id, f"payment:{payment.id}", now)
        return
    if outcome.debt:
        await payment.wonder("debt", now, outcome.debt)
    if outcome.void:
        await payment.wonder("member", now, outcome.void)
    await Notice.say(NoticeKind.PAYMENT_RECEIVED, payment.family_id, f"payment:{payment.id}", now)


async def _fulfil(payment: Payment, now: datetime) -> Outcome:
    """What the money was for, all or nothing of it: whatever goes wrong there, the money stays recorded."""
    try:
        async with transaction():
            order = await Order.get_or_none(id=payment.order_id)
            return await fulfilment.paid(order, now, payment.actor) if order else Outcome()
    except IntegrityError:  # the other household booked the same day in between
        return Outcome("taken")
    except TROUBLES:
        raise
    except Exception as exc:
        log_fault(f"payment {payment.id} is recorded, its order is not", exc)
        return Outcome("fault")


async def _let_go(payment: Payment, now: datetime) -> None:
    """Its money is a credit: an order that could not take effect holds nothing any more."""
    try:
        async with transaction():
            await _release(payment, now)
    except TROUBLES:
        raise
    except Exception as exc:  # the sweeper does it when the hold ends
        log_fault(f"payment {payment.id} is recorded, its order is held", exc)


async def _release(payment: Payment, now: datetime) -> None:
    """What an order held is free again; a payment of an invoice or in advance held nothing."""
    order = await Order.get_or_none(id=payment.order_id)
    if order:
        await fulfilment.release(order, now, payment.actor)
