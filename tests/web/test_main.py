"""`python -m web` as somebody starts it."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import httpx
import pytest

from tests import servers
from tests.tools import ROOT

LOG = "server.log"
OURS = ("PORTAIL_", "DATABASE_URL", "REDIS_URL", "SMTP_URL")


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**kept, "PORTAIL_DATA_DIR": str(folder), **more}


def start(folder: Path, *arguments: str, **more: str) -> "subprocess.Popen[str]":
    return _start(folder, arguments, more, subprocess.PIPE)


def _start(
    folder: Path, arguments: Sequence[str], more: dict[str, str], log: int | IO[str]
) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "web", "--port", "0", *arguments]
    known = environment(folder, **more)
    return subprocess.Popen(command, cwd=ROOT, env=known, stdout=subprocess.PIPE, stderr=log, text=True)


@contextmanager
def served(folder: Path, *arguments: str, **more: str) -> Iterator[tuple[str, str]]:
    """What it said, and its address. What it logs is in the folder's `server.log`."""
    with (folder / LOG).open("a") as log:
        process = _start(folder, arguments, more, log)
    try:
        assert process.stdout
        said = ""
        while line := process.stdout.readline():
            if line.startswith("http"):
                break
            said += line
        else:
            pytest.fail((folder / LOG).read_text())
        yield said, line.strip()
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)


def refused(folder: Path, *arguments: str, **more: str) -> str:
    """The sentence with which it refuses to start."""
    process = start(folder, *arguments, **more)
    try:
        said, sentence = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 2 and said == ""
    assert len(sentence.splitlines()) == 1, sentence
    return sentence


def test_a_demo_starts_goes_on_and_refuses_another_commune(tmp_path: Path) -> None:
    with served(tmp_path, "--demo", "lens", PORTAIL_NOW="2018-08-27T10:00:00") as (said, address):
        assert "famille15" in said and "mairie, regie, cantine, animateur" in said
        assert "portail-famille-demo" in said
        assert httpx.get(f"{address}/sante", trust_env=False).status_code == 200
        answer = httpx.get(f"{address}/", trust_env=False)
        assert "Lens" in answer.text and "server" not in answer.headers
    with served(tmp_path, "--demo", str(ROOT / "models" / "communes" / "lens.toml")) as (said, _):
        assert "famille15" in said
    assert "not Commune d'Alixan 2022-2023" in refused(tmp_path, "--demo", "alixan")
    assert "known to all" in refused(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "more", "sentence"),
    [
        (["--demo", "nulle-part"], {}, "nulle-part"),
        (["--demo", "/nulle/part.toml"], {}, "/nulle/part.toml"),
        ([], {"PORTAIL_NOW": "2018-08-27T10:00:00"}, "--demo"),
        ([], {"REDIS_URL": "redis://127.0.0.1:1"}, "PostgreSQL"),
        ([], {"DATABASE_URL": "mysql://x"}, "DATABASE_URL"),
        ([], {"PORTAIL_SECRET_KEYS": "short"}, "32 characters"),
        ([], {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/x"}, "does not answer"),
        (["--host", "192.0.2.1"], {}, "cannot be served"),
    ],
)
def test_a_wrong_start_is_one_sentence(tmp_path: Path, arguments, more, sentence: str) -> None:
    assert sentence in refused(tmp_path, *arguments, **more)


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
