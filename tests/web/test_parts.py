"""What an action renews: each part's place is on the page it is sent to, and is swapped as htmx 4 can."""

import re
from collections.abc import Awaitable, Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from models.activities.slot import Slot
from models.bookings.family_request import FamilyRequest
from models.families.child import Child
from tests.portal import Portal
from tests.web.checkout import hear_the_bank, parent
from tests.web.grid import cell, tick
from web.page.assets import ROOT

OpenPortal = Callable[..., Awaitable[Portal]]
PLANNING = "/planning/operations"
HTML, SCRIPTS = sorted((ROOT / "web").rglob("*.html")), sorted((ROOT / "web").rglob("*.js"))

one_engine = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


class Reader(HTMLParser):
    """The ids of a page or of a part, and where its pieces want to go."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.goals: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if known.get("id"):
            self.ids.append(known["id"] or "")
        how = known.get("data-hx-swap-oob")
        if how is not None:
            assert how in ("true", "outerMorph") or "#" in how, (
                f"<{tag} data-hx-swap-oob={how!r}> goes nowhere"
            )
            self.goals.append(how.partition("#")[2] or known.get("id") or f"a <{tag}> without id")


def check(part: str, page: str, at_least: int = 1) -> None:
    goals, ids = Reader(part).goals, Reader(page).ids
    assert len(goals) >= at_least
    assert [goal for goal in goals if goal not in ids] == []
    assert len(goals) == len(set(goals)), "a part is renewed twice"


@pytest.mark.parametrize("view", ["mois", "quinzaine", "semaine"])
@pytest.mark.parametrize("by", ["enfant", "activite"])
@one_engine
async def test_the_answer_to_a_tick_finds_its_places(
    portal: OpenPortal, at: Callable[[str], object], view: str, by: str
) -> None:
    town = await portal("lens", now="2018-08-27T10:00")
    browser = await town.client("famille15")
    juliette = (await cell("Juliette", "ACM du Matin", "2018-09-03")).partition("-")[0]
    care = (await Slot.get(name="ACM du Matin")).activity_id
    place = {"vue": view, "debut": "2018-09-01" if view == "mois" else "2018-09-03", "par": by}
    place["id"] = juliette if by == "enfant" else str(care)
    page = await browser.get_page("/planning", params={**place, "modifier": "1"})
    one = await tick(browser, "Juliette", "ACM du Matin", "2018-09-03", on=True, **place)
    check(one, page, at_least=6)
    days = ("2018-09-04", "2018-09-06", "2018-09-07")
    several = await tick(browser, "Juliette", "ACM du Matin", *days, on=True, **place)
    check(several, page, at_least=8)
    at("2018-08-30T00:00")  # the first week is closed by now
    check(await tick(browser, "Juliette", "ACM du Soir", "2018-09-03", on=True, **place), page)


@one_engine
async def test_the_answer_of_the_recap_and_of_a_payment_find_their_places(
    portal: OpenPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = await portal("lens", now="2018-08-27T10:00")
    hear_the_bank(town, monkeypatch)
    sophie = await parent(town, "famille15")
    await sophie.tick("Juliette", "ACM du Matin", "2018-09-03", "2018-09-04", "2018-09-06")
    page = await sophie.recap()
    line = re.findall(r'action="(/planning/brouillon/\d+/suppression)"', page)[0]
    check((await sophie.browser.post_part(line)).text, page)
    paid = await sophie.pay()
    returned = await sophie.browser.get_page(f"{paid}/retour")
    part = await sophie.browser.get(f"{paid}/etat?essai=1", headers={"hx-request": "true"})
    check(part.text, returned)


@one_engine
async def test_the_answer_to_a_request_finds_its_place(portal: OpenPortal) -> None:
    town = await portal("lezignan", now="2016-09-16T09:00")
    nadia = await parent(town, "nadia.roux")
    child = await Child.filter(homes__family_id=nadia.family).order_by("id").first()
    assert child
    await nadia.tick(child.first_name, "Repas", "2016-10-03", "2016-10-04")
    assert (await nadia.click()).status_code == 303
    mairie = await town.client("mairie")
    page = await mairie.get_page("/mairie/demandes")
    row = await FamilyRequest.all().order_by("id").first()
    assert row
    check((await mairie.post_part(f"/mairie/demandes/{row.id}/acceptation")).text, page, at_least=2)


TURNED = ("planning/cells.html", "admin/roll_call/parts.html", "admin/class_events/days.html")


@pytest.mark.parametrize("path", HTML, ids=lambda path: str(path.relative_to(ROOT / "web")))
def test_no_template_holds_cells_or_morphs(path: Path) -> None:
    """In a `template` htmx 4 does not apply them; morphed, a refused box would stay ticked on the screen: but those of
    the planning and the roll call, which the outbox turns before each swap, and which nothing may replace under a hand;
    and the days of a class event, of which none is refused.
    """
    source = path.read_text(encoding="utf-8")
    for held in re.findall(r"(?s)<template\b.*?</template>", source):
        assert not re.search(r"<t[dhr]\b", held)
    if path.relative_to(ROOT / "web/components").as_posix() not in TURNED:
        assert not re.search(r'data-hx-swap[\w-]*="[^"]*[Mm]orph', source)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_morphs(path: Path) -> None:
    assert "morph" not in path.read_text(encoding="utf-8").lower()
