"""What a form sent. `web/http/middleware.py` has read it and checked its token before any handler runs."""

from urllib.parse import parse_qsl

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

LONGEST_KEY = 64
LARGEST = 2**31 - 1  # what a column of numbers holds
FIELDS = 5000  # a month of a large family, twice over


async def form(request: Request) -> FormData:
    """The fields as typed; `form.getlist("op")` for a repeated one."""
    read: list[tuple[str, str | UploadFile]] | None = request.scope.get("form")
    return FormData([*parsed(await request.body())] if read is None else read)


def parsed(body: bytes) -> list[tuple[str, str]]:
    """Raises HTTPException 400."""
    if b"\0" in body or b"%00" in body:
        raise HTTPException(400)  # nobody types it, and PostgreSQL keeps none
    try:
        return parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=FIELDS, errors="strict")
    except ValueError:
        raise HTTPException(400) from None


def whole(text: object) -> int | None:
    """The number that an address or a field says; None for what is no number, or larger than any of ours.

    Stricter than `int`, which stumbles over five thousand digits, and reads signs, spaces and other alphabets.
    """
    digits = str(text or "")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > len(str(LARGEST)):
        return None
    number = int(digits)
    return number if number <= LARGEST else None


def plain_key(sent: FormData, name: str) -> str:
    """The browser’s own name for a batch, which is applied once; empty without one. Raises HTTPException 422."""
    key = str(sent.get(name, ""))
    if len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise HTTPException(422)
    return key
