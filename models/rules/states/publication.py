"""Where something that is published from one day to another stands."""

from datetime import date, datetime
from enum import StrEnum


class PublicationState(StrEnum):
    COMING = "coming"
    SHOWN = "shown"
    OVER = "over"
    WITHDRAWN = "withdrawn"


def publication_state(
    starts: date, ends: date | None, withdrawn_at: datetime | None, today: date
) -> PublicationState:
    """`ends` is the last day on which it is shown; none: until it is withdrawn."""
    if withdrawn_at is not None:
        return PublicationState.WITHDRAWN
    if starts > today:
        return PublicationState.COMING
    return PublicationState.OVER if ends is not None and ends < today else PublicationState.SHOWN
