"""« Inscrivez-vous »: from the letter, or from the address that the mairie knows, to an account; once, in time."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from models import clock
from models.access import first_connection, forgotten, throttle
from models.access.letter import Letter
from models.access.session import DAY, Session
from models.access.token import Purpose, Token
from models.families.guardian import Guardian
from models.storage.database import rows
from models.work.audit_log import Event
from models.work.notice import Notice
from tests.portal import Client, Portal
from tests.web.accounts import NEW
from tests.web.checkout import words
from tests.web.first_connections import (
    ADDRESS,
    FORM,
    NORA,
    letter_of,
    link_in_the_last,
    mails,
    subscribe,
)
from tests.web.signing_in import enter, session_cookies

Open = Callable[..., Awaitable[Portal]]
sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
NOW = "2025-09-22T10:00:00"


@pytest.fixture
async def town(portal: Open) -> Portal:
    return await portal("demo", now=NOW)


@pytest.fixture
async def browser(town: Portal) -> Client:
    return await town.client()


async def test_from_the_letter_to_the_planning(town: Portal, browser: Client) -> None:
    code = await letter_of(NORA, clock.now())
    typed = f" {code[:4].lower()}-{code[4:8]} {code[8:]} "
    answer = await subscribe(
        browser, dossier="vf - 1007", code=typed, identifiant="Nora.B", adresse="nora@ailleurs.example"
    )
    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, f"{FORM}/envoye")
    page = words(await browser.get_page(answer.headers["location"]))
    assert "Un message d’activation a été envoyé à n…a@ailleurs.example" in page
    path = await link_in_the_last(town)
    mail = (await mails(town))[-1]
    assert (mail.recipient, mail.subject) == (
        "nora@ailleurs.example",
        "Activez votre compte Portail Famille",
    )
    assert "nora.b" in words(await browser.get_page(path)), "looked at, not used"
    assert (await Guardian.get(username=NORA)).password is None
    activated = await browser.post_form(path)
    assert (activated.status_code, activated.headers["location"]) == (303, "/accueil")
    assert "Yanis" in await browser.get_page("/planning")
    nora = await Guardian.get(username="nora.b")
    assert (nora.email, nora.activated_at is not None) == ("nora@ailleurs.example", True)
    told = {mail.recipient: mail.opened[0] for mail in await mails(town)}
    assert "n…a@ailleurs.example" in told[ADDRESS], "the address that the mairie knew is told"
    assert (await enter(await town.client(), "nora.b", NEW)).headers["location"] == "/accueil"
    done = await Event.filter(family_id=nora.family_id).values_list("action", flat=True)
    assert {"account.asked", "account.open", "session.open"} <= set(done)
    await town.verify()


async def test_the_address_that_the_mairie_knows_is_enough(town: Portal, browser: Client) -> None:
    answer = await subscribe(browser, adresse=" Nora@Benali.example ")
    assert "Si ce dossier et cette adresse vont ensemble" in words(
        await browser.get_page(answer.headers["location"])
    )
    assert (await browser.post_form(await link_in_the_last(town))).headers["location"] == "/accueil"
    assert len(await mails(town)) == 1, "nothing changed that somebody must be told"


async def test_a_link_opens_once(town: Portal, browser: Client) -> None:
    await subscribe(browser)
    path, other = await link_in_the_last(town), await town.client()
    await other.token()
    answers = await asyncio.gather(browser.post_form(path), other.post_form(path))
    assert sorted(answer.status_code for answer in answers) == [303, 410]
    late = await (await town.client()).get(path)
    assert late.status_code == 410 and session_cookies(late) == []
    assert await Session.all().count() == 1


@sqlite
async def test_a_link_is_over_after_seven_days(
    town: Portal, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    await subscribe(browser)
    path = await link_in_the_last(town)
    moment = throttle.real()
    monkeypatch.setattr("models.access.token.real", lambda: moment + 7 * DAY - 60)
    assert (await browser.get(path)).status_code == 200
    monkeypatch.setattr("models.access.token.real", lambda: moment + 7 * DAY + 60)
    assert (await browser.get(path)).status_code == 410
    assert (await browser.post_form(path)).status_code == 410
    assert (await Guardian.get(username=NORA)).password is None


@sqlite
async def test_a_link_of_another_kind_opens_nothing(town: Portal, browser: Client) -> None:
    await forgotten.ask("sophie@moreau.example", Purpose.PASSWORD, "127.0.0.0/24")
    path = await link_in_the_last(town)
    secret = path.rpartition("/")[2]
    for wrong in (f"/activation/{secret}", f"/adresse-e-mail/{secret}", f"{path}x"):
        assert (await browser.get(wrong)).status_code in (404, 410), wrong
    assert (await browser.get(path)).status_code == 200


@sqlite
async def test_a_copy_of_the_database_opens_nothing(town: Portal, browser: Client) -> None:
    code = await letter_of(NORA, clock.now())
    await subscribe(browser, code=code)
    secret = (await link_in_the_last(town)).rpartition("/")[2]
    tables = ("access_token", "email", "notice", "task", "event", "access_letter", "letter_run", "guardian")
    kept = "".join([str(await rows(f"SELECT * FROM {table}")) for table in tables])
    assert secret not in kept and code not in kept and NEW not in kept
    assert (await mails(town))[-1].sealed


async def test_two_families_take_one_name_at_once(town: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither is seen by the other's question; the database lets one in, and the other link stays good."""
    await Guardian.filter(username="odette.garnier").update(password=None, activated_at=None)
    paths, browsers = [], [await town.client(), await town.client()]
    for said in ({}, {"dossier": "VF-1008", "adresse": "odette@garnier.example"}):
        await subscribe(browsers[0], identifiant="le.meme", **said)
        paths.append(await link_in_the_last(town))

    async def unseen(name: str, guardian: int) -> bool:
        return await asyncio.sleep(0, False)

    monkeypatch.setattr(first_connection, "_taken", unseen)
    for browser in browsers:
        await browser.token()
    pairs = zip(browsers, paths, strict=True)
    answers = await asyncio.gather(*(browser.post_form(path) for browser, path in pairs))
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    assert await Token.filter(used_at=None).count() == 1


