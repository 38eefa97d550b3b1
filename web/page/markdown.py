"""The text of the mairie as HTML: paragraphs, **bold**, *stress*, lists, links. The rest stays as it was typed.

Markdown is read without its HTML, images, headings or code; what comes out passes a second filter that knows the same
few tags and nothing more.
"""

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a"}
SCHEMES = {"http", "https", "mailto", "tel"}

_reader = MarkdownIt("zero", {"html": False, "breaks": True}).enable(
    ["emphasis", "link", "list", "newline", "escape"]
)


def leads_somewhere(address: str) -> bool:
    """A page of this portal, or an address of the web, of e-mail, of a telephone."""
    scheme, colon, rest = address.partition(":")
    if colon and scheme.lower() in SCHEMES:
        return bool(rest.strip("/"))
    return address.startswith("/") and not address.startswith(("//", "/\\"))


_reader.validateLink = leads_somewhere  # type: ignore[assignment, method-assign]


def markdown(text: str) -> Markup:
    """Safe to stand in a page."""
    written = _reader.render(text)
    return Markup(nh3.clean(written, tags=TAGS, attributes={"a": {"href"}}, url_schemes=SCHEMES))  # noqa: S704
