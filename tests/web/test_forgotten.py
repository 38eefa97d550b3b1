"""« Mot de passe oublié ? »: one answer for everybody, one link of one hour for whoever reads the e-mails."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from models import clock
from models.access import forgotten, throttle
from models.access.session import HOUR, Session
from models.access.token import Purpose
from models.families.guardian import Guardian
from models.work.audit_log import Event
from models.work.task import Task
from tests.engines import ON_SQLITE
from tests.portal import Client, Portal
from tests.web.accounts import NEW
from tests.web.checkout import words
from tests.web.first_connections import FORGOTTEN, NORA, link_in_the_last, mails
from tests.web.signing_in import enter

Open = Callable[..., Awaitable[Portal]]
sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
SOPHIE = "sophie@moreau.example"
CHOSEN = {"mot_de_passe": NEW, "confirmation": NEW}


@pytest.fixture
async def town(portal: Open) -> Portal:
    return await portal("demo", now="2025-09-22T10:00:00")


@pytest.fixture
async def browser(town: Portal) -> Client:
    return await town.client()


async def forget(browser: Client, address: str = SOPHIE) -> str:
    answer = await browser.post_form(FORGOTTEN, {"adresse": address})
    assert answer.status_code == 303, words(answer.text)
    return answer.headers["location"]


@ON_SQLITE
async def test_another_password_by_e_mail(town: Portal, browser: Client) -> None:
    phone = await town.client("sophie.moreau")
    page = words(await browser.get_page(await forget(browser, f" {SOPHIE.title()} ")))
    assert "Si un compte existe pour cette adresse, un lien vient de partir. Il est valable 1 heure." in page
    path = await link_in_the_last(town)
    mail = (await mails(town))[-1]
    assert (mail.recipient, mail.subject) == (SOPHIE, "Votre lien pour changer de mot de passe")
    assert "Votre nom d’utilisateur\u00a0: sophie.moreau" in mail.opened[0] and mail.sealed
    answer = await browser.get(path)
    assert answer.status_code == 200 and answer.headers["referrer-policy"] == "same-origin"
    answer = await browser.post_form(path, CHOSEN)
    assert answer.headers["location"] == f"{FORGOTTEN}/change"
    assert "pf" not in browser.cookies, "the link signs nobody in"
    assert (await phone.get("/accueil")).status_code == 303, "every device is signed out"
    assert (await enter(browser, "sophie.moreau")).status_code == 422
    assert (await enter(browser, "sophie.moreau", NEW)).status_code == 303
    assert [mail.subject for mail in await mails(town)][1:] == ["Votre mot de passe a été changé"]
    done = await Event.all().values_list("action", flat=True)
    assert {"password.asked", "password.reset"} <= set(done)
    await town.verify()


@sqlite
async def test_an_address_that_nobody_has_is_answered_the_same(town: Portal, browser: Client) -> None:
    known, unknown = await forget(browser), await forget(await town.client(), "sophie@moreau.exemple")
    assert known == unknown
    tasks = await Task.filter(name="send_access_links").order_by("id")
    assert [len(task.args) for task in tasks] == [3, 3], "the same work is asked for"
    assert [mail.recipient for mail in await mails(town)] == [SOPHIE]


@sqlite
async def test_who_shares_an_address_or_has_no_account_yet(town: Portal, browser: Client) -> None:
    await Guardian.filter(username__in=[NORA, "sophie.moreau"]).update(email="nous@exemple.fr")
    await forget(browser, "nous@exemple.fr")
    told = {mail.subject: mail.opened[0] for mail in await mails(town)}
    assert set(told) == {
        "Votre lien pour changer de mot de passe",
        "Activez votre compte Portail Famille",
    }
    path = await link_in_the_last(town)
    wanted = {"identifiant": "nora", "mot_de_passe": "court"}
    activation = next(mail for mail in await mails(town) if mail.subject.startswith("Activez"))
    last = activation.opened[0]
    path = last[last.index("/activation/") :].split()[0]
    assert (await browser.post_form(path, wanted)).status_code == 422
    assert (await browser.post_form(path, wanted | {"mot_de_passe": NEW})).status_code == 303
    assert await Guardian.exists(username="nora", password__isnull=False)


async def test_a_link_opens_once(town: Portal, browser: Client) -> None:
    await forget(browser)
    path, other = await link_in_the_last(town), await town.client()
    await other.token()
    answers = await asyncio.gather(browser.post_form(path, CHOSEN), other.post_form(path, CHOSEN))
    assert sorted(answer.status_code for answer in answers) == [303, 410]
    assert (await browser.get(path)).status_code == 410


@sqlite
async def test_the_first_link_used_ends_the_others(town: Portal, browser: Client) -> None:
    await forget(browser)
    first = await link_in_the_last(town)
    await forget(browser)
    second = await link_in_the_last(town)
    assert first != second
    assert (await browser.post_form(first, CHOSEN)).status_code == 303, "an older one is good until then"
    assert (await browser.post_form(second, CHOSEN)).status_code == 410


@sqlite
async def test_a_link_is_over_after_an_hour(
    town: Portal, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    await forget(browser)
    path, moment = await link_in_the_last(town), throttle.real()
    monkeypatch.setattr("models.access.token.real", lambda: moment + HOUR + 60)
    assert (await browser.get(path)).status_code == (await browser.post_form(path, CHOSEN)).status_code == 410
    assert (await enter(browser, "sophie.moreau", NEW)).status_code == 422


@sqlite
@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "Saisissez votre nouveau mot de passe"),
        (CHOSEN | {"confirmation": "autre"}, "différents"),
        ({"mot_de_passe": "court", "confirmation": "court"}, "12 caractères au minimum"),
        ({"mot_de_passe": "moreau-sophie1", "confirmation": "moreau-sophie1"}, "trop courant"),
    ],
)
async def test_what_is_wrong_uses_nothing(
    town: Portal, browser: Client, said: dict[str, str], sentence: str
) -> None:
    await forget(browser)
    path = await link_in_the_last(town)
    refused = await browser.post_form(path, said)
    assert refused.status_code == 422 and sentence in words(refused.text)
    assert (await browser.post_form(path, CHOSEN)).status_code == 303


@sqlite
async def test_an_address_is_written_to_five_times_an_hour(town: Portal, browser: Client) -> None:
    for _ in range(7):
        await forget(browser)
    assert len(await mails(town)) == 5, "the same answer, and no more e-mails"


@sqlite
async def test_a_network_that_asks_for_everybody_waits(
    town: Portal, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.access.sign_in.NETWORK_FREE", 3)
    for number in range(3):
        await forget(browser, f"n{number}@exemple.fr")
    waiting = await browser.post_form(FORGOTTEN, {"adresse": SOPHIE})
    assert waiting.status_code == 429 and int(waiting.headers["retry-after"]) >= 1
    assert await mails(town) == []


@sqlite
async def test_done_twice_it_writes_once(town: Portal) -> None:
    for _ in range(2):
        await forgotten.send(SOPHIE, Purpose.PASSWORD, "click", clock.now())
    assert len(await mails(town)) == 1


@sqlite
async def test_a_blocked_account_gets_nothing(town: Portal, browser: Client) -> None:
    await forget(browser)
    path = await link_in_the_last(town)
    await Guardian.filter(username="sophie.moreau").update(blocked_at=clock.now())
    assert (await browser.get(path)).status_code == 410
    await forget(browser)
    assert len(await mails(town)) == 1
    refused = await enter(browser, "sophie.moreau", "portail-famille-demo")
    assert refused.status_code == 422 and "Votre accès au portail est suspendu" in words(refused.text)
    assert "suspendu" not in (await enter(browser, "sophie.moreau", "autre chose")).text
    assert await Session.all().count() == 0


@sqlite
async def test_what_is_no_address_is_said(browser: Client) -> None:
    refused = await browser.post_form(FORGOTTEN, {"adresse": "sophie.moreau"})
    assert refused.status_code == 422 and "adresse e-mail complète" in words(refused.text)


@sqlite
async def test_what_never_was_is_over(browser: Client) -> None:
    assert (await browser.get(f"/nouveau-mot-de-passe/{'x' * 43}")).status_code == 410
    assert (await browser.post_form(f"/nouveau-mot-de-passe/{'x' * 43}", CHOSEN)).status_code == 410
    assert "Connectez-vous" in await browser.get_page("/mot-de-passe-oublie/change")
    assert "Envoyer" in await browser.get_page("/mot-de-passe-oublie")
    assert "un lien vient de partir" in await browser.get_page("/mot-de-passe-oublie/envoye")
