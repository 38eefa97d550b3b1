"""Every request comes in and goes out here: who asks, is the form ours, how long is it, what may browsers do.

Pure ASGI and sparing: a signed-in request costs one question to the database. Fails closed: an unsafe method
reaches a handler only with its token, except at the doors that read no cookie.
"""

import logging
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request, cookie_parser
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models import banks, clock
from models.access import viewing
from models.access.current_session import Visit, visit
from models.access.member import Member
from models.settings import LOOPBACK, Settings
from models.storage import database
from web.http import headers, signing
from web.http.auth import SAFE, Parent, Person, Staff, Visitor
from web.http.forms import parsed
from web.http.looking import only_themselves
from web.http.uploads import LONGEST_FORM, TooLong, Upload, Uploads, uploads_of
from web.page import town
from web.page.menu import within

PLAIN = ("/static/", "/sante", "/favicon.ico", "/sw.js")  # the same for everybody
KEYED = ("/banque/", "/desabonnement/")  # a bank proves itself, an address is its own key: no cookie is read
OF_A_MEMBER = (
    "/mairie",
    "/deconnexion",
)  # where one who looks as a family does is of the mairie all the same
UNASKED = ("/planning/direct", "/session/fin")  # an open page asks by itself: nobody stays signed in by it
VISITOR = Visitor()

Trouble = Callable[[Request, Exception], Awaitable[Response]]

log = logging.getLogger("portail.web")


class Outdated(HTTPException):
    """A form without the token of the browser's session: drawn before that session, or by nobody."""


class PortalMiddleware:
    def __init__(self, app: ASGIApp, settings: Settings, trouble: Trouble) -> None:
        self._app = app
        self._settings = settings
        self._trouble = trouble
        self._hosts = {urlsplit(settings.base_url).hostname, *(LOOPBACK if settings.demo else ())}
        self._session, self._visitor = signing.session_cookie(settings), signing.visitor_cookie(settings)
        self._banks: tuple[str, ...] | None = None  # not known before the portal is open

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        self._know_banks()
        exit = Exit(send, self._headers)
        scope.update(user=VISITOR, csrf="", now=clock.now())
        try:
            await self._enter(scope, receive, exit)
        except ClientDisconnect:
            return
        except Exception as exc:
            if exit.started:
                raise
            response = await self._trouble(Request(scope), _known(exc, scope))
            await response(scope, receive, exit)

    async def _enter(self, scope: Scope, receive: Receive, exit: "Exit") -> None:
        asked = {name: value.decode("latin-1") for name, value in scope["headers"]}
        safe, path = scope["method"] in SAFE, scope["path"]
        if path.startswith(PLAIN) and safe:
            return await self._app(scope, receive, exit)
        if _hostname(asked.get(b"host", "")) not in self._hosts:
            return await PlainTextResponse("Adresse inconnue.", 400)(scope, receive, exit)
        if "\0" in path or b"%00" in scope["query_string"]:
            raise HTTPException(404)  # no name holds it, and PostgreSQL takes none
        if is_part := b"hx-request" in asked:
            exit.says(self._part_headers)
        if path.startswith(KEYED):
            await town.follow(scope["app"].state, await town.revision())
            return await self._app(scope, _limited(receive, asked, LONGEST_FORM), exit)
        cookies = cookie_parser(asked[b"cookie"]) if b"cookie" in asked else {}
        secret = signing.unseal(self._settings, cookies.get(self._session))
        scope["user"] = await self._person(scope, secret)
        self._give_token(scope, secret, cookies.get(self._visitor), exit)
        if not is_part:
            self._name_account(scope, secret, exit)
        if safe:
            return await self._app(scope, receive, exit)
        self._check_origin(asked)
        only_themselves(scope["user"])
        takes = uploads_of(scope, asked)
        read = self._begin(takes, scope, receive, asked) if takes else self._form(scope, receive, asked)
        given, left = await read
        self._check_token(scope, given, secret, cookies.get(self._visitor))
        await self._app(scope, left, exit)

    def _know_banks(self) -> None:
        if self._banks != (origins := banks.origins()):
            self._banks, self._headers = origins, headers.always(self._settings, origins)
            self._part_headers = headers.of_parts(self._headers)

    async def _form(self, scope: Scope, receive: Receive, asked: dict[bytes, str]) -> tuple[str, Receive]:
        """A small form, whole: its token, and its body once more for the handler."""
        body = await _whole(_limited(receive, asked, LONGEST_FORM))
        given = asked.get(b"x-csrf-token", "")
        if asked.get(b"content-type", "").startswith("application/x-www-form-urlencoded"):
            scope["form"] = parsed(body)
            given = given or next((value for name, value in scope["form"] if name == "csrf"), "")
        return given, _again(body, receive)

    async def _begin(
        self, takes: Uploads, scope: Scope, receive: Receive, asked: dict[bytes, str]
    ) -> tuple[str, Receive]:
        """A body with files, of which nothing is read but its token: the handler takes it behind its guard."""
        left = _limited(receive, asked, takes.longest_bytes + LONGEST_FORM, takes.limit_bytes)
        upload = scope["upload"] = Upload(takes, scope, left)
        return asked.get(b"x-csrf-token") or await upload.token(), left

    async def _person(self, scope: Scope, secret: str | None) -> Person:
        found = await visit(secret) if secret else None
        await town.follow(scope["app"].state, found.revision if found else await town.revision())
        if found is None:
            return VISITOR
        if scope["method"] == "POST" or not scope["path"].startswith(UNASKED):
            await found.session.touch()
        return _person(found, scope["path"])

    def _give_token(self, scope: Scope, secret: str | None, visitor: str | None, exit: "Exit") -> None:
        if scope["user"] and secret:
            scope["csrf"] = signing.token(self._settings, "csrf", secret)
            return
        if visitor is None:
            visitor = signing.new_visit()
            exit.cookie = headers.cookie(self._settings, self._visitor, visitor)
        scope["csrf"] = signing.token(self._settings, "csrf-visite", visitor)

    def _name_account(self, scope: Scope, secret: str | None, exit: "Exit") -> None:
        """To whom a page belongs, for the browser's copies of it: another text after each sign-in."""
        person = scope["user"]
        if secret and person and not (isinstance(person, Parent) and person.viewer):
            exit.account = (b"portail-compte", signing.token(self._settings, "copies", secret).encode())

    def _check_origin(self, asked: dict[bytes, str]) -> None:
        """Was it sent by one of our pages? Old browsers do not say; they have the token."""
        if asked.get(b"sec-fetch-site", "same-origin") != "same-origin":
            raise HTTPException(403)
        origin = asked.get(b"origin")
        if origin not in (None, self._settings.base_url) and not self._is_demo_origin(origin, asked[b"host"]):
            raise HTTPException(403)

    def _is_demo_origin(self, origin: str | None, host: str) -> bool:
        return self._settings.demo and _hostname(host) in LOOPBACK and origin == f"http://{host}"

    def _check_token(self, scope: Scope, given: str, secret: str | None, visitor: str | None) -> None:
        """A form whose session has just ended still passes: the guard of the page will say so, kindly."""
        if secret and signing.is_token(self._settings, "csrf", secret, given):
            return
        if not scope["user"] and visitor and signing.is_token(self._settings, "csrf-visite", visitor, given):
            return
        raise Outdated(403)


