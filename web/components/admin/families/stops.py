"""The tab « Navettes »: where each child of the family gets on."""

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.commune.shuttle import ShuttleLine, ShuttleStop
from models.families.child import Home
from models.families.child_stop import ChildStop
from web.components.admin.families.file import page
from web.components.admin.families.place import EDITORS, PLACE, READERS, family_of
from web.http.auth import StaffRequest, staff
from web.http.forms import form, whole


@staff(*READERS)
async def show(request: StaffRequest) -> Response:
    family = await family_of(request)
    homes = await Home.filter(family_id=family.id).select_related("child").order_by("position", "child_id")
    stands = await ChildStop.of([home.child_id for home in homes])
    lines = await ShuttleLine.filter(offered=True).order_by("position", "id")
    stops = await ShuttleStop.filter(offered=True).order_by("position", "id")
    more = {
        "riders": [home.child for home in homes],
        "lines": [(line, [stop for stop in stops if stop.line_id == line.id]) for line in lines],
        "stands": {(one.child_id, one.line_id): one.stop_id for some in stands.values() for one in some},
    }
    return await page(request, family, "stops", more)


@staff(*EDITORS)
async def change(request: StaffRequest) -> Response:
    """Each line of each child, as the selects say it: « arret-<child>-<line> »."""
    family, sent = await family_of(request), await form(request)
    offered = {stop.id: stop.line_id for stop in await ShuttleStop.filter(offered=True)}
    for home in await Home.filter(family_id=family.id).order_by("child_id"):
        for line in set(offered.values()):
            said = sent.get(f"arret-{home.child_id}-{line}")
            if said is None:
                continue
            stop = whole(said) or None
            if stop and offered.get(stop) != line:
                raise HTTPException(404)
            await ChildStop.put(family.id, home.child_id, line, stop, request.user.actor, request.now)
    return RedirectResponse(f"{PLACE}/{family.id}/navettes?fait=1", 303)


routes = [
    Route("/mairie/familles/{id:int}/navettes", show),
    Route("/mairie/familles/{id:int}/navettes", change, methods=["POST"]),
]
