"""Which files go with a message: what they are is read from their bytes, never from what their sender says."""

import re
import unicodedata
import zlib
from enum import StrEnum

MOST_BYTES = 2 * 1024 * 1024  # of one file
MOST_A_DAY = 20  # files of a family
MOST_OF_A_FAMILY = 50 * 1024 * 1024  # bytes of all its files together
MOST_PIXELS = 25_000_000
LONGEST_NAME = 100
UNPACKED = 8 * 1024 * 1024  # bytes looked at of what a PDF holds packed

PDF_END = 2048  # bytes at whose end « %%EOF » stands
HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif")
# What makes a PDF do something, or carry another file: a paper for the mairie needs none of it.
ACTIVE = (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/XFA")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_PACKED = re.compile(rb"/Type\s*/ObjStm(?P<head>.{0,2000}?)stream\r?\n", re.DOTALL)


class FileType(StrEnum):
    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"

    @property
    def ending(self) -> str:
        return {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}[self.value]


ENDINGS = {"pdf": FileType.PDF, "jpg": FileType.JPEG, "jpeg": FileType.JPEG, "png": FileType.PNG}


class Refusal(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    HEIC = "heic"
    FORMAT = "format"
    DAMAGED = "damaged"
    ACTIVE = "active"  # a PDF that runs something, or carries other files
    LOCKED = "locked"  # a PDF behind a password
    PIXELS = "pixels"
    TOO_MANY = "too_many"  # of this family today
    NO_ROOM = "no_room"  # the family's files are as many bytes as it may keep


class RefusedFile(Exception):
    def __init__(self, why: Refusal) -> None:
        super().__init__(why)
        self.why = why


def type_of(name: str, content: bytes) -> FileType:
    """What the bytes are. Raises RefusedFile: too long, of another type, named as something else."""
    if not content:
        raise RefusedFile(Refusal.EMPTY)
    if len(content) > MOST_BYTES:
        raise RefusedFile(Refusal.TOO_LARGE)
    if content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS:
        raise RefusedFile(Refusal.HEIC)
    found = _by_bytes(content)
    ending = _ending(name)
    if found is None or (ending and ending not in ENDINGS):
        raise RefusedFile(Refusal.FORMAT)
    if found is FileType.PDF:
        _check_pdf(content)
    return found


def check_room(today: int, kept_bytes: int, size: int) -> None:
    """May a family that sent `today` files, and keeps so many bytes, send one more? Raises RefusedFile."""
    if today >= MOST_A_DAY:
        raise RefusedFile(Refusal.TOO_MANY)
    if kept_bytes + size > MOST_OF_A_FAMILY:
        raise RefusedFile(Refusal.NO_ROOM)


def clean_name(name: str, kind: FileType) -> str:
    """« attestation.pdf »: no folder, nothing that is not seen, at most LONGEST_NAME letters, its type's own ending."""
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C")
    kept = " ".join(re.sub(r'[<>:"|?*]', " ", seen).split()).lstrip(". ")
    stem, _, ending = kept.rpartition(".")
    if not stem or ending.lower() not in ENDINGS:
        stem = kept
    stem = stem[: LONGEST_NAME - len(kind.ending) - 1].rstrip(". ") or "fichier"
    return f"{stem}.{kind.ending}"


def _by_bytes(content: bytes) -> FileType | None:
    if content.startswith(b"%PDF-"):
        return FileType.PDF
    if content.startswith(b"\xff\xd8\xff"):
        return FileType.JPEG
    return FileType.PNG if content.startswith(b"\x89PNG\r\n\x1a\n") else None


def _ending(name: str) -> str:
    stem, _, ending = name.strip().rpartition(".")
    return ending.lower() if stem else ""


def _check_pdf(content: bytes) -> None:
    if b"%%EOF" not in content[-PDF_END:]:
        raise RefusedFile(Refusal.DAMAGED)
    read = _unescaped(content)
    if b"/Encrypt" in read:
        raise RefusedFile(Refusal.LOCKED)
    for part in (read, *_packed(content)):
        if any(name in part for name in ACTIVE):
            raise RefusedFile(Refusal.ACTIVE)


def _packed(content: bytes) -> list[bytes]:
    """The objects that are kept packed, as far as UNPACKED bytes. Raises RefusedFile where they cannot be read."""
    found, left = [], UNPACKED
    for stream in _PACKED.finditer(content):
        unpacker = zlib.decompressobj()
        try:
            part = unpacker.decompress(content[stream.end() :], left)
        except zlib.error:
            raise RefusedFile(Refusal.DAMAGED) from None
        left -= len(part)
        if left <= 0:
            raise RefusedFile(Refusal.DAMAGED)
        found.append(_unescaped(part))
    return found


def _unescaped(content: bytes) -> bytes:
    """« /J#61vaScript » is « /JavaScript » to whoever reads the file."""
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), content)
