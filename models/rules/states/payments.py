"""How far an attempt to pay has come, what a bank says of it, and what a part of it is for."""

from enum import StrEnum


class PaymentState(StrEnum):
    CREATED = "created"
    REDIRECTED = "redirected"  # somebody was led to the bank
    REFUSED = "refused"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    PAID = "paid"  # final


class BankState(StrEnum):
    """What a bank says of a charge. Whatever is not pending becomes the payment's state."""

    PENDING = "pending"
    PAID = "paid"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class PaymentMethod(StrEnum):
    """By which means a family pays. What a counter takes lies in an account of this name; a card's is at the bank."""

    CARD = "card"
    CASH = "cash"
    CHEQUE = "cheque"
    CESU = "cesu"
    TRANSFER = "transfer"
    DEBIT = "debit"


class PartKind(StrEnum):
    ORDER = "order"
    INVOICE = "invoice"
    DEBT = "debt"  # a restant dû
    ADVANCE = "advance"


OPEN = (PaymentState.CREATED, PaymentState.REDIRECTED)
CLOSED = (
    PaymentState.REFUSED,
    PaymentState.CANCELLED,
    PaymentState.EXPIRED,
)  # a later « paid » is still heard
NOT_PAID = (*OPEN, *CLOSED)


class RefundState(StrEnum):
    """Of an avoir that is given back."""

    REQUESTED = "requested"
    ORDERED = "ordered"  # a bank was told to put it back on the card, and has not answered yet
    SENT = "sent"
    REFUSED = "refused"


class CardRefundState(StrEnum):
    """Of an order to a bank to give money back on the card that paid."""

    ORDERED = "ordered"
    DOUBTFUL = "doubtful"  # the bank was told, and cannot say what became of it: somebody looks it up
    GIVEN = "given"
    REFUSED = "refused"


REFUND_OPEN = (RefundState.REQUESTED, RefundState.ORDERED)
UNDER_WAY = (CardRefundState.ORDERED, CardRefundState.DOUBTFUL)


AT_COUNTER = (
    PaymentMethod.CASH,
    PaymentMethod.CHEQUE,
    PaymentMethod.CESU,
    PaymentMethod.CARD,
    PaymentMethod.TRANSFER,
)  # the order in which a cashier is offered them
ON_PAPER = (PaymentMethod.CHEQUE, PaymentMethod.CESU)  # taken to the bank one by one
UNHEARD = (PaymentState.CANCELLED, PaymentState.EXPIRED)  # the portal may have said so, and not the bank
