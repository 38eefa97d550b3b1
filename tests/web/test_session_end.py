"""The warning before a session ends: looking is no visit, staying is one, and the forms of the page go on."""

import re

import pytest

from models.access import session
from models.access.session import HOUR, IDLE, LONGEST, Session
from models.settings import Settings
from tests.portal import Portal
from tests.town import People, settle
from tests.web.checkout import words
from web.app import create_app
from web.http import signing

PLACE = "/session/fin"


@pytest.fixture
async def people(sqlite_db: str) -> People:
    return await settle()


@pytest.fixture
def town(people: People, settings: Settings) -> Portal:
    return Portal(create_app(settings), settings)


def said(fragment: str, name: str) -> str:
    found = re.search(rf'data-{name}="([^"]*)"', fragment)
    assert found, name
    return found[1]


async def test_a_session_that_nobody_uses_ends_and_who_looks_does_not_use_it(
    town: Portal, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    lea, begun = await town.client("durand15"), session.real()
    page = await lea.get_page("/compte")
    assert IDLE - 60 < int(said(page, "left")) <= IDLE and said(page, "whose") == people.durand.actor
    look = (await lea.get(PLACE)).text
    assert said(look, "session") == "alive" and signing.unmasked(said(look, "csrf")) == await lea.token()
    later(monkeypatch, begun + IDLE - 100)
    before = (await Session.get(guardian_id=people.durand.id)).seen
    look = (await lea.get(PLACE)).text
    assert said(look, "session") == "ending" and 0 < int(said(look, "left")) <= 120
    assert "Rester connecté(e)" in look
    assert (await Session.get(guardian_id=people.durand.id)).seen == before, "it was only looked at"
    stayed = (await lea.post_form(PLACE)).text
    assert said(stayed, "session") == "alive" and IDLE - 60 < int(said(stayed, "left")) <= IDLE
    later(monkeypatch, begun + 2 * IDLE)
    over = (
        await lea.get(PLACE, headers={"hx-request": "1", "hx-current-url": "http://h/messages/nouveau"})
    ).text
    assert said(over, "session") == "ended" and "Vous avez été déconnecté(e)." in over
    assert 'href="/connexion?suite=/messages/nouveau"' in over


async def test_at_its_longest_a_session_ends_whoever_uses_it(
    town: Portal, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, longest in (("durand15", LONGEST), ("cantine", session.STAFF_LONGEST)):
        browser, begun = await town.client(name), session.real()
        await Session.all().update(seen=begun + longest - 200)
        later(monkeypatch, begun + longest - 90)
        look = words((await browser.post_form(PLACE)).text)
        assert "Enregistrez ce que vous avez saisi" in look and "Rester" not in look, name
        monkeypatch.undo()


async def test_a_remembered_device_is_not_warned_for_days(town: Portal, people: People) -> None:
    lea = await town.client("durand15")
    await Session.filter(guardian_id=people.durand.id).update(remembered=True)
    assert int(said(await lea.get_page("/compte"), "left")) > 24 * HOUR


async def test_a_visitor_is_told_nothing_of_anybody(town: Portal) -> None:
    visitor = await town.client()
    look = (await visitor.get(PLACE)).text
    assert (said(look, "session"), said(look, "whose")) == ("ended", "")
    assert "session-" not in await visitor.get_page("/connexion")


def later(monkeypatch: pytest.MonkeyPatch, moment: float) -> None:
    """The portal's own seconds, wherever they are asked for."""
    for name in ("models.access.session", "models.access.current_session", "web.page.templates",
                 "web.components.session_end.session_end"):  # fmt: skip
        monkeypatch.setattr(f"{name}.real", lambda: moment)
