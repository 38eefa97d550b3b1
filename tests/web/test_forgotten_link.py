"""« Recevoir un lien de connexion »: a session of one click, of a quarter of an hour, for whoever reads the e-mails."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from models.access import throttle
from models.access.session import HOUR, Session
from models.families.guardian import Guardian
from tests.portal import Client, Portal
from tests.web.checkout import words
from tests.web.first_connections import NORA, link_in_the_last, mails

Open = Callable[..., Awaitable[Portal]]
sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
SOPHIE = "sophie@moreau.example"


@pytest.fixture
async def town(portal: Open) -> Portal:
    return await portal("demo", now="2025-09-22T10:00:00")


@pytest.fixture
async def browser(town: Portal) -> Client:
    return await town.client()


async def link(town: Portal, browser: Client, address: str = SOPHIE) -> str:
    answer = await browser.post_form("/connexion/lien", {"adresse": address})
    assert answer.headers["location"] == "/connexion/lien/envoye"
    return await link_in_the_last(town)


async def test_a_link_signs_in_once(town: Portal, browser: Client) -> None:
    path, other = await link(town, browser), await town.client()
    assert "15\u00a0minutes" in await browser.get_page("/connexion/lien/envoye")
    assert "Sophie Moreau" in await browser.get_page(path), "looked at, not used"
    await other.token()
    answers = await asyncio.gather(browser.post_form(path), other.post_form(path))
    assert sorted(answer.status_code for answer in answers) == [303, 410]
    assert await Session.filter(revoked=False, remembered=False).count() == 1
    entered = browser if answers[0].status_code == 303 else other
    assert (await entered.get("/accueil")).status_code == 200
    assert (await mails(town))[-1].sealed
    await town.verify()


@sqlite
async def test_the_same_answer_for_nobody(town: Portal, browser: Client) -> None:
    await link(town, browser)
    answer = await browser.post_form("/connexion/lien", {"adresse": "personne@exemple.fr"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/connexion/lien/envoye")
    assert [mail.recipient for mail in await mails(town)] == [SOPHIE]
    wrong = await browser.post_form("/connexion/lien", {"adresse": "sophie"})
    assert wrong.status_code == 422 and "adresse e-mail complète" in words(wrong.text)


@sqlite
async def test_who_has_no_account_yet_gets_what_opens_it(town: Portal, browser: Client) -> None:
    nora = await Guardian.get(username=NORA)
    assert (await link(town, browser, nora.email)).startswith("/activation/")


@sqlite
async def test_it_is_over_after_a_quarter_of_an_hour(
    town: Portal, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, moment = await link(town, browser), throttle.real()
    monkeypatch.setattr("models.access.token.real", lambda: moment + HOUR / 4 + 60)
    assert (await browser.get(path)).status_code == (await browser.post_form(path)).status_code == 410
    assert await Session.all().count() == 0


@sqlite
async def test_what_never_was_is_over(browser: Client) -> None:
    assert "Un e-mail vous connecte" in await browser.get_page("/connexion/lien")
    assert (await browser.get(f"/connexion/lien/{'x' * 43}")).status_code == 410
    assert (await browser.post_form(f"/connexion/lien/{'x' * 43}")).status_code == 410
