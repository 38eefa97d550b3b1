"""Write the commune as a file: loading it again gives the same commune."""

from typing import Any

from models.activities.activity import Activity
from models.activities.deadline import ACTIONS, Deadline
from models.activities.group import Group
from models.activities.slot import Slot
from models.activities.tariff import Band, Tariff
from models.commune.commune import Commune
from models.commune.school import School
from models.commune.school_year import Closure, SchoolYear
from models.commune.till import Till
from models.commune_file import export_families, load_departments
from models.commune_file.family_file import required as required_papers
from models.commune_file.family_file import shuttles
from models.commune_file.published import loading as published
from models.rules.deadlines import NEVER, PARIS, WEEKDAYS
from models.rules.limits.windows import Window, window_of

COMMUNE = (
    "name", "insee", "zone", "phone", "email", "address", "title", "part_payment", "email_change",
    "hold_minutes", "credit_refund", "colour", "logo", "rulebook", "siret", "legal", "menu", "diets",
    "hours",
)  # fmt: skip
TILL = (
    "code", "name", "bank_label", "online", "provider", "numcli", "number_format", "issuer", "payment_days",
    "advances", "block_above", "block_after_days", "deposit_to", "least_invoice", "ics", "iban", "creditor",
    "sepa_format",
)  # fmt: skip
ACTIVITY = (
    "code", "name", "place", "memo", "kitchen_email", "kind", "billing", "acceptance", "enrolment", "membership_fee",
    "waiting_list", "late_cancel", "opens", "closes", "residents_first_days",
    "enrolment_places", "presence",
)  # fmt: skip
TARIFF = ("method", "amount", "category", "child_rank", "no_quotient", "rate")
SURCHARGES = ("unbooked", "late")
RENAMED = {"slot_code": "slot", "low": "min", "high": "max", "start": "from", "end": "to"}


async def export() -> dict[str, Any]:
    """The commune and its newest school year, as a commune file decoded from TOML."""
    commune = await Commune.all().first()
    year = await SchoolYear.all().order_by("-starts").first()
    if commune is None or year is None:
        raise LookupError("no commune is loaded")
    tills = {till.id: till for till in await Till.all().order_by("position", "id")}
    said = [till for till in tills.values() if not till.implicit]
    codes = {till.id: till.code for till in said}
    head = some(commune, COMMUNE) | ({"tills": [_till(till) for till in said]} if said else {})
    departments = await load_departments.export()
    required = await required_papers.export()
    return {
        "commune": head,
        "school_year": await _year(year),
        "schools": [_school(row) for row in await School.all().order_by("position", "id")],
        "activities": await _activities(year, codes),
        "families": await export_families.families(year, codes),
        **({"departments": departments} if departments else {}),
        **({"required_documents": required} if required else {}),
        **({"shuttles": lines} if (lines := await shuttles.export()) else {}),
        **await published.export(),
    }


def _till(till: Till) -> dict[str, Any]:
    unsaid = {key for key in ("issuer", "deposit_to", "block_after_days") if not getattr(till, key)}
    return {key: value for key, value in some(till, TILL).items() if key not in unsaid}


def some(row: object, names: tuple[str, ...]) -> dict[str, Any]:
    """These columns, without the empty ones: TOML has no null."""
    return without_none({name: getattr(row, name) for name in names})


def without_none(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


async def _year(year: SchoolYear) -> dict[str, Any]:
    closures = [
        without_none({"from": row.start, "to": row.end, **some(row, ("reason", "schools", "activities"))})
        for row in await Closure.filter(year_id=year.id).order_by("id")
    ]
    head = some(year, ("name", "starts", "ends")) | {"weekdays": _days(year.weekdays)}
    return head | ({"closures": closures} if closures else {})


def _school(row: School) -> dict[str, Any]:
    own = None if row.weekdays is None else _days(row.weekdays)
    return some(row, ("code", "name", "levels")) | without_none({"weekdays": own})


def _days(weekdays: list[int]) -> list[str]:
    return [WEEKDAYS[day] for day in weekdays]


async def _activities(year: SchoolYear, tills: dict[int, str]) -> list[dict[str, Any]]:
    return [
        await _activity(row, tills)
        for row in await Activity.filter(year_id=year.id).order_by("position", "id")
    ]


async def _activity(row: Activity, tills: dict[int, str]) -> dict[str, Any]:
    visible = row.visible_from and row.visible_from.astimezone(PARIS).replace(tzinfo=None)
    return without_none(
        {
            **some(row, ACTIVITY),
            "till": tills.get(row.till_id),
            "weekdays": _days(row.weekdays),
            "on": row.on_days,
            "visible_from": visible,
            **await _groups(row.id),
            "deadlines": await _deadlines(row.id),
            "windows": [_window(window_of(line)) for line in row.windows or ()] or None,
            "absences": row.absences,
            "slots": [
                _slot(slot) for slot in await Slot.filter(activity_id=row.id).order_by("position", "id")
            ],
            "tariffs": [
                await _tariff(tariff)
                for tariff in await Tariff.filter(activity_id=row.id, position__isnull=False).order_by(
                    "position"
                )
            ],
        }
    )


def _window(window: Window) -> dict[str, Any]:
    opens, closes = window.opens.replace(tzinfo=None), window.closes.replace(tzinfo=None)
    return {"from": window.start, "to": window.end, "opens": opens, "closes": closes}


async def _deadlines(activity: int) -> dict[str, Any]:
    rows = await Deadline.filter(activity_id=activity).order_by("position")
    said = {action: [row.rule for row in rows if row.action == action] for action in ACTIONS}
    return {action: NEVER["rule"] if rules == [NEVER] else rules for action, rules in said.items() if rules}


async def _groups(activity: int) -> dict[str, Any]:
    """The one group of an activity without groups is not said, but its places are."""
    rows = await Group.filter(activity_id=activity).order_by("position", "id")
    named = [some(row, ("code", "name", "levels", "schools", "places")) for row in rows if row.code]
    if named:
        return {"groups": named}
    return {"places": rows[0].places} if rows else {}


def _slot(row: Slot) -> dict[str, Any]:
    return {
        **some(row, ("code", "name", "care_part", "step", "minimum", "late_pickup", "requires", "closes")),
        "starts": _clock(row.starts),
        "ends": _clock(row.ends),
    }


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


async def _tariff(row: Tariff) -> dict[str, Any]:
    found = some(row, TARIFF) | {key: getattr(row, name) for name, key in RENAMED.items()}
    if row.method == "brackets":
        bands = await Band.filter(tariff_id=row.id).order_by("position")
        found["brackets"] = [_band(band) for band in bands]
    if row.child_rank is not None:
        found["reduction"] = row.reduction
    for name in SURCHARGES:
        written = getattr(row, name)
        found[name] = int(written) if written and written.isdigit() else written
    return without_none(found)


def _band(row: Band) -> dict[str, Any]:
    said = {"amount": row.cents} if row.rate is None else {"rate": row.rate, "min": row.low, "max": row.high}
    return without_none({"up_to": row.up_to, **said})
