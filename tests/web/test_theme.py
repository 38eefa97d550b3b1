import re
from colorsys import hsv_to_rgb
from pathlib import Path

import pytest

from web.page.theme import (
    BLACK,
    DAY_GROUNDS,
    DEFAULT,
    NIGHT_GROUNDS,
    NIGHT_TEXT,
    TEXT,
    WHITE,
    contrast,
    mix,
    theme,
)

TOKENS = Path(__file__).resolve().parents[2] / "static" / "tokens.css"


def wheel() -> list[str]:
    """A colour in each direction, pale and deep, bright and dark, black and white too."""
    points = [(h / 12, s / 3, v / 3) for h in range(12) for s in range(4) for v in range(4)]
    return sorted(
        {"#" + "".join(f"{round(part * 255):02X}" for part in hsv_to_rgb(*point)) for point in points}
    )


def test_contrast_is_the_formula_of_wcag() -> None:
    assert contrast(BLACK, WHITE) == pytest.approx(21)
    assert contrast("#767676", WHITE) == pytest.approx(4.54, abs=0.01)
    assert contrast(DEFAULT, WHITE) == pytest.approx(6.7, abs=0.01)


def test_without_a_colour_the_product_has_its_own() -> None:
    tokens = TOKENS.read_text()
    drawn = theme(None)
    for name, value in (
        ("brand", drawn.brand),
        ("on-brand", drawn.on_brand),
        ("brand-ink", drawn.brand_ink),
        ("brand-night", drawn.brand_night),
    ):
        assert f"--{name}: {value};" in tokens
    assert theme("blue") == theme("#1d4ed8") == drawn


@pytest.mark.parametrize("colour", wheel())
def test_any_colour_of_a_commune_is_readable_wherever_it_is_used(colour: str) -> None:
    drawn = theme(colour)
    assert contrast(drawn.brand, drawn.on_brand) >= TEXT
    assert min(contrast(drawn.brand_ink, ground) for ground in DAY_GROUNDS) >= TEXT
    assert min(contrast(drawn.brand_night, ground) for ground in NIGHT_GROUNDS) >= NIGHT_TEXT


def test_the_grounds_are_those_of_the_tokens() -> None:
    tokens = TOKENS.read_text()
    for name, day, night in (("surface", 2, 0), ("sunken", 1, 1)):
        found = re.search(rf"--{name}: +var\(--light, (#\w+)\) var\(--dark, (#\w+)\)", tokens)
        assert found is not None
        assert found.groups() == (DAY_GROUNDS[day], NIGHT_GROUNDS[night])


def test_mixing_is_by_percent() -> None:
    assert mix(BLACK, WHITE, 50) == "#808080"
