"""The papers that a commune asks: until when one is good, and what is said of it."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from models.rules.states.requests import RequestState

PER = ("child", "family", "plan")
PLAN = "plan"  # of each child who has a care plan (PAI): sealed, and whoever opens it is written down
BLOCKS = ("sent", "accepted")  # until it is sent, or until the mairie has accepted it, no day is booked
SOON = timedelta(days=30)  # before its end it is asked for again


class Standing(StrEnum):
    MISSING = "missing"
    PENDING = "pending"
    VALID = "valid"
    ENDING = "ending"  # valid, for SOON at most
    OVER = "over"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Paper:
    """One that was sent."""

    state: RequestState
    until: date | None  # of an accepted one: its last day; none: for ever


@dataclass(frozen=True, slots=True)
class Condition:
    """A paper that the commune asks, without which no more days are booked."""

    id: int
    name: str
    per: str  # of PER
    until: str  # of BLOCKS
    since: date | None  # its first day; none: it is so already

    def is_met(self, papers: Sequence[Paper], today: date) -> bool:
        """By what was sent for it, the oldest first; a good one goes on while another waits."""
        if any(paper.state is RequestState.ACCEPTED and not _is_over(paper, today) for paper in papers):
            return True
        return self.until == "sent" and bool(papers) and papers[-1].state is RequestState.PENDING

    def blocks(self, today: date) -> bool:
        """Has its day come? Before it, what is missing is only said."""
        return self.since is None or self.since <= today


def last_day(accepted: date, months: int | None) -> date | None:
    """Of a paper that is good for so many months from its acceptance on; none: it has no end."""
    if months is None:
        return None
    year, month = divmod(accepted.month - 1 + months, 12)
    year, month = accepted.year + year, month + 1
    return date(year, month, min(accepted.day, calendar.monthrange(year, month)[1]))


def standing(papers: Sequence[Paper], today: date) -> Standing:
    """Of one thing that is asked, from what was sent for it, the oldest first."""
    if not papers:
        return Standing.MISSING
    good = [paper for paper in papers if paper.state is RequestState.ACCEPTED and not _is_over(paper, today)]
    if papers[-1].state is RequestState.PENDING:
        return Standing.PENDING
    if good:
        ends = [paper.until for paper in good if paper.until]
        return Standing.ENDING if len(ends) == len(good) and max(ends) - today <= SOON else Standing.VALID
    return Standing.REFUSED if papers[-1].state is RequestState.REFUSED else Standing.OVER


def is_wanted(standing: Standing) -> bool:
    """Has the family something to send?"""
    return standing in (Standing.MISSING, Standing.ENDING, Standing.OVER, Standing.REFUSED)


def _is_over(paper: Paper, today: date) -> bool:
    return paper.until is not None and paper.until < today
