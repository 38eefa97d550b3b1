"""A route that takes files: what it lets in, what it refuses while it still comes, and that nothing stays open."""

import gc
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from tempfile import SpooledTemporaryFile
from typing import Any

import httpx
import pytest
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from models.settings import Settings
from tests.portal import Client, Portal
from tests.town import settle
from tests.web.trial import of
from web.http.auth import ParentRequest, parent
from web.http.forms import form
from web.http.uploads import FIELDS, LONGEST_FIRST, LONGEST_FORM, sent, uploads

pytestmark = [
    pytest.mark.parametrize("engine", ["sqlite"], indirect=True),
    pytest.mark.filterwarnings("error::ResourceWarning"),
    pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning"),
]
LIMIT = 3 * 1024 * 1024  # bytes: more than stays in memory
PIECE = 64 * 1024
PATH = "/essai/fichiers"
BOUNDARY = b"a-boundary-of-the-tests"
MULTIPART = {"content-type": f"multipart/form-data; boundary={BOUNDARY.decode()}"}
TOO_LONG = "L’envoi est trop lourd\u00a0: 3\u00a0Mo au maximum."
Pieces = Callable[[], AsyncIterator[bytes]]


@uploads(limit_bytes=LIMIT, files=2)
@parent
async def take(request: ParentRequest) -> Response:
    async with sent(request) as form:
        files = [(name, one) for name, one in form.multi_items() if isinstance(one, UploadFile)]
        fields = {name: one for name, one in form.items() if isinstance(one, str) and name != "csrf"}
        found = [[name, one.filename, sha256(await one.read()).hexdigest()] for name, one in files]
    return JSONResponse({"files": found, "fields": fields})


@uploads(limit_bytes=LIMIT)
@parent
async def stumble(request: ParentRequest) -> Response:
    async with sent(request):
        raise ZeroDivisionError


@parent
async def small(request: ParentRequest) -> Response:
    return JSONResponse({"fields": len(await form(request))})


ROUTES = [
    Route(PATH, take, methods=["POST"]),
    Route("/essai/faux-pas", stumble, methods=["POST"]),
    Route("/essai/petit", small, methods=["POST"]),
]


