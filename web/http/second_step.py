"""Whoever must prove twice who they are sets that up before anything else; a demo asks nobody."""

from starlette.requests import Request

from models.access.member import Member
from web.page.menu import within

ACCOUNT = "/mairie/compte"
SECOND_STEP = f"{ACCOUNT}/double-authentification"


def is_owed(request: Request, member: Member) -> bool:
    """On their own account's pages it is set up."""
    state = request.app.state
    of_all = state.commune is not None and state.commune.second_step
    owed = not state.settings.demo and member.lacks_second_step(of_all)
    return owed and not within(request.url.path, ACCOUNT)
