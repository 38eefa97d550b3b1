"""What time is it? The only place that knows.

With PORTAIL_NOW (demo only) the portal's time starts there and runs on; the start is a row, so that every process
agrees. Leases, throttles and signatures use real time: `real()`.
"""

import time
from datetime import UTC, datetime, timedelta

from tortoise import fields
from tortoise.models import Model

from models.rules.deadlines import PARIS

_shift = timedelta(0)


class Clock(Model):
    id = fields.IntField(primary_key=True)
    value = fields.CharField(max_length=40)
    real_start = fields.FloatField()

    class Meta:
        table = "clock"


def now() -> datetime:
    """The portal's time, in Paris. Read once per request and passed down."""
    return (datetime.now(UTC) + _shift).astimezone(PARIS)


def real() -> float:
    """Real time, in seconds since 1970."""
    return time.time()


def shift_to(moment: datetime) -> None:
    """Make `now()` start at this moment (tests, and PORTAIL_NOW)."""
    global _shift
    _shift = moment.astimezone(UTC) - datetime.now(UTC)


def run_free() -> None:
    global _shift
    _shift = timedelta(0)


async def follow(value: str | None) -> None:
    """Start, or go on with, the portal's time that the database holds.

    `value` is PORTAIL_NOW, Paris time; the same value after a restart goes on, another one replaces it.
    """
    row = await Clock.get_or_none(id=1)
    if value and (row is None or row.value != value):
        if row is None:
            row = await Clock.create(id=1, value=value, real_start=real())
        else:
            row.value, row.real_start = value, real()
            await row.save()
    if row is None:
        run_free()
        return
    start = datetime.fromisoformat(row.value).replace(tzinfo=PARIS)
    shift_to(start + timedelta(seconds=real() - row.real_start))