@pytest.fixture(autouse=True)
def files(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """The temporary files that were made; all of them are closed in the end."""
    made: list[Any] = []

    class Recorded(SpooledTemporaryFile[bytes]):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            made.append(self)

    monkeypatch.setattr("starlette.formparsers.SpooledTemporaryFile", Recorded)
    yield made
    assert [one.closed for one in made] == [True] * len(made)
    made.clear()
    gc.collect()


@pytest.fixture
async def portal(db: str, settings: Settings) -> Portal:
    await settle()
    (opened := of(settings)).app.router.routes.extend(ROUTES)
    return opened


@pytest.fixture
async def durand(portal: Portal) -> Client:
    return await portal.client("durand15")


def field(name: str, value: str) -> bytes:
    head = b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    return head % (BOUNDARY, name.encode(), value.encode())


def file(name: str, content: bytes, filename: str = "une photo.jpg") -> bytes:
    head = b'--%s\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\nContent-Type: image/jpeg\r\n\r\n'
    return head % (BOUNDARY, name.encode(), filename.encode()) + content + b"\r\n"


END = b"--%s--\r\n" % BOUNDARY


class Sender:
    """A body that is sent in pieces, as it is asked for, without saying how long it is."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.sent = 0  # bytes
        self.ended = False
        self._pieces = iter(pieces)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            self.sent += len(piece)
            yield piece
        self.ended = True


def cut(body: bytes, size: int = PIECE) -> Iterator[bytes]:
    return (body[n : n + size] for n in range(0, len(body), size))


async def post(browser: Client, body: Any, path: str = PATH, **headers: str) -> httpx.Response:
    return await browser.post(path, content=body, headers={**MULTIPART, **headers})


async def whole(browser: Client, *parts: bytes) -> bytes:
    """A body as a page's form sends it, the token first."""
    return field("csrf", await browser.token()) + b"".join(parts) + END


def noise(size: int) -> bytes:
    """Bytes of which no two places look alike."""
    return b"".join(sha256(str(n).encode()).digest() for n in range(size // 32 + 1))[:size]


def of_files(answer: httpx.Response) -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    found: list[list[str]] = answer.json()["files"]
    return found


@pytest.mark.parametrize("size", [0, 1, PIECE, LIMIT])
@pytest.mark.parametrize("chunked", [True, False])
async def test_a_file_up_to_the_limit_comes_as_it_was_sent(durand: Client, size: int, chunked: bool) -> None:
    content = noise(size)
    body = await whole(durand, field("titre", "Été"), file("photo", content))
    answer = await post(durand, Sender(cut(body)) if chunked else body)
    assert of_files(answer) == [["photo", "une photo.jpg", sha256(content).hexdigest()]]
    assert answer.json()["fields"] == {"titre": "Été"}


@pytest.mark.parametrize("size", [1, 7, 100])
async def test_pieces_of_any_size_make_the_same_file(durand: Client, size: int) -> None:
    content = b"\r\n--" + noise(500) + b"\r\n--" + BOUNDARY[:-1]
    body = await whole(durand, file("photo", content))
    assert of_files(await post(durand, Sender(cut(body, size))))[0][2] == sha256(content).hexdigest()


async def test_one_byte_more_is_refused_while_more_is_coming(durand: Client) -> None:
    head = field("csrf", await durand.token()) + file("photo", b"").removesuffix(b"\r\n")
    full = [head, *cut(noise(LIMIT)), b"x"]
    sender = Sender([*full, *[b"y" * PIECE] * 1000])
    answer = await post(durand, sender)
    assert (answer.status_code, sender.sent, sender.ended) == (413, len(head) + LIMIT + 1, False)
    assert TOO_LONG in answer.text
    answer = await post(durand, Sender([*full, *[b"y" * PIECE] * 3]), **{"hx-request": "true"})
    assert answer.status_code == 413 and TOO_LONG in answer.text and "<html" not in answer.text


async def test_files_count_together(durand: Client) -> None:
    half = noise(LIMIT // 2)
    body = await whole(durand, file("recto", half), file("verso", half, "verso.png"))
    one, other = of_files(await post(durand, Sender(cut(body))))
    assert (one[:2], other[:2]) == (["recto", "une photo.jpg"], ["verso", "verso.png"])
    assert one[2] == other[2] == sha256(half).hexdigest()
    body = await whole(durand, file("recto", half), file("verso", half + b"xx"))
    assert (await post(durand, Sender(cut(body)))).status_code == 413
    body = await whole(durand, file("un", b"1"), file("deux", b"2"), file("trois", b"3"))
    assert (await post(durand, body)).status_code == 400


async def test_a_length_that_says_too_much_is_refused_unread(durand: Client) -> None:
    sender = Sender([b"x" * PIECE] * 1000)
    length = str(LIMIT + LONGEST_FORM + 1)
    answer = await post(durand, sender, **{"content-length": length, "x-csrf-token": await durand.token()})
    assert (answer.status_code, sender.sent) == (413, 0)
    assert TOO_LONG in answer.text


async def test_a_length_that_says_too_little_helps_nobody(durand: Client) -> None:
    sender = Sender([await whole(durand, file("photo", b"x" * (LIMIT + 1)))])
    assert (await post(durand, sender, **{"content-length": "10"})).status_code == 413


async def test_what_stands_beside_the_files_is_a_small_form(durand: Client) -> None:
    token = field("csrf", await durand.token())
    sender = Sender([token, *[field("mot", "x" * PIECE)] * 1000])
    answer = await post(durand, sender)
    assert answer.status_code == 413 and sender.sent < LIMIT + LONGEST_FORM + 2 * PIECE
    assert (await post(durand, token + field("mot", "x" * (LONGEST_FORM + 1)) + END)).status_code == 400
    assert (await post(durand, token + field("mot", "x") * FIELDS + END)).status_code == 400


async def refused(browser: Client, parts: Sequence[bytes], **headers: str) -> int:
    """The status, of a body whose rest nobody wanted to read."""
    sender = Sender([*parts, *[b"y" * PIECE] * 100])
    answer = await post(browser, sender, **headers)
    assert sender.sent <= max(len(b"".join(parts)), LONGEST_FIRST) + PIECE and not sender.ended
    return answer.status_code


async def test_without_its_token_no_file_is_taken(portal: Portal, durand: Client, files: list[Any]) -> None:
    petit = await portal.client("petit17")
    theirs, own = await petit.token(), await durand.token()
    photo = file("photo", noise(1000))
    for parts in (
        [photo],
        [field("csrf", "")],
        [field("csrf", "A" * 43)],
        [field("csrf", theirs)],
        [field("titre", "Photo"), field("csrf", own)],  # not the first
        [photo, field("csrf", own)],
        [file("csrf", own.encode())],  # no field
        [field("csrf", "x" * LONGEST_FIRST)],
    ):
        assert await refused(durand, parts) == 403, parts
        assert await refused(durand, parts, **{"x-csrf-token": theirs}) == 403, parts
    assert await refused(durand, [field("csrf", own), photo], **{"sec-fetch-site": "cross-site"}) == 403
    assert files == []


async def test_a_header_carries_the_token_too(durand: Client) -> None:
    body = file("photo", b"1") + END
    assert of_files(await post(durand, body, **{"x-csrf-token": await durand.token()}))[0][0] == "photo"


async def test_the_guard_comes_before_the_files(portal: Portal, files: list[Any]) -> None:
    """A visitor has a token as well, of no account."""
    for username, status in ((None, 303), ("mairie", 403)):
        browser = await portal.client(username)
        assert await refused(browser, [field("csrf", await browser.token()), file("photo", b"1")]) == status
    assert files == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no part",
        b"--%s\r\nContent-Disposition: form-data\r\n\r\nx\r\n" % BOUNDARY + END,
        field("mot", "a\0b") + END,
        file("photo", b"1", "a\0b") + END,
        file("photo", b"1"),  # without an end
    ],
)
async def test_what_is_no_form_is_refused(durand: Client, body: bytes) -> None:
    token = await durand.token()
    assert (await post(durand, body, **{"x-csrf-token": token})).status_code == 400
    assert (await post(durand, body)).status_code in (400, 403)
    headers = {"content-type": "multipart/form-data", "x-csrf-token": token}
    assert (await durand.post(PATH, content=body, headers=headers)).status_code == 400
    del headers["x-csrf-token"]
    assert (await durand.post(PATH, content=body, headers=headers)).status_code == 400


async def test_a_handler_that_fails_closes_its_files(durand: Client, files: list[Any]) -> None:
    body = await whole(durand, file("photo", noise(2 * 1024 * 1024)))
    assert (await post(durand, body, "/essai/faux-pas")).status_code == 500
    assert len(files) == 1


async def test_a_sender_who_leaves_closes_their_file(durand: Client, files: list[Any]) -> None:
    def leaves(head: bytes) -> Iterator[bytes]:
        yield head
        yield from cut(noise(2 * 1024 * 1024))
        raise ClientDisconnect  # as the server tells it

    head = field("csrf", await durand.token()) + file("photo", b"").removesuffix(b"\r\n")
    with pytest.raises(AssertionError):  # httpx misses an answer, but nobody is there to hear it
        await post(durand, Sender(leaves(head)))
    assert len(files) == 1


async def test_every_other_route_takes_small_forms(durand: Client, files: list[Any]) -> None:
    token = {"x-csrf-token": await durand.token()}
    sender = Sender([file("photo", b"").removesuffix(b"\r\n"), *[b"x" * PIECE] * 1000])
    assert (await post(durand, sender, "/essai/petit", **token)).status_code == 413
    assert LONGEST_FORM < sender.sent <= LONGEST_FORM + 2 * PIECE
    assert (await post(durand, await whole(durand), "/essai/petit")).status_code == 403  # no header
    assert (await durand.post_form("/essai/petit", {"mot": "x"})).json() == {"fields": 2}
    long = {"mot": "x" * LONGEST_FORM}
    for path in ("/essai/petit", PATH):
        assert (await durand.post_form(path, long)).status_code == 413
    assert files == []
