"""The days of parents who ask the mairie, and of those who wait."""

import re
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest

from models import clock
from models.access.passwords import DEMO_PASSWORD
from models.activities.catalogue import current_catalogue
from models.activities.opening import Opening
from models.activities.slot import Slot
from models.bookings.booking import Booking
from models.bookings.cart import CartLine
from models.bookings.family_request import FamilyRequest
from models.bookings.waiting_list import Waiting
from models.commune.school import School
from models.families.child import Child, Home, Schooling
from models.families.enrolment import Enrolment
from models.families.family import Family
from models.families.guardian import Guardian
from models.planning import ticks
from models.planning.ticks import Tick
from models.rules.states.requests import RequestKind
from models.work.email import Email
from models.work.notice import GATHERING
from tests.engines import ON_SQLITE
from tests.portal import Portal
from tests.web.checkout import Parent, parent, words

OpenPortal = Callable[..., Awaitable[Portal]]
At = Callable[[str], Any]


@pytest.fixture
async def nadia(portal: OpenPortal) -> Parent:
    town = await portal("lezignan", now="2016-09-16T10:00:00")
    return await parent(town, "nadia.roux")


async def answered(nadia: Parent, **reasons: str) -> None:
    """The mairie accepts every pending request, but those of the days that have a reason."""
    mairie = await nadia.town.client("mairie")
    for request in await FamilyRequest.filter(state="pending").select_related("booking").order_by("id"):
        assert request.booking
        reason = reasons.get(f"d{request.booking.day:%d}")
        path = f"/mairie/demandes/{request.id}/{'refus' if reason else 'acceptation'}"
        answer = await mairie.post_form(path, {"motif": reason or ""})
        assert answer.status_code == 303
    await nadia.town.run_jobs(within=GATHERING)


@ON_SQLITE
async def test_asked_accepted_refused(nadia: Parent) -> None:
    await nadia.tick("Tom", "Repas", "2016-10-03", "2016-10-04", "2016-10-06", "2016-10-07")
    assert "Envoyer 4 demandes" in words(await nadia.recap())
    done = await nadia.browser.get_page((await nadia.click()).headers["location"])
    assert "Vos demandes sont parties à la mairie." in words(done) and "facture" not in words(done)
    assert await Booking.filter(state="requested").count() == 4
    assert sum(await Opening.all().values_list("taken", flat=True)) == 0  # type: ignore[arg-type]
    await answered(nadia, d07="Sortie scolaire")
    page = words(await nadia.browser.get_page("/planning?vue=mois&debut=2016-10-01&modifier=1"))
    assert page.count("réservée.") == 3 and "refusée par la mairie : Sortie scolaire" in page
    assert "Repas, mercredi 19 octobre" in page and "jeudi 20 octobre 2016 : " in page
    email = await Email.get(subject="La mairie a répondu à vos 4 demandes")
    assert email.text.count("\u00a0: acceptée. La place est réservée.") == 3
    assert "vendredi 7 octobre 2016\u00a0: refusée. Motif\u00a0: Sortie scolaire" in email.text
    await nadia.town.verify()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_each_demarche_is_followed_and_deleted_while_it_waits(nadia: Parent) -> None:
    """Story Z5. What else is a démarche, and a deletion that comes too late, is in tests/web/test_family_file.py."""
    await nadia.tick("Tom", "Repas", "2016-10-03", "2016-10-04", "2016-10-06")
    await nadia.click()
    waiting = await FamilyRequest.get(booking__day="2016-10-06")
    await FamilyRequest.accept((await FamilyRequest.get(booking__day="2016-10-03")).id, 1, clock.now())
    await FamilyRequest.refuse(
        (await FamilyRequest.get(booking__day="2016-10-04")).id, 1, "Sortie", clock.now()
    )
    steps = await steps_of(nadia)
    assert [re.findall(r"Attente|Acceptée|Refusée : Sortie", step) for step in steps] == [
        ["Attente"],
        ["Refusée : Sortie"],
        ["Acceptée"],
    ]
    assert all("16/09/2016" in step for step in steps), "when it was asked"
    assert ["Supprimer" in step for step in steps] == [True, False, False]
    await nadia.browser.post_form(f"/demarches/{waiting.id}/suppression")
    assert (await Booking.get(day="2016-10-06")).state == "cancelled"
    assert not any("Supprimer" in step for step in await steps_of(nadia))

    account = await nadia.browser.get_page("/compte")
    assert "La modification du mail doit se faire directement à la structure." in words(account)
    assert 'action="/compte/adresse"' not in account
    sent = {"adresse": "nadia@ailleurs.example", "passe_adresse": DEMO_PASSWORD}
    assert (await nadia.browser.post_form("/compte/adresse", sent)).status_code == 403
    await nadia.browser.post_form("/dossier/telephones", {"mobile": "06 11 22 33 44", "click": "a"})
    guardian = await Guardian.get(username="nadia.roux")
    assert (guardian.email, guardian.phone) == ("nadia@roux.example", "06 11 22 33 44")
    await nadia.town.verify()


