"""The database goes away under a portal that is served: nobody sees an error of ours, and it comes back by itself."""

import asyncio
import resource
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from models.access.passwords import DEMO_PASSWORD
from models.storage.heartbeat import PAUSE
from tests import servers
from tests.conftest import Made
from tests.portal import hidden
from tests.serving import Forked, heard, prepare

KIND = "indisponible pour un moment"
PATIENCE = 120.0
LENS = {"PORTAIL_NOW": "2018-08-27T10:00:00"}


@contextmanager
def portal(folder: Path, **more: str) -> Iterator[tuple[int, httpx.Client]]:
    """Its process, and a browser."""
    process = Forked(folder, "--demo", "lens", **LENS, **more)
    try:
        _, address = heard(process)
        with httpx.Client(base_url=address, trust_env=False, timeout=PATIENCE) as client:
            yield process.pid, client
    finally:
        process.terminate()
        process.communicate()


def sign_in(client: httpx.Client, token: str) -> httpx.Response:
    form = {"identifiant": "famille15", "mot_de_passe": DEMO_PASSWORD, "csrf": token}
    return client.post("/connexion", data=form)


def until(found: Callable[[], bool], patience: float = PATIENCE) -> None:
    end = time.monotonic() + patience
    while not found():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_a_disk_that_takes_nothing_more_is_said_kindly_until_it_does(
    tmp_path: Path, store: Path, sqlite_template: Path
) -> None:
    """The process may make no file larger, as when the disk is full."""
    prepare(store, sqlite_template, tmp_path, "--demo", "lens", **LENS)
    with portal(tmp_path) as (pid, client):
        token = hidden(client.get("/connexion").text, "csrf")
        assert client.get("/sante").status_code == 200
        _, hard = limits = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))
        answer = sign_in(client, token)
        assert answer.status_code == 503 and KIND in answer.text and answer.headers["retry-after"]
        until(lambda: client.get("/sante").status_code == 503, PAUSE + PATIENCE)
        assert client.get("/connexion").status_code == 200, "what only reads goes on"
        resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)
        assert client.get("/sante").status_code == 200
        assert sign_in(client, token).status_code == 303
        assert client.get("/accueil").status_code == 200


@pytest.mark.postgres
def test_postgresql_restarts_and_nobody_sees_an_error_of_ours(tmp_path: Path, postgres_made: Made) -> None:
    with servers.own_postgres(made=postgres_made.files) as server:
        url = asyncio.run(servers.create_database(server.url, postgres_made.template))
        with portal(tmp_path, DATABASE_URL=url) as (_, client), hammered(client) as statuses:
            assert sign_in(client, hidden(client.get("/connexion").text, "csrf")).status_code == 303
            for _ in range(2):
                until(lambda: statuses[200] > 20)
                server.stop()
                until(lambda: statuses[503] > 40)  # more than there are connections in the pool
                for path in ("/accueil", "/connexion"):
                    answer = client.get(path)
                    assert answer.status_code == 503 and KIND in answer.text
                assert client.get("/sante").status_code == 503
                server.start()
                until(lambda: client.get("/sante").status_code == 200)
                until(lambda: client.get("/accueil").status_code == 200)
                assert set(statuses) <= {200, 503}, statuses
                statuses.clear()


@contextmanager
def hammered(client: httpx.Client) -> Iterator[Counter[int]]:
    """Others ask for pages all the while; how often they were told what."""
    statuses: Counter[int] = Counter()
    ending = threading.Event()

    def ask(path: str) -> None:
        with httpx.Client(base_url=client.base_url, trust_env=False, timeout=PATIENCE) as other:
            while not ending.wait(0.02):
                statuses[other.get(path).status_code] += 1

    asking = [threading.Thread(target=ask, args=(path,)) for path in ("/", "/sante", "/connexion")]
    for one in asking:
        one.start()
    try:
        yield statuses
    finally:
        ending.set()
        for one in asking:
            one.join()
