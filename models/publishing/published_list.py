"""News and documents as the mairie lists them: by state, by a word of their title."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models.rules.states.publication import PublicationState, publication_state
from models.storage.database import as_date
from models.storage.paging import Cut, Listing, Name, Page, Where


@dataclass(frozen=True, slots=True)
class PublishedRow:
    id: int
    title: str
    starts: date
    ends: date | None
    withdrawn_at: datetime | None
    note: str  # the category of a document; « urgent » of news

    def state(self, today: date) -> PublicationState:
        return publication_state(self.starts, self.ends, self.withdrawn_at, today)


async def news_page(cut: Cut, today: date, state: PublicationState | None, search: str) -> Page[PublishedRow]:
    """`state`: None for all."""
    return await _NEWS.page(_where("news", today, state).containing(search, "news.title"), cut)


async def document_page(
    cut: Cut, today: date, state: PublicationState | None, search: str
) -> Page[PublishedRow]:
    """`state`: None for all."""
    where = _where("published_document", today, state)
    return await _DOCUMENTS.page(
        where.containing(search, "published_document.title", "published_document.category"), cut
    )


def _where(table: str, today: date, state: PublicationState | None) -> Where:
    if state is None:
        return Where()
    if state is PublicationState.WITHDRAWN:
        return Where().and_also(f"{table}.withdrawn_at IS NOT NULL")
    where = Where().and_also(f"{table}.withdrawn_at IS NULL")
    if state is PublicationState.COMING:
        return where.and_also(f"{table}.starts > ?", today)
    if state is PublicationState.OVER:
        return where.and_also(f"{table}.ends < ?", today)
    return where.and_also(
        f"{table}.starts <= ? AND ({table}.ends IS NULL OR {table}.ends >= ?)", today, today
    )


def _row(row: dict[str, Any]) -> PublishedRow:
    ends = row["ends"]
    dates = {"starts": as_date(row["starts"]), "ends": as_date(ends) if ends else None}
    return PublishedRow(**{**row, **dates})


def _listing(table: str, note: str) -> Listing[PublishedRow]:
    columns = ("id", "title", "starts", "ends", "withdrawn_at")
    return Listing(
        columns=", ".join((*(f"{table}.{name}" for name in columns), f"{note} AS note")),
        source=table,
        orders={
            "starts": (f"{table}.starts", f"{table}.id"),
            "ends": (f"{table}.ends", f"{table}.id"),
            "title": (Name(f"{table}.title"), f"{table}.id"),
        },
        row=_row,
    )


_NEWS = _listing("news", "CASE WHEN news.urgent THEN 'urgent' ELSE '' END")
_DOCUMENTS = _listing("published_document", "published_document.category")
