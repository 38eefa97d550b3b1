"""Papers as others read them: poppler's words and pictures, qpdf's check."""

import html
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from PIL import Image


def words(pdf: bytes, *options: str) -> str:
    """Poppler writes every no-break space as a plain one."""
    return _run(["pdftotext", *options, "-", "-"], pdf).decode()


def layout(pdf: bytes) -> str:
    """Words where they stand on the page."""
    return words(pdf, "-layout")


@dataclass(frozen=True)
class Word:
    """Where it stands, in millimetres from the top left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def places_of_words(pdf: bytes) -> list[Word]:
    found = re.findall(
        r'xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>', words(pdf, "-bbox")
    )
    return [Word(html.unescape(text), *(float(point) * 25.4 / 72 for point in box)) for *box, text in found]


def information(pdf: bytes) -> dict[str, str]:
    lines = _run(["pdfinfo", "-"], pdf).decode().splitlines()
    return {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


def fonts(pdf: bytes) -> list[list[str]]:
    """Of each font: name, type (two words), encoding, embedded, cut, with its characters."""
    return [line.split() for line in _run(["pdffonts", "-"], pdf).decode().splitlines()[2:]]


def check(pdf: bytes, folder: Path) -> str:
    """What qpdf says of its structure; it ends with an error where there is something to mend."""
    file = folder / "paper.pdf"
    file.write_bytes(pdf)
    return _run(["qpdf", "--check", str(file)], b"").decode()


def picture(pdf: bytes, folder: Path, dots_per_inch: int) -> Image.Image:
    """The first page in grey."""
    command = ["pdftoppm", "-r", str(dots_per_inch), "-gray", "-singlefile", "-", str(folder / "page")]
    _run(command, pdf)
    return Image.open(folder / "page.pgm").copy()  # the next one has the same name


def _run(command: list[str], given: bytes) -> bytes:
    return subprocess.run(command, input=given, capture_output=True, check=True).stdout
