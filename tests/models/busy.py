"""A town in which everything has happened once, so that every row a damage may strike is there."""

from datetime import date

import pytest

from models import clock
from models.access.member import Member
from models.activities.opening import Opening
from models.bookings.booking import Booking
from models.bookings.family_request import FamilyRequest
from models.bookings.waiting_list import Waiting, promote
from models.checkout import settlement
from models.commune.till import Till
from models.families.guardian import Guardian
from models.invoicing import crediting
from models.invoicing.crediting import Correction
from models.money.invoice import Invoice
from models.money.payment import Payment
from models.work.audit_log import Event
from tests.models import counter
from tests.models.invoicing import drafted, issued
from tests.portal import Portal
from tests.web import checkout
from tests.web.checkout import REFUSED_CARD, Parent, parent

NOW = "2025-11-03T10:00"
MEAL, MORNING, WEDNESDAY = "Repas de midi", "Accueil du matin", "Mercredi matin"
WORKSHOP, HOLIDAY, GAMES = "Atelier", "Journée de vacances", "Matinée jeux"


async def fill(town: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commune file `demo`, loaded at NOW."""
    await fill_before_invoices(town, monkeypatch)
    await _invoice(town)
    await counter.a_day()
    await counter.at_the_bank()
    await counter.put_right()
    await counter.given_back((await Guardian.get(username="camille.durand")).family_id)


async def fill_before_invoices(town: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that a portal knew when it issued none."""
    checkout.hear_the_bank(town, monkeypatch)
    camille, sophie = await parent(town, "camille.durand"), await parent(town, "sophie.moreau")
    karim = await parent(town, "karim.petit")
    await _meals(camille)
    await _ask(town, camille)
    await _join(sophie)
    await _wait(town, camille, sophie, karim)
    await sophie.tick("Hugo", MEAL, "2025-11-24")
    await sophie.pay()  # with last year's debt
    await _leave_one_at_the_bank(camille)
    await _move(camille)
    await _let_one_more_in("2025-11-24")
    await town.run_jobs()


async def _meals(camille: Parent) -> None:
    """Paid twice, given back for a credit, which pays a meal and a part of the next: the rest is a debt."""
    await camille.tick("Lina", MEAL, "2025-11-24", "2025-11-25")
    await camille.tick("Lina", WEDNESDAY, "2025-11-26")
    answer = await camille.click()
    await camille.at_the_bank(answer.headers["location"])
    await camille.town.run_jobs()
    second = await Payment.get(state="created")  # the other till's turn
    await camille.at_the_bank(await settlement.begin(second.id, clock.now()))
    await camille.town.run_jobs()
    await camille.tick("Lina", MEAL, "2025-11-27", "2025-11-28")
    await camille.pay()
    await camille.tick("Lina", MEAL, "2025-11-25", ticked=False)
    await camille.click()
    for day in ("2025-11-24", "2025-11-25"):
        await camille.tick("Noé", MEAL, day)
        await camille.click()
    await camille.tick("Lina", MEAL, "2025-12-01")
    await camille.pay()  # with the debt
    await camille.tick("Lina", MORNING, "2025-11-24", "2025-11-25", "2025-11-27")
    await camille.click()
    await camille.tick("Lina", MORNING, "2025-11-25", ticked=False)
    await camille.click()
    await camille.tick("Lina", MEAL, "2025-12-08")
    await camille.pay(REFUSED_CARD)
    await camille.tick("Lina", MEAL, "2025-12-08", ticked=False)


async def _ask(town: Portal, camille: Parent) -> None:
    """The mairie accepts, refuses, and has not answered; a holiday is paid, another cancelled for a credit."""
    mairie = await Member.get(username="mairie")
    await camille.tick("Lina", WORKSHOP, "2025-11-25", "2025-11-27", "2025-12-02")
    await camille.tick("Lina", HOLIDAY, "2026-02-09", "2026-02-10", "2026-02-11")
    await camille.click()
    asked = await FamilyRequest.filter(booking__slot__name=WORKSHOP).order_by("id")
    await FamilyRequest.accept(asked[0].id, mairie.id, clock.now())
    await FamilyRequest.refuse(asked[1].id, mairie.id, "Complet", clock.now())
    for request in await FamilyRequest.filter(booking__slot__name=HOLIDAY):
        await FamilyRequest.accept(request.id, mairie.id, clock.now())
    await town.run_jobs()
    assert await Booking.filter(slot__name=HOLIDAY, state="offered").count() == 3
    await camille.pay()
    await camille.tick("Lina", HOLIDAY, "2026-02-10", ticked=False)
    await camille.click()
    question = await FamilyRequest.get(kind="cancellation", state="pending")
    await FamilyRequest.accept(question.id, mairie.id, clock.now())


async def _join(sophie: Parent) -> None:
    page = await sophie.browser.get_page("/inscriptions/paiement-immediat")
    pair = page.split('name="inscription" value="')[1].split('"')[0]
    home = "/inscriptions/paiement-immediat"
    answer = await sophie.browser.post_form(home, [("inscription", pair)])
    page = await sophie.browser.get_page(answer.headers["location"])
    form = [("inscription", pair), ("click", checkout.hidden(page, "click"))]
    answer = await sophie.browser.post_form(f"{home}/recapitulatif", form)
    await sophie.at_the_bank(answer.headers["location"])
    await sophie.town.run_jobs()


async def _wait(town: Portal, camille: Parent, sophie: Parent, karim: Parent) -> None:
    """Two full days: on one somebody waits, on the other the next in line is offered the place."""
    for day in ("2025-11-27", "2025-11-28"):
        full = await Opening.get(day=day, slot__name=MEAL, group__code="grands")
        await Opening.filter(id=full.id).update(places=1)
        await karim.tick("Adam", MEAL, day)
        await karim.click()
    freed = await Opening.get(day="2025-11-28", slot__name=MEAL, group__code="grands")
    await Opening.filter(id=freed.id).update(places=2)
    await promote(freed.id, clock.now())
    assert await Waiting.filter(state="offered", booking__slot__name=MEAL).count() == 1


async def _leave_one_at_the_bank(camille: Parent) -> None:
    await camille.tick("Lina", MEAL, "2025-12-01", ticked=False)
    await camille.click()  # a credit
    await camille.tick("Lina", MEAL, "2025-12-04", "2025-12-05", "2025-12-09")
    await camille.click()


async def _move(camille: Parent) -> None:
    """A new telephone, which the mairie accepts."""
    guardian = await Guardian.get(username="camille.durand")
    asked = await FamilyRequest.create(
        family_id=camille.family,
        kind="file_change",
        subject=f"guardian:{guardian.id}",
        before={"phone": guardian.phone},
        after={"phone": "06 11 22 33 44"},
        made_at=clock.now(),
    )
    await FamilyRequest.accept(asked.id, (await Member.get(username="mairie")).id, clock.now())


async def _invoice(town: Portal) -> None:
    """November's mornings, before they are over; one of them is taken back, to be billed again."""
    await Till.filter(code="scolaire").update(least_invoice=None)
    school = await Till.get(code="scolaire")
    await issued(town, await drafted(town, date(2025, 11, 1), date(2025, 11, 30), school))
    invoice, mairie = await Invoice.get(before_portal=False), await Member.get(username="mairie")
    wrong = frozenset({(await Booking.get(slot__name=MORNING, day="2025-11-27")).id})
    await crediting.credit(invoice.id, Correction(wrong, "Saisi deux fois", True), mairie.id, clock.now())


async def _let_one_more_in(day: str) -> None:
    """Somebody of the mairie, by name: as many as there are, and no more."""
    full = await Opening.get(day=day, slot__name=MEAL, group__code="grands")
    await Opening.filter(id=full.id).update(places=1, overrun=full.taken - 1, overrun_by="member:1")
    note = ("member:1", "opening.overrun", f"opening:{full.id}")
    await Event.note(clock.now(), *note, overrun=full.taken - 1)
