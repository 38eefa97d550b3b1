"""Copy the whole database to a file, and put such a file back."""

import asyncio
import os
import shutil
import sqlite3
from pathlib import Path
from urllib.parse import unquote, urlsplit

from models.storage import private
from models.storage.migrate import sqlite_path
from models.storage.sqlite import BEFORE_RESTORE, keep_private


class BackupFailed(Exception):
    """The copy was not made, or was not put back; the text is for the person who asked."""


async def backup(url: str, target: Path) -> None:
    """Write a sound copy while the portal runs. The file appears once it is whole, for its owner only."""
    if target.exists():  # noqa: ASYNC240
        raise BackupFailed(f"{target} existe déjà\u00a0: une sauvegarde n’en remplace pas une autre.")
    partial = target.with_name(f"{target.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        private.make(partial)
        path = sqlite_path(url)
        if path is not None:
            await asyncio.to_thread(_vacuum, path, partial)
        else:
            options = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--file", str(partial))
            await _run("pg_dump", url, *options)
        partial.rename(target)
    except OSError as exc:
        raise BackupFailed(f"Impossible d’écrire {target}\u00a0: {exc.strerror}.") from exc
    finally:
        partial.unlink(missing_ok=True)


async def restore(url: str, source: Path) -> None:
    """Put a backup in place of the database; stop the portal first. What was in SQLite is kept beside it."""
    if not source.is_file():  # noqa: ASYNC240
        raise BackupFailed(f"{source}\u00a0: fichier introuvable.")
    path = sqlite_path(url)
    if path is not None:
        await asyncio.to_thread(_put_back, source, path)
    else:
        await _run(
            "psql", url, "--quiet", "--single-transaction", "-v", "ON_ERROR_STOP=1", "--file", str(source)
        )


def _vacuum(path: Path, target: Path) -> None:
    """`cp` would miss what is in the write-ahead log."""
    if not path.is_file():
        raise BackupFailed(f"{path}\u00a0: pas de base de données.")
    connection = sqlite3.connect(path)
    try:
        connection.execute("VACUUM INTO ?", [str(target)])
    except sqlite3.Error as exc:
        raise BackupFailed(f"La copie a échoué\u00a0: {exc}.") from exc
    finally:
        connection.close()


def _put_back(source: Path, path: Path) -> None:
    """Page by page inside one transaction of the database: killed half-way, the old one is still there."""
    _check(source)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        before = path.with_suffix(BEFORE_RESTORE)
        before.unlink(missing_ok=True)
        private.make(before)
        _vacuum(path, before)
    keep_private(path)
    origin, target = sqlite3.connect(source), sqlite3.connect(path)
    try:
        origin.backup(target)
    except sqlite3.Error as exc:
        raise BackupFailed(f"La restauration a échoué, rien n’a changé\u00a0: {exc}.") from exc
    finally:
        origin.close()
        target.close()


def _check(source: Path) -> None:
    connection = sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)
    try:
        sound = connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        ours = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'commune'").fetchone()
    except sqlite3.Error:
        sound, ours = False, None
    finally:
        connection.close()
    if not sound or not ours:
        raise BackupFailed(f"{source} n’est pas une sauvegarde saine de ce portail.")


async def _run(program: str, url: str, *options: str) -> None:
    """PostgreSQL's own tools; the password goes through the environment, where other users cannot read it."""
    found = shutil.which(program)
    if found is None:
        raise BackupFailed(f"Le programme {program} manque\u00a0: installez postgresql-client.")
    parts = urlsplit(url)
    where = {
        "PGHOST": parts.hostname,
        "PGPORT": str(parts.port or 5432),
        "PGUSER": parts.username and unquote(parts.username),
        "PGPASSWORD": parts.password and unquote(parts.password),
        "PGDATABASE": parts.path.lstrip("/"),
    }
    environment = os.environ | {name: value for name, value in where.items() if value}
    process = await asyncio.create_subprocess_exec(
        found, *options, env=environment, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    _, errors = await process.communicate()
    if process.returncode:
        raise BackupFailed(f"{program}\u00a0: {errors.decode(errors='replace').strip()}")
