"""Draws a page or a fragment: one Jinja environment, French filters, what every page knows of its request."""

from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from models import french
from models.access.session import Session
from models.clock import real
from models.commune import parents_menu
from web.http.signing import masked
from web.page import reading
from web.page.assets import asset
from web.page.cell_marks import cell_letters, cell_mark
from web.page.markdown import markdown
from web.page.menu import PARENTS_HOME, STAFF_HOME, Link, entries_of, links, menu_groups
from web.page.only_looking import without_forms
from web.page.theme import theme

SCHEMES = {"clair": "light", "sombre": "dark"}  # by the cookie « affichage »
HOME = Link(PARENTS_HOME, "Accueil", "home")
PLANNING = Link("/planning", "Planning", "plan")
RECAP = Link("/planning/recapitulatif", "Récapitulatif", "bill", brief="Récap")
INVOICES = Link("/factures", "Factures", "bill")
MESSAGES = Link("/messages", "Messages", "mail", in_bar=False)
ENROLMENTS = Link("/inscriptions", "Inscriptions", "list")
NEWS = Link("/actualites", "Actualités", "news", in_bar=False)
MENUS = Link("/menus", "Menus", "meal", in_bar=False)
# By who asks: the frame around a page that is for all, and where home is.
FRAMES = {"guardian": ("frame/base.html", PARENTS_HOME), "member": ("frame/staff.html", STAFF_HOME)}
PUBLIC = ("frame/public.html", "/")


def render(
    request: Request,
    name: str,
    context: Mapping[str, Any] | None = None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    page = fragment(request, name, context)
    if getattr(request.scope.get("user"), "viewer", None):
        page = without_forms(page)
    return HTMLResponse(page, status, headers)


def fragment(request: Request, name: str, context: Mapping[str, Any] | None = None) -> str:
    return environment.get_template(name).render(_known(request) | dict(context or {}))


def part(request: Request, name: str, context: Mapping[str, Any]) -> str:
    """Of a page that stands in the browser: its template knows the person and the moment, and nothing of a frame."""
    scope = request.scope
    own = {"user": scope.get("user"), "now": scope.get("now"), "path": scope["path"]}
    return environment.get_template(name).render({**own, **context})


def _known(request: Request) -> dict[str, Any]:
    scope, state = request.scope, request.app.state
    commune, user = getattr(state, "commune", None), scope.get("user")
    frame, home = next((FRAMES[kind] for kind in FRAMES if hasattr(user, kind)), PUBLIC)
    return {
        "user": user,
        "viewer": getattr(user, "viewer", None),
        "frame": frame,
        "home_address": home,
        "commune": commune,
        "theme_address": f"/theme.css?c={theme(getattr(commune, 'colour', None)).brand.removeprefix('#')}",
        "scheme": SCHEMES.get(request.cookies.get("affichage", ""), ""),
        "reading_help": reading.of(request),
        "accessibility": conformity(request),
        "csrf": Token(scope.get("csrf", "")),
        "now": scope.get("now"),
        "path": scope["path"],
        "nav": menu(request),
        "changing": scope.get("changing", True),
        "roles": french.roles(getattr(getattr(user, "member", None), "roles", ())),
        "errors": (),
    }


class Token:
    """The forms' token: masked once for a page, and not at all where no form is drawn (each tick)."""

    def __init__(self, token: str) -> None:
        self._token = token

    @cached_property
    def masked(self) -> str:
        return masked(self._token)


def session_left(session: Session) -> int:
    """Seconds in which it ends, where nothing is asked meanwhile."""
    return int(session.left(real()))


def conformity(request: Request) -> str:
    """« non conforme »: the mention that every page carries, as the settings say."""
    return f"{getattr(getattr(request.app.state, 'settings', None), 'accessibility', 'non')} conforme"


def menu(request: Request) -> tuple[Link, ...]:
    """What the person may go to, in the order of the bar."""
    state, member = request.app.state, getattr(request.scope.get("user"), "member", None)
    if member is not None:
        return links(entries_of(state.menu, member), request.scope.get("counts", {}))
    memberships = getattr(state, "memberships", False)
    # The cart leads to the recap from wherever there is one.
    own = {"accueil": HOME, "planning": PLANNING, "recapitulatif": replace(RECAP, in_bar=not memberships)}
    own["factures"] = INVOICES
    if getattr(state, "messages", False):
        own["messages"] = replace(MESSAGES, count=getattr(request.scope.get("user"), "unread", 0))
    own["inscriptions"] = replace(ENROLMENTS, in_bar=memberships)
    own |= {"actualites": NEWS, "menus": MENUS}
    return tuple(_called(own, getattr(getattr(state, "commune", None), "menu", None)))


def _called(entries: Mapping[str, Link], said: Mapping[str, str | bool] | None) -> Iterator[Link]:
    """As the commune calls them, without those that it does not offer."""
    for entry, link in entries.items():
        label = parents_menu.words(said, entry, link.label)
        if label is not None:
            yield link if label == link.label else replace(link, label=label, brief="")


@lru_cache(256)
def icon(name: str, kind: str = "i") -> Markup:
    """A drawing of the sprite. Never alone without a word: screen readers skip it."""
    return Markup('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>').format(
        kind, asset("icons.svg"), name
    )


@pass_context
def csrf_field(context: Context) -> Markup:
    return Markup('<input type="hidden" name="csrf" value="{}">').format(context["csrf"].masked)


def here(links: tuple[Link, ...], path: str) -> Link | None:
    """The entry of the menu that is the current place: the longest that fits."""
    fitting = [link for link in links if link.current(path)]
    return max(fitting, key=lambda link: len(link.href), default=None)


class Drawing(Environment):
    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The environment's own, as no template brings others: Jinja's chain of both is walked in Python, each time."""
        return super().make_globals(d) if d else self.globals


def _environment() -> Environment:
    made = Drawing(
        loader=FileSystemLoader(Path(__file__).parents[1] / "components"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    words = {name: getattr(french, name) for name in french.__all__}
    made.filters.update(words, markdown=markdown)
    made.globals.update(
        words,
        asset=asset,
        icon=icon,
        csrf_field=csrf_field,
        here=here,
        menu_groups=menu_groups,
        session_left=session_left,
    )
    made.globals.update(cell_mark=cell_mark, cell_letters=cell_letters)
    return made


environment = _environment()
