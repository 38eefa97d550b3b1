"""Wrong tries to sign in: what they say, how they are slowed, what the journal keeps."""

import asyncio
import re
from dataclasses import replace

import pytest

from models import clock
from models.access import passwords, throttle
from models.access import sign_in as signing_in
from models.access.sign_in import TooManyTries, WrongPassword, sign_in
from models.access.throttle import Throttle
from models.families.guardian import Guardian
from models.settings import Settings
from models.work.audit_log import Event
from tests import hashed
from tests.engines import ON_SQLITE
from tests.portal import Client, Portal
from tests.town import PASSWORD, People, settle
from tests.web.signing_in import enter, session_cookies
from web.app import create_app

WRONG = "Nom d’utilisateur ou mot de passe incorrect."


@pytest.fixture
async def people(db: str) -> People:
    return await settle()


@pytest.fixture
async def browser(people: People, settings: Settings) -> Client:
    return await Portal(create_app(settings), settings).client()


async def test_a_wrong_password_keeps_the_name_and_forgets_the_password(browser: Client) -> None:
    answer = await enter(browser, "durand15", "pas le bon", suite="/planning", memoire="1")
    assert answer.status_code == 422
    assert WRONG in answer.text and "Il y a un problème" in answer.text
    assert re.search(r"<title>Erreur\s?:", answer.text)
    assert 'value="durand15"' in answer.text and 'value="/planning"' in answer.text
    assert "pas le bon" not in answer.text
    assert session_cookies(answer) == []


@ON_SQLITE
async def test_empty_fields_are_named(browser: Client) -> None:
    answer = await enter(browser, " ", "")
    assert answer.status_code == 422
    assert "Saisissez votre nom d’utilisateur." in answer.text
    assert "Saisissez votre mot de passe." in answer.text
    assert await Throttle.all().count() == 0


async def test_a_key_that_says_nothing_opens_nothing(browser: Client) -> None:
    assert (await browser.get("/connexion/cle")).headers["location"] == "/connexion"
    answer = await browser.post_form("/connexion/cle", {"identifiant": "durand15"})
    assert answer.status_code == 422 and 'value="durand15"' in answer.text
    assert not session_cookies(answer)


def test_a_password_takes_long_to_try() -> None:
    """OWASP, « Password Storage »: what the portal has; the tests themselves hash more quickly."""
    assert (hashed.REAL.time_cost, hashed.REAL.memory_cost, hashed.REAL.parallelism) == (2, 19456, 1)


@ON_SQLITE
async def test_nobody_learns_who_exists(people, settings, monkeypatch) -> None:
    verified: list[str | None] = []
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)  # a page tells the time, which is nobody's secret

    async def verify(hashed: str | None, password: str) -> bool:
        verified.append(hashed)
        return await real(hashed, password)

    real = passwords.verify
    monkeypatch.setattr(passwords, "verify", verify)
    await Guardian.filter(id=people.petit.id).update(password=None)
    settings = replace(settings, demo=False, base_url="https://lens.example")
    browser = await Portal(create_app(settings), settings).client()
    names = ("durand15", "nobody99", "petit17", "mairie00", "lea@durand.example")
    answers = [await enter(browser, name, "faux") for name in names]
    assert {answer.status_code for answer in answers} == {422}
    said = {
        re.sub('(name="(csrf|defi)" value|data-options)="[^"]*"', "", answer.text).replace(name, "")
        for answer, name in zip(answers, names, strict=True)
    }
    assert len(said) == 1
    assert len(verified) == len(names), "an unknown name takes as long as a known one"


@ON_SQLITE
async def test_the_eleventh_wrong_try_waits(browser: Client, monkeypatch) -> None:
    moment = [throttle.real()]
    monkeypatch.setattr(throttle, "real", lambda: moment[0])
    waits = []
    for _ in range(10):
        answer = await enter(browser, "durand15", "faux")
        if answer.status_code == 429:
            waits.append(int(answer.headers["retry-after"]))
            moment[0] += waits[-1]
            answer = await enter(browser, "durand15", "faux")
        assert answer.status_code == 422
    assert waits == [2, 4, 8, 16, 32], "the first five are free"
    right = await enter(browser, "durand15")
    assert right.status_code == 429, "even the right one waits"
    assert "Trop d’essais. Réessayez dans 2 minutes." in right.text
    assert 'value="durand15"' in right.text and PASSWORD not in right.text
    moment[0] += 64
    assert (await enter(browser, "durand15")).status_code == 303
    assert await Throttle.filter(key__startswith="account:").count() == 0


async def test_tries_sent_at_once_are_all_counted(people, settings, monkeypatch) -> None:
    moment = throttle.real()
    monkeypatch.setattr(throttle, "real", lambda: moment)  # at once, however long it takes
    portal = Portal(create_app(settings), settings)
    browsers = [await portal.client() for _ in range(12)]
    for browser in browsers:
        await browser.get_page("/connexion")
    answers = await asyncio.gather(*(enter(browser, "durand15", "faux") for browser in browsers))
    assert sorted(answer.status_code for answer in answers) == [422] * 5 + [429] * 7


@ON_SQLITE
async def test_a_name_and_its_address_share_their_tries(people, browser: Client, monkeypatch) -> None:
    moment = throttle.real()
    monkeypatch.setattr(throttle, "real", lambda: moment)
    for _ in range(5):
        await enter(browser, "durand15", "faux")
    address = (await Guardian.get(id=people.durand.id)).email
    assert (await enter(browser, address, "faux")).status_code == 429


