"""What a request about the family's file shows once it is opened: health to those who need it, the proof."""

from starlette.exceptions import HTTPException
from starlette.responses import Response

from models.bookings.request_list import RequestLine
from models.family_file import request_answers
from models.french.file_changes import health_changes
from models.rules.states.requests import RequestKind
from web.http.attachments import download
from web.http.auth import StaffRequest, staff

ROLES = ("manager",)
Change = tuple[str, str, str]  # what, before, after


async def shown(request: StaffRequest, line: RequestLine | None, wanted: int | None) -> list[Change]:
    """What the request changes. Of health the values, to whoever opens it and needs them: the journal says so."""
    if line is None:
        return []
    if line.kind != RequestKind.HEALTH_CHANGE or line.id != wanted:
        return line.changes
    member = request.user.member
    return health_changes(*await request_answers.health_of(line.id, member, request.now))


async def has_proof(line: RequestLine | None) -> bool:
    return line is not None and await request_answers.proof_of(line.id) is not None


@staff(*ROLES)
async def proof(request: StaffRequest) -> Response:
    found = await request_answers.proof_of(request.number("id"))
    if found is None:
        raise HTTPException(404)
    return download(found)
