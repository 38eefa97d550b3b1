"""How far a conversation between a family and the mairie has come."""

from enum import StrEnum


class ThreadState(StrEnum):
    OPEN = "open"  # the family wrote last: the mairie has to answer
    SET_ASIDE = "set_aside"  # the mairie has read it and waits for somebody: a colleague, another department
    ANSWERED = "answered"
    CLOSED = "closed"  # by the mairie; the family's next word opens it again
