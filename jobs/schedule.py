"""What happens by itself, and when. Real time; a day begins at midnight in Paris."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from models.clock import real
from models.rules.deadlines import PARIS
from models.work.task import Task, waiting

KEPT = 2 * 24 * 3600.0  # seconds that a done row stays, against clocks set back


@dataclass(frozen=True)
class Every:
    name: str
    seconds: int  # counted from midnight UTC, which no clock change moves

    def slot(self, moment: float) -> str:
        day = datetime.fromtimestamp(moment, UTC).date()
        return f"{day}/{int(moment % 86400) // self.seconds:05d}"


@dataclass(frozen=True)
class Daily:
    name: str
    at: str  # "03:30" in Paris

    def slot(self, moment: float) -> str | None:
        local = datetime.fromtimestamp(moment, PARIS)
        return f"{local.date()}" if f"{local:%H:%M}" >= self.at else None


SCHEDULES: tuple[Every | Daily, ...] = (
    Every("expire_holds", 60),
    Every("lapse_offers", 300),
    Daily("sweep", "03:30"),
)


class Scheduler:
    """Writes the rows that are due. Two processes write the same key, so each happens once."""

    def __init__(self, schedules: Sequence[Every | Daily] | None = None) -> None:
        self._schedules = SCHEDULES if schedules is None else schedules
        self._laid: dict[str, str] = {}

    async def enqueue_due(self, moment: float) -> None:
        for line in self._schedules:
            slot = line.slot(moment)
            if slot is None or self._laid.get(line.name) == slot:
                continue
            key = f"{line.name}:{slot}"
            await Task.later(line.name, key=key)
            await self._supersede(line.name, key)
            self._laid[line.name] = slot

    async def _supersede(self, name: str, key: str) -> None:
        """The new slot tries again what an earlier one failed at: one row in trouble, not a hundred."""
        earlier = Task.filter(name=name, key__startswith=f"{name}:", key__not=key)
        await earlier.filter(waiting(real())).delete()
        await earlier.filter(state="failed").delete()


async def sweep() -> None:
    names = [line.name for line in SCHEDULES]
    await Task.filter(name__in=names, state="done", finished__lt=real() - KEPT).delete()
