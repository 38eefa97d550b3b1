"""A4 to draw on: words, rules, squares, in millimetres from the top left corner; a word stands on its line."""

import io
import unicodedata
from copy import copy
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Literal

from fpdf import FPDF
from fpdf.image_datastructures import ImageCache
from fpdf.image_parsing import preload_image
from PIL import Image

from jobs.documents import codes, faces
from jobs.documents.faces import BOLD as BOLD
from jobs.documents.faces import REGULAR as REGULAR

Colour = tuple[int, int, int]
Align = Literal["left", "right"]
INK: Colour = (35, 31, 26)
SECOND: Colour = (94, 87, 77)
EDGE: Colour = (135, 127, 116)
LINE: Colour = (227, 222, 214)
LEFT, RIGHT, WIDTH, BOTTOM = 15.0, 195.0, 180.0, 281.0
POINT = 0.352778  # millimetres
MOST_PIXELS = 320  # sharp enough for a logo of 17 mm
READABLE = 4.5  # contrast on white, WCAG 2.1


class Sheet(FPDF):
    """A document of A4 pages. Its bytes depend on what is drawn and on the day alone."""

    def __init__(self, title: str, day: date) -> None:
        super().__init__(format="A4")
        faces.add_faces(self)
        self.set_auto_page_break(False)
        self.set_title(title)
        self.set_lang("fr")
        self.set_producer("Portail Famille")
        self.set_creation_date(datetime(day.year, day.month, day.day, tzinfo=UTC))

    def written(self) -> bytes:
        return bytes(self.output(output_producer_class=faces.Output))

    def words(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 9,
        style: str = REGULAR,
        colour: Colour = INK,
        align: Align = "left",
    ) -> None:
        """`y` is the line they stand on; `x` their end where they are aligned right."""
        said = printable(text)
        if align == "right":
            x -= width(said, size, style)
        self.set_font(faces.FAMILY, style, size)
        self.set_text_color(*colour)
        self.text(x, y, said)

    def rule(
        self, y: float, colour: Colour = LINE, thick: float = 0.2, left: float = LEFT, right: float = RIGHT
    ) -> None:
        self.set_draw_color(*colour)
        self.set_line_width(thick)
        self.line(left, y, right, y)

    def box(self, y: float, height: float) -> None:
        self.set_draw_color(*INK)
        self.set_line_width(0.35)
        self.rect(LEFT, y, WIDTH, height, round_corners=True, corner_radius=2.5)

    def squares(self, matrix: codes.Matrix, x: float, y: float, side: float) -> None:
        """One path: three hundred rectangles drawn by themselves take longer than the rest of an invoice."""
        module = side / len(matrix) * self.k
        left, top = x * self.k, (self.h - y) * self.k
        path = " ".join(
            f"{left + column * module:.2f} {top - (row + 1) * module:.2f} {length * module:.2f} {module:.2f} re"
            for column, row, length in codes.runs(matrix)
        )
        self._out(f"q 0 g {path} f Q")

    def picture(self, picture: bytes, x: float, y: float, side: float) -> None:
        """Inside a square. Without an alternative text: fpdf2 would call a paper tagged whose words are not."""
        small = _small(picture)
        for name, decoded in _prepared(small).images.items():
            if name not in self.image_cache.images:
                self.image_cache.images[name] = copy(decoded)
                self.image_cache.images[name]["i"] = len(self.image_cache.images)
        self.image(io.BytesIO(small), x=x, y=y, w=side, h=side, keep_aspect_ratio=True)

    def photograph(self, picture: bytes, x: float, y: float, wide: float, high: float) -> None:
        """As large as it is, in a thin frame; without an alternative text, as `picture`."""
        with Image.open(io.BytesIO(picture)) as image:
            written = io.BytesIO()
            image.convert("RGB").save(written, "JPEG", quality=80)
        self.image(io.BytesIO(written.getvalue()), x=x, y=y, w=wide, h=high)
        self.set_draw_color(*LINE)
        self.set_line_width(0.2)
        self.rect(x, y, wide, high)


@lru_cache(8)
def _small(picture: bytes) -> bytes:
    """A photograph of ten megapixels would be in each of ten thousand invoices. An SVG stays as it is."""
    if picture.lstrip().startswith(b"<"):
        return picture
    with Image.open(io.BytesIO(picture)) as image:
        image.thumbnail((MOST_PIXELS, MOST_PIXELS))
        written = io.BytesIO()
        image.convert("RGBA" if image.has_transparency_data else "RGB").save(written, "PNG")
    return written.getvalue()


@lru_cache(8)
def _prepared(picture: bytes) -> ImageCache:
    """Decoded once for all the invoices of a campaign. An SVG is drawn anew each time."""
    cache = ImageCache()
    preload_image(cache, io.BytesIO(picture))
    cache.reset_usages()
    return cache


def width(text: str, size: float, style: str = REGULAR) -> float:
    return faces.width_of(text, style) * size * POINT / 1000


@lru_cache(4096)  # a campaign says the same to everybody
def wrapped(text: str, room: float, size: float, style: str = REGULAR) -> tuple[str, ...]:
    """Lines that fit. A no-break space holds; a word that is too long by itself is cut where the room ends."""
    lines = [""]
    for word in printable(text).split(" "):
        longer = f"{lines[-1]} {word}".lstrip(" ")
        if width(longer, size, style) <= room:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        while width(word, size, style) > room and len(word) > 1:
            fits = next(
                n for n in range(len(word) - 1, 0, -1) if n == 1 or width(word[:n], size, style) <= room
            )
            lines[-1], word = word[:fits], word[fits:]
            lines.append("")
        lines[-1] = word
    return tuple(lines)


def printable(text: str) -> str:
    """Without what the faces lack: an accent they do not know is left out, another writing becomes « ? »."""
    composed = unicodedata.normalize("NFC", text)
    if all(map(_can_draw, composed)):
        return composed
    return "".join(character if _can_draw(character) else _nearest(character) for character in composed)


_can_draw = lru_cache(4096)(faces.can_draw)


def _nearest(character: str) -> str:
    if character.isspace():
        return " "
    if unicodedata.combining(character) or unicodedata.category(character).startswith("C"):
        return ""
    return "".join(letter for letter in unicodedata.normalize("NFKD", character) if _can_draw(letter)) or "?"


def ink_of(colour: str) -> Colour:
    """The commune's colour where it is read on white, ink where it is too light."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    light = sum(
        share * _linear(part)
        for share, part in zip((0.2126, 0.7152, 0.0722), (red, green, blue), strict=True)
    )
    return (red, green, blue) if 1.05 / (light + 0.05) >= READABLE else INK


def _linear(part: int) -> float:
    value = part / 255
    return value / 12.92 if value <= 0.03928 else float(((value + 0.055) / 1.055) ** 2.4)
