"""What families are told, by topics that a parent chooses channels for: « Place libérée » by e-mail, not by phone."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from models.rules.states.notices import NoticeKind as Kind

KEY = "notices"  # of a parent's preferences: {"place.email": False}, what differs from the usual


class Channel(StrEnum):
    EMAIL = "email"
    PUSH = "push"
    TEXT = "text"  # SMS, where the commune has a carrier: only for what is urgent


class Usual(StrEnum):
    """What somebody gets who chose nothing. ALWAYS cannot be chosen otherwise."""

    ALWAYS = "always"
    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Topic:
    code: str
    kinds: frozenset[Kind]
    email: Usual
    push: Usual | None = Usual.YES  # None: it never rings
    urgent: bool = False  # it does not wait for the morning
    text: Usual | None = None  # None: no text message

    def usual(self, channel: Channel) -> Usual | None:
        return {Channel.EMAIL: self.email, Channel.PUSH: self.push, Channel.TEXT: self.text}[channel]

    @property
    def is_optional(self) -> bool:
        """May its e-mails be stopped?"""
        return self.email != Usual.ALWAYS


TOPICS = (
    Topic("deadline", frozenset({Kind.DRAFT_CLOSING, Kind.DRAFT_LOST, Kind.DOCUMENT_ENDS}), Usual.YES),
    Topic(
        "place",
        frozenset({Kind.PLACE_CONFIRMED, Kind.PLACE_OFFERED, Kind.PLACE_LAPSED, Kind.ENROLLED}),
        Usual.YES,
    ),
    Topic(
        "answer",
        frozenset(
            {Kind.REQUEST_ANSWERED, Kind.REFUND_ANSWERED, Kind.DOCUMENT_ANSWERED, Kind.CONTACT_CHANGED}
        ),
        Usual.ALWAYS,
    ),
    Topic(
        "invoice",
        frozenset(
            {
                Kind.INVOICE_ISSUED,
                Kind.PAYMENT_REMINDER,
                Kind.CERTIFICATE_ISSUED,
                Kind.DEBIT_PLANNED,
                Kind.DEBIT_REJECTED,
                Kind.MANDATE_SIGNED,
                Kind.MANDATE_ENDED,
            }
        ),
        Usual.ALWAYS,
        Usual.NO,
    ),
    Topic(
        "booking",
        frozenset(
            {
                Kind.ORDER_CONFIRMED,
                Kind.PAYMENT_RECEIVED,
                Kind.PAYMENT_LATE,
                Kind.BOOKED_BY_DEFAULT,
                Kind.DEFAULT_TAKEN_BACK,
            }
        ),
        Usual.ALWAYS,
        Usual.NO,
    ),
    Topic("presence", frozenset({Kind.CHILD_UNBOOKED}), Usual.YES),
    Topic(
        "urgent",
        frozenset(
            {Kind.URGENT_NEWS, Kind.CLASS_AWAY, Kind.CLASS_BACK, Kind.DAYS_CLOSED, Kind.MESSAGE_URGENT}
        ),
        Usual.ALWAYS,
        Usual.YES,
        urgent=True,
        text=Usual.YES,
    ),
    Topic("message", frozenset({Kind.MESSAGE_ANSWERED, Kind.MESSAGE_BEGUN}), Usual.YES),
    Topic("news", frozenset({Kind.NEWS_PUBLISHED}), Usual.NO, Usual.NO),
    Topic("menus", frozenset({Kind.MENUS_WRITTEN}), Usual.NO, Usual.NO),
    Topic("sent", frozenset({Kind.MESSAGE_RECEIVED}), Usual.ALWAYS, None),
    Topic(
        "account",
        frozenset(
            {
                Kind.PASSWORD_CHANGED,
                Kind.ACCOUNT_ACTIVATION,
                Kind.PASSWORD_LINK,
                Kind.SIGN_IN_LINK,
                Kind.ADDRESS_LINK,
                Kind.ADDRESS_CHANGED,
                Kind.PASSKEY_ADDED,
                Kind.ACCOUNT_CLOSED,
                Kind.FILES_MERGED,
                Kind.HOME_PARTED,
            }
        ),
        Usual.ALWAYS,
        None,
    ),
)
BY_CODE: Mapping[str, Topic] = {topic.code: topic for topic in TOPICS}
BY_KIND: Mapping[str, Topic] = {kind: topic for topic in TOPICS for kind in topic.kinds}


def wants(preferences: Mapping[str, Any] | None, topic: Topic, channel: Channel) -> bool:
    """Is a parent with these preferences told of it this way?"""
    usual = topic.usual(channel)
    if usual in (None, Usual.ALWAYS):
        return usual is not None
    chosen = ((preferences or {}).get(KEY) or {}).get(f"{topic.code}.{channel}")
    return chosen if isinstance(chosen, bool) else usual == Usual.YES


def is_choice(name: str) -> bool:
    """« place.email »: a topic and a channel that may be chosen?"""
    code, _, channel = name.partition(".")
    if code not in BY_CODE or channel not in set(Channel):
        return False
    return BY_CODE[code].usual(Channel(channel)) not in (None, Usual.ALWAYS)
