"""What makes the journal hard to rewrite: the hash of a row, and of an invoice that a row tells of."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

HOUSE = 0  # the chain of what is no family's


def link(
    before: str, at: datetime, actor: str, action: str, object: str, family: int | None, details: Any
) -> str:
    """The hash of a row that follows `before`; the same whichever database gives the row back."""
    said = [before, at.astimezone(UTC).isoformat(), actor, action, object, family, details]
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def fingerprint(issued_on: str, cents: int, lines: Iterable[tuple[Any, ...]]) -> str:
    """What the journal says of an invoice when it is issued. A line: child, label, quantity, unit_cents, cents."""
    said = json.dumps([issued_on, cents, *lines], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()
