"""How far a text message has come."""

from enum import StrEnum


class TextState(StrEnum):
    WAITING = "waiting"  # for its carrier
    SENT = "sent"  # its carrier has it
    DELIVERED = "delivered"  # the telephone has it
    FAILED = "failed"  # the carrier refused it, or could not deliver it


ENDED = frozenset({TextState.DELIVERED, TextState.FAILED})
