"""What the tests of messages share: forms with files, and files that are what they say or are not."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

import httpx
from PIL import Image

from models.messages.department import Topic
from tests.portal import Client
from tests.web.test_uploads import END, MULTIPART, field, file

NEW = "/messages/nouveau"
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def pdf(size: int) -> bytes:
    """A PDF of so many bytes: a comment makes up what is missing."""
    filling = b"%" + b"x" * (size - len(PDF) - 2) + b"\n"
    return PDF.removesuffix(b"%%EOF\n") + filling + b"%%EOF\n"


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    into = BytesIO()
    Image.new("RGB", size, "teal").save(into, kind, **options)
    return into.getvalue()


@dataclass(frozen=True)
class WithFile:
    """A browser that sends forms with a file: the token first; a nameless, empty file where none was chosen."""

    browser: Client

    async def post(
        self, path: str, fields: Mapping[str, str], chosen: tuple[str, bytes] = ("", b"")
    ) -> httpx.Response:
        said = {"csrf": await self.browser.token(), **fields}
        parts = [*(field(name, value) for name, value in said.items()), file("fichier", chosen[1], chosen[0])]
        return await self.browser.post(path, content=b"".join(parts) + END, headers=MULTIPART)


def with_file(browser: Client) -> WithFile:
    return WithFile(browser)


async def written(topic: str = "Facturation et paiement", **more: str) -> dict[str, str]:
    """The fields of a new message."""
    row = await Topic.get(name=topic)
    said = {"objet": "Facture de mai", "message": "Bonjour,\nje ne comprends pas la facture de mai."}
    return {"service": str(row.department_id), "theme": str(row.id), **said, "confirmation": "1", **more}
