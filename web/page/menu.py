"""The pages of the mairie as its menu shows them: each component exports its entry, `web/app.py` lists them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from models.access.member import Member

FEW = 5  # of what a search finds behind one entry
# What not everybody of the mairie needs to know of families.
PRIVATE = {
    "contact": "Adresses e-mail et téléphones",
    "birth": "Dates de naissance",
    "quotient": "Quotient familial",
    "money": "Sommes dues et payées",
    "bank": "Coordonnées bancaires",
    "days": "Jours réservés et présences",
    "words": "Messages des familles",
    "journal": "Qui a fait quoi",
}
# The headings of the mairie's menu, by the `order` of what stands under each: up to which, excluded.
HEADINGS = (
    (10, ""),  # the home, before any heading
    (43, "Aujourd’hui"),
    (46, "Familles"),
    (50, "Activités"),
    (80, "Régie"),
    (90, "Communication"),
    (100, "Réglages"),
)
FEW_ENTRIES = 8  # that need no heading
PARENTS_HOME, STAFF_HOME = "/accueil", "/mairie/tableau-de-bord"


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of a menu."""

    href: str
    label: str
    icon: str
    count: int = 0
    brief: str = ""  # for the bar under the thumb
    in_bar: bool = True  # which has five places, the parent's own account among them
    under: str = ""  # the heading of the mairie's menu

    def current(self, path: str) -> bool:
        return within(path, self.href)


@dataclass(frozen=True, slots=True)
class Count:
    """How much waits behind an entry, and what that means: « la plus ancienne est de lundi »."""

    number: int
    said: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """Something behind an entry that answers the words of a search."""

    href: str
    label: str  # « Lina Durand »
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the mairie: which roles open it, where it stands in the menu, what waits there.

    `roles` are the guard's too (`@staff(*menu.roles)`), so that a menu shows nothing that would answer 403. An
    administrator opens everything, a reader reads what a manager sees (`models/rules/roles.py`).
    """

    href: str
    label: str
    icon: str
    roles: tuple[str, ...]
    order: int
    about: str = ""  # one sentence, for whoever comes first
    shows: tuple[str, ...] = ()  # of PRIVATE: « Qui voit quoi » reads it, and a test what the page shows
    count: Callable[[datetime], Awaitable[Count]] | None = None
    find: Callable[[str, datetime], Awaitable[list[Found]]] | None = None  # by words, at most FEW

    def current(self, path: str) -> bool:
        return within(path, self.href)


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one heading: « Régie ». Under "" they stand as they are."""

    heading: str
    links: tuple[Link, ...]

    @property
    def count(self) -> int:
        """How much waits behind all of them, shown while they are folded away."""
        return sum(link.count for link in self.links)


def within(path: str, place: str) -> bool:
    return path == place or path.startswith(f"{place}/")


def entries_of(entries: Sequence[Entry], member: Member) -> list[Entry]:
    return [entry for entry in entries if member.may(entry.roles)]


def is_closed(entries: Sequence[Entry], member: Member, path: str) -> bool:
    """Is it a page of the menu that this member may not open?"""
    return any(entry.current(path) and not member.may(entry.roles) for entry in entries)


async def counts_of(entries: Sequence[Entry], now: datetime) -> dict[str, Count]:
    """By address; one question each."""
    return {entry.href: await entry.count(now) for entry in entries if entry.count}


def links(entries: Sequence[Entry], counts: Mapping[str, Count]) -> tuple[Link, ...]:
    nothing = Count(0)
    return tuple(
        Link(
            entry.href,
            entry.label,
            entry.icon,
            counts.get(entry.href, nothing).number,
            under=heading(entry.order),
        )
        for entry in entries
    )


def heading(order: int) -> str:
    return next(name for end, name in HEADINGS if order < end)


def menu_groups(links: Sequence[Link]) -> list[Group]:
    """The entries by heading, in their order; few of them need none."""
    if len(links) <= FEW_ENTRIES:
        return [Group("", tuple(links))]
    return [Group(name, tuple(those)) for name, those in groupby(links, key=lambda link: link.under)]
