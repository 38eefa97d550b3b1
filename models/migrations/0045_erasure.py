"""The journal’s details may be emptied, and the paper of « Mes données » kept while a parent may fetch it.

Every row of the journal is hashed anew, over a salted digest of its details. A row that did not fit its chain before
keeps the hash that it had, and so fits no more than it did.
"""

import json
import secrets
from typing import Any

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from models.rules.journal import HOUSE, digest, link
from models.storage import constraints
from models.storage.constraint_list.untouched import EMPTIED
from models.storage.database import as_instant
from models.storage.fields import Instant

PIECE = 5000  # rows of the journal at once
ROWS = """
SELECT id, at, actor, action, object, family_id, details, hash FROM event WHERE id > {} ORDER BY id LIMIT {}
"""


async def take_off_guards(apps: Any, editor: Any) -> None:
    """Of the tables that an erasure may empty; they are made anew below."""
    for guard in EMPTIED:
        for statement in guard.removals(editor.client.capabilities.dialect == "sqlite"):
            await editor.client.execute_query(statement)


async def chain_anew(apps: Any, editor: Any) -> None:
    """Piece by piece: a journal may be longer than the memory."""
    client, last = editor.client, 0
    sqlite = client.capabilities.dialect == "sqlite"
    marks = ("?", "?", "?", "?") if sqlite else ("$1", "$2", "$3", "$4")
    update = "UPDATE event SET salt = {}, digest = {}, hash = {} WHERE id = {}".format(*marks)  # noqa: S608
    was: dict[int, str] = {}
    ends: dict[int, str] = {}
    while piece := await client.execute_query_dict(ROWS.format(last, PIECE)):
        last = piece[-1]["id"]
        await client.execute_many(update, [_row(row, was, ends) for row in piece])
    for chain, end in await _ends(client):
        if chain in ends and end == was[chain]:
            await client.execute_query(f"UPDATE event_chain SET hash = '{ends[chain]}' WHERE id = {chain}")  # noqa: S608


def _row(row: Any, was: dict[int, str], ends: dict[int, str]) -> list[Any]:
    """Its salt, digest and hash; `was` and `ends`: how each chain ended so far, before and now."""
    chain, at, details = row["family_id"] or HOUSE, as_instant(row["at"]), row["details"]
    details = json.loads(details) if isinstance(details, str) else details
    who = (row["actor"], row["action"], row["object"], row["family_id"])
    salt = secrets.token_hex(16)
    said = digest(salt, details)
    fits = at is not None and row["hash"] == link(was.get(chain, ""), at, *who, details)
    new = link(ends.get(chain, ""), at, *who, said) if at is not None and fits else row["hash"]
    was[chain], ends[chain] = row["hash"], new
    return [salt, said, new, row["id"]]


async def _ends(client: Any) -> list[tuple[int, str]]:
    found = await client.execute_query_dict("SELECT id, hash FROM event_chain")
    return [(row["id"], row["hash"]) for row in found]


class Migration(migrations.Migration):
    dependencies = [("models", "0044_care_plans")]

    initial = False

    operations = [
        ops.RunPython(take_off_guards),
        ops.AddField(model_name="Event", name="salt", field=fields.CharField(null=True, max_length=32)),
        ops.AddField(model_name="Event", name="digest", field=fields.CharField(db_default="", max_length=64)),
        ops.AddField(
            model_name="Event",
            name="emptied_at",
            field=Instant(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.RunPython(chain_anew),
        ops.CreateModel(
            name="DataCopy",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "guardian",
                    fields.ForeignKeyField(
                        "models.Guardian",
                        source_field="guardian_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="data_copies",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("asked_at", Instant(auto_now=False, auto_now_add=False)),
                ("expires", fields.FloatField()),
                ("content", fields.BinaryField(null=True)),
            ],
            options={"table": "data_copy", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.RunPython(constraints.create),
    ]
