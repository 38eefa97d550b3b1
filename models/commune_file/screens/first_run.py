"""A portal that begins without a commune file: the town and its school, then activities copied from a shipped commune.

Everything goes the way of a file (`commune_file.load`), so that what a file checks is checked here too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from models.activities.definition.description import Activity, Slot
from models.commune.commune import Commune
from models.commune_file import checks
from models.commune_file.exporting import export
from models.commune_file.loading import load
from models.commune_file.reading import SHIPPED, parse, read
from models.commune_file.years import JULY, shift_to_year
from models.rules.families.classes import LEVELS
from models.rules.states.orders import Billing
from models.storage.database import rows, transaction
from models.work.audit_log import Event

FILE = "premiers pas"  # as the journal names what was loaded
STEPS = ("commune", "school", "till", "activity", "prices", "family", "account")


class BegunAlready(Exception):
    """There is a commune, or this activity: a file that is loaded changes it, not the first steps."""


@dataclass(frozen=True, slots=True)
class Model:
    key: str  # « alixan-cantine »
    name: str
    commune: str
    invoiced: bool


@dataclass(frozen=True, slots=True)
class Progress:
    done: Mapping[str, bool]  # by STEPS
    booked: bool  # a family has booked its first day

    @property
    def left(self) -> int:
        return sum(not done for done in self.done.values())


async def progress() -> Progress:
    (row,) = await rows(_PROGRESS)
    return Progress({step: bool(row[step]) for step in STEPS}, bool(row["booked"]))


def models() -> list[Model]:
    """The activities of the shipped communes, those of the month's invoice first: they need no bank."""
    found = [
        Model(
            f"{path.stem}-{activity.code}",
            activity.name,
            document.commune.name,
            activity.billing == Billing.INVOICED,
        )
        for path, document in ((path, read(path)) for path in sorted(SHIPPED.glob("*.toml")))
        for activity in document.activities
    ]
    return sorted(found, key=lambda model: (not model.invoiced, model.commune, model.name))


async def begin(commune: Mapping[str, str], school: str, actor: str, now: datetime) -> None:
    """The town (the keys of a file's `[commune]`), this school year and one school. Raises BegunAlready, WrongFile."""
    if await Commune.exists():
        raise BegunAlready
    starts = now.year if now.month >= JULY else now.year - 1
    content: dict[str, Any] = {
        "commune": dict(commune),
        "school_year": {
            "name": f"{starts}-{starts + 1}",
            "starts": date(starts, 9, 1),
            "ends": date(starts + 1, 7, 4),
        },
        "schools": [{"code": "ecole", "name": school, "levels": list(LEVELS)}],
    }
    await load(parse(content, FILE), demo=False)
    async with transaction():
        await Event.note(now, actor, "commune.begun", "commune:1", None, name=commune["name"])


async def copy(key: str, name: str, actor: str, now: datetime) -> None:
    """One of `models` under this name, with its deadlines and prices, in this school year. Raises BegunAlready,
    LookupError, WrongFile, Refused.
    """
    activity = _of(key, now.date())
    document = parse(await export(), FILE)
    if activity.code in {one.code for one in document.activities}:
        raise BegunAlready
    tills = document.tills
    own = replace(
        activity,
        name=name or activity.name,
        till=tills[0].code if tills else None,
        enrolment="mairie",  # whoever begins has no bank yet to pay a membership
        membership_fee=None,
        opens=max(activity.opens, document.year.starts),
        closes=min(activity.closes, document.year.ends),
        groups=tuple(replace(group, schools=None) for group in activity.groups),
        slots=tuple(_named(slot, activity, name) for slot in activity.slots),
    )
    whole = replace(document, activities=(*document.activities, own))
    await load(checks.checked(whole), demo=False)
    async with transaction():
        await Event.note(now, actor, "activity.copied", f"activity:{own.code}", None, name=own.name)


def _named(slot: Slot, activity: Activity, name: str) -> Slot:
    """One that was called as its activity still is."""
    one = len(activity.slots) == 1
    return replace(slot, name=name) if one and name and activity.name.startswith(slot.name) else slot


def _of(key: str, today: date) -> Activity:
    """In the school year of today."""
    stem, _, code = key.partition("-")
    path = SHIPPED / f"{stem}.toml"
    if not stem.isalnum() or not path.is_file():
        raise LookupError(key)
    document = shift_to_year(read(path), today)
    found = next((activity for activity in document.activities if activity.code == code), None)
    if found is None:
        raise LookupError(key)
    return found


_PROGRESS = """
SELECT EXISTS (SELECT 1 FROM commune) AS commune,
  EXISTS (SELECT 1 FROM school) AND EXISTS (SELECT 1 FROM school_year) AS school,
  EXISTS (SELECT 1 FROM till) AS till,
  EXISTS (SELECT 1 FROM activity) AS activity,
  EXISTS (SELECT 1 FROM activity) AND NOT EXISTS (SELECT 1 FROM activity WHERE NOT EXISTS
    (SELECT 1 FROM tariff WHERE tariff.activity_id = activity.id AND tariff.position IS NOT NULL)) AS prices,
  EXISTS (SELECT 1 FROM enrolment) AS family,
  EXISTS (SELECT 1 FROM guardian WHERE password IS NOT NULL) OR EXISTS (SELECT 1 FROM access_token)
    OR EXISTS (SELECT 1 FROM access_letter) AS account,
  EXISTS (SELECT 1 FROM booking) AS booked
"""
