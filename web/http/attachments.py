"""A file of a family or of the mairie, on its way in and on its way out: never a page, never a part of one."""

from urllib.parse import quote

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import Response

from models.families.file.sent_document import SentDocument
from models.french.messages import AGAIN, refused_file
from models.messages import attachment
from models.messages.attachment import CheckedFile, MessageAttachment
from models.publishing.published_document import PublishedDocument
from models.rules.attachments import Refusal, RefusedFile
from web.http.uploads import TooLong

HEARD = 24 * 1024 * 1024  # bytes: of a photo that is too large what was typed beside it is kept
FILE = "fichier"


class Unopened(HTTPException):
    """A file whose key is lost: gone, and the text says what to do."""

    def __init__(self, cure: str) -> None:
        super().__init__(410, f"Ce document ne peut plus être ouvert\u00a0: {cure}")


class WrongFile(Exception):
    """A file that is not taken; the text says why, and what becomes of the rest."""


async def file_sent(form: FormData) -> CheckedFile | None:
    """The file of a form, as it may be kept; None where nobody chose one. Raises WrongFile."""
    sent = form.get(FILE)
    if not isinstance(sent, UploadFile) or not (sent.filename or sent.size):
        return None
    name = sent.filename or ""
    try:
        return await attachment.check(name, await sent.read())
    except RefusedFile as exc:
        raise wrong(exc.why, name, sent.size or 0) from None


def wrong(why: Refusal, name: str, size: int) -> WrongFile:
    return WrongFile(f"{refused_file(why, name, size)} {AGAIN}")


def too_long(exc: TooLong, fields: FormData) -> WrongFile:
    return wrong(Refusal.TOO_LARGE, str(fields.get(FILE, "")), exc.size)


def download(
    file: MessageAttachment | PublishedDocument | SentDocument, opened: bytes | None = None
) -> Response:
    """Saved and never shown: its type is what its bytes were, its name is written so that no header can be broken."""
    plain = "".join(letter if letter.isascii() and letter not in '"\\' else "_" for letter in file.name)
    named = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name, safe='')}"
    headers = {
        "Content-Disposition": named,
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Response(file.content if opened is None else opened, media_type=file.kind, headers=headers)
