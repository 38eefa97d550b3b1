"""« Recherche »: every page and everything behind the menu that somebody may open, by a few letters.

The palette (Ctrl+K) asks the same address for its list; without scripts this is a page as any other.
"""

from starlette.responses import Response
from starlette.routing import Route

from models.storage.folding import fold
from web.http.auth import StaffRequest, member
from web.page.menu import Entry, Found, entries_of
from web.page.templates import render

PLACE = "/mairie/recherche"
LONGEST = 80  # letters
FEWEST = 2  # letters, below which a search finds all and nothing
ACCOUNT = Entry("/mairie/compte", "Mon compte", "user", roles=(), order=99)


@member
async def show(request: StaffRequest) -> Response:
    words = " ".join(request.query_params.get("recherche", "").split())[:LONGEST]
    mine = entries_of(request.menu, request.user.member)
    known = {
        "words": words,
        "pages": [entry for entry in (*mine, ACCOUNT) if fold(words) in fold(entry.label)],
        "groups": await _found(mine, words, request) if len(words) >= FEWEST else [],
    }
    return render(request, f"admin/search/{'results' if request.is_htmx else 'page'}.html", known)


async def _found(entries: list[Entry], words: str, request: StaffRequest) -> list[tuple[Entry, list[Found]]]:
    groups = [(entry, await entry.find(words, request.now)) for entry in entries if entry.find]
    return [(entry, found) for entry, found in groups if found]


routes = [Route(PLACE, show)]
