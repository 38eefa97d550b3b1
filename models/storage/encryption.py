"""What is kept sealed: bank accounts of families, what opens an account. Under a key that is not in the
database, nor in its backups.

The keys are those of PORTAIL_SECRET_KEYS, each stretched for this use alone. The newest seals, every one opens: a key
is retired once `renewed` has been asked of every row.
"""

import base64
import hmac
from collections.abc import Sequence
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

USE = b"portail-famille: bank accounts at rest"
_keys: tuple[str, ...] = ()


class Unreadable(Exception):
    """It was sealed by none of the keys that this portal has, or changed since."""


def use(secret_keys: Sequence[str]) -> None:
    """The keys of this process, the oldest first."""
    global _keys
    _keys = tuple(secret_keys)


def seal(content: bytes) -> bytes:
    return _box(_keys).encrypt(content)


def unseal(sealed: bytes) -> bytes:
    """Raises Unreadable."""
    try:
        return _box(_keys).decrypt(sealed)
    except InvalidToken:
        raise Unreadable from None


def renewed(sealed: bytes) -> bytes | None:
    """The same under the newest key; None where that one sealed it already. Raises Unreadable."""
    content = unseal(sealed)
    try:
        _box(_keys[-1:]).decrypt(sealed)
    except InvalidToken:
        return seal(content)
    return None


def signature(said: str, use: str) -> str:
    """What nobody can write without the portal's keys, for this use alone: 22 letters of an address."""
    if not _keys:
        raise Unreadable("no key was given to this process")
    return _signature(_keys[-1], said, use)


def is_signature(given: str, said: str, use: str) -> bool:
    """Under any of the keys."""
    return any(hmac.compare_digest(given.encode(), _signature(key, said, use).encode()) for key in _keys)


def _signature(key: str, said: str, use: str) -> str:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=use.encode()).derive(key.encode())
    mac = hmac.digest(derived, said.encode(), "sha256")[:16]
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


@lru_cache(8)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    if not keys:
        raise Unreadable("no key was given to this process")
    return MultiFernet([Fernet(_stretched(key)) for key in reversed(keys)])


def _stretched(key: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=USE).derive(key.encode())
    return base64.urlsafe_b64encode(derived)
