"""What makes the journal hard to rewrite: the hash of a row, and of an invoice that a row tells of."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

HOUSE = 0  # the chain of what is no family's

# What the books are held against: numbers, sums and days. An erasure leaves the details of these.
NAMES_NOBODY = frozenset(
    {
        "order.made", "membership.asked", "family.opened", "counter.taken", "reminder.sent", "refund.ordered",
        "refund.sent", "roll.noted",
    }
)  # fmt: skip


def digest(salt: str, details: Any) -> str:
    """What stands for a row's details in its hash. Without the salt nobody can find out what they were by trying."""
    text = json.dumps([salt, details], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def link(
    before: str, at: datetime, actor: str, action: str, object: str, family: int | None, details: Any
) -> str:
    """The hash of a row that follows `before`; the same whichever database gives the row back.

    `details`: their digest, so that they may be emptied and the row still fit.
    """
    said = [before, at.astimezone(UTC).isoformat(), actor, action, object, family, details]
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def fingerprint(issued_on: str, cents: int, lines: Iterable[tuple[Any, ...]]) -> str:
    """What the journal says of an invoice when it is issued. A line: child, label, quantity, unit_cents, cents."""
    said = json.dumps([issued_on, cents, *lines], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()
