"""Passwords as argon2id. Hashing takes 20 ms and 19 MiB on purpose: in a thread, four at a time."""

import asyncio
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

DEMO_PASSWORD = "portail-famille-demo"  # noqa: S105 (told to everybody, and only with --demo)

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_four = BoundedSemaphore(4)  # of threads: an asyncio one belongs to a loop


async def hash(password: str) -> str:
    return await asyncio.to_thread(_hash, password)


async def verify(hashed: str | None, password: str) -> bool:
    """Is it the password? Without a hash it takes as long and says no, so that nobody learns who exists."""
    return await asyncio.to_thread(_verify, hashed, password)


def outdated(hashed: str) -> bool:
    """Was it made with weaker settings than today's?"""
    return _hasher.check_needs_rehash(hashed)


def _hash(password: str) -> str:
    with _four:
        return _hasher.hash(password)


def _verify(hashed: str | None, password: str) -> bool:
    tried = hashed or _nobody()
    with _four:
        try:
            return _hasher.verify(tried, password) and bool(hashed)
        except (VerificationError, InvalidHashError):
            return False


@cache
def _nobody() -> str:
    return _hasher.hash("nobody")
