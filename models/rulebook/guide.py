"""« Guide d’utilisation »: the chapters of what this commune has, as page and paper show them."""

import hashlib
from datetime import date
from functools import cache
from pathlib import Path

from models.activities.catalogue import Catalogue
from models.commune import parents_menu
from models.commune.letterhead import issuer
from models.french.guide.chapters import CHAPTERS, Chapter
from models.messages.department import Topic
from models.rules.papers.rulebook import Block, Items, Pictures, Rulebook, Section, Sentences

TITLE = "Guide d’utilisation"
FOLDER = Path(__file__).parents[2] / "static" / "guide"


async def guide(catalogue: Catalogue, today: date) -> Rulebook:
    """Dated today; its digest changes with what it says alone. One question."""
    there = await _has(catalogue)
    shown = [one for one in CHAPTERS if not one.when or one.when in there]
    sections = tuple(Section(one.anchor, one.title, tuple(_blocks(one))) for one in shown)
    return Rulebook(issuer(catalogue.commune), "", sections, today, TITLE)


def number(guide: Rulebook) -> int:
    """Of its paper: another text is another paper."""
    return int(guide.digest[:7], 16)


async def _has(catalogue: Catalogue) -> set[str]:
    menu = catalogue.commune.menu
    offered = {entry for entry in parents_menu.USUAL if parents_menu.words(menu, entry, entry) is not None}
    if not await Topic.filter(offered=True, department__offered=True).exists():
        offered -= {"messages"}
    if any(one.prepaid for one in catalogue.activities.values()):
        offered |= {"prepaid"}
    return offered


@cache  # they change with the version
def _pictures(anchor: str) -> tuple[tuple[str, str], ...]:
    """Those of its steps, then the one of the whole chapter."""
    steps = sorted(FOLDER.glob(f"guide-{anchor}-[0-9].webp"))
    files = [path for path in (*steps, FOLDER / f"guide-{anchor}.webp") if path.exists()]
    return tuple((path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in files)


def _blocks(chapter: Chapter) -> list[Block]:
    return [
        Sentences(chapter.opening),
        Items(chapter.steps, numbered=True),
        *([Pictures(found)] if (found := _pictures(chapter.anchor)) else []),
        *(Sentences(text) for text in chapter.after),
    ]
