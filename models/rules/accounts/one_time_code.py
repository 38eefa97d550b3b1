"""The second step of signing in: six figures that a telephone makes from a shared secret, others every half minute.

RFC 6238 as every application reads it: SHA-1, six figures, thirty seconds.
"""

import base64
import hashlib
import hmac
from collections.abc import Collection

STEP, FIGURES = 30, 6  # seconds, decimals
DRIFT = 1  # steps that a telephone's clock may be early or late
SECRET = 20  # bytes: as long as what SHA-1 gives
CODES = 10  # of recovery, each for one use
ASKED_OF = ("administrator", "cashier")  # who sees everything, and who handles money


def is_required(roles: Collection[str], of_all: bool) -> bool:
    """Must somebody who holds these roles prove it twice? `of_all`: the commune asks it of every agent."""
    return of_all or not set(ASKED_OF).isdisjoint(roles)


def code_at(secret: bytes, step: int) -> str:
    """The six figures of a step: how many half minutes since 1970."""
    mac = hmac.new(secret, step.to_bytes(8, "big"), hashlib.sha1).digest()
    start = mac[-1] & 15
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**FIGURES:0{FIGURES}d}"


def step_of(secret: bytes, typed: str, moment: int, last: int) -> int | None:
    """The step whose code was typed, at `moment` in seconds since 1970; None for no code of now.

    `last` is the step that was used last: it and those before it are refused, so that a code works once.
    """
    now, given = moment // STEP, "".join(typed.split()).encode()
    steps = range(max(now - DRIFT, last + 1), now + DRIFT + 1)
    return next((step for step in steps if hmac.compare_digest(code_at(secret, step).encode(), given)), None)


def written(secret: bytes) -> str:
    """The secret as it is typed where no camera reads it: « JBSW Y3DP … »."""
    key = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(key[at : at + 4] for at in range(0, len(key), 4))