class Exit:
    """Sends the answer, with the headers that every answer carries unless its handler chose otherwise."""

    __slots__ = ("_headers", "_send", "account", "cookie", "started")

    def __init__(self, send: Send, always: list[headers.Header]) -> None:
        self._send = send
        self._headers = always
        self.cookie: headers.Header | None = None
        self.account: headers.Header | None = None
        self.started = False

    def says(self, always: list[headers.Header]) -> None:
        """These instead."""
        self._headers = always

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            chosen = dict(message["headers"])
            is_page = chosen.get(b"content-type", b"").startswith(b"text/html")
            spared = () if is_page or b"location" in chosen else headers.OF_PAGES
            added = [
                header for header in self._headers if header[0] not in chosen and header[0] not in spared
            ]
            if is_page:
                added += [header for header in (self.cookie, self.account) if header]
            message["headers"] = [*message["headers"], *added]
        await self._send(message)


def _person(found: Visit, path: str) -> Person:
    member, guardian = found.member, found.guardian
    if guardian and (member is None or _looks(member, path)):
        return Parent(guardian, guardian.family, found.session, found.unread, found.rings, member)
    return Staff(member, found.session) if member else VISITOR


def _looks(member: Member, path: str) -> bool:
    """Is it a page that the member looks at as a family does?"""
    return viewing.may_view(member) and not any(within(path, place) for place in OF_A_MEMBER)


def _known(exc: Exception, scope: Scope) -> Exception:
    """An error that has a page of its own; anything else is ours, and gets a reference to find it by."""
    if isinstance(exc, HTTPException):
        return exc
    reference = scope["reference"] = secrets.token_hex(4)
    log.error("%s %s: reference %s", scope["method"], scope["path"], reference, exc_info=exc)
    if database.is_away(exc):
        return HTTPException(503, headers={"Retry-After": "30"})
    return HTTPException(500)


def _hostname(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _limited(receive: Receive, asked: dict[bytes, str], longest: int, said: int = 0) -> Receive:
    """Counts what really arrives: a length that is announced is only a promise. `said` is the limit that is told."""
    length = asked.get(b"content-length", "0")
    if not length.isdecimal() or int(length) > longest:
        raise TooLong(said or longest)
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > longest:
            raise TooLong(said or longest)
        return message

    return counted


async def _whole(receive: Receive) -> bytes:
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    """The body once more, for the handler."""
    left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return left.pop() if left else await receive()

    return replay
