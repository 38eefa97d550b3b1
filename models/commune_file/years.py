"""Move a demonstration to the school year of today: same days and months, other years."""

import re
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from typing import Any

from models.activities.definition.description import Activity
from models.commune_file.document import Debt, Document, InvoiceLine, SchoolYear

JULY = 7
YEAR = re.compile(r"\b20[0-9]{2}\b")
WITH_YEARS = {SchoolYear: ("name",), Activity: ("name", "memo"), Debt: ("label",), InvoiceLine: ("label",)}


def shift_to_year(document: Document, today: date) -> Document:
    """The same document, dates and births moved by whole years. In July and August the coming year counts."""
    starts = today.year if today.month >= JULY else today.year - 1
    years = starts - document.year.starts.year
    moved: Document = _moved(document, years) if years else document
    return moved


def _moved(value: Any, years: int) -> Any:
    if isinstance(value, (date, datetime)):
        return _day(value, years)
    if isinstance(value, tuple):
        return tuple(_moved(item, years) for item in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changes = {field.name: _moved(getattr(value, field.name), years) for field in fields(value)}
    for name in WITH_YEARS.get(type(value), ()):
        changes[name] = _text(changes[name], years)
    return replace(value, **changes)


def _day(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def _text(text: str | None, years: int) -> str | None:
    return text and YEAR.sub(lambda found: str(int(found[0]) + years), text)
