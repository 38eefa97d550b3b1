"""Passkeys: added with the password, they open a session; what does not fit opens nothing, and says nothing."""

import html
import re
from dataclasses import replace

import httpx
import pytest

from models.access.passkeys import challenge
from models.access.passkeys.challenge import LIFE
from models.access.passkeys.passkey import Passkey
from models.access.session import Session
from models.families.guardian import Guardian
from models.settings import Settings
from models.work.audit_log import Event
from models.work.notice import Notice
from tests.portal import Client, Portal, hidden
from tests.town import PASSWORD, People, settle
from tests.web.authenticator import Authenticator
from tests.web.checkout import words
from web.app import create_app

ADDRESS = "https://famille.lens.example"
PLACE = "/compte/cles"
STAFF_PLACE = "/mairie/compte/cles"
OPENS = "Cette clé d’accès n’ouvre aucun compte ici."


@pytest.fixture
async def people(db: str) -> People:
    return await settle()


@pytest.fixture
def town(people: People, settings: Settings) -> Portal:
    known = replace(settings, base_url=ADDRESS)
    return Portal(create_app(known), known)


@pytest.fixture
def phone() -> Authenticator:
    return Authenticator(ADDRESS)


def asked_of(page: str) -> str:
    found = re.search(r'data-options="([^"]*)"', page)
    assert found, "no device is asked"
    return html.unescape(found[1])


async def begin(browser: Client, place: str = PLACE, password: str = PASSWORD) -> str:
    answer = await browser.post_form(place, {"nom": "Téléphone de Léa", "actuel": password})
    return answer.text


async def add(browser: Client, phone: Authenticator, place: str = PLACE) -> httpx.Response:
    page = await begin(browser, place)
    form = {"defi": hidden(page, "defi"), "reponse": phone.create(asked_of(page))}
    return await browser.post_form(f"{place}/creation", form)


async def enter(visitor: Client, phone: Authenticator, **other: str) -> httpx.Response:
    page = await visitor.get_page("/connexion")
    form = {"defi": hidden(page, "defi"), "reponse": phone.get(asked_of(page), **other)}
    return await visitor.post_form("/connexion/cle", form)


