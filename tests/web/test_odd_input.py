"""What no page of ours sends: each field of each route with each oddity. Whatever the answer, it is no 500."""

import re
from collections.abc import Awaitable, Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from starlette.datastructures import Headers, ImmutableMultiDict, QueryParams

from models import banks
from models.bookings.cart import CartLine
from models.settings import Settings
from tests.house.files import COMPONENTS, components
from tests.portal import Client, Portal
from tests.town import People, settle
from tests.web.grid import cell
from tests.web.stranger import Mairie, Open, Own, Theirs, all_routes
from tests.web.test_strangers import STRANGERS
from web.app import create_app
from web.components.planning import live
from web.http.forms import whole
from web.http.middleware import KEYED

OpenPortal = Callable[..., Awaitable[Portal]]
ODD = ("7" * 5000, "²", "http://[", str(2**31), "-1", "0001-01-01")
READ = re.compile(r"""(?:\.get|\.getlist|_typed\(\w+,|plain_key\(\w+,)\(?\s*"(\w+)\"""")
DRAWN = re.compile(r'name="(\w+)"')
SPOKEN = {"hx-current-url": "http://[", "referer": "http://["}


class Asked:
    """Of what browsers sent: the fields and headers that the portal asked for. All, once it goes through them."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._names: set[str] = set()
        self._all = False
        for sent, verb in product((Headers, ImmutableMultiDict), ("__getitem__", "__contains__", "getlist")):
            patch.setattr(sent, verb, self._named(getattr(sent, verb)))
        for verb in ("__iter__", "__str__", "__len__", "keys", "values", "items", "multi_items"):
            patch.setattr(ImmutableMultiDict, verb, self._whole(getattr(ImmutableMultiDict, verb)))
        patch.setattr(QueryParams, "__str__", self._whole(QueryParams.__str__))

    def among(self, names: set[str]) -> set[str]:
        return {*names} if self._all else names & self._names

    def forget(self) -> None:
        self._names.clear()

    def _named(self, verb: Callable[..., Any]) -> Callable[..., Any]:
        def ask(fields: Any, name: str) -> Any:
            self._names.add(name)
            return verb(fields, name)

        return ask

    def _whole(self, verb: Callable[..., Any]) -> Callable[..., Any]:
        def ask(fields: Any) -> Any:
            self._all = True
            return verb(fields)

        return ask


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    return Asked(monkeypatch)


@pytest.fixture(autouse=True)
def streams_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """At once: « direct » would be followed for its whole life."""
    monkeypatch.setattr(live, "LIFE", 0)


on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("12", 12), ("007", 7), (str(2**31 - 1), 2**31 - 1), (str(2**31), None), ("7" * 5000, None),
     ("²", None), ("٣", None), ("-1", None), ("+1", None), (" 1", None), ("1_0", None), ("", None), (None, None)],
)  # fmt: skip
def test_a_number_is_plain_digits_that_a_column_holds(text: str | None, number: int | None) -> None:
    assert whole(text) == number


def fields_of(folder: Path) -> list[str]:
    """What the component's modules read and its templates send."""
    found = {name for path in folder.glob("*.py") for name in READ.findall(path.read_text("utf-8"))}
    drawn = {name for path in folder.glob("*.html") for name in DRAWN.findall(path.read_text("utf-8"))}
    return sorted((found | drawn) - {"csrf", "viewport"})


def folder_of(line: str) -> Path | None:
    import importlib

    for folder in components():
        name = ".".join(("web.components", *folder.relative_to(COMPONENTS).parts, folder.name))
        for route in importlib.import_module(name).routes:
            if line.split(" ")[1] == route.path:
                return folder
    return None


def odd_forms(line: str) -> Iterator[list[tuple[str, str]]]:
    """One field at a time: what refuses the first would hide the others."""
    folder = folder_of(line)
    for name in fields_of(folder) if folder else ():
        for odd in ODD:
            yield [(name, odd)]


async def ask(browser: Client, line: str, path: str, sent: list[tuple[str, str]], **headers: str) -> int:
    method = line.split(" ")[0]
    if method == "GET":
        joined = "&" if urlsplit(path).query else "?"
        return (await browser.get(f"{path}{joined}{urlencode(sent)}", headers=headers)).status_code
    return (await browser.post_form(path, sent, headers=headers)).status_code


