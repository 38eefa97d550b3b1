"""The prices of an activity as they are described. What was bought at a tariff keeps it."""

from collections.abc import Hashable, Sequence

from models.activities.definition import description
from models.activities.tariff import Band, Tariff

TARIFF_COLUMNS = (
    "method", "amount", "rate", "low", "high", "category", "start", "end", "child_rank", "reduction",
    "no_quotient", "unbooked", "late",
)  # fmt: skip
BAND_COLUMNS = ("up_to", "rate", "low", "high")


async def write(activity: int, said: Sequence[description.Tariff]) -> None:
    """What is described is in force. A tariff that says the same keeps its id, also one that comes back.

    One that says something else is another tariff: what was bought at the former still names it, out of force.
    """
    rows = await Tariff.filter(activity_id=activity).order_by("id")
    bands = await Band.filter(tariff__activity_id=activity).order_by("position")
    there = {_kept(row, [band for band in bands if band.tariff_id == row.id]): row for row in rows}
    in_force = {position: row.id for row in rows if (position := row.position) is not None}
    wanted = {n: there.get(_said(tariff)) for n, tariff in enumerate(said)}
    if in_force == {n: row and row.id for n, row in wanted.items()}:
        return
    await Tariff.filter(activity_id=activity).update(position=None)
    for n, tariff in enumerate(said):
        await _put(activity, n, tariff, wanted[n])
    await _drop_unused(activity)


async def _put(activity: int, position: int, said: description.Tariff, row: Tariff | None) -> None:
    if row is not None:
        await Tariff.filter(id=row.id).update(position=position)
        return
    columns = {name: getattr(said, name) for name in TARIFF_COLUMNS}
    new = await Tariff.create(activity_id=activity, position=position, slot_code=said.slot, **columns)
    await Band.bulk_create(
        Band(
            tariff_id=new.id,
            position=n,
            cents=band.amount,
            **{name: getattr(band, name) for name in BAND_COLUMNS},
        )
        for n, band in enumerate(said.bands)
    )


async def _drop_unused(activity: int) -> None:
    """Out of force, and nothing was bought at them. A draft asks for its price again."""
    over = Tariff.filter(activity_id=activity, position=None, bookings__id=None, order_lines__id=None)
    await Tariff.filter(id__in=await over.values_list("id", flat=True)).delete()


def _kept(row: Tariff, bands: Sequence[Band]) -> Hashable:
    steps = tuple((band.up_to, band.cents, band.rate, band.low, band.high) for band in bands)
    return row.slot_code, *(getattr(row, name) for name in TARIFF_COLUMNS), steps


def _said(tariff: description.Tariff) -> Hashable:
    steps = tuple((band.up_to, band.amount, band.rate, band.low, band.high) for band in tariff.bands)
    return tariff.slot, *(getattr(tariff, name) for name in TARIFF_COLUMNS), steps
