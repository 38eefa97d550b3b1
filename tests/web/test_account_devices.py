"""The devices of an account, and the account of somebody of the mairie."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from models.access import passwords, throttle
from models.access.member import Member
from models.access.session import DAY, Session
from models.settings import Settings
from models.work.audit_log import Event
from tests.engines import ON_SQLITE
from tests.portal import Client, Portal
from tests.town import PASSWORD, People, settle
from tests.web.accounts import NEW
from tests.web.checkout import words
from web.app import create_app
from web.page.device import device

STAFF = "/mairie/compte"
PHONE = (
    "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537"
)


@pytest.fixture
async def people(db: str) -> People:
    return await settle()


@pytest.fixture
def town(people: People, settings: Settings) -> Portal:
    return Portal(create_app(settings), settings)


@pytest.fixture
async def lea(town: Portal) -> Client:
    return await town.client("durand15")


async def test_the_devices_are_told_in_words(town: Portal, people: People, lea: Client) -> None:
    await Session.open(guardian=people.durand.id, remembered=True, device=PHONE)
    await Session.filter(device=PHONE).update(seen=throttle.real() - 3 * DAY - 60)
    await Session.open(guardian=people.petit.id, device="Mozilla/5.0 (iPhone) Version/17.4")
    gone = await Session.open(guardian=people.durand.id, device="Mozilla/5.0 (Windows NT 10.0) Firefox/1")
    await Session.close(gone)
    text = words(await lea.get_page("/compte"))
    assert "Chrome sur Android" in text and "Vu il y a 3 jours" in text and "Cet appareil" in text
    assert "iPhone" not in text and "Windows" not in text


async def test_a_device_is_signed_out(town: Portal, lea: Client) -> None:
    phone = await town.client("durand15")
    row = await Session.all().order_by("-id").first()
    assert row is not None
    answer = await lea.post_form(f"/compte/appareils/{row.id}/deconnexion")
    assert answer.headers["location"] == "/compte?fait=appareil#appareils"
    assert (await phone.get("/compte")).status_code == 303
    assert (await lea.get("/compte")).status_code == 200
    again = await lea.post_form(f"/compte/appareils/{row.id}/deconnexion")
    assert again.status_code == 303, "clicked twice"


@ON_SQLITE
async def test_the_others_are_signed_out(town: Portal, people: People, lea: Client) -> None:
    assert "Déconnecter les autres" not in await lea.get_page("/compte")
    others, paul = [await town.client("durand15") for _ in range(2)], await town.client("petit17")
    assert "Déconnecter les autres" in await lea.get_page("/compte")
    await lea.post_form("/compte/appareils/deconnexion")
    assert [(await other.get("/compte")).status_code for other in others] == [303, 303]
    assert (await lea.get("/compte")).status_code == (await paul.get("/compte")).status_code == 200


@ON_SQLITE
async def test_the_queries_do_not_grow_with_the_devices(
    people: People, lea: Client, count_queries: Any
) -> None:
    await lea.get_page("/compte")
    before = count_queries()
    await lea.get_page("/compte")
    few = count_queries() - before
    for _ in range(20):
        await Session.open(guardian=people.durand.id, device=PHONE)
    before = count_queries()
    await lea.get_page("/compte")
    assert count_queries() - before == few


async def test_staff_change_their_own_password(town: Portal, people: People) -> None:
    anne, phone, cook = await town.client("mairie"), await town.client("mairie"), await town.client("cantine")
    form = {"actuel": PASSWORD, "mot_de_passe": NEW, "confirmation": NEW}
    answer = await anne.post_form(f"{STAFF}/mot-de-passe", form)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{STAFF}?fait=mot-de-passe")
    assert "C’est enregistré." in await anne.get_page(f"{STAFF}?fait=mot-de-passe")
    assert (await phone.get(STAFF)).status_code == 303, "signed out"
    assert (await cook.get(STAFF)).status_code == 200
    assert await passwords.verify((await Member.get(username="mairie")).password, NEW)
    assert await passwords.verify((await Member.get(username="cantine")).password, PASSWORD)
    event = await Event.get(action="password.change")
    assert (event.actor, event.family_id) == (f"member:{people.administrator.id}", None)


@pytest.mark.parametrize(
    ("current", "new", "sentence"),
    [
        ("pas celui-ci", NEW, "Le mot de passe actuel n’est pas le bon."),
        (PASSWORD, "aaaaaaaaaaaaaaaa", "Ce mot de passe est trop courant."),
        (PASSWORD, "Anne-Mairie-2026", "Ce mot de passe est trop courant."),
        (PASSWORD, "treize lettre", "16 caractères au minimum"),
    ],
)
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_the_rule_of_passwords_is_the_same_for_staff(
    town: Portal, current: str, new: str, sentence: str
) -> None:
    anne = await town.client("mairie")
    form = {"actuel": current, "mot_de_passe": new, "confirmation": new}
    answer = await anne.post_form(f"{STAFF}/mot-de-passe", form)
    assert answer.status_code == 422 and sentence in words(answer.text)
    assert await passwords.verify((await Member.get(username="mairie")).password, PASSWORD)


@ON_SQLITE
async def test_staff_see_and_end_their_own_devices_only(town: Portal, people: People, lea: Client) -> None:
    anne, other, cook = await town.client("mairie"), await town.client("mairie"), await town.client("cantine")
    mine = await Session.filter(member_id=people.administrator.id).order_by("-id").first()
    cooks, leas = await Session.get(member_id=people.cook.id), await Session.get(guardian_id=people.durand.id)
    assert mine
    page = await anne.get_page(STAFF)
    assert f'action="{STAFF}/appareils/{mine.id}/deconnexion"' in page and "Accessibilité Mobile" not in page
    for foreign in (cooks, leas):
        assert (await anne.post_form(f"{STAFF}/appareils/{foreign.id}/deconnexion")).status_code == 404
    assert (await lea.post_form(f"/compte/appareils/{mine.id}/deconnexion")).status_code == 404
    answer = await anne.post_form(f"{STAFF}/appareils/{mine.id}/deconnexion")
    assert answer.headers["location"] == f"{STAFF}?fait=appareil#appareils"
    assert [(await one.get(STAFF)).status_code for one in (anne, other, cook)] == [200, 303, 200]
    third = await town.client("mairie")
    await anne.post_form(f"{STAFF}/appareils/deconnexion")
    assert [(await one.get(STAFF)).status_code for one in (anne, third, cook)] == [200, 303, 200]
    assert (await lea.get("/compte")).status_code == 200


@ON_SQLITE
async def test_wrong_tries_of_staff_wait_too(town: Portal) -> None:
    anne = await town.client("mairie")
    form = {"actuel": "faux", "mot_de_passe": NEW, "confirmation": NEW}
    tries = [(await anne.post_form(f"{STAFF}/mot-de-passe", form)).status_code for _ in range(6)]
    assert tries == [422] * 5 + [429]


@ON_SQLITE
async def test_every_page_leads_there_for_parents_only(town: Portal, lea: Client) -> None:
    page = await lea.get_page("/accueil")
    assert page.count('href="/compte"') == 2, "beside the name, and in the bar of a phone"
    assert ' class="barred">' in page
    staff = await town.client("mairie")
    assert 'href="/compte"' not in await staff.get_page("/mairie/demandes")
    assert (await staff.get("/compte")).status_code == 403
    visitor = await (await town.client()).get_page("/")
    assert "barred" not in visitor and 'href="/compte"' not in visitor


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (PHONE, "Chrome sur Android"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge sur Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) Version/17.4 Mobile", "Safari sur iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/17.4 Safari/605", "Safari sur Mac"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox sur Linux"),
        ("curl/8", "Appareil inconnu"),
        ("", "Appareil inconnu"),
    ],
)
def test_a_browser_has_a_name(agent: str, said: str) -> None:
    assert device(agent) == said


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_device_that_is_signed_out_is_in_the_journal(
    portal: Callable[..., Awaitable[Portal]],
) -> None:
    town: Portal = await portal("lens", now="2018-08-27T10:00:00")
    here, others = await town.client("mairie"), [await town.client("mairie") for _ in range(3)]
    ids = [row.id for row in await Session.filter(revoked=False).order_by("id")]
    await here.get_page(STAFF)
    for _ in range(2):  # a double click
        answer = await here.post_form(f"{STAFF}/appareils/{ids[1]}/deconnexion")
        assert answer.headers["location"] == f"{STAFF}?fait=appareil#appareils"
    assert (await here.post_form(f"{STAFF}/appareils/99999/deconnexion")).status_code == 404
    for _ in range(2):
        await here.post_form(f"{STAFF}/appareils/deconnexion")
    for browser in others:
        assert (await browser.get(STAFF)).status_code == 303
    said = [
        (event.action, event.object)
        for event in await Event.filter(action__startswith="session.").order_by("id")
    ]
    assert said == [("session.closed", f"session:{ids[1]}"), ("session.others_closed", "member:1")]
    assert (await Event.get(action="session.others_closed")).details["number"] == 2
