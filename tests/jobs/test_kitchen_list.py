"""A kitchen's list is taken at the limit, kept, and sent to the caterer; what changes later is said beside it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from jobs.runner import Runner
from models.activities.catalogue import current_catalogue
from models.activities.slot import Slot
from models.bookings.booking import Booking
from models.bookings.day.kitchen_list import KitchenList, closing, freeze_kitchen_lists
from models.clock import now
from models.families.child import Child
from models.families.file.health import set_health
from models.french import moment_long
from models.rules.booking import BookingState
from models.rules.families.health import Health
from models.storage.integrity import verify
from models.work.email import Email
from tests import servers
from tests.portal import Portal
from tests.web.checkout import hear_the_bank, parent, words

MEAL, DAY = "Repas de midi", date(2025, 10, 7)
BEGIN = "2025-09-22T10:00:00"
CATERER = "cuisine@traiteur.example"
PAGE = "/mairie/listes?jour=2025-10-07"


@pytest.fixture
def postbox() -> Iterator[servers.Postbox]:
    with servers.smtp() as box:
        yield box


def told(content: dict[str, Any]) -> None:
    for activity in content["activities"]:
        if activity["kind"] == "meal":
            activity["kitchen_email"] = CATERER


@pytest.fixture
async def town(portal: Any, monkeypatch: pytest.MonkeyPatch) -> Portal:
    """Lina and Hugo eat on that Tuesday, and Lina without pork."""
    town: Portal = await portal("demo", now=BEGIN, change=told)
    hear_the_bank(town, monkeypatch)
    for username, child in (("camille.durand", "Lina"), ("sophie.moreau", "Hugo")):
        claire = await parent(town, username)
        await claire.tick(child, MEAL, DAY.isoformat())
        await claire.pay()
    lina = await Booking.filter(day=DAY, child__first_name="Lina").select_related("child").first()
    assert lina
    await set_health(lina.child_id, lina.family_id, Health(diet="sans porc"), 0, "member:1", now())
    return town


async def limit() -> tuple[int, datetime]:
    slot = await Slot.get(name=MEAL)
    closed = closing(await current_catalogue(), slot.id, DAY)
    assert closed
    return slot.id, closed


async def test_a_list_is_taken_once_as_it_was_at_the_limit(
    town: Portal, at: Callable[[datetime], datetime]
) -> None:
    slot, closed = await limit()
    at(closed - timedelta(seconds=1))
    await freeze_kitchen_lists(now())
    assert not await KitchenList.exists(slot_id=slot, day=DAY), "a payment may still be under way"
    hugo = await Booking.get(day=DAY, child__first_name="Hugo")
    later = closed + timedelta(hours=1)
    await Booking.move(hugo.id, BookingState.CONFIRMED, BookingState.CANCELLED, changed_at=later)
    at(closed + timedelta(hours=2))
    await freeze_kitchen_lists(now())
    await freeze_kitchen_lists(now())
    row = await KitchenList.get(slot_id=slot, day=DAY)
    assert (row.expected, row.recipient) == (2, CATERER), "a portal that was away takes the same numbers"
    assert sum(one.diets.get("sans porc", 0) for one in row.schools) == 1
    page = words(await (await town.client("cantine")).get_page(PAGE))
    assert f"Arrêté le {moment_long(closed)} : 2 repas." in page and "\u22121 depuis." in page
    await Booking.move(hugo.id, BookingState.CANCELLED, BookingState.CONFIRMED, changed_at=later)
    assert await verify() == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_the_caterer_gets_numbers_once_when_the_mail_server_is_back(
    town: Portal, postbox: servers.Postbox, at: Callable[[datetime], datetime]
) -> None:
    slot, closed = await limit()
    await Email.all().update(sent_at=now())
    at(closed)
    await freeze_kitchen_lists(now())
    runner = Runner({"settings": replace(town.settings, smtp_url=postbox.url, demo=False)})
    postbox.refuse = "451 busy"
    await runner.run_due()
    assert not [mail for mail in postbox.emails if mail["To"] == CATERER]
    postbox.refuse = None
    await runner.run_all()
    row = await KitchenList.get(slot_id=slot, day=DAY)
    mails = [
        mail for mail in postbox.emails if mail["To"] == CATERER and f"{DAY.day} octobre" in mail["Subject"]
    ]
    assert len(mails) == 1 and "2 repas" in mails[0]["Subject"]
    paper, lines = files_of(mails[0])
    assert paper.startswith(b"%PDF") and "sans porc" in lines.decode() and "Ensemble" in lines.decode()
    assert f"\r\n07/10/2025;{MEAL};" in lines.decode()
    said = mails[0].as_string() + lines.decode()
    for child in await Child.all():
        assert child.last_name not in said and f"{child.first_name} " not in said, "no name leaves the portal"
    assert row.recipient == CATERER


def files_of(mail: EmailMessage) -> list[bytes]:
    return [part.get_payload(decode=True) for part in mail.iter_attachments()]  # type: ignore[misc]
