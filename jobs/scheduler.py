"""What happens by itself: rows for what is due, once each. The schedules stand at their jobs in `jobs/registry.py`."""

from collections.abc import Mapping

from jobs.registry import SCHEDULES
from jobs.schedule import Schedule
from models.clock import real
from models.work.task import Task, waiting

KEPT = 2 * 24 * 3600.0  # seconds that a done row stays, against clocks set back


class Scheduler:
    """Writes the rows that are due. Two processes write the same key, so each happens once."""

    def __init__(self, schedules: Mapping[str, Schedule] | None = None) -> None:
        self._schedules = SCHEDULES if schedules is None else schedules
        self._laid: dict[str, str] = {}

    async def enqueue_due(self, moment: float) -> None:
        for name, schedule in self._schedules.items():
            slot = schedule.slot(moment)
            if slot is None or self._laid.get(name) == slot:
                continue
            key = f"{name}:{slot}"
            await Task.later(name, key=key)
            await self._supersede(name, key)
            self._laid[name] = slot

    async def _supersede(self, name: str, key: str) -> None:
        """The new slot tries again what an earlier one failed at: one row in trouble, not a hundred."""
        earlier = Task.filter(name=name, key__startswith=f"{name}:", key__not=key)
        await earlier.filter(waiting(real())).delete()
        await earlier.filter(state="failed").delete()


async def sweep() -> None:
    await Task.filter(name__in=list(SCHEDULES), state="done", finished__lt=real() - KEPT).delete()
