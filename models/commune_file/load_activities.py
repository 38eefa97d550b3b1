"""The activities of a file into the database: one row per code, deadlines and prices as the file says."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.activities.activity import Activity
from models.activities.catalogue import Catalogue
from models.activities.definition.writer import Written, write
from models.bookings import redefinition
from models.commune.school_year import SchoolYear
from models.commune_file.document import Document
from models.french import plural, quoted
from models.presence import switching
from models.presence.days import foreseen
from models.rules.booking import DEFAULT
from models.rules.money import NBSP


async def load(
    document: Document, year: SchoolYear, tills: dict[str | None, int], new: Counter[str]
) -> dict[str, Written]:
    """The rows of each activity, by its code."""
    before = await Activity.filter(year_id=year.id).count()
    rows = {
        activity.code: await write(activity, year.id, tills[activity.till], position)
        for position, activity in enumerate(document.activities)
    }
    new["activities"] += await Activity.filter(year_id=year.id).count() - before
    return rows


@dataclass(frozen=True, slots=True)
class Switched:
    """An activity that the file makes book by itself (`starts`), or no more."""

    id: int
    name: str
    starts: bool


async def switched(document: Document, year: SchoolYear) -> list[Switched]:
    """Asked before they are written."""
    wanted = {one.code: one for one in document.activities}
    return [
        Switched(row.id, wanted[row.code].name, wanted[row.code].presence == DEFAULT)
        for row in await Activity.filter(year_id=year.id, code__in=list(wanted)).order_by("position", "id")
        if wanted[row.code].presence != row.presence
    ]


async def would_do(found: Sequence[Switched], catalogue: Catalogue, now: datetime) -> list[str]:
    """What each books or keeps, in figures; asked once the file is written, of the catalogue that it makes."""
    return [
        await _would_book(one, catalogue, now) if one.starts else await _would_keep(one, now) for one in found
    ]


async def _would_book(one: Switched, catalogue: Catalogue, now: datetime) -> str:
    books = await foreseen(one.id, now, catalogue)
    more = f", {plural(books.waits, 'rang d’attente', 'rangs d’attente')}" if books.waits else ""
    return (
        f"{quoted(one.name)}{NBSP}: les jours de tous les enfants inscrits seront réservés d’office, et leurs familles "
        f"prévenues{NBSP}: {plural(books.bookings, 'réservation')} pour {plural(books.children, 'enfant')} "
        f"de {plural(books.families, 'famille')}{more}. Une famille qui ne fait rien paiera tous les jours."
    )


async def _would_keep(one: Switched, now: datetime) -> str:
    stays = await switching.booked_to_come(one.id, now)
    return (
        f"{quoted(one.name)}{NBSP}: plus rien ne sera réservé d’office. "
        f"{plural(stays, 'jour à venir reste réservé', 'jours à venir restent réservés')}."
    )


async def billed_otherwise(document: Document, year: SchoolYear) -> list[str]:
    """Why the file cannot be applied: what is booked is billed otherwise."""
    wanted = {activity.code: activity for activity in document.activities}
    return [
        f"{quoted(wanted[row.code].name)}\u00a0: la facturation ne peut plus changer, des jours sont réservés."
        for row in await Activity.filter(year_id=year.id, code__in=list(wanted))
        if await redefinition.bills_otherwise(wanted[row.code], row)
    ]
