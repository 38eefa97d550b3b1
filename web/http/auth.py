"""Who asks: a parent, somebody of the mairie, or a visitor; and the guards of the pages that are not for all.

Handlers find what they show through them, so that another family's number is nothing here: a 404.
"""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import TypeVar
from urllib.parse import quote

from starlette.datastructures import URL
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from models.access.member import Member
from models.access.session import Session
from models.activities.catalogue import Catalogue, current_catalogue
from models.commune.commune import Commune
from models.families.child import Child, Home
from models.families.family import Family
from models.families.guardian import Guardian
from models.rules.roles import ROLES
from models.settings import Settings
from web.http.addresses import local
from web.http.second_step import SECOND_STEP, is_owed
from web.page.fragments import ABOVE_THE_PAGE, alert
from web.page.menu import PARENTS_HOME, STAFF_HOME, Entry, counts_of, entries_of
from web.page.templates import fragment

Handler = Callable[[Request], Awaitable[Response]]
Asked = TypeVar("Asked", bound=Request)
Typed = Callable[[Asked], Awaitable[Response]]  # a handler that says whose requests it takes

SIGNED_OUT = "Vous avez été déconnecté(e)."


class Visitor:
    """Nobody is signed in. False, so that `if user` says whether somebody is."""

    name = ""

    def __bool__(self) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Parent:
    guardian: Guardian
    family: Family
    session: Session
    unread: int = 0  # answers of the mairie
    rings: int = 0  # what the bell has that is not read
    viewer: Member | None = None  # of the mairie, who looks at this parent's pages and changes nothing

    @property
    def name(self) -> str:
        return self.guardian.name

    @property
    def account(self) -> Guardian:
        return self.guardian

    @property
    def actor(self) -> str:
        """As the journal names them."""
        return self.guardian.actor

    async def child(self, id: int) -> Child:
        """One of the family's children. Any other is a 404."""
        home = await Home.filter(child_id=id, family_id=self.family.id).select_related("child").first()
        if home is None:
            raise HTTPException(404)
        return home.child

    async def children(self) -> list[Child]:
        homes = Home.filter(family_id=self.family.id).order_by("position", "child_id")
        return [home.child for home in await homes.select_related("child")]


@dataclass(frozen=True, slots=True)
class Staff:
    member: Member
    session: Session

    @property
    def name(self) -> str:
        return self.member.name

    @property
    def account(self) -> Member:
        return self.member

    @property
    def actor(self) -> str:
        return self.member.actor

    def may(self, roles: Collection[str], *, change: bool = False) -> bool:
        return self.member.may(roles, change=change)


Person = Visitor | Parent | Staff


class PortalRequest(Request):
    """A request as `web/http/middleware.py` lets it in: who asks, when, of which portal, each with its type."""

    @property
    def user(self) -> Person:
        user: Person = self.scope["user"]
        return user

    @property
    def now(self) -> datetime:
        now: datetime = self.scope["now"]
        return now

    @property
    def settings(self) -> Settings:
        settings: Settings = self.app.state.settings
        return settings

    @property
    def commune(self) -> Commune | None:
        """None in an empty database."""
        commune: Commune | None = self.app.state.commune
        return commune

    @property
    def menu(self) -> tuple[Entry, ...]:
        """The mairie's."""
        menu: tuple[Entry, ...] = self.app.state.menu
        return menu

    @property
    def is_htmx(self) -> bool:
        """Is it a part of a page that is asked for, not a page?"""
        return "hx-request" in self.headers

    async def catalogue(self) -> Catalogue:
        """Of the revision that this request came in at."""
        return await current_catalogue(self.commune.revision if self.commune else None)

    def number(self, name: str) -> int:
        """A part of the address that its route declares a number."""
        number: int = self.path_params[name]
        return number

    def text(self, name: str) -> str:
        """A part of the address."""
        text: str = self.path_params[name]
        return text


class SignedInRequest(PortalRequest):
    """Of somebody who is signed in."""

    @property
    def user(self) -> Parent | Staff:
        user: Parent | Staff = self.scope["user"]
        return user


class ParentRequest(SignedInRequest):
    @property
    def user(self) -> Parent:
        user: Parent = self.scope["user"]
        return user


class StaffRequest(SignedInRequest):
    @property
    def user(self) -> Staff:
        user: Staff = self.scope["user"]
        return user