async def test_a_key_is_added_opens_a_session_and_is_taken_away(
    town: Portal, people: People, phone: Authenticator
) -> None:
    lea, visitor = await town.client("durand15"), await town.client()
    assert (await add(lea, phone)).headers["location"] == f"{PLACE}?fait=ajoutee"
    key, notice = await Passkey.get(), await Notice.get()
    assert (key.guardian_id, key.name, key.used_at) == (people.durand.id, "Téléphone de Léa", None)
    assert (notice.kind, notice.guardian_id) == ("passkey_added", people.durand.id)
    said = words(await lea.get_page(PLACE))
    assert "Téléphone de Léa" in said and "pas encore utilisée" in said
    answer = await enter(visitor, phone)
    assert (answer.status_code, answer.headers["location"]) == (303, "/accueil")
    assert "Léa Durand" in await visitor.get_page("/accueil")
    assert "utilisée le" in words(await lea.get_page(PLACE))
    assert (await lea.post_form(f"{PLACE}/{key.id}/suppression")).status_code == 303
    assert (await lea.post_form(f"{PLACE}/{key.id}/suppression")).status_code == 303, "clicked twice"
    refused = await enter(await town.client(), phone)
    assert refused.status_code == 422 and OPENS in words(refused.text)
    actions = [event.action for event in await Event.all().order_by("id")]
    assert actions == ["passkey.added", "session.open", "passkey.removed", "session.refused"]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_an_agent_needs_no_other_code(town: Portal, people: People, phone: Authenticator) -> None:
    cook, visitor = await town.client("cantine"), await town.client()
    await add(cook, phone, STAFF_PLACE)
    assert (await enter(visitor, phone)).headers["location"] == "/mairie/tableau-de-bord"
    key = await Passkey.get()
    assert key.member_id == people.cook.id and not await Notice.exists()
    assert (
        await (await town.client("mairie")).post_form(f"{STAFF_PLACE}/{key.id}/suppression")
    ).status_code == 404
    lea = await town.client("durand15")
    assert (await lea.post_form(f"{PLACE}/{key.id}/suppression")).status_code == 404


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_key_is_not_added_without_its_owner(
    town: Portal, people: People, phone: Authenticator
) -> None:
    lea, paul = await town.client("durand15"), await town.client("petit17")
    assert "Le mot de passe n’est pas le bon." in await begin(lea, password="un autre mot de passe")
    page = await begin(lea)
    made = {"defi": hidden(page, "defi"), "reponse": phone.create(asked_of(page))}
    assert (await paul.post_form(f"{PLACE}/creation", made)).status_code == 422, "asked of somebody else"
    for bent in (
        Authenticator("https://famille-lens.example"),
        Authenticator(ADDRESS, verifies=False),
    ):
        told = {"defi": made["defi"], "reponse": bent.create(asked_of(page))}
        assert (await lea.post_form(f"{PLACE}/creation", told)).status_code == 422
    for nonsense in ("", "[]", "{}", "null", "\u00e9", made["reponse"][:-9], '{"id": 1, "response": 2}'):
        told = {"defi": made["defi"], "reponse": nonsense}
        assert (await lea.post_form(f"{PLACE}/creation", told)).status_code == 422, nonsense
    assert (await lea.post_form(f"{PLACE}/creation", made | {"defi": "rien"})).status_code == 422
    assert not await Passkey.exists()
    assert (await lea.post_form(f"{PLACE}/creation", made)).status_code == 303
    assert (await lea.post_form(f"{PLACE}/creation", made)).status_code == 422, "its challenge served"
    assert await Passkey.all().count() == 1


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_what_does_not_fit_opens_nothing(
    town: Portal, people: People, phone: Authenticator, monkeypatch: pytest.MonkeyPatch
) -> None:
    lea, visitor = await town.client("durand15"), await town.client()
    await add(lea, phone)
    before = await Session.all().count()
    bent: list[dict[str, object]] = [{"origin": "https://famille-lens.example"}, {"verifies": False}]
    for other in bent:
        for name, value in other.items():
            monkeypatch.setattr(phone, name, value)
        assert (await enter(visitor, phone)).status_code == 422, other
        monkeypatch.undo()
    assert (await enter(visitor, phone, userHandle="somebody")).status_code == 422
    assert (await enter(visitor, phone, signature="AAAA")).status_code == 422
    assert (await enter(visitor, Authenticator(ADDRESS))).status_code == 422, "a key that nobody has"
    page = await visitor.get_page("/connexion")
    for nonsense in ("", "[]", "null", '{"id": {}, "response": {"userHandle": 1}}', '{"id": "c"}'):
        told = {"defi": hidden(page, "defi"), "reponse": nonsense}
        assert (await visitor.post_form("/connexion/cle", told)).status_code == 422, nonsense
    await Passkey.all().update(signatures=1000)
    assert (await enter(visitor, phone)).status_code == 422, "the counter went back: a copy"
    await Passkey.all().update(signatures=0)
    await Guardian.filter(id=people.durand.id).update(blocked_at=(await Passkey.get()).made_at)
    assert "suspendu" in (await enter(visitor, phone)).text
    assert await Session.all().count() == before


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_challenge_serves_once_and_not_for_ever(
    town: Portal, phone: Authenticator, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add(await town.client("durand15"), phone)
    visitor, other = await town.client(), await town.client()
    page = await visitor.get_page("/connexion")
    form = {"defi": hidden(page, "defi"), "reponse": phone.get(asked_of(page))}
    assert (await visitor.post_form("/connexion/cle", form)).status_code == 303
    await Passkey.all().update(signatures=0)  # as of a device that does not count
    again = await other.post_form("/connexion/cle", form)
    assert again.status_code == 422 and "restée ouverte" in again.text, "overheard"
    page, real = await other.get_page("/connexion"), challenge.real()
    form = {"defi": hidden(page, "defi"), "reponse": phone.get(asked_of(page))}
    monkeypatch.setattr(challenge, "real", lambda: real + LIFE + 1)
    assert "restée ouverte" in (await other.post_form("/connexion/cle", form)).text, "too old"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_forms_asked_for_by_themselves_lead_back(town: Portal) -> None:
    lea, cook = await town.client("durand15"), await town.client("cantine")
    assert (await lea.get(f"{PLACE}/creation")).headers["location"] == PLACE
    assert (await cook.get(f"{STAFF_PLACE}/creation")).headers["location"] == STAFF_PLACE
    assert (await cook.post_form(f"{STAFF_PLACE}/creation")).status_code == 422
    assert "Clés d’accès" in await cook.get_page(STAFF_PLACE)
    for answer in (await lea.post_form(PLACE), await cook.post_form(STAFF_PLACE)):
        assert answer.status_code == 422 and "Saisissez votre mot de passe." in answer.text
