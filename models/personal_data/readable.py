"""« Mes données » for a reader: each value in French, each list under its title, for the paper and for the page."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby
from typing import Any

from models.clock import now
from models.commune.commune import Commune
from models.commune.letterhead import issuer
from models.families.guardian import Guardian
from models.french import day_numeric, euros, moment_numeric
from models.personal_data import export
from models.personal_data.data_copy import DataCopy
from models.personal_data.export import Told
from models.rules.papers import PersonalData
from models.rules.papers.rulebook import Block, Heading, Items, Section

CENTS, NUMBER = " (centimes)", "n°"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(\.\d+)?([+-]\d\d:\d\d|Z)")


async def paper(copy: DataCopy) -> PersonalData:
    """What is there now."""
    guardian = await Guardian.get(id=copy.guardian_id)
    told = await export.read(guardian)
    return PersonalData(issuer(await Commune.first()), guardian.name, sections(told), now().date())


def sections(told: Iterable[Told]) -> tuple[Section, ...]:
    """A chapter, its lists, a row a paragraph."""
    found = groupby(told, lambda one: one.chapter)
    return tuple(
        Section(str(number), chapter, tuple(_blocks(lists))) for number, (chapter, lists) in enumerate(found)
    )


def _blocks(lists: Iterable[Told]) -> Iterable[Block]:
    for one in lists:
        yield Heading(one.title)
        yield Items(tuple("\u00a0; ".join(_shown(*pair) for pair in said(row)) for row in one.rows))


def _shown(word: str, text: str) -> str:
    """« n° 3 », « prénom : Emma »."""
    return f"{word}\u00a0{text}" if word == NUMBER else f"{word}\u00a0: {text}"


def said(row: dict[str, Any]) -> list[tuple[str, str]]:
    """What stands in a row, by its words; what is empty is left out."""
    return [
        _pair(word, value) for word, value in row.items() if value is not None and value not in ("", [], {})
    ]


def _pair(word: str, value: Any) -> tuple[str, str]:
    if word.endswith(CENTS) and isinstance(value, int):
        return word.removesuffix(CENTS), euros(value)
    return word, _text(value)


def _text(value: Any) -> str:
    match value:
        case bool():
            return "oui" if value else "non"
        case dict():
            return ", ".join(f"{key}\u00a0: {_text(one)}" for key, one in value.items())
        case list() | tuple():
            return ", ".join(map(_text, value))
        case str() if _MOMENT.fullmatch(value):
            return moment_numeric(datetime.fromisoformat(value))
        case str() if _DAY.fullmatch(value):
            return day_numeric(date.fromisoformat(value))
    return str(value)
