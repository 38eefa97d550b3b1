"""`python -m web`: serves the portal. With --demo it plays a commune of a file, bank and e-mails included."""

import argparse
import asyncio
import getpass
import logging
import os
import resource
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp

from jobs import runner
from models import banks, clock, commune_file
from models.access import passwords
from models.access.member import Member
from models.access.staff import first_administrator
from models.commune.commune import Commune
from models.commune.school_year import SchoolYear
from models.commune_file import Document, Refused, WrongFile
from models.families.guardian import Guardian
from models.settings import Settings, WrongSetting, read
from models.storage import database
from models.storage.constraints import ConstraintMissing
from models.storage.migrate import alone, migrate
from web.app import create_app
from web.http.protocol import LimitedHttp

QUEUE = 2048
CONNECTIONS = 2000  # beyond, 503 at once
GRACE = 10  # seconds that running requests have to end


def main(arguments: Sequence[str]) -> int:
    asked = _arguments(arguments)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    logging.getLogger("tortoise").setLevel(logging.WARNING)
    try:
        door = _bind(asked.host, asked.port)
        address = f"http://{_shown(asked.host)}:{door.getsockname()[1]}"
        settings = read(demo=asked.demo is not None, base_url=address)
        greeting = asyncio.run(_prepare(settings, asked.demo))
    except (WrongSetting, WrongFile, Refused, ConstraintMissing) as exc:
        print(exc, file=sys.stderr)
        return 2
    except Exception as exc:
        if not database.is_away(exc):
            raise
        print(f"The database does not answer: {exc}", file=sys.stderr)
        return 2
    door.listen(QUEUE)  # whoever comes from now on waits until the portal is open
    print(f"{greeting}\n{address}", flush=True)
    _serve(settings, door)
    return 0


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m web", description="Serves the portal.")
    parser.add_argument("--port", type=int, default=8000, help="0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--demo", metavar="FILE.toml|NAME", help="a commune file, or a shipped one's name")
    return parser.parse_args(arguments)


def _bind(host: str, port: int) -> socket.socket:
    """Before anything else, so that a port in use changes nothing."""
    door = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((host, port))
    except (OSError, OverflowError) as exc:
        door.close()
        raise WrongSetting(f"{host}:{port} cannot be served: {exc}.") from None
    return door


def _shown(host: str) -> str:
    """An address that a browser of this machine understands."""
    if host in ("0.0.0.0", "::"):  # noqa: S104
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


async def _prepare(settings: Settings, demo: str | None) -> str:
    """Bring the database to where the portal can start; what to say about it."""
    document = _read(demo) if demo is not None else None
    await migrate(settings.database_url)
    await database.connect(settings.database_url)
    try:
        if document is None:
            await _refuse_known_passwords()
            await banks.open_accounts(settings)
            await _first_administrator()
            return await _title()
        async with alone(settings.database_url):  # a second one goes on with what the first has loaded
            await clock.follow(settings.now)
            await _play(_moved(document))
        await banks.open_accounts(settings)
        return f"{await _title()}\n{await _accounts()}"
    finally:
        await database.close()


def _read(demo: str) -> Document:
    is_path = demo.endswith(".toml") or "/" in demo
    return commune_file.read(Path(demo) if is_path else commune_file.shipped(demo))


def _moved(document: Document) -> Document:
    """The made-up commune lives in the school year of today; the real ones keep theirs."""
    today = clock.now().date()
    return commune_file.shift_to_year(document, today) if document.name == "demo.toml" else document


async def _play(document: Document) -> None:
    """Load the file into an empty database; go on with the same one; refuse any other."""
    commune = await Commune.all().first()
    if commune is None:
        await commune_file.load(document, demo=True)
        return
    same_year = await SchoolYear.filter(name=document.year.name).exists()
    if commune.insee != document.commune.insee or not same_year:
        raise WrongSetting(
            f"The database holds {await _title()}, not {document.commune.name} {document.year.name}: "
            "choose another PORTAIL_DATA_DIR or DATABASE_URL."
        )
    await commune_file.add_demo_staff(await passwords.hash(passwords.DEMO_PASSWORD))


async def _first_administrator() -> None:
    """Who starts a new installation at a terminal is asked for its first administrator; a service is told how."""
    if await Member.exists():
        return
    if not sys.stdin.isatty():
        print(
            "No agent yet: `python -m models first-run --name … --email …` makes the first.", file=sys.stderr
        )
        return
    print("Premier administrateur du portail")
    while True:
        said = await asyncio.to_thread(_ask)
        try:
            made = await first_administrator.make(said, clock.now())
        except first_administrator.Unfit as unfit:
            print(unfit)
            continue
        print(first_administrator.WELCOME.format(made.username))
        return


def _ask() -> first_administrator.Said:
    name, email, username = (
        input(f"{said}\u00a0: ").strip() for said in ("Prénom et nom", "Adresse e-mail", "Identifiant")
    )
    return first_administrator.Said(name, email, username, getpass.getpass("Mot de passe\u00a0: "))


async def _refuse_known_passwords() -> None:
    for member in await Member.all():
        if await passwords.verify(member.password, passwords.DEMO_PASSWORD):
            raise WrongSetting("The database was made with --demo, and its passwords are known to all.")


async def _title() -> str:
    commune = await Commune.all().first()
    years = await SchoolYear.all().order_by("starts").values_list("name", flat=True)
    if commune is None:
        return "The database is empty: `python -m models load FILE` fills it."
    return f"{commune.name} {', '.join(map(str, years))}"


async def _accounts() -> str:
    guardians = await Guardian.exclude(password=None).order_by("id").values_list("username", flat=True)
    members = await Member.all().order_by("id").values_list("username", flat=True)
    return (
        f"Parents: {', '.join(map(str, guardians))}\nMairie: {', '.join(map(str, members))}\n"
        f"Password of all: {passwords.DEMO_PASSWORD}"
    )


def _serve(settings: Settings, door: socket.socket) -> None:
    _allow_files(2 * CONNECTIONS)
    Server(create_app(settings, runner.of(settings))).run(sockets=[door])


class Server(uvicorn.Server):
    """Ends what never ends by itself before it waits for what is being answered."""

    def __init__(self, app: Starlette) -> None:
        super().__init__(config(app))
        self._watch = app.state.watch

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._watch.end()
        await super().shutdown(sockets)


def config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="uvloop",
        http=LimitedHttp,
        ws="none",
        lifespan="on",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers="FORWARDED_ALLOW_IPS" in os.environ,  # uvicorn reads whose word counts from there
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=GRACE,
    )


def _allow_files(count: int) -> None:
    """Each connection is an open file, and systems begin with a thousand."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(count, hard), hard))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
