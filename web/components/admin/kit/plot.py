"""Figures as bars, drawn by the server: where each stands, in the units of an SVG. `kit/plot.html` writes it.

A filled bar will not change any more, a dashed one still may. The page says the same figures in words beside it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

LETTER = 7  # how wide a letter of 12 px is, at the most
ABOVE, BELOW = 34, 42  # for the figures over the bars, and the two lines under them
WIDEST = 48


@dataclass(frozen=True, slots=True)
class Bar:
    label: str  # under it: « Lu 9 »
    value: int
    under: str = ""  # a second line: « 10:00 »
    open: bool = False  # it may still change
    closed: str = ""  # why there is none: « fermé »
    current: bool = False  # today's


@dataclass(frozen=True, slots=True)
class Drawn:
    bar: Bar
    text: str  # over it
    x: float  # of its left side
    middle: float
    y: float  # of its top
    outline: str  # of a path


@dataclass(frozen=True, slots=True)
class Plot:
    width: int
    height: int
    left: int  # where the axis begins
    base: int  # where the bars stand
    bars: list[Drawn]
    lines: list[tuple[float, str]]  # across: how high, and what it says
    limit: tuple[float, str] | None


def plot(
    bars: Sequence[Bar],
    size: tuple[int, int],
    said: Callable[[int], str] = str,
    limit: tuple[int, str] | None = None,
    step: int = 1,
) -> Plot:
    """`said` writes a value; `limit` is a value with its words, a dotted line; `step`, the least between two lines."""
    width, height = size
    values = [bar.value for bar in bars] + ([limit[0]] if limit else [])
    marks = scale(max(values, default=0), step)
    left = 12 + LETTER * max(len(said(mark)) for mark in marks)
    base, tall = height - BELOW, height - BELOW - ABOVE

    def level(value: int) -> float:
        return round(base - tall * value / marks[-1], 1)

    room = (width - left) / max(1, len(bars))
    wide = min(WIDEST, round(room * 0.66))
    drawn = []
    for number, bar in enumerate(bars):
        middle = round(left + room * (number + 0.5), 1)
        x, y = middle - wide / 2, level(bar.value)
        drawn.append(Drawn(bar, said(bar.value), x, middle, y, _outline(x, wide, y, base)))
    lines = [(level(mark), said(mark)) for mark in marks]
    return Plot(width, height, left, base, drawn, lines, (level(limit[0]), limit[1]) if limit else None)


def scale(most: int, step: int = 1) -> list[int]:
    """Round numbers from 0 to at least `most`, at most five: 0, 50, 100 for 95."""
    while most > 4 * step:
        step = step * 5 // 2 if str(step).startswith("2") else step * 2
    return list(range(0, max(most, 1) + step, step))


def _outline(x: float, wide: float, y: float, base: float) -> str:
    """Rounded at its top; nothing for nothing."""
    tall = base - y
    if tall <= 0:
        return ""
    corner = min(7.0, tall, wide / 2)
    flat = wide - 2 * corner
    return (
        f"M{x:g} {base:g}V{y + corner:g}q0 {-corner:g} {corner:g} {-corner:g}h{flat:g}"
        f"q{corner:g} 0 {corner:g} {corner:g}V{base:g}z"
    )
