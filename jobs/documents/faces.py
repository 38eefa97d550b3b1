"""The two faces of the papers: parsed once a process, cut for each paper by copying the glyphs that it uses.

fpdf2 parses its fonts and has fontTools cut them anew for every document, which is most of the time of an invoice
(docs/documents.md has the figures). Here fpdf2 parses a face once; a paper takes a copy that notes what is drawn, and
the output writes those glyphs under their own numbers. fpdf2 calls that an output producer; `_add_fonts` is the one
method of it that is not public, and the tests read every letter back.
"""

import copy
import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, cast

from fpdf import FPDF
from fpdf.fonts import SubsetMap, TTFFont
from fpdf.output import CIDSystemInfo, OutputProducer, PDFFont, PDFFontStream
from fpdf.syntax import Name, PDFArray, PDFContentStream

FAMILY, REGULAR, BOLD = "roboto", "", "B"
FONTS = Path(__file__).parent / "fonts"
FILES = {REGULAR: FONTS / "Roboto-Regular.ttf", BOLD: FONTS / "Roboto-Bold.ttf"}
TABLES = ("glyf", "head", "hhea", "hmtx", "loca", "maxp")  # all that a glyph drawn by its number needs
SHORT, UNDEFINED = 0, 0


class Letters(SubsetMap):
    """Which glyphs a paper draws; a character's code is the number of its glyph."""

    def __init__(self, font: TTFFont) -> None:
        self.font = font
        self.characters: dict[int, int] = {}  # by glyph

    def pick(self, unicode: int) -> int:  # type: ignore[override]
        glyph: int = self.font.glyph_ids.get(unicode, UNDEFINED)
        self.characters[glyph] = min(unicode, self.characters.get(glyph, unicode))  # one may serve two
        return glyph


def add_faces(pdf: FPDF) -> None:
    for key, parsed in _parsed().items():
        face = copy.copy(parsed)
        face.desc = copy.copy(parsed.desc)
        face.subset = Letters(face)
        pdf.fonts[key] = face


def can_draw(character: str) -> bool:
    return ord(character) in _parsed()[FAMILY].glyph_ids


def width_of(text: str, style: str) -> int:
    """In thousandths of the size; a paper never breaks a line by itself."""
    widths = _parsed()[FAMILY + style].cw
    return int(sum(widths[ord(character)] for character in text))


@cache
def _parsed() -> dict[str, TTFFont]:
    pdf = FPDF()
    for style, path in FILES.items():
        pdf.add_font(FAMILY, style, path)
    return {key: font for key, font in pdf.fonts.items() if isinstance(font, TTFFont)}


@cache
def _tables(key: str) -> dict[str, bytes]:
    reader = _parsed()[key].ttfont.reader
    return {tag: reader[tag] for tag in TABLES}


class Output(OutputProducer):
    """fpdf2's own, but for the fonts."""

    def _add_fonts(self, *_: object) -> dict[int, Any]:
        return {
            font.i: self._add_face(font) for font in self.fpdf.fonts.values() if isinstance(font, TTFFont)
        }

    def _add_face(self, face: TTFFont) -> PDFFont:
        letters = cast(Letters, face.subset)
        glyphs = sorted(letters.characters)
        name = f"{_tag(glyphs)}+{face.name}"
        file = PDFFontStream(_cut(_tables(face.fontkey), glyphs))
        face.desc.font_name = Name(name)
        face.desc.font_file2 = file  # type: ignore[attr-defined]
        system = CIDSystemInfo()
        to_unicode = PDFContentStream(_to_unicode(letters.characters), compress=True)
        widths = " ".join(f"{glyph} [{face.cw[letters.characters[glyph]]:g}]" for glyph in glyphs)
        by_number = PDFFont("CIDFontType2", name, d_w=face.desc.missing_width, w=f"[{widths}]")
        by_number.c_i_d_system_info = system
        by_number.font_descriptor = face.desc
        by_number.c_i_d_to_g_i_d_map = Name("Identity")  # type: ignore[assignment]
        font = PDFFont("Type0", name, encoding="Identity-H")
        font.descendant_fonts = PDFArray([by_number])
        font.to_unicode = to_unicode
        for written in (font, by_number, to_unicode, system, face.desc, file):
            self._add_pdf_obj(written, "fonts")
        return font


def _tag(glyphs: list[int]) -> str:
    """Six capitals that differ where the glyphs do, as PDF wants of a cut font (ISO 32000-1, 9.6.4)."""
    number = sum((place + 1) * (glyph + 1) for place, glyph in enumerate(glyphs))
    return "".join(chr(65 + number // 26**place % 26) for place in range(6))


def _to_unicode(characters: dict[int, int]) -> bytes:
    """What to copy and to read aloud for each code, a hundred to a block (Adobe's note 5014)."""
    pairs = [f"<{glyph:04X}> <{character:04X}>\n" for glyph, character in sorted(characters.items())]
    blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
    listed = "".join(f"{len(block)} beginbfchar\n{''.join(block)}endbfchar\n" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{listed}"
        "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    ).encode()


def _cut(tables: dict[str, bytes], glyphs: list[int]) -> bytes:
    """The font file with the outlines of these glyphs alone; every glyph keeps its number."""
    starts = _starts(tables)
    kept = {UNDEFINED, *glyphs}
    outlines, places = bytearray(), [0]
    for glyph in range(len(starts) - 1):
        if glyph in kept:
            outlines += tables["glyf"][starts[glyph] : starts[glyph + 1]]
            outlines += bytes(-len(outlines) % 4)
        places.append(len(outlines))
    head = bytearray(tables["head"])
    struct.pack_into(">h", head, 50, SHORT)
    metrics = bytearray(tables["hmtx"])
    (measured,) = struct.unpack_from(">H", tables["hhea"], 34)
    for glyph in range(measured):
        if glyph not in kept:
            struct.pack_into(">Hh", metrics, 4 * glyph, 0, 0)
    cut = tables | {
        "glyf": bytes(outlines),
        "head": bytes(head),
        "hmtx": bytes(metrics),
        "loca": struct.pack(f">{len(places)}H", *(place // 2 for place in places)),
    }
    return b"".join(_file(cut))


def _starts(tables: dict[str, bytes]) -> list[int]:
    """Where each glyph's outline begins, and the end of the last."""
    (form,) = struct.unpack_from(">h", tables["head"], 50)
    loca = tables["loca"]
    if form == SHORT:
        return [2 * place for place in struct.unpack(f">{len(loca) // 2}H", loca)]
    return list(struct.unpack(f">{len(loca) // 4}L", loca))


def _file(tables: dict[str, bytes]) -> Iterator[bytes]:
    """TrueType: a directory with checksums, then the tables on multiples of four bytes."""
    count = len(tables)
    power = count.bit_length() - 1
    yield struct.pack(">LHHHH", 0x00010000, count, 16 << power, power, 16 * count - (16 << power))
    offset = 12 + 16 * count
    padded = {tag: content + bytes(-len(content) % 4) for tag, content in sorted(tables.items())}
    for tag, content in padded.items():
        checksum = sum(struct.unpack(f">{len(content) // 4}L", content)) & 0xFFFFFFFF
        yield struct.pack(">4sLLL", tag.encode(), checksum, offset, len(tables[tag]))
        offset += len(content)
    yield from padded.values()
