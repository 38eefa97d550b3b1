"""« Navettes »: who gets on where, line by line, to be printed for whoever rides along."""

from starlette.responses import Response
from starlette.routing import Route

from models.bookings.day import shuttle_list
from web.components.admin.kit.form import Day, fill
from web.http.auth import StaffRequest, staff
from web.page.templates import render

PLACE = "/mairie/listes/navettes"
DAY = Day("jour", "Jour")
MAY = ("leader", "manager")


@staff(*MAY)
async def show(request: StaffRequest) -> Response:
    asked = fill((DAY,), request.query_params)
    day = asked.of(DAY) or request.now.date()
    context = {"asked": DAY, "errors": asked.errors, "day": day, "lines": await shuttle_list.of(day)}
    return render(request, "admin/day_lists/shuttles.html", context)


routes = [Route(PLACE, show)]
