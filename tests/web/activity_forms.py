"""The form of an activity's tab as a browser would send it, filled in as the page shows it."""

import html
import re

from tests.portal import Client

PLACE = "/mairie/activites"


def fields(page: str) -> list[tuple[str, str]]:
    """What the form « fiche » sends when nobody changes it."""
    form = page.partition('id="fiche"')[2].partition("</form>")[0]
    found: list[tuple[str, str]] = []
    for tag in re.finditer(r"<(input)([^>]*)>|<(select|textarea)([^>]*)>(.*?)</\3>", form, re.S):
        kind, attributes, inside = tag[1] or tag[3], tag[2] or tag[4], tag[5] or ""
        name = re.search(r'name="([^"]*)"', attributes)
        if not name or name[1] in ("csrf", "revoir"):
            continue
        if kind == "select":
            options = re.findall(r'<option value="([^"]*)"( selected)?', inside)
            chosen = [value for value, on in options if on] or [options[0][0]]
            found.append((name[1], html.unescape(chosen[0])))
        elif kind == "textarea":
            found.append((name[1], html.unescape(inside.removeprefix("\n"))))
        elif 'type="checkbox"' not in attributes or " checked" in attributes:
            value = re.search(r'value="([^"]*)"', attributes)
            found.append((name[1], html.unescape(value[1]) if value else ""))
    return found


def changed(sent: list[tuple[str, str]], **changes: str) -> list[tuple[str, str]]:
    """With these values; `_` in a name stands for « - »."""
    said = {name.replace("_", "-"): value for name, value in changes.items()}
    return [*((name, value) for name, value in sent if name not in said), *said.items()]


async def opened(mairie: Client, activity: int | str, tab: str) -> list[tuple[str, str]]:
    return fields(await mairie.get_page(f"{PLACE}/{activity}/{tab}"))
