"""« Double authentification »: set up before anything else, taken off by another administrator."""

import pytest

from models.access.member import Member
from models.access.session import Session
from models.access.staff.recovery_code import RecoveryCode
from models.commune.commune import Commune
from models.settings import Settings
from models.storage import encryption
from models.work.audit_log import Event
from tests.portal import Portal
from tests.web.agents import (
    PASSWORD,
    STEP,
    Clock,
    agent,
    enrolled,
    is_signed_in,
    password_typed,
    set_up,
    tried,
)  # fmt: skip
from tests.web.checkout import words
from web.app import create_app
from web.components.admin.second_step.second_step import address

HOME = "/mairie/tableau-de-bord"
sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@sqlite
async def test_nothing_opens_before_it_is_set_up(staffed: Portal, stopped: Clock) -> None:
    browser, other = await staffed.client(), await staffed.client("odile")
    assert (await password_typed(browser, "odile")).headers["location"] == HOME
    for path in (HOME, "/mairie/utilisateurs", "/mairie/recherche?recherche=durand", "/mairie/familles"):
        assert (await browser.get(path)).headers["location"] == STEP, path
    assert (await browser.post_form("/mairie/utilisateurs/1/blocage")).headers["location"] == STEP
    page = words(await browser.get_page(STEP))
    assert "Votre rôle la demande" in page and "1. Photographiez ce carré" in page
    assert (await browser.get_page("/mairie/compte")).count(STEP) >= 1
    assert (await browser.get(f"{STEP}/codes")).headers["location"] == STEP
    assert (await browser.get(f"{STEP}/retrait")).headers["location"] == STEP
    wrong = await browser.post_form(STEP, {"secret": "not ours", "code": "123456"})
    assert wrong.headers["location"] == STEP
    assert (await Member.get(username="odile")).code_since is None
    telephone, _ = await set_up(browser, stopped)
    assert (await browser.get(HOME)).status_code == 200
    assert (await other.get(HOME)).headers["location"].startswith("/connexion"), "other sessions end"
    odile = await Member.get(username="odile")
    assert telephone.secret not in bytes(odile.code_secret or b""), "sealed"
    assert odile.secret == telephone.secret


@sqlite
async def test_others_may_and_a_commune_may_ask_all(staffed: Portal) -> None:
    cook = await staffed.client("cantine")
    assert (await cook.get(HOME)).status_code == 200
    assert "Votre rôle la demande" not in words(await cook.get_page(STEP))
    await Commune.all().update(second_step=True)
    assert (await cook.get(HOME)).headers["location"] == STEP


@sqlite
async def test_a_demo_asks_nobody_and_says_so(staffed: Portal, settings: Settings, stopped: Clock) -> None:
    await enrolled(staffed, stopped)
    demo = Portal(create_app(settings), settings)
    browser = await demo.client()
    assert (await password_typed(browser, "odile")).headers["location"] == HOME
    assert "n’est demandé à personne" in words(await browser.get_page(STEP))


@sqlite
async def test_a_lost_telephone_is_taken_off_by_another_administrator(
    staffed: Portal, stopped: Clock
) -> None:
    _, codes = await enrolled(staffed, stopped)
    odile = await Member.get(username="odile")
    browser = await staffed.client()
    assert await tried(staffed, codes[0], browser)
    assert "retirée" in words(
        await browser.get_page(
            (await browser.post_form(f"{STEP}/retrait", {"actuel": PASSWORD})).headers["location"]
        )
    )
    assert (await browser.post_form(f"{STEP}/retrait", {"actuel": "faux"})).status_code == 422
    telephone, codes = await set_up(browser, stopped)
    assert (await browser.post_form(f"{STEP}/codes", {"actuel": PASSWORD})).status_code == 200
    stopped.now += 30
    ida = await agent("ida", "administrator")
    other = await staffed.client("ida")
    await set_up(other, stopped)
    own = await other.post_form(f"/mairie/utilisateurs/{ida.id}/double-authentification")
    assert own.status_code == 422
    await other.post_form(f"/mairie/utilisateurs/{odile.id}/double-authentification")
    assert (await browser.get(HOME)).headers["location"].startswith("/connexion"), "every session ends"
    answer = await password_typed(await staffed.client(), "odile")
    assert answer.headers["location"] == HOME and is_signed_in(staffed, answer), "and sets it up anew"
    assert await RecoveryCode.left(odile.id) == 0
    last = await Event.filter(action="second_step.taken_off").order_by("-id").first()
    assert last and (last.actor, last.object) == (ida.actor, odile.actor)
    assert await Session.filter(member_id=odile.id, revoked=False).count() == 1
    assert telephone.secret != b""


@sqlite
async def test_a_new_key_seals_the_secret_anew(staffed: Portal, stopped: Clock) -> None:
    telephone, _ = await enrolled(staffed, stopped)
    old = staffed.settings.secret_keys
    encryption.use((*old, "a-newer-key-of-the-tests"))
    assert (await Member.renew_seals(), await Member.renew_seals()) == (1, 0)
    encryption.use(("a-newer-key-of-the-tests",))
    assert (await Member.get(username="odile")).secret == telephone.secret
    encryption.use(old)


def test_what_the_square_says_to_an_application() -> None:
    said = address(b"12345678901234567890", "anne", "Commune de Léry : centre")
    assert said.startswith("otpauth://totp/Commune%20de%20L%C3%A9ry%20%20%20centre%3Aanne?secret=GEZDGNBV")
    assert "issuer=Commune%20de%20L%C3%A9ry" in said
