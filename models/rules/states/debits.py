"""How far a mandate, a collection and the file that asks the bank for it have come."""

from enum import StrEnum


class MandateState(StrEnum):
    ACTIVE = "active"
    REVOKED = "revoked"  # by the family, or by the mairie for it
    EXPIRED = "expired"  # nothing was collected under it for 36 months


class DebitState(StrEnum):
    PLANNED = "planned"  # its invoice told the day
    PREPARED = "prepared"  # its amount is fixed, in a file that has not left
    SENT = "sent"
    PAID = "paid"
    REJECTED = "rejected"  # by the bank of who pays, before or after the money had come
    DROPPED = "dropped"  # nothing was left to collect, or the mandate was revoked before


class BatchState(StrEnum):
    PREPARED = "prepared"
    SENT = "sent"  # somebody handed the file over to the bank
    SETTLED = "settled"  # the money is there
    DISCARDED = "discarded"  # it never left


class Sequence(StrEnum):
    """As the bank's file says it."""

    FIRST = "FRST"
    RECURRING = "RCUR"


IN_BATCH = (DebitState.PREPARED, DebitState.SENT, DebitState.PAID, DebitState.REJECTED)
AT_THE_BANK = (DebitState.PREPARED, DebitState.SENT)  # whoever pays the invoice meanwhile pays it twice
LIVE = (DebitState.PLANNED, *AT_THE_BANK, DebitState.PAID)  # an invoice has one
REJECTABLE = (DebitState.SENT, DebitState.PAID)
