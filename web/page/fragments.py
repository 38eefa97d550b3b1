"""Short answers to htmx when there is nothing to renew: a sentence in the page's alert, or for screen readers."""

from markupsafe import Markup
from starlette.responses import HTMLResponse

SENTENCE = Markup("<span>{} {}</span>")
LINK = Markup('<a href="{}">{}</a>')
ANNOUNCED = Markup('<div data-hx-swap-oob="innerHTML:#annonce">{}</div>')
ABOVE_THE_PAGE = {"HX-Retarget": "body", "HX-Reswap": "beforeend", "Cache-Control": "no-store"}
INTO_THE_ALERT = {"HX-Retarget": "#alerte", "HX-Reswap": "innerHTML", "Cache-Control": "no-store"}


def alert(sentence: str, status: int, link: tuple[str, str] | None = None) -> HTMLResponse:
    """`link` is its words and its address."""
    linked = LINK.format(link[1], link[0]) if link else ""
    return HTMLResponse(SENTENCE.format(sentence, linked), status, INTO_THE_ALERT)


def announce(text: str) -> HTMLResponse:
    """One sentence for the screen reader's live region; nothing else changes."""
    return HTMLResponse(ANNOUNCED.format(text))
