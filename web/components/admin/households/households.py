"""Files that are one family, merged; a household that parts."""

from starlette.routing import Route

from web.components.admin.households import merging, parting

routes: list[Route] = [*merging.routes, *parting.routes]
