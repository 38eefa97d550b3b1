"""What parents change, ask and send of their file, and what the mairie's answer does. On both databases."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date

import pytest

from models import clock
from models.bookings import family_request, request_reopening
from models.bookings.family_request import AlreadyAsked, FamilyRequest
from models.families.child import Child, Home
from models.families.family import Family
from models.families.file import health as child_health
from models.families.file.consent import ConsentAnswer
from models.families.file.contact import ChildContact
from models.families.file.health import ChildHealth
from models.families.file.required_document import RequiredDocument
from models.families.file.sent_document import SentDocument
from models.families.file_change import FileChanged
from models.families.guardian import Guardian
from models.families.quotient import Quotient
from models.family_file import request_answers
from models.family_file.parents import asked, asking, own
from models.family_file.parents.asked import About
from models.family_file.parents.asking import NothingAsked
from models.rules.families.health import NOTHING, Health
from models.rules.states.requests import RequestKind, RequestState
from models.work.audit_log import Event
from models.work.email import Email
from models.work.notice import GATHERING
from tests.engines import ON_SQLITE
from tests.models import family_file
from tests.models.damages_of_file import FILE
from tests.models.family_file import GRANDMOTHER, emma, known_meals, member, paper, sophie
from tests.models.test_damages import silent
from tests.portal import Portal

OpenPortal = Callable[..., Awaitable[Portal]]
MILK = Health("sans porc", ("lait",))


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    opened = await portal("demo", now=family_file.NOW)
    await known_meals()
    return opened


async def test_all_that_was_asked_is_done_and_every_damage_is_told(town: Portal) -> None:
    await family_file.live()
    mother, child = await sophie(), await emma()
    assert (await ChildHealth.known([child.id]))[child.id] == Health(
        "sans porc", ("lait",), True, date(2026, 7, 3)
    )
    assert (await Family.get(id=mother.family_id)).address == "3 rue Neuve\n38999 Val-Fleuri"
    spans = await Quotient.filter(family_id=mother.family_id).order_by("start")
    assert [(span.value, span.start, span.end) for span in spans][-1] == (700, date(2026, 2, 1), None)
    rose = await Child.get(first_name="Rose")
    assert await Home.exists(child_id=rose.id, family_id=mother.family_id)
    assert (await SentDocument.get(click="second")).until == date(2026, 11, 3)
    steps = await asked.of(mother.family_id)
    assert {step.state for step in steps} == {RequestState.ACCEPTED, RequestState.REFUSED}
    assert {step.about for step in steps} == {About.FAMILY, About.PERSON}
    events = [event async for event in Event.filter(family_id=mother.family_id)]
    assert not any("lait" in str(event.details) or "porc" in str(event.details) for event in events)
    rows = [row async for row in FamilyRequest.filter(kind=RequestKind.HEALTH_CHANGE)]
    assert not any("lait" in str((row.before, row.after)) for row in rows)
    await town.verify()
    assert await silent(FILE) == []
    await town.run_jobs(within=GATHERING)
    told = [email async for email in Email.filter(recipient=mother.email)]
    assert not any("lait" in email.text for email in told)
    subjects = " | ".join(email.subject for email in told)
    for said in ("Odile Moreau", "À renvoyer", "Pièce acceptée", "4 demandes"):
        assert said in subjects.replace("\u00a0", " "), said


async def test_of_two_changes_of_health_the_second_finds_the_first(town: Portal) -> None:
    """Asked by both homes of a child from the same file, and changed by the mairie meanwhile."""
    julie, thomas = [await Guardian.get(username=name) for name in ("julie.leroy", "thomas.leroy")]
    zoe, now = await Child.get(first_name="Zoé"), clock.now()
    await asking.health(julie, zoe.id, MILK, "a", now)
    await asking.health(thomas, zoe.id, Health("végétarien"), "a", now)
    with pytest.raises(AlreadyAsked):
        await asking.health(julie, zoe.id, Health("végétarien"), "b", now)
    await asking.health(julie, zoe.id, MILK, "a", now)  # the same form once more
    first, second = await FamilyRequest.all().order_by("id")
    mairie = await member()
    done = await asyncio.gather(
        *(request_answers.accept(one.id, mairie, now) for one in (first, second)), return_exceptions=True
    )
    assert sorted(map(repr, done)) == sorted(["True", repr(FileChanged(f"child:{zoe.id}"))])
    [left] = await FamilyRequest.filter(state=RequestState.PENDING)
    assert await FamilyRequest.refuse(left.id, mairie, "Déjà changé", now)
    accepted = await FamilyRequest.get(state=RequestState.ACCEPTED)
    assert await request_reopening.reopen(accepted.id, mairie, now)
    assert (await ChildHealth.known([zoe.id]))[zoe.id] == NOTHING
    with pytest.raises(FileChanged):
        await request_answers.accept(accepted.id, mairie, now)  # it was asked from an older file
    await town.verify()


async def test_the_mairie_changes_health_from_what_it_read(town: Portal) -> None:
    child, mother = await emma(), await sophie()
    version, _ = await ChildHealth.version_of(child.id)
    assert await child_health.set_health(child.id, mother.family_id, MILK, version, "member:1", clock.now())
    with pytest.raises(FileChanged):
        await child_health.set_health(child.id, mother.family_id, NOTHING, version, "member:1", clock.now())
    assert not await child_health.set_health(
        child.id, mother.family_id, MILK, version + 1, "member:1", clock.now()
    )
    stranger = (await Guardian.get(username="karim.petit")).family_id
    with pytest.raises(FileChanged):
        await child_health.set_health(child.id, stranger, NOTHING, version + 1, "member:1", clock.now())
    assert await ChildHealth.renew_seals() == 0
    await town.verify()


async def test_what_a_parent_changes_is_done_once(town: Portal) -> None:
    mother, child, now = await sophie(), await emma(), clock.now()
    numbers = ("06 11 22 33 44", None, "04 76 00 00 01")
    await own.set_phones(mother, numbers, now)
    with pytest.raises(FileChanged):  # from what this browser saw before
        await own.set_phones(mother, ("06 55 55 55 55", None, None), now)
    mother = await sophie()
    assert (mother.phone, mother.home_phone, mother.work_phone) == numbers
    for _ in range(2):
        await own.set_delivery(mother, "post", now)
        await ChildContact.add(mother, child.id, GRANDMOTHER, now)
        await ConsentAnswer.answer(mother, child.id, {"photo": True}, now)
        await own.confirm(mother, date(2025, 9, 1), now)
    for action in ("family.changed", "contact.added", "consent.given", "file.confirmed"):
        assert await Event.filter(action=action).count() == 1, action
    await ConsentAnswer.answer(mother, child.id, {"photo": False}, now)
    answers = (await ConsentAnswer.of([child.id]))[child.id]
    assert not answers["photo"].granted and await ConsentAnswer.all().count() == 2
    karim = await Guardian.get(username="karim.petit")
    for wrong in (
        ChildContact.add(karim, child.id, GRANDMOTHER, now),
        ConsentAnswer.answer(karim, child.id, {"photo": True}, now),
        asking.health(karim, child.id, MILK, "x", now),
    ):
        with pytest.raises(LookupError):
            await wrong
    with pytest.raises(NothingAsked):
        await asking.household(mother, {"holder": "Sophie Moreau"}, "x", now)
    await town.verify()


@ON_SQLITE
async def test_a_file_withdrawn_asks_nothing_more(town: Portal) -> None:
    mother, now = await sophie(), clock.now()
    await asking.quotient(mother, 640, date(2026, 1, 1), paper(), "q", now)
    row = await FamilyRequest.get()
    karim = await Guardian.get(username="karim.petit")
    assert not await FamilyRequest.withdraw(row.id, karim.family_id, karim.actor, now)
    assert await FamilyRequest.withdraw(row.id, mother.family_id, mother.actor, now)
    assert not await FamilyRequest.withdraw(row.id, mother.family_id, mother.actor, now)
    assert not await request_answers.accept(row.id, await member(), now)
    assert not await Quotient.exists(value=640)
    residence = await RequiredDocument.get(code="domicile")
    await SentDocument.send(mother, residence, None, paper("home"), now)
    await SentDocument.send(mother, residence, None, paper("home"), now)
    sent = await SentDocument.get(click="home")
    assert await SentDocument.withdraw(sent.id, mother, now)
    assert not await sent.accept("member:1", now)
    await town.verify()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_every_kind_can_be_answered_and_withdrawn(engine: str) -> None:
    assert family_request.ANSWERS.keys() == set(RequestKind) == family_request.WITHDRAWN.keys()
    refused = {kind for kind, state in request_reopening.UNDONE if state is RequestState.REFUSED}
    assert refused == set(RequestKind)
