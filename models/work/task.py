"""Work for later: a row written in the transaction that causes it, run at least once by whoever claims it.

Times are real seconds. A claim is a lease: if its owner dies, the row is free again when the lease ends. The
number of the try tells owners apart: one whose lease ran out cannot write over the next one's.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tortoise import fields
from tortoise.expressions import Q
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.clock import real

LEASE = 60.0
BACKOFF = (5.0, 30.0, 60.0, 300.0, 900.0, 3600.0, 6 * 3600.0, 12 * 3600.0, 24 * 3600.0, 24 * 3600.0)
KEPT = 30 * 24 * 3600.0  # a done row stays this long, so that its key still refuses the same work

INTERRUPTED = "Interrompu à chaque essai."

TITLES: dict[str, str] = {}  # what the mairie reads of each job, by its name: `jobs.registry.job` writes them

wakeups: set[Callable[[], None]] = set()  # called when there is work: whoever looks for it may look now


class GiveUp(Exception):
    """Raised by a job that another try cannot help. The text is for the mairie."""


class Task(Model):
    id = fields.IntField(primary_key=True)
    key = fields.CharField(max_length=200, null=True)  # unique: the same work is never asked twice
    name = fields.CharField(max_length=60)
    args: Any = fields.JSONField()
    state = fields.CharField(max_length=10, default="ready")  # ready | done | failed
    due = fields.FloatField()
    lease = fields.FloatField(default=0)
    tries = fields.IntField(default=0)
    error = fields.TextField(null=True)
    created = fields.FloatField()
    finished = fields.FloatField(null=True)

    class Meta:
        table = "task"

    @classmethod
    async def later(cls, name: str, *args: Any, key: str | None = None, after: float = 0.0) -> None:
        """Ask for `name(ctx, *args)`, `after` seconds from now. A key that exists already changes nothing."""
        row = cls(key=key, name=name, args=list(args), due=real() + after, created=real())
        await cls.bulk_create([row], ignore_conflicts=True)
        for wake in wakeups:
            wake()

    @classmethod
    async def later_each(cls, name: str, args: Mapping[str, Sequence[Any]]) -> None:
        """As `later`, at once, for many by their keys."""
        moment = real()
        made = [
            cls(key=key, name=name, args=list(some), due=moment, created=moment) for key, some in args.items()
        ]
        await cls.bulk_create(made, ignore_conflicts=True)
        for ring in wakeups:
            ring()

    @classmethod
    async def postpone(cls, keys: Sequence[str], after: float) -> None:
        """Do these `after` seconds from now, unless somebody is at it or it is for later still."""
        moment = real()
        await cls.filter(waiting(moment), key__in=keys, due__lt=moment + after).update(due=moment + after)

    @classmethod
    async def drop(cls, key: str) -> None:
        """What is not to be done any more. Who is at it looks whether there is still something to do."""
        await cls.filter(key=key, state="ready").delete()

    @classmethod
    async def claim(cls, limit: int = 10) -> list["Task"]:
        """Rows that are due and nobody holds, now held by the caller for LEASE seconds."""
        moment = real()
        due = await cls.filter(waiting(moment), due__lte=moment).order_by("due", "id").limit(limit)
        return [row for row in due if await row.hold()]

    @classmethod
    async def take(cls, task: int) -> "Task | None":
        """Claim one row; None when somebody else holds it or it is finished."""
        row = await cls.get_or_none(waiting(real()), id=task)
        return row if row and await row.hold() else None

    async def hold(self) -> bool:
        """The claim itself: one conditional write, true for one caller only."""
        moment = real()
        free = Task.filter(waiting(moment), id=self.id, tries=self.tries)
        if self.tries > len(BACKOFF):  # every owner died in the middle: it may be what kills them
            await free.update(state="failed", error=self.error or INTERRUPTED, finished=moment)
            return False
        if await free.update(lease=moment + LEASE, tries=self.tries + 1) != 1:
            return False
        self.tries += 1
        return True

    async def done(self) -> None:
        """Whoever did it: if its lease ran out meanwhile, it is done all the same."""
        ended = Task.filter(id=self.id, state="ready")
        await ended.update(state="done", lease=0, error=None, finished=real())

    async def again(self, error: str) -> None:
        """It failed: try later, ever more slowly; after the last try it stays, for the mairie to see."""
        if self.tries > len(BACKOFF):
            await self.fail(error)
        else:
            await self._mine().update(lease=0, error=error, due=real() + BACKOFF[self.tries - 1])

    async def fail(self, error: str) -> None:
        """It failed for good: it stays, for the mairie to see and to try again."""
        await self._mine().update(state="failed", lease=0, error=error, finished=real())

    async def keep(self) -> bool:
        """Extend the lease of a long job; false when it is somebody else's by now."""
        return await self._mine().update(lease=real() + LEASE) == 1

    async def release(self) -> None:
        """Give it back as it was: the process ends, that is no failed try."""
        await self._mine().update(lease=0, tries=self.tries - 1)

    @classmethod
    async def retry_now(cls, task: int) -> bool:
        """The mairie asks to try a failed one, or one that waits for its next try, again."""
        moment = real()
        stuck = Q(state="failed") | waiting(moment)
        again = cls.filter(stuck, id=task).update(
            state="ready", due=moment, lease=0, tries=0, error=None, finished=None
        )
        if await again != 1:
            return False
        for wake in wakeups:
            wake()
        return True

    @classmethod
    async def sweep(cls) -> None:
        await cls.filter(state="done", finished__lt=real() - KEPT).delete()

    def _mine(self) -> "QuerySet[Task]":
        return Task.filter(id=self.id, state="ready", tries=self.tries)


def waiting(moment: float) -> Q:
    """Ready and held by nobody. A lease too far ahead is older than a clock set back: it does not count."""
    return Q(state="ready") & (Q(lease__lt=moment) | Q(lease__gt=moment + 10 * LEASE))
