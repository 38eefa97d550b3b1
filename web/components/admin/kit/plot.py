"""Figures as bars, drawn by the server: where each stands, in the units of an SVG. `kit/plot.html` writes it.

A filled bar will not change any more, a dashed one still may. The page says the same figures in words beside it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

LETTER = 7  # how wide a letter of 12 px is, at the most
ABOVE, BELOW = 34, 42  # for the figures over the bars, and the two lines under them
WIDEST = 48
GAP = 0.4  # of a bar's room


@dataclass(frozen=True, slots=True)
class Bar:
    label: str  # under it: « Lu 9 »
    value: int
    under: str = ""  # a second line: « 10:00 »
    open: bool = False  # it may still change
    closed: str = ""  # why there is none: « fermé »
    current: bool = False  # today's
    parts: tuple[int, ...] = ()  # what the value is made of, from the axis up
    gap: bool = False  # a little room before it: another week begins


@dataclass(frozen=True, slots=True)
class Part:
    """One below the highest: a plain rectangle."""

    shade: int  # its place among the parts, the first is 0
    y: float  # of its top
    tall: float


@dataclass(frozen=True, slots=True)
class Drawn:
    bar: Bar
    text: str  # over it
    x: float  # of its left side
    middle: float
    y: float  # of its top
    outline: str  # of a path
    wide: float
    shade: int  # of the highest part
    below: list[Part]  # the others


@dataclass(frozen=True, slots=True)
class Plot:
    width: int
    height: int
    left: int  # where the axis begins
    base: int  # where the bars stand
    bars: list[Drawn]
    lines: list[tuple[float, str]]  # across: how high, and what it says
    limit: tuple[float, str] | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two values of one thing: as it is, and as it would be."""

    label: str  # under it: « 0 – 450 »
    under: str  # a second line: « 18 familles »
    text: str  # over it: « −183 € »
    settled: int
    may_change: int


@dataclass(frozen=True, slots=True)
class DrawnPair:
    pair: Pair
    middle: float
    y: float  # of the higher top
    settled: str  # outlines of paths
    may_change: str


@dataclass(frozen=True, slots=True)
class PairPlot:
    width: int
    height: int
    left: int
    base: int
    pairs: list[DrawnPair]
    lines: list[tuple[float, str]]


def plot_pairs(
    pairs: Sequence[Pair], size: tuple[int, int], said: Callable[[int], str] = str, step: int = 1
) -> PairPlot:
    """Two bars beside each other, filled and dashed; figures and scale as in `plot`."""
    width, height = size
    marks = scale(max((max(one.settled, one.may_change) for one in pairs), default=0), step)
    left = 12 + LETTER * max(len(said(mark)) for mark in marks)
    base, tall = height - BELOW, height - BELOW - ABOVE
    room = (width - left) / max(1, len(pairs))
    wide = min(34, round(room * 0.3))
    drawn = []
    for number, one in enumerate(pairs):
        middle = round(left + room * (number + 0.5), 1)
        one_y, other_y = (round(base - tall * v / marks[-1], 1) for v in (one.settled, one.may_change))
        drawn.append(
            DrawnPair(
                one,
                middle,
                min(one_y, other_y),
                _outline(middle - wide - 3, wide, one_y, base),
                _outline(middle + 3, wide, other_y, base),
            )
        )
    lines = [(round(base - tall * mark / marks[-1], 1), said(mark)) for mark in marks]
    return PairPlot(width, height, left, base, drawn, lines)


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

    room = (width - left) / max(1.0, len(bars) + GAP * sum(bar.gap for bar in bars))
    wide = min(WIDEST, round(room * 0.66))
    drawn, at = [], float(left)
    for bar in bars:
        at += room * GAP if bar.gap else 0
        middle = round(at + room / 2, 1)
        at += room
        x, y = middle - wide / 2, level(bar.value)
        shade, below = _parts(bar.parts, level)
        drawn.append(
            Drawn(bar, said(bar.value), x, middle, y, _outline(x, wide, y, base), wide, shade, below)
        )
    lines = [(level(mark), said(mark)) for mark in marks]
    return Plot(width, height, left, base, drawn, lines, (level(limit[0]), limit[1]) if limit else None)


def _parts(parts: Sequence[int], level: Callable[[int], float]) -> tuple[int, list[Part]]:
    """The shade of the highest one, and the others; those of nothing are left out."""
    found, total = [], 0
    for shade, value in enumerate(parts):
        if value:
            y = level(total + value)
            found.append(Part(shade, y, round(level(total) - y, 1)))
            total += value
    return (found[-1].shade, found[:-1]) if found else (0, [])


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
