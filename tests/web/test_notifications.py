"""The bell, « Me prévenir », and the link of an e-mail that stops it."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from models import clock
from models.families.family import Family
from models.families.guardian import Guardian
from models.notifying import choices
from models.notifying.bell_entry import BellEntry
from models.notifying.push_subscription import PushSubscription
from models.rules.notices.topics import BY_CODE, Channel, wants
from models.rules.states.notices import NoticeKind
from models.storage import encryption
from models.work.audit_log import Event
from models.work.email import Email
from models.work.notice import Notice
from models.work.task import Task
from tests.jobs.push_service import PushService
from tests.portal import Client, Portal
from tests.web.checkout import Parent, parent, words

Open = Callable[..., Awaitable[Portal]]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
NOW = "2025-09-22T10:00:00"
MEAL = "Repas de midi"
PLACE = "/notifications"
CHOICES = "/compte/notifications"


@pytest.fixture
async def town(portal: Open, at: Callable[[str], Any]) -> Portal:
    opened = await portal("demo", now=NOW)
    at(NOW)
    return opened


@pytest.fixture
async def julie(town: Portal) -> Parent:
    return await parent(town, "julie.leroy")


async def me() -> Guardian:
    return await Guardian.get(username="julie.leroy")


async def test_the_bell_lists_what_was_said_and_counts_what_is_new(
    town: Portal, julie: Parent, at: Callable[[str], Any], count_queries: Callable[[], int]
) -> None:
    assert "Rien de nouveau" in words(await julie.browser.get_page(PLACE))
    await julie.tick("Zoé", "Accueil du matin", "2025-10-07")
    await julie.click()
    await town.run_jobs()
    before = count_queries()
    page = await julie.browser.get_page(PLACE)
    assert count_queries() - before == 2, "who asks, and what they were told"
    assert "1 réservation enregistrée" in words(page) and "non lu" in page and "Aujourd’hui" in page
    [link] = re.findall(r'href="(/notifications/\d+)"', page)
    home = await julie.browser.get_page("/compte")
    assert "1 non lue" in words(home) and home.count('class="pip"') == 3
    ahead = await julie.browser.get(link, headers={"sec-purpose": "prefetch"})
    assert (
        ahead.status_code == 503
        and await BellEntry.filter(read_at=None, guardian_id=(await me()).id).exists()
    )
    answer = await julie.browser.get(link)
    assert answer.status_code == 303 and answer.headers["location"] == "/planning"
    page = await julie.browser.get_page(PLACE)
    assert "non lu" not in page and 'class="pip"' not in page and "Tout marquer" not in page
    at("2025-11-21T11:00:00")
    assert "Rien de nouveau" in words(await julie.browser.get_page(PLACE)), "sixty days later"
    await BellEntry.sweep(clock.now())
    assert not await BellEntry.filter(guardian_id=(await me()).id).exists()


async def test_all_is_read_at_once_and_a_notice_for_one_parent_is_theirs_alone(
    town: Portal, julie: Parent
) -> None:
    guardian = await me()
    other = await Guardian.create(
        family_id=guardian.family_id, first_name="Luc", last_name="Leroy", email="", username="luc.leroy"
    )
    for number in range(3):
        await Notice.say(
            NoticeKind.PASSWORD_CHANGED, guardian.family_id, guardian.actor, clock.now(), f"{number}"
        )
    await town.run_jobs()
    assert await BellEntry.filter(guardian_id=guardian.id).count() == 3
    assert not await BellEntry.filter(guardian_id=other.id).exists()
    assert (await julie.browser.post_form(f"{PLACE}/lues")).status_code == 303
    assert not await BellEntry.filter(guardian_id=guardian.id, read_at=None).exists()
    assert await Event.filter(action="notifications.read").count() == 1
    await julie.browser.post_form(f"{PLACE}/lues")
    assert await Event.filter(action="notifications.read").count() == 1, "nothing was new"


async def test_what_opens_an_account_is_in_its_e_mail_alone(town: Portal, julie: Parent) -> None:
    from models.access import forgotten
    from models.access.token import Purpose

    guardian = await me()
    await forgotten.send(guardian.email, Purpose.PASSWORD, "click", clock.now())
    await town.run_jobs()
    assert await Email.filter(recipient=guardian.email, sealed=True).exists()
    assert not await BellEntry.filter(guardian_id=guardian.id).exists()


async def test_choices_are_kept_and_what_is_locked_stays(town: Portal, julie: Parent) -> None:
    page = await julie.browser.get_page(CHOICES)
    assert "toujours" in page and 'name="place.email"' in page and 'name="invoice.email"' not in page
    assert words(page).count("Facture, prélèvement, attestation") == 1
    form = {"place.push": "1", "message.email": "1", "silence": "1", "de": "22", "a": "6"}
    answer = await julie.browser.post_form(CHOICES, form)
    assert answer.headers["location"] == f"{CHOICES}?fait=choix"
    guardian = await me()
    wanted = {
        (code, channel.value)
        for code, topic in BY_CODE.items()
        for channel in Channel
        if wants(guardian.preferences, topic, channel)
    }
    assert ("place", "email") not in wanted and ("place", "push") in wanted
    assert ("message", "email") in wanted and ("message", "push") not in wanted
    assert ("invoice", "email") in wanted and ("answer", "email") in wanted
    assert guardian.preferences["quiet"] == {"from": 22, "to": 6}
    assert await Event.filter(action="notifications.chosen").count() == 1
    await julie.browser.post_form("/compte", {"mobile": "always", "affichage": "sombre"})
    assert (await me()).preferences["quiet"] == {"from": 22, "to": 6}, "another form leaves them"
    await julie.browser.post_form(CHOICES, {"de": "5", "a": "5", "silence": "1"})
    assert (await me()).preferences["quiet"] is False


async def test_an_e_mail_is_stopped_without_a_session(town: Portal, julie: Parent) -> None:
    """By a mail program in one click (RFC 8058), or by a person who presses the button."""
    guardian, visitor = await me(), await town.client()
    path = f"/desabonnement/{choices.token(guardian.id, BY_CODE['place'])}"
    page = await visitor.get_page(path)
    assert "Ne plus recevoir : Place libérée" in words(page) and "<form" in page
    assert wants((await me()).preferences, BY_CODE["place"], Channel.EMAIL), "a look changes nothing"
    answer = await visitor.post(
        path, data={"List-Unsubscribe": "One-Click"}, headers={"origin": "https://m.example"}
    )
    assert (answer.status_code, answer.text) == (200, "")
    assert not wants((await me()).preferences, BY_CODE["place"], Channel.EMAIL)
    assert wants((await me()).preferences, BY_CODE["message"], Channel.EMAIL)
    assert (await visitor.post(path)).headers["location"] == path
    assert "C’est fait" in await visitor.get_page(path)
    assert await Event.filter(action="notifications.unsubscribed").count() == 1, "twice is once"


async def test_nobody_makes_or_changes_such_a_link(town: Portal, julie: Parent) -> None:
    guardian, visitor = await me(), await town.client()
    good = choices.token(guardian.id, BY_CODE["place"])
    id, code, mark = good.split(".")
    for wrong in (
        f"{int(id) + 1}.{code}.{mark}",
        f"{id}.message.{mark}",
        f"{id}.{code}.{mark[:-1]}",
        f"{id}.{code}.",
        "x",
        f"{id}.nothing.{encryption.signature(f'{id}.nothing', choices.USE)}",
        f"999999.place.{encryption.signature('999999.place', choices.USE)}",
        f"{id}.{code}.é",
    ):
        assert (await visitor.get(f"/desabonnement/{wrong}")).status_code == 404, wrong
        assert (await visitor.post(f"/desabonnement/{wrong}")).status_code == 404, wrong
    locked = choices.token(guardian.id, BY_CODE["invoice"])
    await visitor.post(f"/desabonnement/{locked}", data={"List-Unsubscribe": "One-Click"})
    assert wants((await me()).preferences, BY_CODE["invoice"], Channel.EMAIL)


async def test_a_browser_is_added_tried_and_removed(town: Portal, julie: Parent) -> None:
    service = PushService()
    try:
        assert "fait=personne" in (await julie.browser.post_form(f"{CHOICES}/essai")).headers["location"]
        key = (await julie.browser.post_form(f"{CHOICES}/cle")).text
        assert len(key) == 87 and (await julie.browser.post_form(f"{CHOICES}/cle")).text == key
        offered = service.offered
        form = {"adresse": offered.endpoint, "cle": offered.key, "secret": offered.secret}
        agent = {"user-agent": "Mozilla/5.0 (Linux; Android 15) Chrome/140.0"}
        answer = await julie.browser.post_form(f"{CHOICES}/appareils", form, headers=agent)
        assert answer.headers["location"] == f"{CHOICES}?fait=appareil"
        assert "Chrome sur Android" in words(await julie.browser.get_page(CHOICES))
        bad = form | {"adresse": "https://intranet.example/push"}
        assert (await julie.browser.post_form(f"{CHOICES}/appareils", bad)).status_code == 400
        for _ in range(2):
            await julie.browser.post_form(f"{CHOICES}/essai")
        assert await Task.filter(name="send_push_trial").count() <= 2
        await town.run_jobs()
        assert service.shown == {
            "trial": "C’est un essai\u00a0: les notifications arrivent sur cet appareil."
        }
        row = await PushSubscription.all().get()
        other = await town.client("camille.durand")
        assert (await other.post_form(f"{CHOICES}/appareils/{row.id}/suppression")).status_code == 404
        await julie.browser.post_form(f"{CHOICES}/appareils/{row.id}/suppression")
        assert not await PushSubscription.exists()
    finally:
        service.close()
    told = await Event.filter(action__startswith="push").order_by("id")
    assert [event.action for event in told] == ["push_key.made", "push.subscribed", "push.unsubscribed"]


async def test_each_platform_gets_its_own_steps(town: Portal, julie: Parent) -> None:
    for agent, step in (
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Version/19.0 Safari", "Réglages"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0", "Autorisations"),
        ("Mozilla/5.0 (X11; Linux) Firefox/140.0", "Effacez"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0", "choisissez"),
    ):
        page = await julie.browser.get_page(CHOICES, headers={"user-agent": agent})
        assert "Les notifications sont bloquées dans votre navigateur." in page and step in page
        assert ("/installer" in page) == ("iPhone" in agent)


async def test_another_familys_bell_is_nothing_here(town: Portal, julie: Parent) -> None:
    guardian = await me()
    await Notice.say(NoticeKind.PASSWORD_CHANGED, guardian.family_id, guardian.actor, clock.now())
    await town.run_jobs()
    entry = await BellEntry.get(guardian_id=guardian.id)
    stranger: Client = await town.client("camille.durand")
    assert (await stranger.get(f"{PLACE}/{entry.id}")).status_code == 404
    assert (await BellEntry.get(id=entry.id)).read_at is None
    assert await Family.filter(id=guardian.family_id).exists()
