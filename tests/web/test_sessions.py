"""How long one stays signed in, who may go where, what goes wrong."""

import re
from dataclasses import replace

import pytest

from models.access import current_session as visits
from models.access import session as sessions
from models.access.session import DAY, HOUR, Session
from models.families.guardian import Guardian
from models.settings import Settings
from tests.engines import ON_SQLITE
from tests.portal import Portal
from tests.town import People, settle
from tests.web.trial import of


@pytest.fixture
async def people(db: str) -> People:
    return await settle()


@pytest.fixture
def portal(people: People, settings: Settings) -> Portal:
    return of(settings)


@pytest.mark.parametrize(
    "value",
    ["", "garbage", "a.b", "é", "secret-not-signed", "x" * 4000],
)
async def test_a_cookie_that_we_did_not_sign_is_nobody(portal: Portal, value: str) -> None:
    browser = await portal.client()
    answer = await browser.get("/essai", headers=[(b"cookie", b"pf=" + value.encode())])
    assert (answer.status_code, answer.headers["location"]) == (303, "/connexion?suite=/essai")


@ON_SQLITE
async def test_a_new_key_keeps_the_old_cookies(people: People, settings: Settings) -> None:
    old = of(settings)
    browser = await old.client("durand15")
    cookie, given = browser.cookies["pf"], await browser.token()
    both = of(replace(settings, secret_keys=(*settings.secret_keys, "n" * 40)))
    newer = await both.client()
    newer.carry("pf", cookie)
    assert (await newer.get("/essai")).status_code == 200
    assert (await newer.post("/essai", data={"csrf": given})).status_code == 200
    other = await of(replace(settings, secret_keys=("o" * 40,))).client()
    other.carry("pf", cookie)
    assert (await other.get("/essai")).status_code == 303


@ON_SQLITE
async def test_a_revoked_session_is_over(portal: Portal) -> None:
    browser = await portal.client("durand15")
    assert (await browser.get("/essai")).text == "Léa Durand 15"
    await Session.all().update(revoked=True)
    assert (await browser.get("/essai")).status_code == 303


@ON_SQLITE
async def test_a_session_goes_with_its_guardian(people: People, portal: Portal) -> None:
    browser = await portal.client("durand15")
    await Guardian.filter(id=people.durand.id).delete()
    assert (await browser.get("/essai")).status_code == 303


LIVES = [
    # who, remembered, seconds between two requests, how long in all it lasts
    ("durand15", False, 0.49 * HOUR, 12 * HOUR),
    ("durand15", True, 29 * DAY, 90 * DAY),
    ("mairie", False, 0.49 * HOUR, 10 * HOUR),
]


@ON_SQLITE
@pytest.mark.parametrize(("who", "remembered", "step", "longest"), LIVES)
async def test_a_session_lives_while_used_but_not_for_ever(
    portal: Portal, monkeypatch, who: str, remembered: bool, step: float, longest: float
) -> None:
    moment = clock_in_hand(monkeypatch)
    browser, path = await portal.client(who), "/mairie/essai" if who == "mairie" else "/essai"
    await Session.all().update(remembered=remembered)
    start = moment[0]
    while moment[0] + step < start + longest:
        moment[0] += step
        assert (await browser.get(path)).status_code == 200
    moment[0] = start + longest + 1
    assert (await browser.get(path)).status_code == 303


@ON_SQLITE
@pytest.mark.parametrize(("remembered", "idle"), [(False, 0.5 * HOUR), (True, 30 * DAY)])
async def test_a_session_left_alone_ends(portal: Portal, monkeypatch, remembered: bool, idle: float) -> None:
    moment = clock_in_hand(monkeypatch)
    browser = await portal.client("durand15")
    await Session.all().update(remembered=remembered)
    moment[0] += idle + 1
    assert (await browser.get("/essai")).status_code == 303