@ON_SQLITE
async def test_a_network_has_its_own_limit(browser: Client, monkeypatch) -> None:
    for _ in range(100):
        await Throttle.failed("network:127.0.0.0/24")
    assert (await enter(browser, "durand15")).status_code == 429


async def test_a_good_try_does_not_count_for_the_network(browser: Client) -> None:
    await enter(browser, "durand15")
    assert await Throttle.all().count() == 0


async def test_strangers_who_try_do_not_lock_a_parent_out_of_their_own_device(people, settings) -> None:
    portal = Portal(create_app(settings), settings)
    own, other = await portal.client(), await portal.client()
    await enter(own, "durand15", memoire="1")
    await own.post_form("/deconnexion")
    for _ in range(5):
        await enter(other, "durand15", "faux")
    assert (await enter(other, "durand15")).status_code == 429
    assert (await enter(own, "durand15")).status_code == 303


async def test_a_network_that_waits_lets_a_known_device_in(people, settings) -> None:
    """Strangers at the same provider, or at the same school, have used up its tries."""
    portal = Portal(create_app(settings), settings)
    own, other = await portal.client(), await portal.client()
    await enter(own, "durand15", memoire="1")
    await own.post_form("/deconnexion")
    for _ in range(110):
        await Throttle.failed("network:127.0.0.0/24")
    assert (await enter(other, "durand15")).status_code == 429
    assert (await enter(own, "petit17")).status_code == 429, "only its owner"
    assert (await enter(own, "durand15", "faux")).status_code == 422
    assert (await enter(own, "durand15")).status_code == 303


@ON_SQLITE
async def test_one_try_per_pause_keeps_no_network_out(browser: Client, monkeypatch) -> None:
    """Who comes back at the end of each pause makes the others wait for less than a minute."""
    moment = [throttle.real()]
    monkeypatch.setattr(throttle, "real", lambda: moment[0])
    for _ in range(100):
        await Throttle.failed("network:127.0.0.0/24")
    for n in range(15):
        answer = await enter(browser, f"nobody{n}", "faux")
        wait = int(answer.headers.get("retry-after", 0))
        assert wait <= 36
        moment[0] += wait


async def test_a_try_during_the_pause_does_not_prolong_it(browser: Client, monkeypatch) -> None:
    moment = [throttle.real()]
    monkeypatch.setattr(throttle, "real", lambda: moment[0])
    for _ in range(9):
        await Throttle.failed(*await _keys("durand15"))
    waits = []
    for _ in range(8):
        answer = await enter(browser, "durand15", "faux")
        waits.append(int(answer.headers["retry-after"]))
        moment[0] += 4
    assert waits == [32, 28, 24, 20, 16, 12, 8, 4]
    assert (await enter(browser, "durand15")).status_code == 303


@pytest.mark.parametrize("back", [60.0, 3600.0, 86400.0])
async def test_a_clock_that_jumps_back_locks_nobody_out(browser: Client, monkeypatch, back: float) -> None:
    moment = [throttle.real()]
    monkeypatch.setattr(throttle, "real", lambda: moment[0])
    for _ in range(8):
        await Throttle.failed(*await _keys("durand15"))
    moment[0] -= back
    answer = await enter(browser, "durand15")
    if answer.status_code == 429:
        wait = int(answer.headers["retry-after"])
        assert wait <= 16, "the pause that eight failures cost"
        moment[0] += wait
        answer = await enter(browser, "durand15")
    assert answer.status_code == 303


async def _keys(username: str) -> list[str]:
    return [f"account:guardian:{(await Guardian.get(username=username)).id}"]


async def test_a_sign_in_that_fails_is_written_in_the_journal(people, browser: Client) -> None:
    for name in ("durand15", "mairie", "phrase secrète tapée au mauvais endroit"):
        await enter(browser, name, "un mot de passe faux")
    events = await Event.filter(action="session.refused").order_by("id")
    durand, administrator = people.durand, people.administrator
    assert [(event.actor, event.object, event.family_id) for event in events] == [
        ("visitor", f"guardian:{durand.id}", durand.family_id),
        ("visitor", f"member:{administrator.id}", None),
        ("visitor", "nobody", None),
    ]
    assert [event.details for event in events] == [{"network": "127.0.0.0/24"}] * 3
    assert not {"secrète", "faux"} & set(str([vars(event) for event in events]).split())


@ON_SQLITE
async def test_an_attack_does_not_fill_the_journal(browser: Client, monkeypatch) -> None:
    """One account tried from everywhere; then any name, from everywhere."""
    moment = [throttle.real()]
    monkeypatch.setattr(throttle, "real", lambda: moment[0])
    monkeypatch.setattr(signing_in, "NOTED_OF_ALL", 40)
    for n in range(60):
        await sign_in_wrongly("durand15", f"10.0.{n}.0/24")
        moment[0] += 60
    assert 10 <= await Event.filter(action="session.refused").count() <= 20, "of one account, in an hour"
    moment[0] += 3600
    for n in range(120):
        await sign_in_wrongly(f"nobody{n}", f"10.1.{n}.0/24")
    assert await Event.filter(action="session.refused", object="nobody").count() == 40, "of all, at once"


async def sign_in_wrongly(name: str, network: str) -> None:
    with pytest.raises((WrongPassword, TooManyTries)):
        await sign_in(name, "faux", clock.now(), network=network)
