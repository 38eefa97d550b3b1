"""An activity described from its rows: what `writer` would write again without changing anything."""

from models.activities.activity import Activity as ActivityRow
from models.activities.deadline import Deadline
from models.activities.definition import price_list
from models.activities.definition.description import Activity, Band, Group, Rule, Slot, Tariff
from models.activities.definition.writer import OWN_COLUMNS
from models.activities.group import Group as GroupRow
from models.activities.slot import Slot as SlotRow
from models.activities.tariff import Band as BandRow
from models.activities.tariff import Tariff as TariffRow
from models.rules.deadlines import PARIS
from models.rules.limits.windows import window_of

SLOT_COLUMNS = (
    "code",
    "name",
    "starts",
    "ends",
    "care_part",
    "step",
    "minimum",
    "late_pickup",
    "requires",
    "closes",
)


async def describe(activity: int) -> Activity:
    """Raises DoesNotExist."""
    row = await ActivityRow.get(id=activity).select_related("till")
    own = {name: getattr(row, name) for name in OWN_COLUMNS}
    rules = await _rules(activity)
    return Activity(
        **own | {"visible_from": row.visible_from and row.visible_from.astimezone(PARIS)},
        code=row.code,
        weekdays=tuple(row.weekdays),
        on=row.on_days,
        groups=await _groups(activity),
        slots=await _slots(activity),
        book=rules["book"],
        cancel=rules["cancel"] or rules["book"],
        late=rules["late"],
        tariffs=await _tariffs(activity),
        till=None if row.till.implicit else row.till.code,
        absences=tuple(row.absences or ()),
        windows=tuple(map(window_of, row.windows or ())),
    )


async def _groups(activity: int) -> tuple[Group, ...]:
    def codes(value: list[str] | None) -> tuple[str, ...] | None:
        return None if value is None else tuple(value)

    return tuple(
        Group(row.code, row.name, codes(row.levels), codes(row.schools), row.places, row.closes)
        for row in await GroupRow.filter(activity_id=activity).order_by("position", "id")
    )


async def _slots(activity: int) -> tuple[Slot, ...]:
    return tuple(
        Slot(**{name: getattr(row, name) for name in SLOT_COLUMNS})
        for row in await SlotRow.filter(activity_id=activity).order_by("position", "id")
    )


async def _rules(activity: int) -> dict[str, tuple[Rule, ...]]:
    rows = await Deadline.filter(activity_id=activity).order_by("position")
    return {
        action: tuple(row.rule for row in rows if row.action == action)
        for action in ("book", "cancel", "late")
    }


async def _tariffs(activity: int) -> tuple[Tariff, ...]:
    """Those in force."""
    rows = await TariffRow.filter(activity_id=activity, position__isnull=False).order_by("position")
    bands = await BandRow.filter(tariff_id__in=[row.id for row in rows]).order_by("position")
    return tuple(
        Tariff(
            **{name: getattr(row, name) for name in price_list.TARIFF_COLUMNS},
            slot=row.slot_code,
            bands=tuple(
                Band(band.up_to, band.cents, band.rate, band.low, band.high)
                for band in bands
                if band.tariff_id == row.id
            ),
        )
        for row in rows
    )
