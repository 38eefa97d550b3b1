"""What a family is told of."""

from enum import StrEnum


class NoticeKind(StrEnum):
    REQUEST_ANSWERED = "request_answered"  # about a request
    PLACE_CONFIRMED = "place_confirmed"  # about a booking that waited: it has the place
    PLACE_OFFERED = "place_offered"  # the place is kept until it is paid
    PLACE_LAPSED = "place_lapsed"  # nobody took it in time
    ORDER_CONFIRMED = "order_confirmed"  # about an order that took effect without a bank
    PAYMENT_RECEIVED = "payment_received"  # about a payment: its receipt
    PAYMENT_LATE = "payment_late"  # about a payment whose money is a credit
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 (about a guardian, and told to them alone)
    ACCOUNT_ACTIVATION = "account_activation"  # about a token: how to open the account
    PASSWORD_LINK = "password_link"  # noqa: S105 (about a token: how to choose another one)
    SIGN_IN_LINK = "sign_in_link"  # about a token: how to come in without a password
    ADDRESS_LINK = "address_link"  # about a token, and told to the new address
    ADDRESS_CHANGED = "address_changed"  # about a guardian, and told to the address before
    PAYMENT_REMINDER = "payment_reminder"  # about a reminder
    REFUND_ANSWERED = "refund_answered"  # about a refund: sent, or refused
    INVOICE_ISSUED = "invoice_issued"  # about an invoice
    CERTIFICATE_ISSUED = "certificate_issued"  # about a tax certificate
    MESSAGE_RECEIVED = "message_received"  # about a message: it reached the mairie, for its writer alone
    MESSAGE_ANSWERED = "message_answered"  # about a message of the mairie
    MANDATE_SIGNED = "mandate_signed"  # about a mandate
    MANDATE_ENDED = "mandate_ended"  # about a mandate: revoked, or expired
    DEBIT_PLANNED = "debit_planned"  # about a collection that its invoice could not tell
    DAYS_CLOSED = "days_closed"  # about an activity: booked days that the mairie closed
    DEBIT_REJECTED = "debit_rejected"  # about a collection that the bank refused or took back


GATHERED = frozenset({NoticeKind.REQUEST_ANSWERED})  # those of one moment are told in one message