async def steps_of(nadia: Parent) -> list[str]:
    """The lines of « Mes démarches », as they are read."""
    page = await nadia.browser.get_page("/demarches")
    return [words(line) for line in re.findall(r'(?s)<li id="\w+-\d+">.*?</li>', page)]


async def test_holidays_cannot_be_ticked(nadia: Parent) -> None:
    child, slot = await Child.get(first_name="Tom"), await Slot.get(name="Repas")
    days = [date(2016, 10, day) for day in (20, 21, 24, 31)]
    ops = [Tick(child.id, slot.id, day, True) for day in days]
    outcome = await ticks.apply_ticks(await current_catalogue(), nadia.family, ops, clock.now())
    assert len(outcome.refused) == 4 and await CartLine.all().count() == 0


@ON_SQLITE
async def test_a_request_can_be_withdrawn(nadia: Parent) -> None:
    await nadia.tick("Tom", "Repas", "2016-10-03")
    await nadia.click()
    await nadia.tick("Tom", "Repas", "2016-10-03", ticked=False)
    await nadia.click()
    assert (await FamilyRequest.get()).state == "withdrawn" and (await Booking.get()).state == "cancelled"
    await nadia.town.verify()


@ON_SQLITE
async def test_a_cancellation_is_a_request_too(nadia: Parent, at: At) -> None:
    await nadia.tick("Tom", "Repas", "2016-10-03", "2016-10-04")
    await nadia.click()
    await answered(nadia)
    await nadia.tick("Tom", "Repas", "2016-10-03", "2016-10-04", ticked=False)
    await nadia.click()
    await answered(nadia, d04="Repas déjà commandés")
    states = dict(await Booking.all().values_list("day", "state"))
    assert states == {date(2016, 10, 3): "cancelled", date(2016, 10, 4): "confirmed"}
    assert await Opening.filter(day="2016-10-03", taken=0, slot__name="Repas").exists()
    at("2016-09-30T12:00:00")  # two working days before Tuesday the 4th
    child, slot = await Child.get(first_name="Tom"), await Slot.get(name="Repas")
    op = f"{child.id}-{slot.id}-2016-10-04:0"
    place = {"vue": "mois", "debut": "2016-10-01", "modifier": "1"}
    answer = await nadia.browser.post_part("/planning/operations", {"op": op, **place})
    assert 'data-s="refused"' in answer.text and "Trop tard" in answer.text
    assert (await Booking.get(day="2016-10-04")).state == "confirmed"
    await nadia.town.verify()


