"""Requests about anything: what an answer does is said by kind; a change of the file starts from what was seen."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from tortoise.exceptions import BaseORMException

from models import clock
from models.access.member import Member
from models.bookings.family_request import FamilyRequest
from models.families.child import Child
from models.families.family import Family
from models.families.file_change import COLUMNS, NOUNS, FileChanged
from models.families.guardian import Guardian
from models.french.file_changes import LABELS
from models.notices.message import LONGEST_TITLE
from models.rules.states.requests import RequestKind
from models.work.audit_log import Event
from models.work.email import Email
from models.work.notice import GATHERING
from tests.engines import ON_SQLITE
from tests.portal import Portal

OpenPortal = Callable[..., Awaitable[Portal]]


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    return await portal("demo", now="2025-11-03T10:00")


@pytest.fixture
async def camille(town: Portal) -> Guardian:
    return await Guardian.get(username="camille.durand")


async def member() -> int:
    return (await Member.get(username="mairie")).id


async def asked(family: int, subject: str, before: Any, after: Any) -> FamilyRequest:
    """As a parent's screen will write it."""
    return await FamilyRequest.create(
        family_id=family,
        kind=RequestKind.FILE_CHANGE,
        subject=subject,
        before=before,
        after=after,
        made_at=clock.now(),
    )


@ON_SQLITE
async def test_an_accepted_change_is_made_once_and_in_the_journal(town: Portal, camille: Guardian) -> None:
    request = await asked(
        camille.family_id,
        f"guardian:{camille.id}",
        {"phone": camille.phone, "last_name": "Durand"},
        {"phone": "06 11 22 33 44", "last_name": "Petit"},
    )
    assert await FamilyRequest.accept(request.id, await member(), clock.now())
    assert not await FamilyRequest.accept(request.id, await member(), clock.now())
    changed = await Guardian.get(id=camille.id)
    assert (changed.phone, changed.last_name, changed.first_name) == ("06 11 22 33 44", "Petit", "Camille")
    event = await Event.get(action="file.changed")
    assert event.object == f"guardian:{camille.id}" and event.details["after"]["last_name"] == "Petit"
    await town.verify()


@ON_SQLITE
async def test_a_refused_change_changes_nothing_and_says_why(town: Portal, camille: Guardian) -> None:
    request = await asked(
        camille.family_id, f"guardian:{camille.id}", {"email": camille.email}, {"email": "c@durand.example"}
    )
    assert await FamilyRequest.refuse(request.id, await member(), "Adresse à confirmer", clock.now())
    assert (await Guardian.get(id=camille.id)).email == camille.email
    await town.run_jobs(within=GATHERING)
    email = await Email.get(recipient=camille.email)
    assert email.subject == "Votre demande est refusée\u00a0: Adresse à confirmer"
    assert "changement du dossier, adresse e-mail\u00a0: c@durand.example" in email.text
    assert "Rien n’a été changé." in email.text and len(email.subject) <= LONGEST_TITLE
    await town.verify()


async def test_a_childs_name_is_changed_in_both_homes_and_on_the_planning(town: Portal) -> None:
    lina = await Child.get(first_name="Lina")
    homes = await Family.filter(homes__child_id=lina.id).order_by("id")
    request = await asked(homes[0].id, f"child:{lina.id}", {"first_name": "Lina"}, {"first_name": "Line"})
    assert await FamilyRequest.accept(request.id, await member(), clock.now())
    assert (await Child.get(id=lina.id)).first_name == "Line"
    for home in homes:
        assert (await Family.get(id=home.id)).facts > home.facts
    await town.verify()


async def test_what_changed_meanwhile_is_not_written_over(town: Portal, camille: Guardian) -> None:
    phone = {"phone": camille.phone}
    first, second = [
        await asked(camille.family_id, f"guardian:{camille.id}", phone, {"phone": new}) for new in ("1", "2")
    ]
    assert await FamilyRequest.accept_all([first.id, second.id], await member(), clock.now()) == [second.id]
    assert (await Guardian.get(id=camille.id)).phone == "1"
    assert (await FamilyRequest.get(id=second.id)).state == "pending"
    assert await FamilyRequest.refuse(second.id, await member(), "Trop tard", clock.now())
    await town.verify()


@ON_SQLITE
@pytest.mark.parametrize("noun", ["guardian", "child"])
async def test_a_strangers_file_is_not_changed(town: Portal, camille: Guardian, noun: str) -> None:
    sophie = await Guardian.get(username="sophie.moreau")
    emma = await Child.get(first_name="Emma")
    theirs = sophie.id if noun == "guardian" else emma.id
    name = {"first_name": (sophie if noun == "guardian" else emma).first_name}
    request = await asked(camille.family_id, f"{noun}:{theirs}", name, {"first_name": "X"})
    with pytest.raises(FileChanged):
        await FamilyRequest.accept(request.id, await member(), clock.now())
    assert not await Guardian.exists(first_name="X") and not await Child.exists(first_name="X")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"username": "camille.durand"}, {"username": "mairie"}),
        ({"phone": None}, {"email": "x@x.example"}),
        ({}, {}),
    ],
)
async def test_only_what_a_family_may_ask_is_changed(
    town: Portal, camille: Guardian, before: Any, after: Any
) -> None:
    request = await asked(camille.family_id, f"guardian:{camille.id}", before, after)
    with pytest.raises(ValueError, match="guardian"):
        await FamilyRequest.accept(request.id, await member(), clock.now())
    assert (await FamilyRequest.get(id=request.id)).state == "pending"


@pytest.mark.parametrize("kind", ["booking", "cancellation", "file_change"])
async def test_a_request_without_what_it_is_about_is_not_written(
    town: Portal, camille: Guardian, kind: str
) -> None:
    bare = FamilyRequest(family_id=camille.family_id, kind=kind, subject="x:1", made_at=clock.now())
    with pytest.raises(BaseORMException, match="ck_request"):
        await bare.save()


def test_every_column_has_a_name() -> None:
    """That every kind can be answered is said in test_parents_file.py."""
    assert COLUMNS.keys() == NOUNS.keys()
    assert set().union(*COLUMNS.values()) <= LABELS.keys()
