"""The line to a bank's server: how long a question may take, and when to stop asking for a while.

A bank that is away must hold up nobody: whoever pays waits for one question, and after several failures in a row the
next ones are told at once.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

from models.banks import BankSilent
from models.settings import is_loopback

if TYPE_CHECKING:
    import httpx

Answer = TypeVar("Answer")
TIMEOUT = 15.0  # seconds for one question
FAILURES = 5  # in a row: the line is closed
REST = 60.0  # seconds; then one question tries it
AWAY = (OSError, TimeoutError, BankSilent)


class Line:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._closed_until = 0.0

    async def ask(self, question: Callable[[], Awaitable[Answer]]) -> Answer:
        """The answer. Raises BankSilent when none comes, and whatever else the question raises."""
        if self._failures >= FAILURES:
            if self._clock() < self._closed_until:
                raise BankSilent("closed after several failures")
            self._closed_until = self._clock() + TIMEOUT  # for the others, while this question tries the line
        try:
            async with asyncio.timeout(TIMEOUT):
                answer = await question()
        except AWAY as exc:
            self._failures += 1
            self._closed_until = self._clock() + REST
            raise BankSilent(type(exc).__name__) from None  # its words may hold what was sent
        self._failures = 0
        return answer


async def post(
    url: str,
    *,
    form: Mapping[str, str] | None = None,
    json: object = None,
    login: tuple[str, str] | None = None,
) -> "httpx.Response":
    """A question over HTTP. Redirects are not followed: a bank's server has one address.

    Raises BankSilent without an answer; one of 5xx is none.
    """
    import httpx  # here: five megabytes, which a commune without a bank never needs

    # A proxy of the environment is for the world outside, never for this very host.
    async with httpx.AsyncClient(timeout=TIMEOUT, trust_env=not is_loopback(url)) as client:
        auth = httpx.BasicAuth(*login) if login else httpx.USE_CLIENT_DEFAULT
        try:
            answer = await client.post(url, data=form, json=json, auth=auth)
        except httpx.HTTPError as exc:
            raise BankSilent(type(exc).__name__) from None
    if answer.status_code >= 500:
        raise BankSilent(f"answered {answer.status_code}")
    return answer
