"""Bring what a commune file publishes into the database, and write it again: by code, nothing is deleted."""

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from models.commune.school_calendar import school_calendar, subdivision_of
from models.commune.school_year import Closure, SchoolYear
from models.commune_file.document import Document
from models.commune_file.published.said import MenuWeek, PublishedDocument
from models.messages.attachment import CheckedFile
from models.publishing import published_document
from models.publishing.meal_menu import MealMenu
from models.publishing.news import News
from models.publishing.published_document import file_columns
from models.rules.attachments import FileType
from models.rules.calendar import days, is_school_day
from models.rules.menus.dishes import Served

CYCLE = "cycle"  # the key of the menus that a commune file lays out
NEWS = ("title", "starts", "ends", "summary", "body", "urgent")
DOCUMENTS = ("title", "starts", "ends", "category", "name", "kind", "size", "sha256", "content")


async def load(document: Document, year: SchoolYear, now: datetime) -> None:
    """In the transaction that loads the file."""
    news = [
        News(
            code=one.code,
            title=one.title,
            starts=one.start,
            ends=one.end,
            summary=one.summary,
            body=one.body,
            urgent=one.urgent,
        )
        for one in document.news
    ]
    papers = [_row(one) for one in document.documents]
    await News.bulk_create(news, on_conflict=["code"], update_fields=list(NEWS))
    await published_document.PublishedDocument.bulk_create(
        papers, on_conflict=["code"], update_fields=list(DOCUMENTS)
    )
    if document.menus:
        await MealMenu.fill(await _served(document, year, document.menus), CYCLE, now)


async def export() -> dict[str, list[dict[str, Any]]]:
    """As the file writes them; menus leave as files of their own."""
    news = await News.filter(withdrawn_at=None).order_by("starts", "code")
    papers = await published_document.PublishedDocument.filter(withdrawn_at=None).order_by("starts", "code")
    found = {
        "news": [_said(one, ("summary", "body")) | ({"urgent": True} if one.urgent else {}) for one in news],
        "documents": [
            _said(one, ("category",)) | {"file": one.name, "content": base64.b64encode(one.content).decode()}
            for one in papers
        ],
    }
    return {key: rows for key, rows in found.items() if rows}


def _row(one: PublishedDocument) -> published_document.PublishedDocument:
    return published_document.PublishedDocument(
        code=one.code,
        title=one.title,
        starts=one.start,
        ends=one.end,
        category=one.category,
        **file_columns(CheckedFile(one.name, FileType.PDF, one.content)),
    )


def _said(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    head = {"code": row.code, "title": row.title, "from": row.starts}
    told = {name: getattr(row, name) for name in names if getattr(row, name)}
    return head | ({"to": row.ends} if row.ends else {}) | told


async def _served(document: Document, year: SchoolYear, cycle: Sequence[MenuWeek]) -> list[Served]:
    """The cycle, week after week, on the days of school and where the file has other days of the week."""
    calendar = school_calendar(
        document.commune.zone,
        year,
        await Closure.filter(year_id=year.id),
        subdivision_of(document.commune.insee),
    )
    found = []
    for day in days(year.starts, year.ends):
        said = dict(cycle[(day.toordinal() - 1) // 7 % len(cycle)].days)
        if day.weekday() in said and is_school_day(calendar, day, None):
            found.append(Served(day, said[day.weekday()]))
    return found
