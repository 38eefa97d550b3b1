"""A file that is too large and is heard out: nothing of it is kept, and what was typed beside it is."""

import pytest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from models.settings import Settings
from tests.portal import Client
from tests.town import settle
from tests.web.test_uploads import PIECE, Sender, cut, field, file, noise, post, whole
from tests.web.trial import of
from web.http.auth import ParentRequest, parent
from web.http.uploads import TooLong, sent, uploads

pytestmark = [
    pytest.mark.parametrize("engine", ["sqlite"], indirect=True),
    pytest.mark.filterwarnings("error::ResourceWarning"),
    pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning"),
]
PATH = "/essai/ecoute"


@uploads(limit_bytes=PIECE, heard_bytes=2 * PIECE)
@parent
async def hear_out(request: ParentRequest) -> Response:
    try:
        async with sent(request) as form:
            return JSONResponse({"names": [name for name in form if name != "csrf"]})
    except TooLong as exc:
        if exc.fields is None:
            raise
        said = {name: str(value) for name, value in exc.fields.items() if name != "csrf"}
        return JSONResponse({"fields": said, "size": exc.size}, 413)


@pytest.fixture
async def durand(db: str, settings: Settings) -> Client:
    await settle()
    portal = of(settings)
    portal.app.router.routes.append(Route(PATH, hear_out, methods=["POST"]))
    return await portal.client("durand15")


async def test_of_a_file_that_is_heard_out_the_rest_is_kept(durand: Client) -> None:
    """Not its own bytes: no more of them than the limit lies anywhere, and none is left."""
    for size, status in ((PIECE, 200), (PIECE + 1, 413), (2 * PIECE, 413)):
        body = await whole(durand, field("titre", "Été"), file("photo", noise(size)), field("mot", "après"))
        answer = await post(durand, Sender(cut(body, 1000)), PATH)
        assert answer.status_code == status, size
        if status == 413:
            said = {"titre": "Été", "mot": "après", "photo": "une photo.jpg"}
            assert answer.json() == {"fields": said, "size": size}
    body = await whole(durand, field("titre", "Été"), file("photo", noise(2 * PIECE + 1)))
    answer = await post(durand, Sender(cut(body, 1000)), PATH)
    assert answer.status_code == 413 and "64\u00a0Ko au maximum" in answer.text


async def test_a_form_that_carries_no_file_is_read_too(durand: Client) -> None:
    assert (await durand.post_form(PATH, {"mot": "x"})).json() == {"names": ["mot"]}
