"""The journal: who did what, when. Rows are only ever added, in the transaction of the change itself.

It is a hash chain for each family, and one for what is no family's. A row's hash is over the hash before it in its
chain and its own content, of the details only a digest: an erasure may empty them. `Chain` keeps how long each chain
is and how it ends. So a row rewritten, moved, invented or taken away, the last one too, no longer fits. One family's
transactions take turns already (Family.lock), so nobody waits for another family's chain.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.rules.journal import HOUSE, NAMES_NOBODY, digest, link
from models.storage.database import instant, joined, rows, sql_list, write
from models.storage.fields import Instant


class Event(Model):
    id = fields.IntField(primary_key=True)
    at = Instant()
    actor = fields.CharField(max_length=100)  # "guardian:3", "member:1", "bank:demo", "clock"
    action = fields.CharField(max_length=60)
    object = fields.CharField(max_length=100)  # "booking:12"
    family_id = fields.IntField(null=True)
    details: Any = fields.JSONField(default=dict)
    salt = fields.CharField(max_length=32, null=True)  # of their digest; null: emptied
    digest = fields.CharField(max_length=64, db_default="")
    emptied_at: Any = Instant(null=True)  # a datetime, or None
    hash = fields.CharField(max_length=64, db_default="")

    class Meta:
        table = "event"

    @classmethod
    async def note(
        cls, at: datetime, actor: str, action: str, object: str, family: int | None = None, **details: Any
    ) -> None:
        await _append(
            [cls(at=at, actor=actor, action=action, object=object, family_id=family, details=details)]
        )

    @classmethod
    async def note_each(
        cls, at: datetime, actor: str, action: str, details: Mapping[int, Mapping[str, Any]]
    ) -> None:
        """The same of several families, which are its objects."""
        await _append(
            [
                cls(
                    at=at, actor=actor, action=action, object=f"family:{id}", family_id=id, details=dict(said)
                )
                for id, said in details.items()
            ]
        )

    @classmethod
    async def empty(cls, family: int, now: datetime) -> None:
        """Of what is told of the family and its parents, the details and their salt; inside a transaction."""
        kept = sql_list(NAMES_NOBODY)
        await write(_EMPTY.format(family=int(family), kept=kept), [instant(now)])


class Chain(Model):
    # How many rows a chain has, and the hash of its last. A docstring would become the table's comment.
    id = fields.IntField(primary_key=True, generated=False)  # the family, or HOUSE
    length = fields.IntField()
    hash = fields.CharField(max_length=64)

    class Meta:
        table = "event_chain"


async def _append(events: Sequence[Event]) -> None:
    async with joined():
        ends = await _ends(sorted({event.family_id or HOUSE for event in events}))
        for event in events:
            chain = event.family_id or HOUSE
            length, before = ends[chain]
            event.salt = secrets.token_hex(16)
            event.digest = digest(event.salt, event.details)
            facts = (event.actor, event.action, event.object, event.family_id, event.digest)
            event.hash = link(before, event.at, *facts)
            ends[chain] = length + 1, event.hash
        await Event.bulk_create(events)
        for chain, (length, last) in ends.items():
            await write("UPDATE event_chain SET length = ?, hash = ? WHERE id = ?", [length, last, chain])


async def _ends(chains: Sequence[int]) -> dict[int, tuple[int, str]]:
    """How each chain ends. Until the transaction does, nobody else adds to it."""
    found = {}
    for chain in chains:
        row = (await rows(_END, [chain]))[0]
        found[chain] = row["length"], row["hash"]
    return found


_EMPTY = """
UPDATE event SET details = '{{}}', salt = NULL, emptied_at = ?
WHERE emptied_at IS NULL AND salt IS NOT NULL AND CAST(details AS TEXT) <> '{{}}' AND action NOT IN {kept}
  AND (family_id = {family} OR object = 'family:{family}'
    OR object IN (SELECT 'guardian:' || id FROM guardian WHERE family_id = {family}))
"""
_END = """
INSERT INTO event_chain (id, length, hash) VALUES (?, 0, '')
ON CONFLICT (id) DO UPDATE SET length = event_chain.length RETURNING length, hash
"""
