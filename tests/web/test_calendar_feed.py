"""« Mon calendrier »: what another program reads at the secret address, as that program (vobject) understands it."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import vobject

from models import clock
from models.access.calendar_feed import CalendarFeed
from models.families.guardian import Guardian
from models.storage.database import rows
from models.work.audit_log import Event
from tests.portal import Client, Portal
from tests.web.checkout import Parent, hear_the_bank, parent, words
from web.app import create_app

Open = Callable[..., Awaitable[Portal]]
sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
NOW = "2025-09-22T10:00:00"
PLACE = "/compte/calendrier"
MORNING, MEAL = "Accueil du matin", "Repas de midi"


@pytest.fixture
async def town(portal: Open, monkeypatch: pytest.MonkeyPatch) -> Portal:
    opened = await portal("demo", now=NOW)
    hear_the_bank(opened, monkeypatch)
    return opened


async def address_of(browser: Client) -> str:
    """The path of the address that the page shows."""
    page = await browser.get_page(PLACE)
    found = re.search(r'id="adresse"[^>]*value="https?://[^/"]+(/calendrier/[^"]+\.ics)"', page)
    assert found, words(page)
    return found[1]


async def opened(browser: Client) -> str:
    """A calendar is made; its address."""
    assert (await browser.post_form(PLACE, {"remplace": "0"})).status_code == 303
    return await address_of(browser)


async def events(town: Portal, path: str) -> list[Any]:
    """As somebody reads them who has the address alone."""
    answer = await (await town.client()).get(path)
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/calendar")
    calendar = vobject.readOne(answer.text)
    assert calendar.prodid.value and calendar.version.value == "2.0"
    return list(getattr(calendar, "vevent_list", []))


def told(event: Any) -> tuple[str, datetime, datetime]:
    return event.summary.value, event.dtstart.value.astimezone(UTC), event.dtend.value.astimezone(UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


async def books(who: Parent, child: str, slot: str, *days: str) -> None:
    await who.tick(child, slot, *days)
    await who.click()


@sqlite
async def test_the_days_that_stand_are_read_at_their_hours(town: Portal) -> None:
    julie = await parent(town, "julie.leroy")
    path = await opened(julie.browser)
    assert await events(town, path) == []
    await books(julie, "Zoé", MORNING, "2025-10-07", "2025-11-04")
    await julie.tick("Zoé", MORNING, "2025-11-06")  # a draft stands nowhere
    summer, winter = await events(town, path)
    assert told(summer) == (f"Zoé – {MORNING}", utc("2025-10-07T05:30"), utc("2025-10-07T06:30"))
    assert told(winter) == (f"Zoé – {MORNING}", utc("2025-11-04T06:30"), utc("2025-11-04T07:30"))
    assert summer.location.value == "Dans chaque école" and summer.description.value == "Accueil périscolaire"
    assert (summer.status.value, summer.transp.value) == ("CONFIRMED", "TRANSPARENT")
    assert "Leroy" not in (await julie.browser.get(path)).text

    await julie.tick("Zoé", MORNING, "2025-11-06", ticked=False)
    await julie.tick("Zoé", MORNING, "2025-10-07", ticked=False)
    await julie.click()
    [left] = await events(town, path)
    assert left.uid.value == winter.uid.value != summer.uid.value


@sqlite
async def test_each_home_reads_its_own_days(town: Portal) -> None:
    julie, thomas = await parent(town, "julie.leroy"), await parent(town, "thomas.leroy")
    hers, his = await opened(julie.browser), await opened(thomas.browser)
    await books(julie, "Zoé", MORNING, "2025-10-07")
    await thomas.tick("Zoé", MEAL, "2025-10-13")
    await thomas.pay()
    assert [event.summary.value for event in await events(town, hers)] == [f"Zoé – {MORNING}"]
    assert [event.summary.value for event in await events(town, his)] == [f"Zoé – {MEAL}"]


@sqlite
async def test_what_has_not_changed_is_the_same_bytes(town: Portal) -> None:
    julie, reader = await parent(town, "julie.leroy"), await town.client()
    path = await opened(julie.browser)
    await books(julie, "Zoé", MORNING, "2025-10-07")
    first = await reader.get(path)
    clock.shift_to(clock.now() + (utc("2025-09-25T00:00") - utc("2025-09-22T00:00")))
    again = await reader.get(path)
    assert again.content == first.content and again.headers["etag"] == first.headers["etag"]
    same = {"if-none-match": first.headers["etag"]}
    assert (await reader.get(path, headers=same)).status_code == 304
    assert first.headers["x-robots-tag"] == "noindex" and "private" in first.headers["cache-control"]
    await books(julie, "Zoé", MORNING, "2025-10-09")
    changed = await reader.get(path, headers=same)
    assert changed.status_code == 200
    assert len(await events(town, path)) == 2


@sqlite
async def test_a_changed_address_opens_nothing_any_more(town: Portal) -> None:
    browser, reader = await town.client("julie.leroy"), await town.client()
    assert "Créer l’adresse" in await browser.get_page(PLACE)
    first = await opened(browser)
    feed = await CalendarFeed.get(closed_at=None)
    for _ in range(2):  # a form that is sent twice
        await browser.post_form(PLACE, {"remplace": str(feed.id)})
    second = await address_of(browser)
    assert await CalendarFeed.all().count() == 2 and second != first
    assert (await reader.get(first)).status_code == 404
    assert (await reader.get(second)).status_code == 200
    feed = await CalendarFeed.get(closed_at=None)
    await browser.post_form(f"{PLACE}/suppression", {"adresse": str(feed.id)})
    assert (await reader.get(second)).status_code == 404
    assert "Créer l’adresse" in await browser.get_page(PLACE)
    noted = Event.filter(action__startswith="calendar.").order_by("id")
    assert [row.action for row in await noted] == [
        "calendar.opened", "calendar.closed", "calendar.opened", "calendar.closed",
    ]  # fmt: skip
    await town.verify()


@sqlite
async def test_a_stranger_neither_reads_nor_closes_it(town: Portal) -> None:
    path = await opened(await town.client("julie.leroy"))
    feed, karim = await CalendarFeed.get(closed_at=None), await town.client("karim.petit")
    for where, form in (
        (PLACE, {"remplace": str(feed.id)}),
        (f"{PLACE}/suppression", {"adresse": str(feed.id)}),
    ):
        assert (await karim.post_form(where, form)).status_code == 303
    assert path not in await karim.get_page(PLACE)
    assert (await karim.get(path)).status_code == 200  # whoever knows the address reads it
    for wrong in ("", path[12:-5], feed.digest, feed.seed):
        assert (await karim.get(f"/calendrier/{wrong}.ics")).status_code == 404, wrong


@sqlite
async def test_the_address_is_in_no_row_and_outlives_a_new_key(town: Portal) -> None:
    path = await opened(await town.client("julie.leroy"))
    secret = path.removeprefix("/calendrier/").removesuffix(".ics")
    for table in ("calendar_feed", "event", "task"):
        assert secret not in repr(await rows(f"SELECT * FROM {table}"))
    keys = town.settings.secret_keys
    for known, shown in (((*keys, "a newer key" * 4), True), (("another key" * 4,), False)):
        settings = replace(town.settings, secret_keys=known)
        other = Portal(create_app(settings), settings)
        page = await (await other.client("julie.leroy")).get_page(PLACE)
        assert (path in page) is shown
        assert ("ne peut plus être affichée" in page) is not shown
        assert (await (await other.client()).get(path)).status_code == 200


async def test_two_devices_change_it_at_once_and_one_does(town: Portal) -> None:
    """On both databases."""
    guardian = await Guardian.get(username="julie.leroy")
    for before in (0, 1):
        done = await asyncio.gather(
            *(CalendarFeed.renew(guardian, before, "seed", f"{before}{n}", clock.now()) for n in range(4))
        )
        assert sorted(done) == [False, False, False, True]
    assert await CalendarFeed.filter(closed_at=None).count() == 1
