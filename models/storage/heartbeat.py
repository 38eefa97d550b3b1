"""Whether the database answers, and whether anything can be written: a full disk answers every question."""

import time

from tortoise import fields
from tortoise.models import Model

from models.clock import real
from models.storage.database import ping, write

PAUSE = 5.0  # seconds between two writes of a process, however often it is asked


class Heartbeat(Model):
    """One row, written for nothing else."""

    id = fields.IntField(primary_key=True)
    at = fields.FloatField()

    class Meta:
        table = "heartbeat"


_written = float("-inf")


async def check() -> None:
    """Raises what `database.is_away` knows when the database does not answer, or cannot write."""
    global _written
    if time.monotonic() < _written + PAUSE:
        await ping()
        return
    await write(_BEAT, [real()])
    _written = time.monotonic()


_BEAT = "INSERT INTO heartbeat (id, at) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at"
