"""The commune's logo as the mairie sent it: drawn anew for papers and icons, and smaller for the head of pages."""

import hashlib
from dataclasses import dataclass
from io import BytesIO

from PIL import Image
from tortoise import fields
from tortoise.models import Model

MOST_SIDE = 512  # pixels of what is kept
MOST_BYTES = 200_000  # of what is kept: papers and icons are drawn from it
HEIGHT, WIDEST = 36, 108  # CSS pixels at the head of a page
MOST_SMALL_BYTES = 8_000  # at the head of a page: a first visit stays within its budget
LONGEST_ALT = 120
SHARP = 2  # pixels of the screen to one of CSS
TRIES = (
    (SHARP, 90),
    (SHARP, 75),
    (SHARP, 50),
    (1.5, 50),
    (1, 50),
    (1, 20),
    (1, 1),
)  # how sharp, WebP's quality


@dataclass(frozen=True, slots=True)
class DrawnLogo:
    content: bytes  # a PNG
    small: bytes  # a WebP
    width: int  # CSS pixels of the small one
    height: int


class TownLogo(Model):
    # Never changed: another picture, or another text, is another row.
    id = fields.IntField(primary_key=True)
    key = fields.CharField(max_length=16, unique=True)  # of what it shows and says
    name = fields.CharField(max_length=100)  # of the file
    alt = fields.CharField(max_length=LONGEST_ALT, default="", db_default="")  # said where it is not seen
    content = fields.BinaryField()
    small = fields.BinaryField()
    width = fields.IntField()
    height = fields.IntField()

    class Meta:
        table = "town_logo"

    @property
    def address(self) -> str:
        return f"/logo/{self.key}.webp"


def key_of(content: bytes, alt: str) -> str:
    return hashlib.sha256(content + b"\0" + alt.encode()).hexdigest()[:16]


def draw(picture: bytes) -> DrawnLogo:
    """`picture`: a PNG or a JPEG that was checked already. Takes a moment: not in a transaction, in a thread."""
    with Image.open(BytesIO(picture), formats=("PNG", "JPEG")) as opened:
        shown = opened.convert("RGBA" if opened.has_transparency_data else "RGB")
    shown.thumbnail((MOST_SIDE, MOST_SIDE), Image.Resampling.LANCZOS)
    scale = min(HEIGHT / shown.height, WIDEST / shown.width)
    width, height = (max(1, round(side * scale)) for side in shown.size)
    return DrawnLogo(_whole(shown), _small(shown, width, height), width, height)


def _whole(shown: Image.Image) -> bytes:
    """With fewer colours where it is a photograph."""
    whole = _png(shown)
    return whole if len(whole) <= MOST_BYTES else _png(shown.quantize(64, Image.Quantize.FASTOCTREE))


def _png(shown: Image.Image) -> bytes:
    into = BytesIO()
    shown.save(into, "PNG", optimize=True)
    return into.getvalue()


def _small(shown: Image.Image, width: int, height: int) -> bytes:
    """On white, which a dark page needs too; as sharp as the bytes allow. The last try is small whatever it shows."""
    ground = Image.new("RGB", shown.size, "white")
    ground.paste(shown, mask=shown if shown.mode == "RGBA" else None)
    written = b""
    for sharp, quality in TRIES:
        into = BytesIO()
        size = max(1, round(width * sharp)), max(1, round(height * sharp))
        ground.resize(size, Image.Resampling.LANCZOS).save(into, "WEBP", quality=quality)
        written = into.getvalue()
        if len(written) <= MOST_SMALL_BYTES:
            break
    return written