@sqlite
async def test_a_new_letter_and_an_opened_account_end_the_code(town: Portal, browser: Client) -> None:
    old, code = await letter_of(NORA, clock.now()), await letter_of(NORA, clock.now())
    assert (await subscribe(browser, code=old)).status_code == 422
    await subscribe(browser, code=code, adresse="mauvaise@ailleurs.example")
    wrong = await link_in_the_last(town)
    await subscribe(browser, code=code)
    assert (await browser.get(wrong)).status_code == 410, "the address was mistyped"
    await browser.post_form(await link_in_the_last(town))
    assert await Letter.filter(used_at=None, revoked_at=None).count() == 0
    again = await subscribe(await town.client(), code=code)
    assert again.status_code == 422 and "connectez-vous" in words(again.text)


@sqlite
async def test_each_guardian_has_their_own(town: Portal) -> None:
    """Two of one family who share an address: one link each, in their order."""
    nora = await Guardian.get(username=NORA)
    await Guardian.create(
        family_id=nora.family_id,
        first_name="Sami",
        last_name="Benali",
        email=ADDRESS,
        username="sami.benali",
        position=1,
    )
    for username in (NORA, "sami.benali"):
        await subscribe(await town.client(), identifiant=username)
        await (await town.client()).post_form(await link_in_the_last(town))
    opened = await Guardian.filter(family_id=nora.family_id, password__isnull=False).order_by("position")
    assert [guardian.username for guardian in opened] == [NORA, "sami.benali"]


@sqlite
async def test_a_blocked_guardian_opens_nothing(town: Portal, browser: Client) -> None:
    code = await letter_of(NORA, clock.now())
    await subscribe(browser)
    path = await link_in_the_last(town)
    await Guardian.filter(username=NORA).update(blocked_at=clock.now() - timedelta(days=1))
    assert (await browser.post_form(path)).status_code == 410
    assert (await subscribe(browser, code=code)).status_code == 422
    assert await Notice.all().count() == 1


@sqlite
async def test_the_session_that_a_browser_came_with_is_closed(town: Portal) -> None:
    sophie = await town.client("sophie.moreau")
    await subscribe(await town.client())
    before = sophie.cookies["pf"]
    await sophie.post_form(await link_in_the_last(town))
    assert "Yanis" in await sophie.get_page("/planning")
    sophie.carry("pf", before)
    assert (await sophie.get("/planning")).status_code == 303


@sqlite
async def test_what_never_was_is_over(browser: Client) -> None:
    assert (await browser.get(f"/activation/{'x' * 43}")).status_code == 410
    assert (await browser.post_form(f"/activation/{'x' * 43}")).status_code == 410
