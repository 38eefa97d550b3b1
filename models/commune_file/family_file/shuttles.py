"""`[[shuttles]]` of a commune file: lines and their stops. What it names no more is offered no more.

A stop is known by its name on its line.
"""

from collections.abc import Sequence
from typing import Any

from models.commune.shuttle import ShuttleLine, ShuttleStop
from models.commune_file.document import Shuttle
from models.commune_file.document import ShuttleStop as Stop
from models.commune_file.table import Table, unique


def shuttles(tables: list[Table]) -> tuple[Shuttle, ...]:
    unique(tables, "code")
    return tuple(_shuttle(table) for table in tables)


def _shuttle(table: Table) -> Shuttle:
    stops = table.tables("stops", required=True)
    unique(stops, "name")
    found = Shuttle(
        code=table.text("code", longest=60),
        name=table.text("name"),
        stops=tuple(_stop(stop) for stop in stops),
        activities=table.words("activities", None),
    )
    table.done()
    return found


def _stop(table: Table) -> Stop:
    found = Stop(name=table.text("name"), at=table.clock("at"))
    table.done()
    return found


async def load(said: Sequence[Shuttle]) -> None:
    await ShuttleStop.all().update(offered=False)
    await ShuttleLine.all().update(offered=False)
    lines = [
        ShuttleLine(
            code=one.code, name=one.name, activities=one.activities and list(one.activities), position=n
        )
        for n, one in enumerate(said)
    ]
    columns = ["name", "activities", "position", "offered"]
    await ShuttleLine.bulk_create(lines, on_conflict=["code"], update_fields=columns)
    ids = {line.code: line.id for line in await ShuttleLine.all()}
    stops = [
        ShuttleStop(line_id=ids[one.code], name=stop.name, at=stop.at, position=n)
        for one in said
        for n, stop in enumerate(one.stops)
    ]
    await ShuttleStop.bulk_create(
        stops, on_conflict=["line_id", "name"], update_fields=["at", "position", "offered"]
    )


async def export() -> list[dict[str, Any]]:
    """As the file writes them."""
    lines = await ShuttleLine.filter(offered=True).order_by("position", "id")
    stops = await ShuttleStop.filter(offered=True).order_by("position", "id")
    return [
        {
            "code": line.code,
            "name": line.name,
            **({"activities": line.activities} if line.activities else {}),
            "stops": [
                {"name": stop.name, "at": f"{stop.at // 60:02d}:{stop.at % 60:02d}"}
                for stop in stops
                if stop.line_id == line.id
            ],
        }
        for line in lines
    ]
