"""« Mes données »: what leaves with a parent, and nobody else's; an account that ends, and what stays of it."""

import io
import json
import zipfile
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from models import clock
from models.access.calendar_feed import CalendarFeed
from models.access.passkeys.passkey import Passkey
from models.access.passwords import DEMO_PASSWORD
from models.access.session import Session
from models.bookings.booking import Booking
from models.families.child import Child, Home
from models.families.family import Family
from models.families.file.health import set_health
from models.families.guardian import Guardian
from models.families.quotient import Quotient
from models.messages.thread import Message
from models.personal_data.data_copy import DataCopy
from models.rules.families.health import Health
from models.work.audit_log import Event
from tests.documents.reading import words
from tests.models.messages import write_to_the_mairie
from tests.portal import Client, Portal
from tests.web.first_connections import mails

NOW = "2025-09-22T10:00:00"
DATA = "/compte/donnees"
CLOSE = "/compte/suppression"
CLOSED = "/compte-supprime"


@pytest.fixture
async def town(portal: Callable[..., Awaitable[Portal]]) -> Portal:
    return await portal("demo", now=NOW)


def opened(answer: httpx.Response) -> tuple[dict[str, list[dict[str, Any]]], str, list[str]]:
    """The lists, everything in the file as one text, and the names of its files."""
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        names = file.namelist()
        texts = [file.read(name).decode() for name in names if name.endswith((".json", ".html"))]
        return json.loads(texts[0]), "\n".join(texts), names


def printed(answer: httpx.Response) -> str:
    """The words of the paper in the file, as they are read; without the breaks of its lines."""
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        [name] = [one for one in file.namelist() if one.endswith("/mes-donnees.pdf")]
        return " ".join(words(file.read(name), "-raw").split())


async def test_a_parent_takes_what_is_theirs_and_nothing_of_another_home(town: Portal) -> None:
    sophie: Client = await town.client("sophie.moreau")
    nora = await town.client("nora.benali")
    mine = await Guardian.get(username="sophie.moreau").select_related("family")
    other = await Guardian.get(username="nora.benali")
    child = await Child.filter(homes__family_id=mine.family_id).order_by("id").first()
    assert child
    # A child of two homes: the other one's quotients, parents and words stay there.
    await Home.create(child_id=child.id, family_id=other.family_id, weeks="odd", position=9)
    await Quotient.filter(family_id=other.family_id).update(value=4321)
    await Family.filter(id=other.family_id).update(address="9 rue du Secret")
    await set_health(child.id, mine.family_id, Health(diet="sans porc"), 0, "member:1", clock.now())
    await write_to_the_mairie(mine.family_id)
    other_child = await Child.filter(homes__family_id=other.family_id).exclude(id=child.id).first()

    assert DATA in await sophie.get_page("/compte") and "autre foyer" in await sophie.get_page(DATA)
    assert (await sophie.post_form(DATA, {"actuel": "faux"})).status_code == 422
    assert not await Event.exists(action="data.exported")
    await town.run_jobs()
    asked = [(await sophie.post_form(DATA, {"actuel": DEMO_PASSWORD})).headers["location"] for _ in range(2)]
    [number] = {address.rpartition("/")[2] for address in asked}
    place, file = f"/compte/donnees/{number}", f"/compte/donnees/{number}/fichier"
    assert "en préparation" in await sophie.get_page(f"/compte/donnees/{number}")
    assert (await sophie.get(f"/compte/donnees/{number}/fichier")).headers["location"] == place
    await town.run_jobs()
    assert file in await sophie.get_page(place)
    assert [(await nora.get(there)).status_code for there in (place, file)] == [404, 404]
    answer = await sophie.get(file)
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == (
        "application/zip",
        "no-store",
    )
    lists, text, names = opened(answer)
    text += "\n" + (paper := printed(answer))

    assert lists["Mon compte"][0]["adresse e-mail"] == mine.email
    assert {row["prénom"] for row in lists["Mes enfants"]} >= {child.first_name}
    assert "sans porc" in text, "read, not sealed"
    assert lists["Messages"][0]["texte"] == (await Message.all().order_by("id"))[0].text
    assert len(lists["Quotients"]) == await Quotient.filter(family_id=mine.family_id).count() > 0
    assert any(name.endswith("donnees.html") for name in names)
    assert all(title in paper for title in lists), "what the JSON has, the paper has"
    assert "sans porc" in paper and "régime" in paper and "Page 1/" in paper and ",00 €" in paper
    sessions = await Session.all()
    secrets = [
        mine.password,
        *(row.digest for row in sessions),
        *(row.digest for row in await CalendarFeed.all()),
    ]
    for foreign in [other.email, other.username, "9 rue du Secret", "4321", *secrets]:
        assert str(foreign) not in text
    assert other_child and other_child.first_name not in {row["prénom"] for row in lists["Mes enfants"]}
    row = await Event.get(action="data.exported")  # asked twice, told once
    assert (row.actor, row.family_id) == (mine.actor, mine.family_id)
    await DataCopy.all().update(expires=0.0)
    assert (await sophie.get(file)).status_code == 404
    await DataCopy.sweep_data_copies()
    assert not await DataCopy.exists()


async def test_an_account_ends_and_the_days_stay(town: Portal) -> None:
    sophie = await town.client("sophie.moreau")
    phone = await town.client("sophie.moreau")
    mine = await Guardian.get(username="sophie.moreau")
    key: Any = {"credential": "c", "handle": "h", "public_key": b"k", "signatures": 0, "name": "Téléphone"}
    await Passkey.create(guardian_id=mine.id, made_at=clock.now(), **key)
    await CalendarFeed.renew(mine, 0, "seed", "secret", clock.now())
    days = await Booking.filter(family_id=mine.family_id).count()

    assert "dix ans" in await sophie.get_page(CLOSE)
    for wrong in ({"actuel": DEMO_PASSWORD, "mot": "oui"}, {"actuel": "faux", "mot": "SUPPRIMER"}):
        assert (await sophie.post_form(CLOSE, wrong)).status_code == 422
    assert (await phone.get("/compte")).status_code == 200
    ended = await sophie.post_form(CLOSE, {"actuel": DEMO_PASSWORD, "mot": "supprimer"})
    assert ended.headers["location"] == CLOSED and "supprimé" in await sophie.get_page(CLOSED)

    for browser in (sophie, phone):
        assert (await browser.get("/compte")).status_code == 303, "signed out everywhere"
    now = await Guardian.get(id=mine.id)
    assert (now.password, now.email, now.first_name) == (None, "", mine.first_name)
    assert not await CalendarFeed.of("secret")
    assert not await Passkey.exists(guardian_id=mine.id, removed_at=None)
    assert await Booking.filter(family_id=mine.family_id).count() == days
    assert await Event.exists(action="account.closed", object=mine.actor)
    await town.run_jobs()
    assert (await mails(town))[-1].recipient == mine.email, "told to the address before"
    assert not await Guardian.exists(email=mine.email), "which is free"
    await town.verify()