async def crowd(nadia: Parent, n: int) -> list[int]:
    """So many other families, each with a child in the Maternelle who has a confirmed meal on 3 October."""
    tom = await Enrolment.get(child__first_name="Tom", activity__code="cantine")
    slot, school = await Slot.get(name="Repas"), await School.get(code="village")
    opening = await Opening.get(slot=slot, day="2016-10-03", group_id=tom.group_id)
    year = (await Schooling.all().first()).year_id  # type: ignore[union-attr]
    made = []
    for number in range(n):
        family = await Family.create(number=f"x{number}")
        who: dict[str, Any] = {
            "first_name": "Parent",
            "last_name": f"X{number}",
            "email": f"x{number}@x.example",
        }
        await Guardian.create(family=family, username=f"x{number}", **who)
        child = await Child.create(first_name=f"Enfant{number}", last_name="X", born=date(2012, 1, 1))
        await Home.create(child=child, family=family)
        await Schooling.create(child=child, year_id=year, school=school, level="MS")
        copied: dict[str, Any] = {
            "activity_id": tom.activity_id,
            "group_id": tom.group_id,
            "start": tom.start,
            "end": tom.end,
        }
        enrolment = await Enrolment.create(child=child, family=family, **copied)
        assert await Opening.take(opening.id)
        now = clock.now()
        facts: dict[str, Any] = {
            "opening": opening,
            "slot": slot,
            "day": date(2016, 10, 3),
            "cents": 350,
            "made_at": now,
        }
        booking = await Booking.create(
            child=child, family=family, enrolment=enrolment, state="confirmed", changed_at=now, **facts
        )
        made.append(booking.id)
    return made


@ON_SQLITE
async def test_the_thirty_sixth_waits_and_is_served(nadia: Parent) -> None:
    booked = await crowd(nadia, 35)
    await nadia.tick("Tom", "Repas", "2016-10-03")
    page = words(await nadia.recap())
    assert "liste d’attente (rang 1)" in page
    await nadia.click()
    await nadia.town.run_jobs()
    assert "liste d’attente, rang 1" in words(
        await nadia.browser.get_page("/planning?vue=mois&debut=2016-10-01")
    )
    assert await Email.filter(text__contains="liste d’attente").exists()
    assert await Opening.filter(day="2016-10-03", slot__name="Repas", taken=0, places=64).exists()  # Primaire
    leaver = await Booking.get(id=booked[0])
    await FamilyRequest.ask(RequestKind.CANCELLATION, leaver.family_id, leaver.id, clock.now())
    request = await FamilyRequest.get(booking_id=leaver.id, kind=RequestKind.CANCELLATION)
    assert await FamilyRequest.accept(request.id, 1, clock.now())
    await nadia.town.run_jobs()
    mine = await Booking.get(family_id=nadia.family)
    assert mine.state == "confirmed" and (await Waiting.get(booking_id=mine.id)).state == "served"
    assert (await Opening.get(id=mine.opening_id)).taken == 35
    await nadia.town.verify()


@ON_SQLITE
async def test_who_waits_may_leave_the_list(nadia: Parent) -> None:
    await crowd(nadia, 35)
    await nadia.tick("Tom", "Repas", "2016-10-03")
    await nadia.click()
    await nadia.tick("Tom", "Repas", "2016-10-03", ticked=False)
    await nadia.click()
    assert (await Waiting.get()).state == "left"
    assert (await Booking.get(family_id=nadia.family)).state == "cancelled"
    await nadia.town.verify()


@pytest.mark.parametrize(
    ("slot", "day", "instant", "open_"),
    [
        ("Cantine d'Alixan", "2022-09-05", "2022-09-01T11:59:59", True),
        ("Cantine d'Alixan", "2022-09-05", "2022-09-01T12:00:00", False),
        ("Garderie du matin", "2022-09-05", "2022-09-04T23:59:30", True),
        ("Garderie du matin", "2022-09-05", "2022-09-05T00:00:00", False),
    ],
)
async def test_thursday_noon_and_the_eve(
    portal: OpenPortal, at: At, slot: str, day: str, instant: str, open_: bool
) -> None:
    def member(file: dict[str, Any]) -> None:
        file["families"][0]["children"][0]["members"] = ["cantine"]

    town = await portal("alixan", now="2022-07-04T14:00:00", change=member)
    paule = await parent(town, "paule.martin")
    at(instant)
    child, found = await Child.get(first_name="Louis"), await Slot.get(name=slot)
    op = Tick(child.id, found.id, date.fromisoformat(day), True)
    outcome = await ticks.apply_ticks(await current_catalogue(), paule.family, [op], clock.now())
    assert bool(outcome.done) is open_
