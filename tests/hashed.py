"""Passwords hashed quickly: the tests check thousands, and how long one takes is no part of what they prove.

Portals that run as processes of their own hash as they always do.
"""

from argon2 import PasswordHasher

from models.access import passwords

REAL = passwords._hasher  # what the portal has


def quickly() -> None:
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
