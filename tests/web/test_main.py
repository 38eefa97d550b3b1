"""`python -m web` as somebody starts it."""

import asyncio
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests import servers
from tests.serving import Forked, heard, served, start
from tests.tools import ROOT


def refused(folder: Path, *arguments: str, **more: str) -> str:
    """The sentence with which it refuses to start."""
    process = Forked(folder, *arguments, **more)
    said, sentence = process.communicate()
    assert process.exitcode == 2 and said == ""
    assert len(sentence.splitlines()) == 1, sentence
    return sentence


@contextmanager
def started(folder: Path, *arguments: str, **more: str) -> Iterator[tuple[str, str]]:
    """By the command itself: what it said, and its address. It imports for seconds: `served` does the rest as well."""
    process = start(folder, *arguments, **more)
    try:
        yield heard(process)
    finally:
        process.terminate()
        process.communicate(timeout=60)


def test_a_demo_starts_goes_on_and_refuses_another_commune(tmp_path: Path) -> None:
    with started(tmp_path, "--demo", "lens", PORTAIL_NOW="2018-08-27T10:00:00") as (said, address):
        assert "famille15" in said and "mairie, regie, cantine, animateur, gestion, elu" in said
        assert "portail-famille-demo" in said
        assert httpx.get(f"{address}/sante", trust_env=False).status_code == 200
        answer = httpx.get(f"{address}/", trust_env=False)
        assert "Lens" in answer.text and "server" not in answer.headers
    fewer = sqlite3.connect(tmp_path / "portail.sqlite3")
    fewer.execute("DELETE FROM member WHERE username IN ('gestion', 'elu')")  # a demo of another day
    fewer.commit()
    fewer.close()
    with served(tmp_path, "--demo", str(ROOT / "models" / "communes" / "lens.toml")) as (said, _):
        assert "famille15" in said and "gestion, elu" in said
    assert "not Commune d'Alixan 2022-2023" in refused(tmp_path, "--demo", "alixan")
    assert "known to all" in refused(tmp_path)


def test_two_demos_that_start_at_once_on_an_empty_database_both_serve(demo_url: str, tmp_path: Path) -> None:
    """The second waits for what the first loads, and goes on with it."""
    more = {"PORTAIL_NOW": "2018-08-27T10:00:00", "DATABASE_URL": demo_url, "PORTAIL_DATA_DIR": str(tmp_path)}
    logs = [tmp_path / "one", tmp_path / "other"]
    for folder in logs:
        folder.mkdir()
    both = [Forked(folder, "--demo", "lens", **more) for folder in logs]
    try:
        for process in both:
            _, address = heard(process)
            assert "Lens" in httpx.get(f"{address}/", trust_env=False).text
    finally:
        for process in both:
            process.terminate()
            process.communicate()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def demo_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database."""
    if request.param == "sqlite":
        yield f"sqlite://{tmp_path / 'portail.sqlite3'}"
        return
    server = request.getfixturevalue("postgres_server")
    url = asyncio.run(servers.create_database(server))
    yield url
    asyncio.run(servers.drop_database(url, server))


@pytest.mark.parametrize(
    ("arguments", "more", "sentence"),
    [
        (["--demo", "nulle-part"], {}, "nulle-part"),
        (["--demo", "/nulle/part.toml"], {}, "/nulle/part.toml"),
        ([], {"PORTAIL_NOW": "2018-08-27T10:00:00"}, "--demo"),
        ([], {"REDIS_URL": "redis://127.0.0.1:1"}, "PostgreSQL"),
        ([], {"DATABASE_URL": "mysql://x"}, "DATABASE_URL"),
        ([], {"PORTAIL_SECRET_KEYS": "short"}, "32 characters"),
        ([], {"PORTAIL_SECRET_KEYS": "a" * 32}, "at random"),
        ([], {"PORTAIL_SECRET_KEYS": f"{secrets.token_urlsafe(48)},{'Xy7-' * 9}"}, "at random"),
        ([], {"PORTAIL_BANKS": "/nulle/part.toml"}, "PORTAIL_BANKS names /nulle/part.toml"),
        ([], {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/x"}, "does not answer"),
        (["--host", "192.0.2.1"], {}, "cannot be served"),
    ],
)
def test_a_wrong_start_is_one_sentence(tmp_path: Path, arguments, more, sentence: str) -> None:
    assert sentence in refused(tmp_path, *arguments, **more)


def test_a_demo_never_takes_real_money(tmp_path: Path) -> None:
    """Nor does a portal start whose till has a bank and no account."""
    lens = (ROOT / "models" / "communes" / "lens.toml").read_text()
    assert lens.count('bank_label = "RESTAURATION ACM"') == 1
    town, banks = tmp_path / "lens.toml", tmp_path / "banques.toml"
    town.write_text(lens.replace("bank_label =", 'provider = "payfip", bank_label ='))
    with served(tmp_path, "--demo", str(town)):
        pass  # the demo bank takes the place of one that is not described
    banks.touch(0o600)
    banks.write_text('[acm]\nmode = "production"\nnumcli = "090909"\n')
    said = refused(tmp_path, "--demo", str(town), PORTAIL_BANKS=str(banks))
    assert "till « acm »: « mode » cannot be « production » with --demo" in said
    banks.write_text('[acm]\nmode = "test"\n')
    assert "« numcli » is expected: 6 digits" in refused(
        tmp_path, "--demo", str(town), PORTAIL_BANKS=str(banks)
    )


def test_a_real_portal_starts_empty(tmp_path: Path) -> None:
    with served(tmp_path) as (said, address):
        assert "empty" in said and "portail-famille-demo" not in said
        assert httpx.get(f"{address}/connexion", trust_env=False).status_code == 200


@pytest.mark.postgres
def test_a_demo_starts_on_postgresql(tmp_path: Path, postgres_server: str) -> None:
    url = asyncio.run(servers.create_database(postgres_server))
    try:
        with served(tmp_path, "--demo", "demo", DATABASE_URL=url) as (said, address):
            assert "mairie, regie" in said
            assert httpx.get(f"{address}/sante", trust_env=False).status_code == 200
    finally:
        asyncio.run(servers.drop_database(url, postgres_server))
