"""Cut the faces of the papers once: `python -m tests.cut_faces`. Needs Debian's fonts-roboto-unhinted.

Only what French public papers write is kept (Latin and its accents, figures, signs), without hinting or layout tables,
and each letter is drawn by itself: a paper then takes the glyphs it uses by copying bytes (`jobs/documents/faces.py`).
"""

from pathlib import Path

from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FROM = Path("/usr/share/fonts/truetype/roboto/unhinted/RobotoTTF")
TO = Path(__file__).parent.parent / "jobs" / "documents" / "fonts"
FACES = ("Roboto-Regular.ttf", "Roboto-Bold.ttf")
LATIN = {*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x218, 0x21C), 0x1E9E}
SIGNS = {ord(sign) for sign in "‐‑‒–—‘’‚“”„†•…‰′″‹›⁄€№™−≈≤≥\u2009\u202f"}


def main() -> None:
    for name in FACES:
        font = TTFont(FROM / name, recalcTimestamp=False)
        draw_apart(font)
        options = Options(hinting=False, layout_features=[], notdef_outline=True)
        options.drop_tables += ["GDEF", "GPOS", "GSUB", "gasp", "hdmx", "kern"]
        cutter = Subsetter(options)
        cutter.populate(unicodes=LATIN | SIGNS)
        cutter.subset(font)
        font.save(TO / name)
        print(name, (TO / name).stat().st_size)


def draw_apart(font: TTFont) -> None:
    """« é » no longer refers to e and its accent."""
    glyphs = font.getGlyphSet()
    for name in font.getGlyphOrder():
        if font["glyf"][name].isComposite():
            drawing, pen = DecomposingRecordingPen(glyphs), TTGlyphPen(None)
            glyphs[name].draw(drawing)
            drawing.replay(pen)
            font["glyf"][name] = pen.glyph()


if __name__ == "__main__":
    main()
