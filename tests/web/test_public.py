"""The first page, signing in, signing out."""

from dataclasses import replace
from typing import Any

import pytest
from starlette.applications import Starlette

from models.access import passwords
from models.access.session import Session
from models.families.guardian import Guardian
from models.settings import Settings
from models.work.audit_log import Event
from tests.engines import ON_SQLITE
from tests.portal import Client, Portal
from tests.town import PASSWORD, People, settle
from tests.web.signing_in import enter, session_cookies
from web.app import create_app


@pytest.fixture
async def people(db: str) -> People:
    return await settle()


@pytest.fixture
async def browser(people: People, settings: Settings) -> Client:
    return await Portal(create_app(settings), settings).client()


@ON_SQLITE
async def test_the_first_page_names_the_commune_and_offers_to_sign_in(browser: Client) -> None:
    page = await browser.get_page("/")
    assert "Lens" in page and "03 21 69 86 86" in page
    assert "Connectez-vous" in page and "Se connecter" in page


async def test_a_parent_signs_in_and_comes_home(browser: Client) -> None:
    answer = await enter(browser, "durand15")
    assert (answer.status_code, answer.headers["location"]) == (303, "/accueil")
    [cookie] = session_cookies(answer)
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie
    assert "Max-Age" not in cookie and "Secure" not in cookie  # a demo on this machine, for this browser
    assert (await browser.get("/")).headers["location"] == "/accueil"
    assert (await browser.get("/connexion")).headers["location"] == "/accueil"


@pytest.mark.parametrize("name", ["lea@durand.example", " Durand15 ", "Lea@Durand.example"])
async def test_a_name_may_be_an_address_or_have_capitals(people, settings, name: str) -> None:
    if "@" in name:
        await Guardian.filter(id=people.durand.id).update(email="lea@durand.example")
    browser = await Portal(create_app(settings), settings).client()
    assert (await enter(browser, name)).status_code == 303


async def test_an_address_that_two_parents_share_opens_nothing(people, browser: Client) -> None:
    await Guardian.all().update(email="nous@exemple.example")
    assert (await enter(browser, "nous@exemple.example")).status_code == 422


@ON_SQLITE
async def test_the_mairie_signs_in_by_the_same_form(browser: Client) -> None:
    answer = await enter(browser, "cantine", memoire="1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/mairie/tableau-de-bord")
    [cookie] = session_cookies(answer)
    assert "Max-Age" not in cookie  # an office computer remembers nobody
    assert not (await Session.get()).remembered


@ON_SQLITE
async def test_to_be_remembered_makes_the_cookie_last(browser: Client) -> None:
    [cookie] = session_cookies(await enter(browser, "durand15", memoire="1"))
    assert "Max-Age=7776000" in cookie
    assert (await Session.get()).remembered


@ON_SQLITE
async def test_signing_in_is_written_in_the_journal(people, browser: Client) -> None:
    await enter(browser, "durand15")
    event = await Event.get(action="session.open")
    assert (event.actor, event.family_id) == (f"guardian:{people.durand.id}", people.durand.family_id)


@pytest.mark.parametrize(
    ("then", "goal"),
    [
        ("/planning?vue=semaine&debut=2018-09-03", "/planning?vue=semaine&debut=2018-09-03"),
        ("//ailleurs.example", "/accueil"),
        ("/\\ailleurs.example", "/accueil"),
        ("https://ailleurs.example/", "/accueil"),
        ("/mairie/demandes", "/accueil"),
        ("/\t/ailleurs.example", "/accueil"),
        ("", "/accueil"),
    ],
)
async def test_signing_in_leads_back_but_never_elsewhere(browser: Client, then: str, goal: str) -> None:
    assert (await enter(browser, "durand15", suite=then)).headers["location"] == goal


@ON_SQLITE
async def test_signing_in_changes_the_session_and_ends_the_old_one(browser: Client) -> None:
    await enter(browser, "durand15")
    before = browser.cookies["pf"]
    await enter(browser, "petit17")
    assert browser.cookies["pf"] != before
    assert await Session.filter(revoked=False).count() == 1
    browser.carry("pf", before)
    assert (await browser.get("/connexion")).status_code == 200


@ON_SQLITE
async def test_a_planted_session_is_not_adopted(people, settings) -> None:
    portal = Portal(create_app(settings), settings)
    attacker, victim = await portal.client(), await portal.client()
    await enter(attacker, "petit17")
    victim.carry("pf", attacker.cookies["pf"])
    await enter(victim, "durand15")
    assert victim.cookies["pf"] != attacker.cookies["pf"]
    assert (await attacker.get("/connexion")).status_code == 200, "the planted one is closed"


async def test_signing_out_ends_the_session_everywhere_it_was_copied(browser: Client) -> None:
    await enter(browser, "durand15")
    copy = browser.cookies["pf"]
    answer = await browser.post_form("/deconnexion")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert "pf" not in browser.cookies
    browser.carry("pf", copy)
    assert (await browser.get("/connexion")).status_code == 200


@ON_SQLITE
async def test_signing_out_is_no_link(browser: Client) -> None:
    await enter(browser, "durand15")
    assert (await browser.get("/deconnexion")).status_code == 405
    assert await Session.filter(revoked=False).count() == 1


async def test_demo_accounts_are_only_shown_in_a_demo(people, settings) -> None:
    shown = await (await Portal(create_app(settings), settings).client()).get_page("/connexion")
    assert "durand15" in shown and passwords.DEMO_PASSWORD in shown
    real = replace(settings, demo=False)
    hidden = await (await Portal(create_app(real), real).client()).get_page("/connexion")
    assert "durand15" not in hidden and passwords.DEMO_PASSWORD not in hidden


async def test_a_weak_hash_is_made_anew(people, browser: Client) -> None:
    from argon2 import PasswordHasher

    weak = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    await Guardian.filter(id=people.durand.id).update(password=weak)
    assert (await enter(browser, "durand15")).status_code == 303
    hashed = (await Guardian.get(id=people.durand.id)).password
    assert hashed and hashed != weak and not passwords.outdated(hashed)


async def test_a_password_changed_meanwhile_opens_nothing_and_stands(
    people, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The change comes between the check of the old one and the session: whatever the old hash was."""
    from argon2 import PasswordHasher

    for weak in (True, False):
        hasher = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1) if weak else PasswordHasher()
        await Guardian.filter(id=people.durand.id).update(password=hasher.hash(PASSWORD))
        real = passwords.verify

        async def verify(hashed: str | None, given: str, real: Any = real) -> bool:
            good = await real(hashed, given)
            await Guardian.filter(id=people.durand.id).update(password="changed")
            return bool(good)

        monkeypatch.setattr(passwords, "verify", verify)
        assert (await enter(browser, "durand15")).status_code == 422
        monkeypatch.setattr(passwords, "verify", real)
        assert (await Guardian.get(id=people.durand.id)).password == "changed"
        assert await Session.all().count() == 0


async def test_health_answers(browser: Client) -> None:
    assert (await browser.get("/sante")).status_code == 200


def test_the_application_lists_its_routes(settings: Settings) -> None:
    app: Starlette = create_app(settings)
    assert {"/", "/connexion", "/deconnexion", "/sante"} <= {getattr(r, "path", "") for r in app.routes}
