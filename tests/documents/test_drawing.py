"""What papers are drawn with: faces, lines that fit, pages, squares."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from fpdf import FPDF
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from jobs.documents import codes, render, render_together
from jobs.documents.blocks import CARRY, paginated
from jobs.documents.faces import BOLD, FILES, REGULAR
from jobs.documents.sheet import INK, Sheet, ink_of, printable, width, wrapped
from tests import cut_faces
from tests.documents import samples
from tests.documents.reading import picture, words

DAY = date(2026, 11, 4)
CHARACTERS = sorted(TTFont(FILES[REGULAR]).getBestCmap())


def sheet() -> Sheet:
    drawn = Sheet("Essai", DAY)
    drawn.add_page()
    return drawn


@pytest.mark.parametrize("style", [REGULAR, BOLD])
def test_every_character_of_a_face_is_read_back(style: str) -> None:
    drawn = sheet()
    soft_hyphen = 0xAD  # is not read
    visible = [chr(code) for code in CHARACTERS if not chr(code).isspace() and code != soft_hyphen]
    for place, character in enumerate(visible):
        drawn.words(10 + 12 * (place % 16), 10 + 9 * (place // 16), character, style=style)
    read = words(drawn.written(), "-raw").split()
    assert sorted("".join(read)) == sorted(visible)


@pytest.mark.parametrize("style", [REGULAR, BOLD])
def test_a_face_looks_as_fpdf2_itself_draws_it(style: str, tmp_path: Path) -> None:
    ours, theirs = sheet(), FPDF()
    theirs.add_font("roboto", style, FILES[style])
    theirs.add_page()
    theirs.set_font("roboto", style, 14)
    for place, code in enumerate(CHARACTERS):
        x, y = 10 + 12 * (place % 16), 10 + 11 * (place // 16)
        ours.words(x, y, chr(code), 14, style, (0, 0, 0))
        theirs.text(x, y, chr(code))
    drawn = [picture(pdf, tmp_path, 60) for pdf in (ours.written(), bytes(theirs.output()))]
    assert drawn[0].size == drawn[1].size and drawn[0].tobytes() == drawn[1].tobytes()
    assert min(drawn[0].tobytes()) < 64  # and something is drawn


def test_the_faces_have_what_french_papers_write() -> None:
    asked = "ÀÂÆÇÈÉÊËÎÏÔŒÙÛÜŸàâæçèéêëîïôœùûüÿ’«»€−–…°§½²•\u00a0\u202f\u2011ŁłŠšŽžĞğİıŞşÑñÁáÕõĀā"
    assert [character for character in asked if printable(character) != character] == []


def test_the_faces_are_those_that_the_command_cuts() -> None:
    for path in FILES.values():
        assert set(TTFont(path).getBestCmap()) == cut_faces.LATIN | cut_faces.SIGNS
        assert (path.parent / "LICENSE.txt").exists() and (path.parent / "NOTICE.txt").exists()


def test_a_glyph_that_is_not_drawn_is_not_embedded() -> None:
    few, many = sheet(), sheet()
    few.words(10, 10, "aa")
    many.words(10, 10, "abcdefghijklmnopqrstuvwxyzéèàùœ")
    small, large = few.written(), many.written()
    assert len(large) - len(small) > 1000


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("e\u0301te\u0301", "été"),  # composed
        ("Nguyễn", "Nguyen"),  # the nearest letter
        ("Анна", "????"),
        ("a\tb\nc", "a b c"),
        ("a\u200bb\u0007", "ab"),
        ("ﬁn", "fin"),
    ],
)
def test_what_a_face_lacks_has_a_nearest(typed: str, drawn: str) -> None:
    assert printable(typed) == drawn


def test_a_line_breaks_at_spaces_that_may_break() -> None:
    said = "Deux mots, 16,90\u00a0€ et une suite"
    lines = wrapped(said, 22, 9)
    assert " ".join(lines) == said
    assert len(lines) > 1 and not any(line.endswith("16,90") for line in lines)


@given(st.text(alphabet="abcé’ \u00a0MW", max_size=80), st.sampled_from([12.0, 30.0, 90.0]))
def test_no_line_is_wider_than_its_room(text: str, room: float) -> None:
    lines = wrapped(text, room, 9)
    assert all(width(line, 9) <= room for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(
    st.lists(st.floats(5, 30), max_size=80),
    st.floats(80, 160),
    st.floats(200, 250),
    st.floats(0, 75),
)
@example([10.0] * 60, 100.0, 200.0, 50.0)  # chance makes few long lists
def test_every_row_is_on_one_page_and_every_page_holds_its_rows(
    heights: list[float], first: float, later: float, tail: float
) -> None:
    pages = paginated(heights, first, later, tail)
    assert [row for page in pages for row in page] == list(range(len(heights)))
    for number, page in enumerate(pages):
        used = sum(heights[page.start : page.stop]) + (CARRY if page.start else 0)
        used += tail if number == len(pages) - 1 else CARRY if page.stop < len(heights) else 0
        assert used <= (first if number == 0 else later) + 1e-6


def test_what_closes_a_paper_takes_a_row_with_it() -> None:
    assert paginated([10] * 8, 100, 250, 50) == [range(7), range(7, 8)]
    assert paginated([10] * 5, 100, 250, 50) == [range(5)]


def test_squares_are_the_code_they_stand_for(tmp_path: Path) -> None:
    for matrix in (
        codes.qr("https://famille.val-fleuri.example/factures/133"),
        codes.datamatrix("0123456789" * 13),
    ):
        drawn = sheet()
        drawn.squares(matrix, 20, 30, 40)
        assert sampled(picture(drawn.written(), tmp_path, 254), matrix, 20, 30, 40) == [
            [bool(dark) for dark in row] for row in matrix
        ]


def sampled(page: Image.Image, matrix: codes.Matrix, x: float, y: float, side: float) -> list[list[bool]]:
    """Whether the middle of each module is dark; the picture has ten dots a millimetre."""
    module = side / len(matrix)
    grey = page.load()
    assert grey is not None

    def is_dark(column: int, row: int) -> bool:
        found = grey[int(10 * (x + (column + 0.5) * module)), int(10 * (y + (row + 0.5) * module))]
        return isinstance(found, int) and found < 128

    return [[is_dark(column, row) for column in range(len(matrix))] for row in range(len(matrix))]


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF"])
def test_a_large_logo_makes_no_large_paper(form: str) -> None:
    file = io.BytesIO()
    Image.effect_noise((2000, 1500), 60).convert("RGB").save(file, form)
    issuer = replace(samples.ISSUER, logo=file.getvalue())
    pdf = render(replace(samples.INVOICE, issuer=issuer))
    assert 50_000 < len(pdf) < 350_000 < len(file.getvalue())  # noise is what compresses least


def test_two_logos_in_one_file_are_both_drawn() -> None:
    papers = [
        replace(samples.INVOICE, issuer=replace(samples.ISSUER, logo=plain(shade))) for shade in (40, 200)
    ]
    assert render_together(papers).count(b"/Subtype /Image") == 2


def plain(shade: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (60, 60), (shade, shade, shade)).save(file, "PNG")
    return file.getvalue()


def test_a_colour_too_light_to_read_becomes_ink() -> None:
    assert ink_of("#1B6B4A") == (27, 107, 74)
    assert ink_of("#F4C64E") == INK
    assert ink_of("#767676") == (0x76, 0x76, 0x76)  # 4.54:1
    assert ink_of("#777777") == INK  # 4.48:1