HOMES = {Parent: PARENTS_HOME, Staff: STAFF_HOME, Visitor: "/"}
SAFE = ("GET", "HEAD", "OPTIONS")


def home(person: Person) -> str:
    return HOMES[type(person)]


def anyone(handler: Typed[PortalRequest]) -> Handler:
    """For all, signed in or not."""

    @wraps(handler)
    async def open(request: Request) -> Response:
        return await handler(_as(PortalRequest, request))

    return open


def parent(handler: Typed[ParentRequest]) -> Handler:
    """Only for parents."""

    @wraps(handler)
    async def guarded(request: Request) -> Response:
        if isinstance(request.user, Parent):
            return await handler(_as(ParentRequest, request))
        return _turned_away(request)

    return guarded


def staff(*roles: str) -> Callable[[Typed[StaffRequest]], Handler]:
    """Only for members of the mairie with one of these roles; their menu tells what waits behind each entry."""

    def guard(handler: Typed[StaffRequest]) -> Handler:
        @wraps(handler)
        async def guarded(request: Request) -> Response:
            person = request.user
            if not isinstance(person, Staff) or is_owed(request, person.member):
                return _turned_away(request)
            if not person.may(roles, change=request.method not in SAFE):
                return _turned_away(request)
            request.scope["changing"] = person.may(roles, change=True)
            theirs = _as(StaffRequest, request)
            await _count(theirs)
            return await handler(theirs)

        return _opened_to(roles, guarded)

    return guard


def member(handler: Typed[StaffRequest]) -> Handler:
    """For every member of the mairie, about themselves: a reader changes their own password too."""

    @wraps(handler)
    async def guarded(request: Request) -> Response:
        if not isinstance(request.user, Staff) or is_owed(request, request.user.member):
            return _turned_away(request)
        theirs = _as(StaffRequest, request)
        await _count(theirs)
        return await handler(theirs)

    return _opened_to(ROLES, guarded)


def _opened_to(roles: tuple[str, ...], guarded: Handler) -> Handler:
    """Written on the handler, where the tests of roles and of strangers read which routes are the mairie's."""
    vars(guarded)["opened_to"] = roles
    return guarded


def _as(kind: type[Asked], request: Request) -> Asked:
    """The same request, of the kind its handler is written for. Nobody has read its body yet."""
    return kind(request.scope, request.receive)


async def _count(request: StaffRequest) -> None:
    """For the menu of a whole page."""
    if not request.is_htmx:
        theirs = entries_of(request.menu, request.user.member)
        request.scope["counts"] = await counts_of(theirs, request.now)


def _turned_away(request: Request) -> Response:
    if request.headers.get("accept") == "text/event-stream":
        return Response(status_code=204)  # the browser asks no more, and says nothing
    if isinstance(request.user, Staff) and is_owed(request, request.user.member):
        return RedirectResponse(SECOND_STEP, 303)
    if request.user:
        raise HTTPException(403)
    if "hx-request" in request.headers:
        return signed_out(request, 401)
    return RedirectResponse(sign_in_address(request), 303)


def signed_out(request: Request, status: int) -> Response:
    """For a piece of a page: a dialog above a parent's page, whose ticks are kept; a sentence at the mairie."""
    address = sign_in_address(request)
    if request.url.path.startswith("/mairie"):
        return alert(SIGNED_OUT, status, ("Se connecter", address))
    asked = fragment(request, "frame/signed_out.html", {"address": address})
    return HTMLResponse(asked, status, ABOVE_THE_PAGE)


def sign_in_address(request: Request) -> str:
    """Where to sign in, and come back afterwards to what was being looked at."""
    wanted = request.url
    if request.method != "GET" or "hx-request" in request.headers:
        wanted = page_before(request)
    path = wanted.path + (f"?{wanted.query}" if wanted.query else "")
    return f"/connexion?suite={quote(path, safe='/')}" if local(path) and path != "/" else "/connexion"


def page_before(request: Request) -> URL:
    """The page that htmx or the browser says it comes from: anybody may say anything. Empty when it says none."""
    said = request.headers.get("hx-current-url") or request.headers.get("referer", "")
    try:
        return URL(said if local(URL(said).path) else "")
    except ValueError:  # « http://[ »
        return URL("")
