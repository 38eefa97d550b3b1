"""What a family drafted and did not validate in time: said once on each device, by the first page that shows it.

A cookie remembers until when everything was said, and to which family: looking at a page writes nothing else.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from starlette.responses import Response

from models.french.drafts import lost
from models.planning.cell import Gone
from web.http import signing
from web.http.auth import ParentRequest

LONGEST_MARK = 40


@dataclass(frozen=True, slots=True)
class Loss:
    """Lines that left for the same reason."""

    sentence: str
    lines: tuple[Gone, ...]


def losses(gone: Iterable[Gone]) -> list[Loss]:
    found: dict[tuple[str, str], list[Gone]] = {}
    for line in gone:
        found.setdefault((line.why, line.action), []).append(line)
    return [Loss(lost(len(lines), *key), tuple(lines)) for key, lines in found.items()]


def untold(request: ParentRequest, late: Iterable[Gone]) -> list[Gone]:
    """Those of these lines that this device was not told of yet."""
    since = _said_until(request)
    return [line for line in late if line.closes.timestamp() > since]


def told(request: ParentRequest, response: Response, late: Collection[Gone]) -> Response:
    """The response, after which they are said no more. A page that the browser fetched ahead is not seen yet."""
    if late and "prefetch" not in request.headers.get("sec-purpose", ""):
        mark = f"{request.user.family.id}.{int(request.scope['now'].timestamp())}"
        signing.keep(response, request.settings, _cookie(request), mark)
    return response


def _said_until(request: ParentRequest) -> int:
    """Seconds since 1970; 0 when nothing was said yet."""
    mark = request.cookies.get(_cookie(request), "")[:LONGEST_MARK]
    family, _, until = mark.partition(".")
    if family != str(request.user.family.id) or not (until.isascii() and until.isdecimal()):
        return 0
    seconds = int(until)
    return seconds if seconds <= request.now.timestamp() else 0


def _cookie(request: ParentRequest) -> str:
    return f"{signing.session_cookie(request.settings)}-limites"
