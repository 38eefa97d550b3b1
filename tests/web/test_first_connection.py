"""« Inscrivez-vous »: from the letter, or from the address that the mairie knows, to an account; once, in time."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from models import clock
from models.access import first_connection, forgotten, throttle
from models.access.first_connection import REFUSED
from models.access.letter import Letter
from models.access.member import Member
from models.access.session import DAY, Session
from models.access.token import Token
from models.families.guardian import Guardian
from models.rules.accounts.addresses import hidden
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
    NUMBER,
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


@sqlite
async def test_nobody_learns_who_exists(town: Portal) -> None:
    """The same bytes for a file that is there, one that is not, another's address, one that has an account."""
    masks = re.compile(r'name="csrf" value="[^"]*"|data-now="\d+"')
    answers = set()
    for number, address in (
        (NUMBER, "nora@benali.exemple"),
        ("VF-9999", "nora@benali.exemple"),
        ("VF-1002", "sophie@moreau.example"),
    ):
        answer = await subscribe(await town.client(), dossier=number, adresse=address, identifiant="abcd")
        page = await (await town.client()).get_page(answer.headers["location"])
        answers.add((answer.status_code, masks.sub("", page).replace(hidden(address), "")))
    assert len(answers) == 1
    assert await mails(town) == []
    code, pages = await letter_of(NORA, clock.now()), set()
    for number, typed in ((NUMBER, "AAAA-BBBB-CCCC"), ("VF-9999", code), ("VF-1002", code)):
        answer = await subscribe(await town.client(), dossier=number, code=typed)
        text = masks.sub("", answer.text).replace(number, "").replace(typed, "")
        pages.add((answer.status_code, text))
    assert len(pages) == 1 and next(iter(pages))[0] == 422
    assert "ne vont pas ensemble" in words(next(iter(pages))[1])
    assert await mails(town) == [] and await Event.filter(action=REFUSED).count() == 6


@sqlite
async def test_a_known_address_is_answered_as_an_unknown_one(town: Portal) -> None:
    known = await subscribe(await town.client(), identifiant="abcd")
    unknown = await subscribe(await town.client(), dossier="VF-9999", identifiant="abcd")
    same = [(answer.status_code, answer.headers["location"], answer.text) for answer in (known, unknown)]
    assert same[0] == same[1]
    assert [mail.recipient for mail in await mails(town)] == [ADDRESS]


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
    await forgotten.ask("sophie@moreau.example", "127.0.0.0/24")
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
    tables = ("access_token", "email", "notice", "task", "event", "letter", "letter_run", "guardian")
    kept = "".join([str(await rows(f"SELECT * FROM {table}")) for table in tables])
    assert secret not in kept and code not in kept and NEW not in kept
    assert (await mails(town))[-1].sealed


async def test_a_name_that_is_taken_is_said_kindly_with_others(town: Portal, browser: Client) -> None:
    code = await letter_of(NORA, clock.now())
    for taken in ("sophie.moreau", "MAIRIE"):
        answer = await subscribe(browser, code=code, identifiant=taken)
        page = words(answer.text)
        assert answer.status_code == 422 and "déjà pris" in page and "n.benali" in page
        assert NEW not in answer.text and f'value="{NUMBER}"' in answer.text, "the rest is kept"
    quiet = await subscribe(browser, identifiant="sophie.moreau")
    assert quiet.status_code == 303, "whoever has no letter learns nothing of names"
    path = await link_in_the_last(town)
    refused = await browser.post_form(path)
    assert refused.status_code == 422 and "déjà pris" in words(refused.text)
    assert (await browser.post_form(path, {"identifiant": "n.benali"})).status_code == 303
    assert await Guardian.exists(username="n.benali", password__isnull=False)


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
async def test_five_tries_then_one_waits(town: Portal, browser: Client) -> None:
    code = await letter_of(NORA, clock.now())
    for _ in range(5):
        assert (await subscribe(browser, code="AAAA-BBBB-CCCC")).status_code == 422
    waiting = await subscribe(browser, code=code)
    assert waiting.status_code == 429 and "Trop d’essais" in words(waiting.text)
    assert int(waiting.headers["retry-after"]) >= 1
    other = await subscribe(browser, dossier="VF-9999", code="AAAA-BBBB-CCCC")
    assert other.status_code == 422, "another file has its own tries"


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
@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        ({"dossier": ""}, "dossier", "Saisissez le numéro de dossier"),
        ({"adresse": "nora"}, "adresse", "adresse e-mail complète"),
        ({"adresse": "a@b.fr\u2028Bcc:x@y.fr"}, "adresse", "adresse e-mail complète"),
        ({"identifiant": "no"}, "identifiant", "3 caractères au minimum"),
        ({"identifiant": "n" * 41}, "identifiant", "40 caractères au maximum"),
        ({"identifiant": "nora@benali.example"}, "identifiant", "rien d’autre"),
        ({"mot_de_passe": "court"}, "mot_de_passe", "12 caractères au minimum"),
        ({"mot_de_passe": "nora.benali.nora"}, "mot_de_passe", "trop courant"),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field(
    town: Portal, browser: Client, said: dict[str, str], field: str, sentence: str
) -> None:
    answer = await subscribe(browser, **said)
    assert answer.status_code == 422 and f'id="{field}-erreur"' in answer.text
    assert sentence in words(answer.text)
    assert await mails(town) == []


@sqlite
async def test_the_square_of_a_letter_fills_the_form_in(browser: Client) -> None:
    answer = await browser.get(f"{FORM}?dossier=VF-1007&code=AAAA-BBBB-CCCC&nom=nora.benali")
    for value in ("VF-1007", "AAAA-BBBB-CCCC", "nora.benali"):
        assert f'value="{value}"' in answer.text
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert (await browser.get("/inscription")).headers["location"] == FORM


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
async def test_the_demo_says_whom_to_try(town: Portal, browser: Client) -> None:
    page = words(await browser.get_page("/"))
    assert f"dossier {NUMBER} , adresse {ADDRESS}" in page or f"dossier {NUMBER}, adresse {ADDRESS}" in page
    assert await Member.exists(username="mairie")
    for link in ("/mot-de-passe-oublie", FORM):
        assert f'href="{link}"' in await browser.get_page("/connexion")
