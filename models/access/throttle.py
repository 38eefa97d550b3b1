"""Wrong passwords lately, counted in the database so that it works without Redis. Real time throughout."""

from collections.abc import Sequence
from dataclasses import dataclass

from tortoise import fields
from tortoise.models import Model

from models.clock import real
from models.storage.database import is_sqlite, rows, transaction

WINDOW = 900.0  # seconds: older failures are forgotten
FREE_TRIES = 5
LONGEST = 900.0
AHEAD = 5.0  # another machine's clock may be so many seconds ahead; what is later was noted before a clock jumped back


@dataclass(frozen=True, slots=True)
class Limit:
    """So many failures within the window are free; each further one makes the next try wait twice as long.

    `longest`: of these waits. A limit that strangers share has a short one: whoever tries again at the end of each
    makes all of them wait.
    """

    key: str
    free: int = FREE_TRIES
    window: float = WINDOW
    longest: float = LONGEST

    def wait(self, failures: Sequence[float], moment: float) -> float:
        """Seconds before the next try; `failures` are those of the window, the newest first."""
        if len(failures) < self.free:
            return 0.0
        pause = min(self.longest, 2.0 ** min(20, len(failures) - self.free + 1))
        return min(pause, max(0.0, failures[0] + pause - moment))


class Throttle(Model):
    """One failure. `key` is "account:<who>" or "network:<address/24>"."""

    id = fields.IntField(primary_key=True)
    key = fields.CharField(max_length=160)
    at = fields.FloatField()

    class Meta:
        table = "throttle"

    @classmethod
    async def wait(cls, limit: Limit) -> float:
        """Seconds to wait before the next try: none for the first few, then 2, 4, 8… up to the longest."""
        moment = real()
        lately = cls.filter(key=limit.key, at__gt=moment - limit.window, at__lt=moment + AHEAD)
        found = lately.order_by("-at").limit(limit.free + 20)
        times: list[float] = await found.values_list("at", flat=True)  # type: ignore[assignment]
        return limit.wait(times, moment)

    @classmethod
    async def attempt(cls, *limits: Limit) -> float:
        """Count a try as failed before it is made; or, when one must wait, count nothing and say how long.

        Counted first and one at a time for a key: a hundred tries sent at once are a hundred tries.
        """
        async with transaction():
            await _one_at_a_time([limit.key for limit in limits])
            waits = [await cls.wait(limit) for limit in limits]
            if max(waits) > 0:
                return max(waits)
            for limit in limits:
                await cls.failed(limit.key)
        return 0.0

    @classmethod
    async def failed(cls, *keys: str) -> None:
        for key in keys:
            await cls.create(key=key, at=real())

    @classmethod
    async def reset(cls, key: str) -> None:
        await cls.filter(key=key).delete()

    @classmethod
    async def refund(cls, key: str) -> None:
        """Take back the last failure of a key: the try was good after all."""
        last = await cls.filter(key=key).order_by("-id").first()
        if last:
            await last.delete()

    @classmethod
    async def sweep(cls) -> None:
        await cls.filter(at__lt=real() - 24 * 3600).delete()


async def _one_at_a_time(keys: list[str]) -> None:
    """SQLite's transactions already take turns."""
    if not is_sqlite():
        for key in sorted(keys):
            await rows("SELECT pg_advisory_xact_lock(hashtext(?))", [f"throttle:{key}"])
