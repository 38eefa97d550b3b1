"""« Guide d’utilisation »: the chapters of what this commune has, as page and paper show them."""

from datetime import date

from models.activities.catalogue import Catalogue
from models.commune import parents_menu
from models.commune.letterhead import issuer
from models.french.guide.chapters import CHAPTERS, Chapter
from models.messages.department import Topic
from models.rules.papers.rulebook import Block, Items, Rulebook, Section, Sentences

TITLE = "Guide d’utilisation"


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


def _blocks(chapter: Chapter) -> list[Block]:
    return [
        Sentences(chapter.opening),
        Items(chapter.steps, numbered=True),
        *(Sentences(text) for text in chapter.after),
    ]
