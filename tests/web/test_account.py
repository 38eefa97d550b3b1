"""« Mon compte »: what a parent chooses is kept, and a password is changed by its owner only."""

import re
from typing import Any

import httpx
import pytest

from models import clock
from models.access import guardian_account as accounts
from models.access import passwords, throttle
from models.access.sign_in import WrongPassword
from models.access.throttle import Throttle
from models.families.guardian import Guardian
from models.families.preferences import PREFERENCES, Preference
from models.settings import Settings
from models.work.audit_log import Event
from models.work.email import Email
from tests.engines import ON_SQLITE
from tests.portal import Client, Portal
from tests.town import PASSWORD, People, settle
from tests.web.accounts import NEW, change
from tests.web.checkout import words
from web.app import create_app

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


USUAL = {preference.key: preference.usual for preference in PREFERENCES}


async def prefer(browser: Client, mobile: str = "auto", display: str = "automatique") -> httpx.Response:
    return await browser.post_form("/compte", {"mobile": mobile, "affichage": display})


async def sign_in(browser: Client, password: str) -> int:
    form = {"identifiant": "durand15", "mot_de_passe": password}
    return (await browser.post_form("/connexion", form)).status_code


async def test_the_page_says_what_is_chosen(lea: Client) -> None:
    page = await lea.get_page("/compte")
    assert "Accessibilité Mobile" in page and "Activer l’ergonomie mobile" in page
    assert checked(page) == {**USUAL, "affichage": "automatique"}
    assert (await prefer(lea, "always", "sombre")).headers["location"] == "/compte?fait=preferences"
    page = await lea.get_page("/compte?fait=preferences")
    assert "C’est enregistré." in page
    assert checked(page) == {**USUAL, "mobile": "always", "affichage": "sombre"}


@pytest.mark.parametrize(("display", "theme"), [("clair", "light"), ("sombre", "dark")])
async def test_the_display_holds_on_every_page(lea: Client, display: str, theme: str) -> None:
    cookie = (await prefer(lea, display=display)).headers["set-cookie"]
    assert f"affichage={display};" in cookie and "Max-Age=31536000" in cookie and "HttpOnly" in cookie
    for path, status in (("/accueil", 200), ("/compte", 200), ("/accessibilite", 200), ("/nulle-part", 404)):
        page = await lea.get_page(path, status=status)
        assert f'<html lang="fr" data-theme="{theme}">' in page, path
        assert page.count('<meta name="theme-color"') == 1
    await lea.post_form("/deconnexion")
    assert f'data-theme="{theme}"' in await lea.get_page("/")
    await sign_in(lea, PASSWORD)
    await prefer(lea)
    assert '<html lang="fr">' in await lea.get_page("/accueil")


async def test_the_address_of_a_refused_form_leads_back(town: Portal, lea: Client) -> None:
    assert (await lea.get("/compte/mot-de-passe")).headers["location"] == "/compte"
    assert (await (await town.client("cantine")).get(f"{STAFF}/mot-de-passe")).headers["location"] == STAFF


@pytest.mark.parametrize(("mobile", "display"), [("", "clair"), ("peut-être", "clair"), ("auto", "rose")])
async def test_a_choice_that_does_not_exist_changes_nothing(lea: Client, mobile: str, display: str) -> None:
    answer = await prefer(lea, mobile, display)
    assert answer.status_code == 422 and "Il y a un problème" in answer.text
    assert "affichage" not in answer.headers.get("set-cookie", "")
    assert (await Guardian.get(username="durand15")).preferences is None


@ON_SQLITE
@pytest.mark.parametrize("preference", PREFERENCES, ids=lambda preference: preference.key)
async def test_each_preference_is_asked_and_kept(lea: Client, preference: Preference) -> None:
    for value in [*list(preference.choices)[::-1], preference.usual]:
        await lea.post_form("/compte", {preference.key: value, "affichage": "clair"})
        assert checked(await lea.get_page("/compte"))[preference.key] == value
        assert (await Guardian.get(username="durand15")).prefers(preference) == value


@ON_SQLITE
async def test_a_form_from_before_leaves_what_it_did_not_ask(lea: Client) -> None:
    await prefer(lea, "never")
    assert (await lea.post_form("/compte", {"affichage": "clair"})).status_code == 303
    assert checked(await lea.get_page("/compte")) == {**USUAL, "mobile": "never", "affichage": "clair"}


LAYOUTS = [
    # chosen, on a phone, elsewhere
    ("auto", "week", "month"),
    ("always", "week", "week"),
    ("never", "month", "month"),
]


@pytest.mark.parametrize(("mobile", "phone", "desk"), LAYOUTS)
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_the_planning_follows_the_choice(portal: Any, mobile: str, phone: str, desk: str) -> None:
    lens: Portal = await portal("lens", now="2018-08-27T10:00:00")
    await prefer(await lens.client("famille15"), mobile)
    for agent, view in ((PHONE, phone), ("Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0", desk)):
        browser = await lens.client("famille15", headers={"user-agent": agent})
        assert f'data-view="{view}"' in await browser.get_page("/planning"), agent
        asked = await browser.get_page("/planning?vue=quinzaine")
        assert '<a href="/planning?par=enfant' in asked and 'aria-current="true">Quinzaine' in asked


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_the_choice_is_stronger_than_what_the_browser_measured(portal: Any) -> None:
    lens: Portal = await portal("lens", now="2018-08-27T10:00:00")
    browser = await lens.client("famille15")
    browser.carry("vue", "mois")
    await prefer(browser, "always")
    assert 'data-view="week"' in await browser.get_page("/planning")


