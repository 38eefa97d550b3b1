"""What the portal signs: the session's cookie, the forms' token, a known device. One salt each."""

import hashlib
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from functools import lru_cache

from itsdangerous import BadSignature, Signer, want_bytes
from starlette.responses import Response

from models.access.session import LONGEST_REMEMBERED
from models.settings import Settings

DEVICE_LIFE = LONGEST_REMEMBERED


def session_cookie(settings: Settings) -> str:
    """Its name. `__Host-` makes browsers refuse one set by another host, or without TLS."""
    return "__Host-pf" if settings.secure else "pf"


def visitor_cookie(settings: Settings) -> str:
    return f"{session_cookie(settings)}-visite"


def device_cookie(settings: Settings) -> str:
    return f"{session_cookie(settings)}-appareil"


def seal(settings: Settings, secret: str) -> str:
    """The value of the session's cookie."""
    return _signer(settings.secret_keys, "session").sign(secret).decode()


def unseal(settings: Settings, value: str | None) -> str | None:
    """The session's secret; None when we did not sign it, which saves asking the database."""
    return _open(settings, "session", value)


def calendar_secrets(settings: Settings, seed: str) -> list[str]:
    """What the address of a calendar of this seed may hold, with the newest key first: a key that is new makes no
    address old."""
    return [
        _signer((key,), "calendar").get_signature(seed).decode() for key in reversed(settings.secret_keys)
    ]


def new_visit() -> str:
    return secrets.token_urlsafe(18)


def token(settings: Settings, salt: str, bearer: str) -> str:
    """The forms' hidden field, bound to a session (salt "csrf") or a visitor's cookie ("csrf-visite")."""
    return _signer(settings.secret_keys, salt).get_signature(bearer).decode()


def is_token(settings: Settings, salt: str, bearer: str, given: str) -> bool:
    """Compared in constant time, with each of the keys."""
    return _signer(settings.secret_keys, salt).verify_signature(bearer.encode(), unmasked(given).encode())


def masked(token: str) -> str:
    """The token as a page carries it: another text each time, so that the length of a packed page tells nothing of
    it (BREACH)."""
    if not token:
        return ""
    pad = secrets.token_bytes(len(token))
    return f"{_text(pad)}.{_text(_mixed(pad, token.encode()))}"


def unmasked(given: str) -> str:
    """The token of a form; what is none stays what it is, and is refused."""
    try:
        pad, hidden = (urlsafe_b64decode(part) for part in given.split("."))
        return _mixed(pad, hidden).decode()
    except ValueError:
        return given


def _mixed(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode()


def token_of(settings: Settings, cookies: Mapping[str, str]) -> str:
    """The token that goes with these cookies; empty for a visitor without any."""
    if secret := unseal(settings, cookies.get(session_cookie(settings))):
        return token(settings, "csrf", secret)
    if visit := cookies.get(visitor_cookie(settings)):
        return token(settings, "csrf-visite", visit)
    return ""


def give_session(response: Response, settings: Settings, secret: str, remembered: bool) -> None:
    """Without a life of its own the cookie goes when the browser closes."""
    life = int(LONGEST_REMEMBERED) if remembered else None
    _set(response, settings, session_cookie(settings), seal(settings, secret), life)


def take_session(response: Response, settings: Settings) -> None:
    _set(response, settings, session_cookie(settings), "", 0)


def mark_device(response: Response, settings: Settings, who: str) -> None:
    value = _signer(settings.secret_keys, "device").sign(who).decode()
    _set(response, settings, device_cookie(settings), value, int(DEVICE_LIFE))


def await_code(response: Response, settings: Settings, said: str) -> None:
    """Who has typed the right password and owes a code. "" forgets it."""
    value = _signer(settings.secret_keys, "second step").sign(said).decode() if said else ""
    _set(response, settings, _code_cookie(settings), value, None if said else 0)


def awaited_code(settings: Settings, cookies: Mapping[str, str]) -> str | None:
    return _open(settings, "second step", cookies.get(_code_cookie(settings)))


def _code_cookie(settings: Settings) -> str:
    return f"{session_cookie(settings)}-etape"


def keep(response: Response, settings: Settings, name: str, value: str) -> None:
    """A mark on this device that decides about nothing: it is not signed."""
    _set(response, settings, name, value, int(DEVICE_LIFE))


def known_device(settings: Settings, cookies: Mapping[str, str]) -> str | None:
    """Who signed in here before."""
    return _open(settings, "device", cookies.get(device_cookie(settings)))


def _set(response: Response, settings: Settings, name: str, value: str, life: int | None) -> None:
    response.set_cookie(name, value, life, path="/", secure=settings.secure, httponly=True, samesite="lax")


def _open(settings: Settings, salt: str, value: str | None) -> str | None:
    if not value:
        return None
    try:
        return _signer(settings.secret_keys, salt).unsign(value).decode()
    except (BadSignature, UnicodeError):
        return None


class _Signer(Signer):
    """Derives its keys once: every request asks for three signatures."""

    def __init__(self, keys: tuple[str, ...], salt: str) -> None:
        super().__init__(list(keys), salt=salt, key_derivation="hmac", digest_method=hashlib.sha256)
        self._derived = {key: super(_Signer, self).derive_key(key) for key in self.secret_keys}

    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        return self._derived[want_bytes(self.secret_key if secret_key is None else secret_key)]


@lru_cache(16)
def _signer(keys: tuple[str, ...], salt: str) -> Signer:
    return _Signer(keys, salt)
