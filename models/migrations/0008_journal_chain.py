"""The journal becomes a hash chain, and an override of places says how many and by whom.

What only the commune file said (debts and invoices from before, memberships paid elsewhere) is told in the journal.
"""

import json
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.rules.journal import HOUSE, fingerprint, link
from models.storage import constraints
from models.storage.database import as_instant

ACTOR = "migration"


async def name_overrides(apps: Any, editor: Any) -> None:
    """Those who are in stay in; nobody else comes in on the same override. Its old check goes with the old column."""
    client, sqlite = editor.client, editor.client.capabilities.dialect == "sqlite"
    if sqlite:
        for verb in ("insert", "update"):
            await client.execute_query(f"DROP TRIGGER IF EXISTS ck_opening_places_{verb}")
    else:
        await client.execute_query("ALTER TABLE opening DROP CONSTRAINT IF EXISTS ck_opening_places")
    await client.execute_query(
        f"UPDATE opening SET overrun = taken - places, overrun_by = '{ACTOR}' WHERE overridden AND taken > places"  # noqa: S608
    )


async def tell_the_journal(apps: Any, editor: Any) -> None:
    """Overrides, and what came with the commune file."""
    client, sqlite = editor.client, editor.client.capabilities.dialect == "sqlite"
    told: list[tuple[str, str, int | None, dict[str, Any]]] = [
        ("opening.overrun", f"opening:{row['id']}", None, {"overrun": row["overrun"]})
        for row in await client.execute_query_dict(
            "SELECT id, overrun FROM opening WHERE overrun > 0 ORDER BY id"
        )
    ]
    opened = sorted((await _opened(client)).items())
    told += [("family.opened", f"family:{family}", family, said) for family, said in opened]
    now = datetime.now(UTC)
    marks = "?, ?, ?, ?, ?, ?" if sqlite else "$1, $2, $3, $4, $5, $6"
    insert = f"INSERT INTO event (at, actor, action, object, family_id, details) VALUES ({marks})"  # noqa: S608
    for action, object, family, said in told:
        at = str(now) if sqlite else now
        await client.execute_query(insert, [at, ACTOR, action, object, family, json.dumps(said)])


async def _opened(client: Any) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for row in await client.execute_query_dict(ENTRIES):
        found[row["family_id"]].setdefault("entries", {})[row["key"]] = int(row["cents"])
    invoices: dict[Any, list[Any]] = defaultdict(list)
    for row in await client.execute_query_dict(INVOICES):
        head = (row["family_id"], f"{row['till_id']}:{row['number']}", str(row["issued_on"]), row["total"])
        line = tuple(row[name] for name in ("child", "label", "quantity", "unit_cents", "cents"))
        invoices[head].append(line)
    for (family, number, issued_on, total), lines in invoices.items():
        found[family].setdefault("invoices", {})[number] = fingerprint(issued_on, total, lines)
    for row in await client.execute_query_dict(MEMBERS):
        found[row["family_id"]].setdefault("members", []).append(f"{row['child_id']}-{row['activity_id']}")
    return found


ENTRIES = """
SELECT account.family_id, entry.key, SUM(leg.cents) AS cents
FROM entry JOIN leg ON leg.entry_id = entry.id JOIN account ON account.id = leg.account_id
WHERE entry.kind = 'opening' AND account.kind = 'family' GROUP BY account.family_id, entry.key
"""
INVOICES = """
SELECT invoice.family_id, invoice.till_id, invoice.number, invoice.issued_on, invoice.cents AS total,
  line.child, line.label, line.quantity, line.unit_cents, line.cents
FROM invoice JOIN invoice_line AS line ON line.invoice_id = invoice.id
WHERE invoice.before_portal ORDER BY invoice.id, line.position
"""
MEMBERS = "SELECT family_id, child_id, activity_id FROM membership WHERE paid_at IS NULL ORDER BY id"


async def chain_the_journal(apps: Any, editor: Any) -> None:
    """Its rows may not be changed: this once they are."""
    client, sqlite = editor.client, editor.client.capabilities.dialect == "sqlite"
    guard = "frozen_event_update" if sqlite else "frozen_event_change ON event"
    await client.execute_query(f"DROP TRIGGER IF EXISTS {guard}")
    ends: dict[int, tuple[int, str]] = {}
    written = []
    for row in await client.execute_query_dict("SELECT * FROM event ORDER BY id"):
        chain, at, details = row["family_id"] or HOUSE, as_instant(row["at"]), row["details"]
        length, before = ends.get(chain, (0, ""))
        facts = (row["actor"], row["action"], row["object"], row["family_id"])
        details = json.loads(details) if isinstance(details, str) else details
        hashed = link(before, at, *facts, details)  # type: ignore[arg-type]
        ends[chain] = length + 1, hashed
        written.append([hashed, row["id"]])
    hash, id = ("?", "?") if sqlite else ("$1", "$2")
    if written:
        await client.execute_many(f"UPDATE event SET hash = {hash} WHERE id = {id}", written)  # noqa: S608
    for chain, (length, last) in ends.items():
        end = f"{chain}, {length}, '{last}'"
        await client.execute_query(f"INSERT INTO event_chain (id, length, hash) VALUES ({end})")  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [("models", "0007_roles")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Chain",
            fields=[
                ("id", fields.IntField(generated=False, primary_key=True, unique=True, db_index=True)),
                ("length", fields.IntField()),
                ("hash", fields.CharField(max_length=64)),
            ],
            options={"table": "event_chain", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.AddField(model_name="Event", name="hash", field=fields.CharField(db_default="", max_length=64)),
        ops.AddField(model_name="Opening", name="overrun", field=fields.IntField(db_default=0)),
        ops.AddField(
            model_name="Opening", name="overrun_by", field=fields.CharField(null=True, max_length=100)
        ),
        ops.RunPython(name_overrides),
        ops.RunPython(tell_the_journal),
        ops.RunPython(chain_the_journal),
        ops.RemoveField(model_name="Opening", name="overridden"),
        ops.RunPython(constraints.create),
    ]
