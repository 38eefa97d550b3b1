"""« À voir » as the mairie reads it: a page of what the bank said, how much of each sort, those of a click."""

from collections.abc import Sequence

from models.money.anomaly import COLUMNS, SOURCE, AnomalyLine, line_of
from models.storage.database import marks, rows
from models.storage.paging import Cut, Listing, Page, Where


async def page(
    cut: Cut, *, seen: bool, kinds: Sequence[str] = (), search: str = "", cents: int | None = None
) -> Page[AnomalyLine]:
    """`kinds` are those of models.money.anomaly.Kind; none of them: all. `cents`: of that sum alone."""
    where = Where("anomaly.seen_at IS NOT NULL" if seen else "anomaly.seen_at IS NULL")
    if kinds:
        where = where.and_also(f"anomaly.kind IN ({marks(kinds)})", *kinds)
    if cents is not None:
        where = where.and_also("anomaly.cents = ?", cents)
    return await _LISTING.page(where.containing(search, "anomaly.reference", "family.number"), cut)


async def lines(ids: Sequence[int]) -> list[AnomalyLine]:
    """These, seen or not; those that are not there are left out."""
    where = Where(f"anomaly.id IN ({marks(ids)})", tuple(ids))
    return (await _LISTING.page(where, Cut("at", size=max(1, len(ids))))).rows


async def counts(*, seen: bool) -> dict[str, int]:
    """By kind."""
    found = await rows(_COUNTS.format(which="IS NOT NULL" if seen else "IS NULL"))
    return {row["kind"]: int(row["number"]) for row in found}


_COUNTS = "SELECT kind, COUNT(*) AS number FROM anomaly WHERE seen_at {which} GROUP BY kind"

_LISTING = Listing(
    columns=COLUMNS,
    source=SOURCE,
    orders={
        "at": ("anomaly.at", "anomaly.id"),
        "seen": ("anomaly.seen_at", "anomaly.id"),
        "cents": ("COALESCE(anomaly.cents, -1)", "anomaly.id"),
    },
    row=line_of,
)
