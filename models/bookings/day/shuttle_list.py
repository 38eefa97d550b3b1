"""Who rides which shuttle on a day, stop by stop."""

from dataclasses import dataclass, field
from datetime import date

from models.bookings.day.day_list import of as expected_on
from models.commune.shuttle import ShuttleLine, ShuttleStop
from models.families.child_stop import ChildStop
from models.storage.database import rows


@dataclass(frozen=True, slots=True)
class Rider:
    last_name: str
    first_name: str
    absent: bool  # the parents said so


@dataclass(frozen=True, slots=True)
class StopOfDay:
    name: str
    at: int  # minutes after midnight
    riders: list[Rider] = field(default_factory=list)

    @property
    def clock(self) -> str:
        return f"{self.at // 60:02d}:{self.at % 60:02d}"


@dataclass(frozen=True, slots=True)
class LineOfDay:
    name: str
    stops: list[StopOfDay]

    @property
    def expected(self) -> int:
        return sum(not one.absent for stop in self.stops for one in stop.riders)


async def of(day: date) -> list[LineOfDay]:
    """A line of some activities carries who is booked there that day; any other, whoever has a stop."""
    lines = await ShuttleLine.filter(offered=True).order_by("position", "id")
    stops = await ShuttleStop.filter(offered=True).order_by("position", "id")
    riding = (
        await ChildStop.filter(ended_at=None)
        .select_related("child")
        .order_by("child__last_name", "child__first_name", "id")
    )
    booked = await _booked(day)
    return [
        LineOfDay(
            line.name,
            [
                StopOfDay(
                    stop.name,
                    stop.at,
                    [
                        Rider(one.child.last_name, one.child.first_name, bool(there))
                        for one in riding
                        if one.stop_id == stop.id
                        and (there := _absent(line.activities, booked.get(one.child_id, {}))) is not None
                    ],
                )
                for stop in stops
                if stop.line_id == line.id
            ],
        )
        for line in lines
    ]


def _absent(activities: list[str] | None, booked: dict[str, bool]) -> bool | None:
    """None: the child does not ride. `booked` is by activity: are all its slots told absent?"""
    if activities is None:
        return bool(booked) and all(booked.values())
    mine = [booked[code] for code in activities if code in booked]
    return all(mine) if mine else None


async def _booked(day: date) -> dict[int, dict[str, bool]]:
    codes = {
        row["id"]: row["code"]
        for row in await rows(
            "SELECT slot.id, activity.code FROM slot JOIN activity ON activity.id = slot.activity_id", []
        )
    }
    found: dict[int, dict[str, bool]] = {}
    for one in await expected_on(day):
        mine, code = found.setdefault(one.child, {}), codes[one.slot]
        mine[code] = mine.get(code, True) and one.absent
    return found
