"""The application's icons, drawn once: the commune's logo, else the product's mark in the commune's colour."""

import hashlib
import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw

from web.page.theme import WHITE, mix, theme

DRAWING = b"2"  # moves when what is drawn below does: addresses are kept for ever
ICONS = (("any", 48), ("any", 192), ("any", 512), ("maskable", 192), ("maskable", 512), ("apple", 180))
FORMATS = ("PNG", "JPEG", "WEBP")
LARGEST = 4096  # pixels of a side
COLOURS = 64  # of the mark
FINER = 4  # drawn so many times larger, then reduced: smooth edges

# The mark, on a square of 24 as in icons.svg: four days, the last one ticked.
DAYS = ((5.0, 5.0), (12.7, 5.0), (5.0, 12.7), (12.7, 12.7))
DAY, CORNER, TICK = 6.3, 1.7, ((14.3, 15.9), (15.5, 17.1), (17.6, 14.7))
GROUND_CORNER = 6.5
# What the logo's square takes of the icon's: a maskable one may lose all that is outside the central circle of 80 %.
ROOM = {"any": 0.80, "maskable": 0.56, "apple": 0.76}
SHRUNK = {"any": 1.0, "maskable": 0.8, "apple": 1.0}


@dataclass(frozen=True, slots=True)
class Badge:
    """What the icons of a commune are made from."""

    brand: str
    on_brand: str
    logo: bytes | None

    @property
    def key(self) -> str:
        parts = (DRAWING, self.brand.encode(), self.logo or b"")
        return hashlib.sha256(b"\0".join(parts)).hexdigest()[:12]

    def address(self, shape: str, size: int) -> str:
        return f"/icone/{self.key}/{shape}-{size}.png"


def badge(colour: str | None, logo: str | None, folder: Path, sent: bytes | None = None) -> Badge:
    """`sent`: the logo of a screen, first of all. `logo` names a picture in the folder of data, if it can be read."""
    drawn = theme(colour)
    return Badge(drawn.brand, drawn.on_brand, sent or (_read(folder, logo) if logo else None))


@lru_cache(2 * len(ICONS))
def draw(made_from: Badge, shape: str, size: int) -> bytes:
    """A PNG."""
    large = size * FINER
    paint = _with_logo if made_from.logo else _with_mark
    picture = paint(made_from, shape, large).resize((size, size), Image.Resampling.LANCZOS)
    if shape != "any":
        picture = picture.convert("RGB")
    if not made_from.logo:  # three colours and their edges
        picture = picture.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    saved = io.BytesIO()
    picture.save(saved, "PNG", optimize=True)
    return saved.getvalue()


def _with_mark(made_from: Badge, shape: str, size: int) -> Image.Image:
    picture = _ground(made_from.brand, shape, size)
    pen, scale = ImageDraw.Draw(picture), SHRUNK[shape]

    def at(point: tuple[float, float]) -> tuple[float, float]:
        across, down = ((12 + (part - 12) * scale) * size / 24 for part in point)
        return across, down

    for number, (left, top) in enumerate(DAYS):
        ticked = number == len(DAYS) - 1
        fill = made_from.on_brand if ticked else mix(made_from.on_brand, made_from.brand, 50)
        box = (*at((left, top)), *at((left + DAY, top + DAY)))
        pen.rounded_rectangle(box, CORNER * scale * size / 24, fill)
    width = 1.3 * scale * size / 24
    points = [at(point) for point in TICK]
    pen.line(points, made_from.brand, round(width), "curve")
    for across, down in points:  # Pillow's lines have square ends
        pen.ellipse(
            (across - width / 2, down - width / 2, across + width / 2, down + width / 2), made_from.brand
        )
    return picture


def _with_logo(made_from: Badge, shape: str, size: int) -> Image.Image:
    picture = _ground(WHITE, shape, size)
    with Image.open(io.BytesIO(made_from.logo or b""), formats=FORMATS) as opened:
        logo = opened.convert("RGBA")
    scale = ROOM[shape] * size / max(logo.size)
    logo = logo.resize(tuple(max(1, round(side * scale)) for side in logo.size), Image.Resampling.LANCZOS)
    picture.alpha_composite(logo, ((size - logo.width) // 2, (size - logo.height) // 2))
    return picture


def _ground(colour: str, shape: str, size: int) -> Image.Image:
    """To the very edge, except where nothing cuts the corners off."""
    if shape != "any":
        return Image.new("RGBA", (size, size), colour)
    picture = Image.new("RGBA", (size, size))
    ImageDraw.Draw(picture).rounded_rectangle((0, 0, size - 1, size - 1), GROUND_CORNER * size / 24, colour)
    return picture


def _read(folder: Path, logo: str) -> bytes | None:
    path = (folder / logo).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        return None
    body = path.read_bytes()
    try:
        with Image.open(io.BytesIO(body), formats=FORMATS) as opened:
            opened.verify()
            return body if max(opened.size) <= LARGEST else None
    except (OSError, SyntaxError, Image.DecompressionBombError):  # Pillow's words for a broken picture
        return None
