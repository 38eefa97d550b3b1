"""Six figures that open a covered tablet again, where a service is called. They guard a screen, not an account."""

import hashlib
from dataclasses import dataclass
from itertools import pairwise

FIGURES = 6
IDLE = 300  # seconds without a touch, after which the tablet is covered
TRIES = 5  # wrong ones, after which somebody signs in again
ITERATIONS = 300_000  # of PBKDF2: about half a second on a tablet
SALT = 16  # bytes


class WeakPin(Exception):
    """Not six figures, or the first that somebody would try."""


@dataclass(frozen=True, slots=True)
class RollPin:
    """What the tablet checks a code against, without a network: PBKDF2 with SHA-256. Both texts are hexadecimal."""

    salt: str
    iterations: int
    digest: str

    @property
    def kept(self) -> str:
        return f"{self.salt}${self.iterations}${self.digest}"


def made(pin: str, salt: bytes) -> RollPin:
    """`salt`: new ones, SALT bytes. Slow: not in a transaction, in a thread. Raises WeakPin."""
    if not (len(pin) == FIGURES and pin.isascii() and pin.isdigit()) or _is_first_tried(pin):
        raise WeakPin
    digest = hashlib.pbkdf2_hmac("sha256", pin.encode(), salt, ITERATIONS)
    return RollPin(salt.hex(), ITERATIONS, digest.hex())


def read(kept: str | None) -> RollPin | None:
    if not kept:
        return None
    salt, iterations, digest = kept.split("$")
    return RollPin(salt, int(iterations), digest)


def _is_first_tried(pin: str) -> bool:
    """« 000000 », « 123456 », « 987654 »."""
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    return steps in ({0}, {1}, {-1})