def clock_in_hand(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    moment = [sessions.real()]
    for module in (sessions, visits):
        monkeypatch.setattr(module, "real", lambda: moment[0])
    return moment


@ON_SQLITE
async def test_a_signed_in_request_asks_the_database_once(portal: Portal, count_queries) -> None:
    browser = await portal.client("durand15")
    await browser.get("/essai")
    before = count_queries()
    await browser.get("/essai")
    assert count_queries() - before == 1


@ON_SQLITE
async def test_a_static_file_asks_nothing(portal: Portal, count_queries) -> None:
    browser = await portal.client("durand15")
    before = count_queries()
    await browser.get("/static/rien.css")
    assert count_queries() == before


@ON_SQLITE
async def test_the_frame_follows_the_commune(portal: Portal) -> None:
    browser = await portal.client("durand15")
    assert "Lens" in await browser.get_page("/essai/page")
    from models.commune.commune import Commune

    await Commune.all().update(name="Liévin")
    assert "Liévin" in await browser.get_page("/essai/page")


async def test_a_parent_is_not_of_the_mairie_nor_the_mairie_a_parent(portal: Portal) -> None:
    parent_browser, cook, chief = [await portal.client(who) for who in ("durand15", "cantine", "mairie")]
    refused = await parent_browser.get("/mairie/essai")
    assert refused.status_code == 403
    assert "Cette page n’est pas ouverte à votre compte." in refused.text
    assert (await cook.get("/mairie/essai")).status_code == 200
    assert (await cook.get("/mairie/essai/regie")).status_code == 403
    assert (await chief.get("/mairie/essai/regie")).status_code == 200
    assert (await chief.get("/essai")).status_code == 403


@ON_SQLITE
async def test_a_visitor_signs_in_and_comes_back(portal: Portal) -> None:
    visitor = await portal.client()
    answer = await visitor.get("/essai?vue=mois&debut=2018-09-01")
    assert answer.headers["location"] == "/connexion?suite=/essai%3Fvue%3Dmois%26debut%3D2018-09-01"
    page = await visitor.get_page("/essai?vue=mois&debut=2018-09-01")
    assert 'value="/essai?vue=mois&amp;debut=2018-09-01"' in page


@ON_SQLITE
async def test_a_tick_after_the_session_ended_says_so(portal: Portal) -> None:
    browser = await portal.client("durand15")
    await Session.all().update(revoked=True)
    answer = await browser.post_part("/essai", {"op": "1"}, headers={"hx-current-url": "http://h/planning"})
    assert answer.status_code == 401
    assert "Vous avez été déconnecté(e)." in answer.text and answer.text.startswith("<dialog")
    assert "Reconnectez-vous\u00a0: vos modifications sont conservées." in answer.text
    assert (answer.headers["hx-retarget"], answer.headers["hx-reswap"]) == ("body", "beforeend")
    assert 'href="/connexion?suite=/planning"' in answer.text
    plain = await browser.post_form("/essai", {"op": "1"}, headers={"referer": "http://h/planning?debut=1"})
    assert plain.headers["location"] == "/connexion?suite=/planning%3Fdebut%3D1"


@ON_SQLITE
async def test_a_page_of_an_older_session_asks_to_come_back(portal: Portal) -> None:
    """Signed out and in again in another tab: the form's token is of the session before."""
    browser = await portal.client("durand15")
    headers = {"hx-request": "true", "hx-current-url": "http://h/planning"}
    answer = await browser.post("/essai", data={"csrf": "x", "op": "1"}, headers=headers)
    assert answer.status_code == 403 and "Vous avez été déconnecté(e)." in answer.text
    assert 'href="/connexion?suite=/planning"' in answer.text
    back = await browser.get("/connexion?suite=/planning")
    assert (back.status_code, back.headers["location"]) == (303, "/planning")
    elsewhere = await browser.get("/connexion?suite=//example.org")
    assert elsewhere.headers["location"] == "/accueil"


@ON_SQLITE
async def test_signing_out_clears_the_browser_but_for_ticks_of_others(portal: Portal) -> None:
    for fields, cleared in (({}, '"cache", "storage"'), ({"garder": "1"}, '"cache"')):
        browser = await portal.client("durand15")
        answer = await browser.post_form("/deconnexion", fields)
        assert answer.headers["clear-site-data"] == cleared


async def test_a_failure_has_a_reference_and_no_secret(portal: Portal, caplog) -> None:
    answer = await (await portal.client("durand15")).get("/essai/panne")
    assert answer.status_code == 500
    [reference] = re.findall(r"<code[^>]*>([0-9a-f]{8})</code>", answer.text)
    assert reference in caplog.text and "ZeroDivisionError" in caplog.text
    assert "secret" not in answer.text
    part = await (await portal.client("durand15")).get("/essai/panne", headers={"hx-request": "true"})
    assert part.headers["hx-retarget"] == "#alerte" and "<html" not in part.text


@ON_SQLITE
async def test_an_error_for_a_visitor_is_a_page_in_french(portal: Portal) -> None:
    answer = await (await portal.client()).get("/nulle-part")
    assert answer.status_code == 404
    assert "Page introuvable. L’adresse est peut-être ancienne." in answer.text
    assert 'lang="fr"' in answer.text
