"""`python -m models …`: what an administrator types. Exit 0: done; 1: refused or wrong; 2: badly asked."""

import argparse
import asyncio
import getpass
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import tomli_w

from models import banks, clock, commune_file
from models.access import guardian_account, passwords
from models.access.member import Member
from models.access.staff import first_administrator
from models.access.staff.first_administrator import WEAK
from models.families.guardian import Guardian
from models.rules.passwords import SHORTEST_OF_STAFF, weakness
from models.rules.roles import ROLES
from models.settings import Settings, WrongSetting, read
from models.storage import database, encryption, private
from models.storage import migrate as migration
from models.storage.backup import BackupFailed, backup
from models.storage.constraints import ConstraintMissing
from models.storage.database import transaction


class BadlyAsked(Exception):
    """The command means nothing; the text says why."""


class Failed(Exception):
    """The command could not be carried out; the text says why."""


Command = Callable[[Settings, argparse.Namespace], Coroutine[Any, Any, None]]


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    command: Command = options.command
    try:
        asyncio.run(command(read(), options))
    except (WrongSetting, BadlyAsked) as exc:
        print(exc, file=sys.stderr)
        return 2
    except (Failed, BackupFailed, ConstraintMissing, commune_file.WrongFile, commune_file.Refused) as exc:
        print(exc, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m models", description="Administration du portail.")
    commands = parser.add_subparsers(required=True, metavar="COMMANDE")

    def add(name: str, command: Command, help: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help, description=help)
        sub.set_defaults(command=command)
        return sub

    add("migrate", _migrate, "Met la base de données à jour.")
    load = add("load", _load, "Charge un fichier de commune.")
    load.add_argument("file", help="chemin, ou nom d’une commune fournie")
    load.add_argument("--dry-run", action="store_true", help="dit ce qui changerait, n’écrit rien")
    load.add_argument(
        "--confirm",
        action="store_true",
        help="applique aussi ce qui change qui réserve\u00a0: lisez d’abord --dry-run",
    )
    add("export", _export, "Écrit la commune dans un fichier.").add_argument(
        "file", help="chemin, ou - pour l’écran"
    )
    add("export-ledger", _export_ledger, "Écrit le grand livre au format Beancount.").add_argument(
        "file", help="chemin, ou - pour l’écran"
    )
    add(
        "verify",
        _verify,
        "Recalcule tout ce qui doit être vrai\u00a0; sort avec 1 sinon.",
    )
    add("backup", _backup, "Copie la base de données.").add_argument("file", type=Path)
    add("restore", _restore, "Remet une sauvegarde en place (portail arrêté).").add_argument(
        "file", type=Path
    )
    add("check-banks", _check_banks, "Demande à la banque de chaque régie si elle connaît son compte.")
    member = add("create-member", _create_member, "Crée un compte d’agent, demande son mot de passe.")
    member.add_argument("username")
    member.add_argument("--name", required=True, help="prénom et nom")
    member.add_argument("--email")
    member.add_argument(
        "--role", required=True, action="append", help=f"{', '.join(ROLES)}\u00a0; peut être répété"
    )
    first = add(
        "first-run",
        _first_run,
        "Crée le premier administrateur d’une installation neuve, demande son mot de passe.",
    )
    first.add_argument("--name", required=True, help="prénom et nom")
    first.add_argument("--email", required=True)
    first.add_argument("--username", default="mairie")
    reset = add(
        "reset-second-step",
        _reset_second_step,
        "Retire la double authentification d’un agent qui a perdu son téléphone et ses codes.",
    )
    reset.add_argument("username")
    return parser


async def _migrate(settings: Settings, options: argparse.Namespace) -> None:
    await migration.migrate(settings.database_url)
    print("La base de données est à jour.")


async def _load(settings: Settings, options: argparse.Namespace) -> None:
    path = Path(options.file)
    document = commune_file.read(path if path.suffix else commune_file.shipped(options.file))

    async def work() -> None:
        print(
            await commune_file.load(document, demo=False, dry_run=options.dry_run, confirmed=options.confirm)
        )

    await _connected(settings, work)


async def _export(settings: Settings, options: argparse.Namespace) -> None:
    async def work() -> None:
        try:
            text = tomli_w.dumps(await commune_file.export())
        except LookupError:
            raise Failed("Aucune commune n’est chargée.") from None
        if options.file == "-":
            sys.stdout.write(text)
        else:
            await asyncio.to_thread(Path(options.file).write_text, text, encoding="utf-8")

    await _connected(settings, work)


async def _export_ledger(settings: Settings, options: argparse.Namespace) -> None:
    """Piece by piece; a file is whole, or as it was before."""

    async def work() -> None:
        from models.exports import beancount

        with _written(options.file) as out:
            async for piece in beancount.journal():
                out.write(piece)

    await _connected(settings, work)


@contextmanager
def _written(file: str) -> Iterator[TextIO]:
    """Where a text goes: the screen, or a file that only its owner reads and that stands there once it is whole."""
    if file == "-":
        yield sys.stdout
        return
    path = Path(file)
    beside = path.with_name(f"{path.name}.part")
    private.make(beside)
    with beside.open("w", encoding="utf-8") as out:
        yield out
    beside.replace(path)


async def _verify(settings: Settings, options: argparse.Namespace) -> None:
    async def work() -> None:
        from models.storage.integrity import verify  # long, and needed here only

        await clock.follow(None)
        faults = await verify()
        if faults:
            raise Failed("\n".join(str(fault) for fault in faults))
        print("Tout est juste.")

    await _connected(settings, work)


async def _check_banks(settings: Settings, options: argparse.Namespace) -> None:
    """Each till's account, as its bank knows it. Asks, takes no money, and tells no key."""

    async def work() -> None:
        await banks.open_accounts(settings)
        failed = False
        for code, bank in banks.opened():
            try:
                said = await bank.check()
            except Exception as exc:
                failed, said = True, f"NON, {type(exc).__name__} {exc}".rstrip()
            print(f"{code} ({bank.name})\u00a0: {said}")
        if failed:
            raise Failed("Un compte au moins n’est pas reconnu par sa banque.")
        if not banks.opened():
            print("Aucune régie n’a de banque.")

    await _connected(settings, work)


async def _backup(settings: Settings, options: argparse.Namespace) -> None:
    await backup(settings.database_url, options.file)
    print(f"Sauvegarde écrite\u00a0: {options.file}")


async def _restore(settings: Settings, options: argparse.Namespace) -> None:
    """A backup of an older portal is brought up to date at once, and the families erased since are erased again."""
    from models.personal_data.restoring import put_back

    encryption.use(settings.secret_keys)
    erased = await put_back(settings.database_url, options.file, settings.data_dir)
    print(f"Sauvegarde remise en place\u00a0: {options.file}")
    if erased:
        print(f"Dossiers anonymisés de nouveau\u00a0: {erased}")


async def _create_member(settings: Settings, options: argparse.Namespace) -> None:
    for role in options.role:
        if role not in ROLES:
            raise BadlyAsked(f"«\u00a0{role}\u00a0» n’est pas un rôle. Les rôles sont {', '.join(ROLES)}.")
    password = _ask_password()

    async def work() -> None:
        roles = sorted(set(options.role))
        member = Member(username=options.username, name=options.name, email=options.email, roles=roles)
        if why := weakness(password, await guardian_account.known(member), SHORTEST_OF_STAFF):
            raise Failed(WEAK[why])
        member.password = await passwords.hash(password)
        async with transaction():
            taken = Guardian.exists(username__iexact=options.username)
            if await Member.exists(username=options.username) or await taken:
                raise Failed(f"L’identifiant «\u00a0{options.username}\u00a0» est déjà pris.")
            await member.save()
        print(f"Compte créé\u00a0: {options.username}")

    await _connected(settings, work)


async def _first_run(settings: Settings, options: argparse.Namespace) -> None:
    password = _ask_password()

    async def work() -> None:
        said = first_administrator.Said(options.name, options.email, options.username, password)
        try:
            await first_administrator.make(said, clock.now())
        except first_administrator.Unfit as unfit:
            raise Failed(str(unfit)) from None
        print(first_administrator.WELCOME.format(options.username))

    await _connected(settings, work)


async def _reset_second_step(settings: Settings, options: argparse.Namespace) -> None:
    """For the last administrator, whom no other can help. Whoever types it has the database anyway."""

    async def work() -> None:
        from models.access.staff import second_step

        member = await Member.get_or_none(username=options.username)
        if member is None:
            raise Failed(f"Aucun agent n’a l’identifiant «\u00a0{options.username}\u00a0».")
        await second_step.reset(member, "command", clock.now())
        print(f"Double authentification retirée\u00a0: {member.username}")

    await _connected(settings, work)


def _ask_password() -> str:
    """Twice at the keyboard, or one line from a pipe; never on the command line, which others can read."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Mot de passe : ")
    if getpass.getpass("Encore une fois : ") != password:
        raise Failed("Les deux mots de passe ne sont pas les mêmes.")
    return password


async def _connected(settings: Settings, work: Callable[[], Awaitable[None]]) -> None:
    """Work on an up-to-date database."""
    encryption.use(settings.secret_keys)
    await migration.migrate(settings.database_url)
    await database.connect(settings.database_url)
    try:
        await work()
    finally:
        await database.close()


if __name__ == "__main__":
    sys.exit(main())
