"""From the one colour of a commune to the four that pages draw with, each readable where it is used."""

import re
from dataclasses import dataclass
from functools import lru_cache

DEFAULT = "#1D4ED8"
WHITE, BLACK = "#FFFFFF", "#000000"
DAY_GROUNDS = ("#F6F4F0", "#F0EDE7", "#FFFFFF")  # --paper, --sunken, --surface by day
NIGHT_GROUNDS = ("#1B1F27", "#242933")  # --surface, --sunken by night
TEXT = 4.5
NIGHT_TEXT = 7.0  # a thin line on a dark screen needs more

_HEX = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class Theme:
    brand: str  # grounds of the main action
    on_brand: str  # words upon it
    brand_ink: str  # drawn on the page by day: current place, focus, lines under links
    brand_night: str  # both, by night


@lru_cache(64)
def theme(colour: str | None) -> Theme:
    """The theme of a commune; without a colour of its own, the product's."""
    if colour is None or not _HEX.fullmatch(colour) or colour.upper() == DEFAULT:
        return Theme(DEFAULT, WHITE, DEFAULT, "#9DB9FF")
    brand = colour.upper()
    return Theme(
        brand=brand,
        on_brand=WHITE if contrast(brand, WHITE) >= TEXT else BLACK,
        brand_ink=_until_readable(brand, BLACK, (*DAY_GROUNDS, mix(brand, WHITE, 10)), TEXT),
        brand_night=_until_readable(brand, WHITE, NIGHT_GROUNDS, NIGHT_TEXT),
    )


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def mix(one: str, other: str, percent: int) -> str:
    """So many percent of one colour, the rest of the other."""
    parts = zip(_parts(one), _parts(other), strict=True)
    return "#" + "".join(f"{round((a * percent + b * (100 - percent)) / 100):02X}" for a, b in parts)


def _until_readable(colour: str, towards: str, grounds: tuple[str, ...], least: float) -> str:
    """The first step on the way that reads on all the grounds; the end of the way always does."""
    steps = (mix(towards, colour, percent) for percent in range(0, 101, 2))
    return next(
        (step for step in steps if min(contrast(step, ground) for ground in grounds) >= least), towards
    )


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
