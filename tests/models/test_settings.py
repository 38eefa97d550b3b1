"""What the environment may say, and what it may not."""

import secrets
import uuid
from pathlib import Path

import pytest

from models.settings import WrongSetting, read


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("DATABASE_URL", "REDIS_URL", "PORTAIL_SECRET_KEYS", "PORTAIL_NOW"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PORTAIL_DATA_DIR", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    "key",
    [
        "a" * 32,
        "ab" * 20,
        "motdepasse" * 4,
        "0123456789abcdef" * 2,
        "12341234123412341234123412341234",
        "aabbccdd" * 5,
    ],
)
def test_a_key_of_little_variety_is_refused(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    for given in (key, f"{secrets.token_hex(32)},{key}"):
        monkeypatch.setenv("PORTAIL_SECRET_KEYS", given)
        with pytest.raises(WrongSetting, match="at random") as refused:
            read()
        assert key not in str(refused.value)


def test_a_key_made_at_random_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    for make in (lambda: secrets.token_hex(16), lambda: secrets.token_urlsafe(24), lambda: str(uuid.uuid4())):
        keys = tuple(make() for _ in range(200))
        monkeypatch.setenv("PORTAIL_SECRET_KEYS", ",".join(keys))
        assert read().secret_keys == keys


def test_the_key_of_the_file_is_looked_at_too(folder: Path) -> None:
    made = read().secret_keys
    assert len(made) == 1 and read().secret_keys == made
    (folder / "secret_keys").write_text("a" * 40)
    with pytest.raises(WrongSetting, match="at random"):
        read()
