"""What a family is told of."""

from enum import StrEnum


class NoticeKind(StrEnum):
    REQUEST_ANSWERED = "request_answered"  # about a request
    CONTACT_CHANGED = "contact_changed"  # about a contact: somebody may fetch a child, or no more
    DOCUMENT_ANSWERED = "document_answered"  # about a paper that the family sent: good, or refused
    DOCUMENT_ENDS = "document_ends"  # about a paper, or a child whose care plan ends: within a month
    PLACE_CONFIRMED = "place_confirmed"  # about a booking that waited: it has the place
    PLACE_OFFERED = "place_offered"  # the place is kept until it is paid
    PLACE_LAPSED = "place_lapsed"  # nobody took it in time
    ENROLLED = "enrolled"  # about a wait for an activity: the child is in it now
    ORDER_CONFIRMED = "order_confirmed"  # about an order that took effect without a bank
    PAYMENT_RECEIVED = "payment_received"  # about a payment: its receipt
    PAYMENT_LATE = "payment_late"  # about a payment whose money is a credit
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 (about a guardian, and told to them alone)
    ACCOUNT_ACTIVATION = "account_activation"  # about a token: how to open the account
    PASSWORD_LINK = "password_link"  # noqa: S105 (about a token: how to choose another one)
    SIGN_IN_LINK = "sign_in_link"  # about a token: how to come in without a password
    ADDRESS_LINK = "address_link"  # about a token, and told to the new address
    ADDRESS_CHANGED = "address_changed"  # about a guardian, and told to the address before
    ACCOUNT_CLOSED = "account_closed"  # about a guardian, and told to the address before
    PASSKEY_ADDED = "passkey_added"  # about a guardian, and told to them alone
    PAYMENT_REMINDER = "payment_reminder"  # about a reminder
    REFUND_ANSWERED = "refund_answered"  # about a refund: sent, or refused
    INVOICE_ISSUED = "invoice_issued"  # about an invoice
    CERTIFICATE_ISSUED = "certificate_issued"  # about a tax certificate
    MESSAGE_RECEIVED = "message_received"  # about a message: it reached the mairie, for its writer alone
    MESSAGE_ANSWERED = "message_answered"  # about a message of the mairie
    MESSAGE_BEGUN = "message_begun"  # about a message of the mairie that begins a conversation
    MESSAGE_URGENT = "message_urgent"  # the same, where it cannot wait
    URGENT_NEWS = "urgent_news"  # about news that the mairie wrote as urgent: a strike, a closure
    NEWS_PUBLISHED = "news_published"  # about news, to a parent who asked for it
    MENUS_WRITTEN = "menus_written"  # about a week (its Monday, 20251006), to a parent who asked for it
    CHILD_UNBOOKED = (
        "child_unbooked"  # about a booking that the roll call made: a child was there without one
    )
    DRAFT_CLOSING = (
        "draft_closing"  # about a family: days are ticked, and soon it is too late to validate them
    )
    DRAFT_LOST = "draft_lost"  # about a family: it is too late
    MANDATE_SIGNED = "mandate_signed"  # about a mandate
    MANDATE_ENDED = "mandate_ended"  # about a mandate: revoked, or expired
    DEBIT_PLANNED = "debit_planned"  # about a collection that its invoice could not tell
    CLASS_AWAY = "class_away"  # about the first of the days that a class event cancelled for the family
    CLASS_BACK = "class_back"  # about the first of those that were to be booked again
    BOOKED_BY_DEFAULT = "booked_by_default"  # about an activity: days that the portal booked by itself
    DEFAULT_TAKEN_BACK = "default_taken_back"  # about an activity: the mairie went back on that
    DAYS_CLOSED = "days_closed"  # about an activity: booked days that the mairie closed
    FILES_MERGED = "files_merged"  # about the family whose file is closed: two files are one now
    HOME_PARTED = (
        "home_parted"  # about the family that is new: one parent has a file of their own; to each home
    )
    DEBIT_REJECTED = "debit_rejected"  # about a collection that the bank refused or took back


GATHERED = frozenset({NoticeKind.REQUEST_ANSWERED})  # those of one moment are told in one message
