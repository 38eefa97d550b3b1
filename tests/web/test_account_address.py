"""« Changer mon adresse e-mail »: confirmed from the new one, told to the old one; or the mairie's alone."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from models.access import throttle
from models.access.passwords import DEMO_PASSWORD
from models.access.session import DAY
from models.families.guardian import Guardian
from models.work.audit_log import Event
from tests.portal import Client, Portal
from tests.web.checkout import words
from tests.web.first_connections import link_in_the_last, mails

Open = Callable[..., Awaitable[Portal]]
sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
NOW = "2025-09-22T10:00:00"
OLD, NEW = "sophie@moreau.example", "sophie@ailleurs.example"


@pytest.fixture
async def town(portal: Open) -> Portal:
    return await portal("demo", now=NOW)


@pytest.fixture
async def sophie(town: Portal) -> Client:
    return await town.client("sophie.moreau")


async def ask(browser: Client, address: str = NEW, password: str = DEMO_PASSWORD) -> httpx.Response:
    return await browser.post_form("/compte/adresse", {"adresse": address, "passe_adresse": password})


async def kept() -> str:
    return (await Guardian.get(username="sophie.moreau")).email


async def test_another_address_is_confirmed_from_there(town: Portal, sophie: Client) -> None:
    phone = await town.client("sophie.moreau")
    assert (await ask(sophie)).headers["location"] == "/compte?fait=adresse"
    path = await link_in_the_last(town)
    [mail] = await mails(town)
    assert (mail.recipient, mail.sealed) == (NEW, True)
    page = await sophie.get(path)
    assert NEW in page.text and page.headers["referrer-policy"] == "same-origin"
    assert await kept() == OLD, "looked at, not used"
    assert (await sophie.post_form(path)).headers["location"] == "/adresse-e-mail/confirmee"
    assert await kept() == NEW
    assert (await sophie.get("/compte")).status_code == 200
    assert (await phone.get("/compte")).status_code == 303, "the other devices are signed out"
    told = (await mails(town))[-1]
    assert (told.recipient, told.subject) == (OLD, "Votre adresse e-mail a été changée")
    assert "s…e@ailleurs.example" in told.text
    assert (await sophie.post_form(path)).status_code == 410
    done = await Event.all().values_list("action", flat=True)
    assert {"email.asked", "email.change"} <= set(done)


@sqlite
async def test_the_link_may_be_followed_on_another_device(town: Portal, sophie: Client) -> None:
    await ask(sophie)
    visitor = await town.client()
    assert (await visitor.post_form(await link_in_the_last(town))).status_code == 303
    assert await kept() == NEW and (await sophie.get("/compte")).status_code == 303


@sqlite
async def test_the_latest_asked_counts(town: Portal, sophie: Client) -> None:
    await ask(sophie)
    first = await link_in_the_last(town)
    await ask(sophie, "sophie@encore.example")
    assert (await sophie.post_form(first)).status_code == 410
    assert (await sophie.post_form(await link_in_the_last(town))).status_code == 303
    assert await kept() == "sophie@encore.example"


@sqlite
async def test_the_mairies_change_meanwhile_stands(town: Portal, sophie: Client) -> None:
    await ask(sophie)
    path = await link_in_the_last(town)
    await Guardian.filter(username="sophie.moreau").update(email="au@guichet.example")
    assert (await sophie.post_form(path)).status_code == 410
    assert await kept() == "au@guichet.example"


@sqlite
async def test_links_to_the_old_address_are_over(town: Portal, sophie: Client) -> None:
    await (await town.client()).post_form("/mot-de-passe-oublie", {"adresse": OLD})
    forgotten = await link_in_the_last(town)
    await ask(sophie)
    await sophie.post_form(await link_in_the_last(town))
    assert (await sophie.get(forgotten)).status_code == 410


@sqlite
async def test_a_link_is_over_after_a_day(
    town: Portal, sophie: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ask(sophie)
    path, moment = await link_in_the_last(town), throttle.real()
    monkeypatch.setattr("models.access.token.real", lambda: moment + DAY + 60)
    assert (await sophie.post_form(path)).status_code == 410
    assert await kept() == OLD


@sqlite
@pytest.mark.parametrize(
    ("address", "password", "sentence"),
    [
        ("sophie", DEMO_PASSWORD, "adresse e-mail complète"),
        (OLD.upper(), DEMO_PASSWORD, "C’est déjà votre adresse"),
        (NEW, "", "Saisissez votre mot de passe"),
        (NEW, "pas le bon", "Le mot de passe n’est pas le bon"),
    ],
)
async def test_what_is_wrong_changes_nothing(
    town: Portal, sophie: Client, address: str, password: str, sentence: str
) -> None:
    refused = await ask(sophie, address, password)
    assert refused.status_code == 422 and sentence in words(refused.text)
    assert await mails(town) == [] and await kept() == OLD


@sqlite
async def test_where_the_mairie_alone_changes_it(portal: Open) -> None:
    def mairie(content: dict[str, Any]) -> None:
        content["commune"]["email_change"] = "mairie"

    town = await portal("demo", now=NOW, change=mairie)
    sophie = await town.client("sophie.moreau")
    page = await sophie.get_page("/compte")
    assert "La modification du mail doit se faire directement à la structure." in words(page)
    assert 'name="passe_adresse"' not in page
    assert (await ask(sophie)).status_code == 403
    assert await mails(town) == []


@sqlite
async def test_a_refused_form_leads_back(sophie: Client) -> None:
    assert (await sophie.get("/compte/adresse")).headers["location"] == "/compte"


@sqlite
async def test_what_never_was_is_over(sophie: Client) -> None:
    assert (await sophie.get(f"/adresse-e-mail/{'x' * 43}")).status_code == 410
    assert (await sophie.post_form(f"/adresse-e-mail/{'x' * 43}")).status_code == 410
    assert "est changée" in await sophie.get_page("/adresse-e-mail/confirmee")
