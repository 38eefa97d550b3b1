"""Everything the environment may say, read once; nothing else reads it."""

import os
import secrets
import stat
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from models.storage import private

ACCESSIBILITY = ("non", "partiellement", "totalement")  # conforme, as an audit found
LEAST_VARIETY = 8  # different characters; of 32 hexadecimal ones made at random, hardly any key has fewer
LOOPBACK = ("127.0.0.1", "localhost", "::1")
BANK_SECRETS = ("key", "password")


class WrongSetting(Exception):
    """The environment asks for something the portal refuses; the text is for the person who starts it."""


@dataclass(frozen=True)
class Settings:
    data_dir: Path
    database_url: str
    redis_url: str | None
    smtp_url: str | None
    base_url: str
    secret_keys: tuple[str, ...] = field(repr=False)
    now: str | None
    demo: bool = False
    accessibility: str = ACCESSIBILITY[0]
    banks: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)  # by code of the till

    @property
    def sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def secure(self) -> bool:
        """Whether cookies are for TLS only: always, except for a demo on this very machine."""
        return not (self.demo and any(f"//{host}" in self.base_url for host in LOOPBACK))

    @property
    def bank_secrets(self) -> set[str]:
        """What no log may hold."""
        return {value for said in self.banks.values() for key, value in said.items() if key in BANK_SECRETS}


def is_loopback(url: str) -> bool:
    return urlsplit(url).hostname in LOOPBACK


def read(*, demo: bool = False, base_url: str | None = None) -> Settings:
    """Settings of the environment. Raises WrongSetting with one sentence."""
    data_dir = Path(os.environ.get("PORTAIL_DATA_DIR") or "var")
    data_dir.mkdir(parents=True, exist_ok=True)
    private.tighten(data_dir)
    now = os.environ.get("PORTAIL_NOW") or None
    if now and not demo:
        raise WrongSetting("PORTAIL_NOW only works with --demo: a real portal has real time.")
    url = os.environ.get("DATABASE_URL") or f"sqlite://{data_dir / 'portail.sqlite3'}"
    if not url.startswith(("sqlite://", "asyncpg://", "postgres://", "postgresql://")):
        raise WrongSetting(
            f"DATABASE_URL starts with sqlite:// or postgresql://, not « {url.split(':')[0]}: »."
        )
    settings = Settings(
        data_dir=data_dir,
        database_url=url,
        redis_url=os.environ.get("REDIS_URL") or None,
        smtp_url=os.environ.get("SMTP_URL") or None,
        base_url=(os.environ.get("PORTAIL_BASE_URL") or base_url or "http://127.0.0.1:8000").rstrip("/"),
        secret_keys=_keys(data_dir),
        now=now,
        demo=demo,
        accessibility=_accessibility(),
        banks=_banks(),
    )
    if settings.redis_url and settings.sqlite:
        raise WrongSetting("REDIS_URL needs PostgreSQL: with SQLite the jobs run inside the web process.")
    return settings


def _accessibility() -> str:
    """What the statement may say: nothing better than « non conforme » before an audit."""
    said = os.environ.get("PORTAIL_ACCESSIBILITY") or ACCESSIBILITY[0]
    if said not in ACCESSIBILITY:
        raise WrongSetting(f"PORTAIL_ACCESSIBILITY is {', '.join(ACCESSIBILITY)}, not « {said} ».")
    return said


def _banks() -> dict[str, dict[str, str]]:
    """The file that PORTAIL_BANKS names: a table for each till, by its code, of texts."""
    named = os.environ.get("PORTAIL_BANKS")
    if not named:
        return {}
    try:
        mode, text = stat.S_IMODE(Path(named).stat().st_mode), Path(named).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise WrongSetting(
            f"PORTAIL_BANKS names {named}, which cannot be read: {type(exc).__name__}."
        ) from None
    if mode & 0o077:
        raise WrongSetting(f"{named} can be read by others: chmod 600 it.")
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError:  # its words may quote a secret
        raise WrongSetting(f"PORTAIL_BANKS names {named}, which is not TOML.") from None
    for till, said in tables.items():
        if not isinstance(said, dict) or not all(isinstance(value, str) for value in said.values()):
            raise WrongSetting(f"{named} needs a table of texts for each till, and « {till} » is none.")
    return tables


def _keys(data_dir: Path) -> tuple[str, ...]:
    """Signing keys, oldest first: PORTAIL_SECRET_KEYS, else a 0600 file made at the first start."""
    given = os.environ.get("PORTAIL_SECRET_KEYS")
    if given is not None:
        keys = tuple(key.strip() for key in given.split(",") if key.strip())
        if not keys or any(len(key) < 32 for key in keys):
            raise WrongSetting(
                "PORTAIL_SECRET_KEYS needs keys of at least 32 characters, separated by commas."
            )
        return _varied(keys, "PORTAIL_SECRET_KEYS")
    path = data_dir / "secret_keys"
    if not path.exists():
        _make_key(path)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise WrongSetting(f"{path} can be read by others: chmod 600 it.")
    return _varied(tuple(path.read_text().strip().split(",")), str(path))


def _make_key(path: Path) -> None:
    """The file appears once it is whole, and once only: processes that start together have the same key."""
    mine = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    private.make(mine)
    mine.write_text(secrets.token_urlsafe(48))
    with suppress(FileExistsError):
        os.link(mine, path)
    mine.unlink()


def _varied(keys: tuple[str, ...], where: str) -> tuple[str, ...]:
    """What a hand typed is soon guessed, and whoever knows a key signs in as anybody. The key itself is never told."""
    if any(len(set(key)) < LEAST_VARIETY or key in (key + key)[1:-1] for key in keys):
        raise WrongSetting(
            f"{where} needs keys made at random, such as `openssl rand -hex 32` prints, not a few characters repeated."
        )
    return keys
