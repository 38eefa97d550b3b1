"""What a form sent. `web/doors.py` has read it and checked its token before any handler runs."""

from urllib.parse import parse_qsl

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

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
