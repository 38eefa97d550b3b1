"""A child that rides on a shuttle."""

from models import clock
from models.commune.shuttle import ShuttleLine, ShuttleStop
from models.families.child_stop import ChildStop


async def a_child_rides(family: int, child: int) -> None:
    line = await ShuttleLine.create(code="bus", name="Bus")
    stop = await ShuttleStop.create(line_id=line.id, name="Mairie", at=460)
    assert await ChildStop.put(family, child, line.id, stop.id, "member:1", clock.now())
