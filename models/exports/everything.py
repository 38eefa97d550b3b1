"""All that the portal keeps, as a ZIP that is written while it is read: a CSV for each table, and a few files beside.

What stays behind stands in LEFT_OUT and SECRETS, with its reason. A piece of rows is in memory at a time; each table is
read by itself, so that a table that is read later may know of something that happened meanwhile.
"""

import json
import zipfile
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime
from typing import Any, cast

from tortoise import Tortoise, fields
from tortoise.models import Model

from models.french.spreadsheets import MARK, Cell, lines_of
from models.rules.deadlines import PARIS
from models.storage.database import as_date, as_instant, as_json, rows
from models.storage.fields import Instant

PIECE = 500  # rows of one question
_LINK = "un lien ou une clé qui ouvre un compte"
_WORKS = "la marche du portail, sans information"
LEFT_OUT: Mapping[str, str] = {
    **dict.fromkeys(
        ("access_letter", "access_token", "calendar_feed", "demo_charge", "member_invitation", "passkey", "push_key",
         "push_subscription", "recovery_code", "session", "used_challenge"),
        _LINK,
    ),
    **dict.fromkeys(("clock", "heartbeat", "task", "throttle"), _WORKS),
    "email": "ce qui est parti par courriel, avec ses liens secrets",
    "email_attachment": "les pièces jointes de ces courriels",
    "text_message": "ce qui est parti par SMS",
    "child_health": "régimes, allergies et PAI sont scellés, et ne sortent jamais en liste",
}  # fmt: skip
SECRETS = (
    "password", "digest", "sealed", "secret", "seed", "handle", "credential", "endpoint", "iban", "bank_url", "token",
)  # fmt: skip
README = """Ce que le portail garde, une table par fichier CSV («\u00a0;\u00a0», UTF-8 avec sa marque).
Les sommes sont en centimes. Les colonnes portent leur nom dans la base de
données\u00a0; «\u00a0…_id\u00a0» est l’id d’une ligne d’une autre table.

Ne sont pas ici les mots de passe, les clés, les IBAN, le contenu des fichiers et des pièces, et ces tables\u00a0:
"""


async def everything(beside: Mapping[str, str]) -> AsyncIterator[bytes]:
    """The ZIP in pieces. `beside`: more files, their texts by name."""
    sink = _Sink()
    with zipfile.ZipFile(cast(Any, sink), "w", zipfile.ZIP_DEFLATED) as archive:
        left = "".join(f"- {table}\u00a0: {why}\n" for table, why in sorted(LEFT_OUT.items()))
        for name, text in {"LISEZ-MOI.txt": README + left, **beside}.items():
            archive.writestr(name, text)
            yield sink.drain()
        for noun in tables():
            with archive.open(f"tables/{noun._meta.db_table}.csv", "w", force_zip64=True) as file:
                async for piece in _csv(noun):
                    file.write(piece)
                    yield sink.drain()
    yield sink.drain()


def tables() -> list[type[Model]]:
    """Those that leave, by name."""
    nouns = [noun for noun in Tortoise.apps["models"].values() if noun._meta.db_table not in LEFT_OUT]
    return sorted(nouns, key=lambda noun: noun._meta.db_table)


def columns(noun: type[Model]) -> list[str]:
    """Of the database, those that leave: no secret, and nothing that is no text."""
    known = noun._meta.fields_map
    return [
        column
        for field, column in noun._meta.fields_db_projection.items()
        if not isinstance(known[field], fields.BinaryField) and not column.startswith(SECRETS)
    ]


async def _csv(noun: type[Model]) -> AsyncIterator[bytes]:
    names, key = columns(noun), noun._meta.db_pk_column
    cell_of = [_reader(noun, column) for column in names]
    listed = ", ".join(f'"{name}"' for name in names)
    question = f'SELECT {listed} FROM "{noun._meta.db_table}"'  # noqa: S608
    yield (MARK + lines_of([names])).encode()
    found, after = await rows(f'{question} ORDER BY "{key}" LIMIT ?', [PIECE]), None
    while found:
        yield lines_of(
            [[read(row[name]) for read, name in zip(cell_of, names, strict=True)] for row in found]
        ).encode()
        after = found[-1][key]
        found = await rows(f'{question} WHERE "{key}" > ? ORDER BY "{key}" LIMIT ?', [after, PIECE])


def _reader(noun: type[Model], column: str) -> Callable[[Any], Cell]:
    """How a value of this column is written."""
    field = next(name for name, known in noun._meta.fields_db_projection.items() if known == column)
    kind = noun._meta.fields_map[field]
    if isinstance(kind, Instant):
        return _moment
    if isinstance(kind, fields.DateField):
        return lambda value: None if value is None else as_date(value)
    if isinstance(kind, fields.JSONField):
        return lambda value: None if value is None else json.dumps(as_json(value), ensure_ascii=False)
    if isinstance(kind, fields.BooleanField):
        return lambda value: None if value is None else "oui" if value else "non"
    return lambda value: value if value is None or isinstance(value, int) else str(value)


def _moment(value: datetime | str | None) -> Cell:
    """To the second, in Paris."""
    moment = as_instant(value)
    return None if moment is None else moment.astimezone(PARIS).strftime("%d/%m/%Y %H:%M:%S")


class _Sink:
    """Where the archive is written: it cannot go back, and keeps only what nobody has taken yet."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""

    def drain(self) -> bytes:
        taken, self._pieces = b"".join(self._pieces), []
        return taken
