"""A click that makes orders: who, when, what it made, and how each of its orders takes effect or goes to the bank."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex

from models import banks
from models.banks import Bank
from models.bookings.cart import CartLine
from models.bookings.order import Order
from models.checkout import fulfilment
from models.commune.commune import Commune
from models.commune.till import Till
from models.money import ledger
from models.money.payment import Payment, PaymentPart
from models.rules import postings
from models.rules.postings import FamilyAccount
from models.rules.states.notices import NoticeKind
from models.rules.states.orders import OrderKind
from models.rules.states.payments import CLOSED, NOT_PAID, OPEN, PartKind, PaymentState
from models.work.notice import Notice
from models.work.task import Task

TRIES_AN_HOUR = 5


class Stale(Exception):
    """What was shown is not true any more (a price, a deadline, a place): nothing was taken, show the recap again."""


class AlreadyPaying(Exception):
    """An order of this till is being paid, perhaps on another device."""

    def __init__(self, order: Order) -> None:
        super().__init__(order.id)
        self.order = order


class TooManyTries(Exception):
    """Five attempts of this family failed within the hour: somebody may be trying stolen cards."""

    until: datetime | None = None  # when one may be started again, where it is known


class TooSoon(TooManyTries):
    """The bank may still take a payment of this till that the family left: nothing was started."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


@dataclass(frozen=True, slots=True)
class Placed:
    orders: tuple[Order, ...]
    payments: tuple[Payment, ...]  # one per till that the bank must answer for, in turn

    @property
    def to_pay(self) -> Payment | None:
        """The first till that the bank has not answered for."""
        return next((payment for payment in self.payments if payment.state in OPEN), None)


@dataclass(frozen=True, slots=True)
class Submission:
    """Who clicked, when, and the form's nonce."""

    family: int
    nonce: str
    now: datetime
    by: int | None

    @property
    def actor(self) -> str:
        return f"guardian:{self.by}" if self.by else "clock"


async def placed(click: Submission) -> Placed:
    orders = (
        await Order.filter(family_id=click.family, click=click.nonce).select_related("till").order_by("id")
    )
    payments = await Payment.filter(order_id__in=[order.id for order in orders]).order_by("id")
    return Placed(tuple(orders), tuple(payments))


async def hold_minutes() -> int:
    commune = await Commune.all().first()
    return commune.hold_minutes if commune else 25


async def confirm_or_charge(click: Submission, order: Order) -> None:
    """Confirm at once what needs no bank; else set the credit aside and prepare the attempt."""
    if order.kind == OrderKind.INVOICED:  # or a request, or a rank: nothing in the ledger yet
        await CartLine.filter(order_id=order.id).delete()
        await _say(click, order)
    elif not order.due:
        await fulfilment.confirm(order, click.now, click.actor)
        await _say(click, order)
    else:
        if order.credit:
            family_account = FamilyAccount(order.family_id, order.till_id)
            held = postings.credit_held(family_account, order.id, order.credit)
            await ledger.post(held, at=click.now, actor=click.actor)
        await attempt(click, await order.till, _parts(order), order)


async def _say(click: Submission, order: Order) -> None:
    await Notice.say(NoticeKind.ORDER_CONFIRMED, order.family_id, f"order:{order.id}", click.now)


async def attempt(
    click: Submission, till: Till, parts: Sequence[PaymentPart], order: Order | None = None
) -> Payment:
    """An attempt to pay that the bank is then asked about. Call inside a transaction. Raises Stale, TooManyTries."""
    bank = banks.of_till(till)
    if bank is None:
        raise Stale
    failed = Payment.filter(family_id=click.family, state__in=CLOSED)
    if await failed.filter(made_at__gt=click.now - timedelta(hours=1)).count() >= TRIES_AN_HOUR:
        raise TooManyTries
    await _wait_for(bank, click, till.id)
    begun = Payment(
        order_id=order.id if order else None,
        family_id=click.family,
        till_id=till.id,
        started_by_id=click.by,
        provider=bank.name,
        reference=token_hex(9).upper(),
        click=None if order else click.nonce,
        made_at=click.now,
    )
    payment = await Payment.prepare(begun, parts)
    await Task.later("poll_bank", payment.id, key=f"poll:{payment.id}:0", after=bank.first_poll)
    return payment


async def _wait_for(bank: Bank, click: Submission, till: int) -> None:
    """A bank may still take what was left on its page. Raises TooSoon unless it refused that itself."""
    if not bank.pause:
        return
    pause = timedelta(seconds=bank.pause)
    tries = Payment.filter(
        family_id=click.family, till_id=till, provider=bank.name, bank_number__isnull=False
    )
    recent = tries.filter(state__in=NOT_PAID, made_at__gt=click.now - pause)
    last = await recent.exclude(state=PaymentState.REFUSED, heard=True).order_by("-made_at").first()
    if last:
        raise TooSoon(last.made_at + pause)


def _parts(order: Order) -> list[PaymentPart]:
    """A restant dû that the order takes over is a part of its own."""
    parts = [PaymentPart(kind=PartKind.ORDER, order_id=order.id, cents=order.due - order.debt)]
    if order.debt:
        parts.append(PaymentPart(kind=PartKind.DEBT, till_id=order.till_id, cents=order.debt))
    return parts
