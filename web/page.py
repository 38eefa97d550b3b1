"""Draws a page or a fragment: one Jinja environment, French filters, what every page knows of its request."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from web import words
from web.assets import asset
from web.colour import theme
from web.seals import masked


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of a menu."""

    href: str
    label: str
    icon: str
    count: int = 0
    brief: str = ""  # for the bar under the thumb

    def current(self, path: str) -> bool:
        return path == self.href or path.startswith(f"{self.href}/")


SCHEMES = {"clair": "light", "sombre": "dark"}  # by the cookie « affichage »
HOME = Link("/accueil", "Accueil", "home")
PLANNING = Link("/planning", "Planning", "plan")
RECAP = Link("/planning/recapitulatif", "Récapitulatif", "bill", brief="Récap")
MEMBERSHIPS = Link("/inscriptions/paiement-immediat", "Inscriptions", "list")
REQUESTS = Link("/mairie/demandes", "Demandes", "mail")
ABSENT = Link("/mairie/absences", "Absences", "sick")
WAITING = Link("/mairie/liste-attente", "Liste d’attente", "clock")
ODD = Link("/mairie/a-voir", "À voir", "alert")
TASKS = Link("/mairie/travaux", "Travaux", "gear")


def render(
    request: Request,
    name: str,
    context: Mapping[str, Any] | None = None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    return HTMLResponse(fragment(request, name, context), status, headers)


def fragment(request: Request, name: str, context: Mapping[str, Any] | None = None) -> str:
    return environment.get_template(name).render(_known(request) | dict(context or {}))


def _known(request: Request) -> dict[str, Any]:
    scope, state = request.scope, request.app.state
    commune = getattr(state, "commune", None)
    return {
        "user": scope.get("user"),
        "commune": commune,
        "theme_address": f"/theme.css?c={theme(getattr(commune, 'colour', None)).brand.removeprefix('#')}",
        "scheme": SCHEMES.get(request.cookies.get("affichage", ""), ""),
        "accessibility": conformity(request),
        "csrf": Token(scope.get("csrf", "")),
        "now": scope.get("now"),
        "path": scope["path"],
        "nav": menu(scope["path"], memberships=getattr(state, "memberships", False)),
        "errors": (),
    }


class Token:
    """The forms' token: masked once for a page, and not at all where no form is drawn (each tick)."""

    def __init__(self, token: str) -> None:
        self._token = token

    @cached_property
    def masked(self) -> str:
        return masked(self._token)


def conformity(request: Request) -> str:
    """« non conforme »: the mention that every page carries, as the settings say."""
    return f"{getattr(getattr(request.app.state, 'settings', None), 'accessibility', 'non')} conforme"


def menu(path: str, *, memberships: bool) -> tuple[Link, ...]:
    """What the person may go to, in the order of the bar."""
    if path.startswith("/mairie"):
        return REQUESTS, WAITING, ABSENT, ODD, TASKS
    return (HOME, PLANNING, RECAP, MEMBERSHIPS) if memberships else (HOME, PLANNING, RECAP)


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


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "components"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    french = {name: getattr(words, name) for name in words.__all__}
    made.filters.update(french)
    made.globals.update(french, asset=asset, icon=icon, csrf_field=csrf_field, here=here)
    return made


environment = _environment()