async def address(line: str, people: People) -> tuple[str, list[tuple[str, str]]]:
    """Something that exists, and belongs to who asks; and the form that goes with it."""
    kind, path = STRANGERS[line], line.split(" ")[1]
    match kind:
        case Theirs():  # without its ticks: no day can be booked in this town
            return await kind.address(people), []
        case Own(form=form) if form:
            return path, [*form(people).items()]
        case Mairie(path=named):
            return named or path, []
    return re.sub(r"{[^}]*}", "demo", path), []


@on_sqlite
@pytest.mark.parametrize("line", all_routes())
async def test_an_odd_field_or_page_before_is_no_trouble_of_ours(
    line: str, db: str, settings: Settings, asked: Asked
) -> None:
    """One field at a time: what refuses the first would hide the others. A field that no answer asked for needs no try:
    the answer is what it was without it.
    """
    banks.configure(settings)
    people = await settle()
    town = Portal(create_app(settings), settings)
    path, form = await address(line, people)
    who = {Open: None, Mairie: "mairie"}.get(type(STRANGERS[line]), people.durand.username)
    browser = await town.client(who)
    troubled = []

    async def send(name: str, *odds: str) -> None:
        kept = [pair for pair in form if pair[0] != name]
        if await ask(browser, line, path, [*kept, *((name, odd) for odd in odds)]) >= 500:
            troubled.append((name, [odd[:20] for odd in odds]))

    await send("inconnu", *ODD)  # for who reads the fields without their names
    untried = {*fields_of(folder)} if (folder := folder_of(line)) else set()
    while (
        tried := untried if path.startswith(KEYED) else asked.among(untried)
    ):  # the banks' read the whole text
        untried = untried - tried
        for name, odd in product(sorted(tried), ODD):
            await send(name, odd)
    signed_in = {name: await town.client(name) for name in (None, people.durand.username, "mairie")}
    for visitor, part in product(signed_in, ({}, {"hx-request": "true"})):
        asked.forget()
        for name in ("referer", "hx-current-url"):
            if await ask(signed_in[visitor], line, path, form, **{name: "http://["}, **part) >= 500:
                troubled.append((f"{name} of {visitor}", [*part]))
            if not asked.among({*SPOKEN}):
                break
    assert troubled == []


PLANNED = (
    "GET /planning",
    "POST /planning",
    "POST /planning/operations",
    "POST /planning/comme",
    "GET /planning/semaines",
    "GET /planning/case",
    "GET /planning/semaine-type",
    "POST /planning/semaine-type",
    "POST /planning/brouillon/{ligne:int}/suppression",
    "GET /absences/nouvelle",
    "GET /inscriptions/paiement-immediat/recapitulatif",
)


@on_sqlite
@pytest.mark.parametrize("line", PLANNED)
async def test_an_odd_field_is_no_trouble_where_days_can_be_booked(portal: OpenPortal, line: str) -> None:
    browser = await (await portal("demo", now="2025-09-22T10:00:00")).client("camille.durand")
    op = f"{await cell('Lina', 'Atelier', '2025-10-07')}:1"
    troubled = []
    for [(name, odd)] in odd_forms(line):
        path = line.split(" ")[1]
        if "brouillon" in path:  # each suppression takes its line with it
            await browser.post_part("/planning/operations", {"op": op})
            path = f"/planning/brouillon/{(await CartLine.all().first()).id}/suppression"  # type: ignore[union-attr]
        form = (
            [(name, odd)] if name == "op" or not path.startswith("/planning") else [("op", op), (name, odd)]
        )
        if await ask(browser, line, path, form, **SPOKEN, **{"hx-request": "true"}) >= 500:
            troubled.append((name, odd[:20]))
    assert troubled == []


@pytest.mark.parametrize(
    "engine", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
async def test_a_number_that_no_column_holds_names_nothing(db: str, settings: Settings) -> None:
    await settle()
    town = Portal(create_app(settings), settings)
    for line in [line for line in all_routes() if ":int}" in line]:
        browser = await town.client("mairie" if "/mairie/" in line else "durand15")
        for number in (2**31, 2**63, 10**40):
            path = re.sub(r"{\w+:int}", str(number), line.split(" ")[1])
            assert await ask(browser, line, path, []) == 404, (line, number)