async def test_a_new_password_keeps_this_session_and_ends_the_others(
    town: Portal, people: People, lea: Client
) -> None:
    phone, paul = await town.client("durand15"), await town.client("petit17")
    answer = await change(lea)
    assert (answer.status_code, answer.headers["location"]) == (303, "/compte?fait=mot-de-passe")
    assert "C’est enregistré." in await lea.get_page("/compte?fait=mot-de-passe")
    assert (await phone.get("/compte")).status_code == 303
    assert (await paul.get("/compte")).status_code == 200
    assert await sign_in(await town.client(), PASSWORD) == 422
    assert await sign_in(await town.client(), NEW) == 303
    event = await Event.get(action="password.change")
    assert (event.actor, event.family_id, event.details) == (
        f"guardian:{people.durand.id}", people.durand.family_id, {},
    )  # fmt: skip


@ON_SQLITE
async def test_a_email_says_so_to_its_owner_alone(town: Portal, people: People, lea: Client) -> None:
    await Guardian.create(
        family_id=people.durand.family_id,
        first_name="Marc",
        last_name="Durand",
        email="marc@durand.example",
        username="durand16",
    )
    await change(lea)
    await town.run_jobs()
    email = await Email.get()
    assert (email.recipient, email.subject) == ("léa@durand.example", "Votre mot de passe a été changé")
    for body in (email.text, email.html):
        assert "Léa Durand" in body and "Sinon, prévenez-nous tout de suite." in body
        assert NEW not in body and PASSWORD not in body


REFUSED = [
    # current, new, again: the sentence, and its field
    ("pas celui-ci", NEW, NEW, "Le mot de passe actuel n’est pas le bon.", "actuel"),
    ("", NEW, NEW, "Saisissez votre mot de passe actuel.", "actuel"),
    (PASSWORD, "", "", "Saisissez votre nouveau mot de passe.", "mot_de_passe"),
    (PASSWORD, NEW, "autre chose ici", "Les deux mots de passe sont différents.", "confirmation"),
    (PASSWORD, "trop court", "trop court", "12 caractères au minimum", "mot_de_passe"),
    (PASSWORD, "azertyuiop12", "azertyuiop12", "Ce mot de passe est trop courant.", "mot_de_passe"),
    (PASSWORD, "Chloé2010Chloé", "Chloé2010Chloé", "Ce mot de passe est trop courant.", "mot_de_passe"),
    (PASSWORD, "x" * 129, "x" * 129, "128 caractères au maximum", "mot_de_passe"),
]


@pytest.mark.parametrize(("current", "new", "again", "sentence", "name"), REFUSED)
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_refusal_says_why_and_changes_nothing(
    town: Portal, lea: Client, current: str, new: str, again: str, sentence: str, name: str
) -> None:
    phone = await town.client("durand15")
    answer = await change(lea, current, new, again)
    assert answer.status_code == 422 and re.search(r"<title>Erreur\s?:", answer.text)
    assert f'<a href="#{name}">' in answer.text and sentence in words(answer.text)
    assert re.search(rf'id="{name}"[^>]*aria-invalid="true"', answer.text)
    for typed in {current, new} - {""}:
        assert typed not in answer.text
    assert (await phone.get("/compte")).status_code == 200
    assert await sign_in(await town.client(), PASSWORD) == 303
    assert not await Event.filter(action="password.change").exists()


async def test_wrong_tries_wait_longer_and_longer(
    town: Portal, lea: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = [throttle.real()]
    monkeypatch.setattr(throttle, "real", lambda: moment[0])
    assert [(await change(lea, "faux")).status_code for _ in range(6)] == [422] * 5 + [429]
    refused = await change(lea)
    assert refused.status_code == 429, "even the right one waits"
    assert refused.headers["retry-after"] == "2"
    assert "Trop d’essais. Réessayez dans 2 secondes." in refused.text
    paul = await town.client("petit17")
    assert (await change(paul)).status_code == 303, "only this account waits"
    assert await sign_in(await town.client(), PASSWORD) == 303, "signing in has its own tries"
    moment[0] += 2
    assert (await change(lea)).status_code == 303
    assert not await Throttle.filter(key__startswith="password:").exists()


async def test_a_weak_password_costs_no_try(lea: Client) -> None:
    for _ in range(8):
        assert (await change(lea, "faux", "azertyuiop12")).status_code == 422
    assert not await Throttle.all().exists()


async def test_of_two_changes_at_once_the_second_starts_from_a_wrong_password(
    people: People,
) -> None:
    """Both read the same account; the first has changed it by the time the second writes."""
    seen, now = await Guardian.get(id=people.durand.id), clock.now()
    await accounts.change_password(people.durand, 0, PASSWORD, NEW, now)
    with pytest.raises(WrongPassword):
        await accounts.change_password(seen, 0, PASSWORD, "une autre phrase encore", now)
    hashed = (await Guardian.get(id=people.durand.id)).password
    assert await passwords.verify(hashed, NEW)


def checked(page: str) -> dict[str, str]:
    return dict(re.findall(r'type="radio" name="(\w+)" value="(\w+)" checked', page))
