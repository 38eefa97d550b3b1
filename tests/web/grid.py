"""What the tests of the planning share: cells by their words, ticks as the page sends them, parts of an answer."""

import html
import re

from models.activities.slot import Slot
from models.families.child import Child
from tests.portal import Client


async def cell(child: str, slot: str, day: str) -> str:
    one, other = await Child.get(first_name=child), await Slot.get(name__startswith=slot)
    return f"{one.id}-{other.id}-{day}"


async def tick(browser: Client, child: str, slot: str, *days: str, on: bool = True, **more: str) -> str:
    ops = [("op", f"{await cell(child, slot, day)}:{int(on)}") for day in days]
    place = [("vue", "mois"), ("debut", "2018-09-01"), ("modifier", "1"), *more.items()]
    answer = await browser.post_part("/planning/operations", [*ops, *place])
    assert answer.status_code == 200, answer.text
    return answer.text


def plain(page: str) -> str:
    return re.sub("[ \n]+", " ", re.sub(r"<[^>]+>", " ", page)).replace("\u202f", " ")


def element(page: str, id: str) -> str:
    found = re.search(rf'<(\w+)[^>]* id="{id}".*?</\1>', page, re.DOTALL)
    assert found, f"no #{id}"
    return found[0]


def names(page: str) -> list[str]:
    """The accessible names of the boxes."""
    return [
        re.sub("[ \n]+", " ", html.unescape(text))
        for text in re.findall(r'<input class="see".*?<span class="vh">(.*?)</span>', page)
    ]


def operable(page: str) -> list[str]:
    """The keys of the boxes that can be ticked."""
    boxes = re.findall(r'<input class="see"[^>]*>', page)
    return [
        match[1]
        for box in boxes
        if "aria-disabled" not in box and (match := re.search(r'id="op-([\d-]+)"', box))
    ]
