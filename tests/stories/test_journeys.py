"""The families' stories, from the tick to the ticket, on both databases. Each ends in books that add up."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest

from models import clock
from models.activities.catalogue import catalogue
from models.activities.opening import Opening
from models.activities.slot import Slot
from models.bookings.booking import Booking
from models.bookings.cart import CartLine
from models.bookings.family_request import FamilyRequest
from models.bookings.waiting_list import Waiting
from models.commune.school import School
from models.commune.till import Till
from models.families.child import Child, Home, Schooling
from models.families.enrolment import Enrolment
from models.families.family import Family
from models.families.guardian import Guardian
from models.money import ledger
from models.money.payment import Payment
from models.planning import ticks
from models.planning.ticks import Tick
from models.rules.requests import RequestKind
from models.work.email import Email
from models.work.notice import GATHERING
from tests.portal import Portal
from tests.web.checkout import REFUSED_CARD, Parent, hear_the_bank, parent, words

OpenPortal = Callable[..., Awaitable[Portal]]
At = Callable[[str], Any]
LENS = "2018-08-27T10:00:00"


@pytest.fixture
async def claire(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> Parent:
    town = await portal("lens", now=LENS)
    hear_the_bank(town, monkeypatch)
    return await parent(town, "famille15")


async def first_week(claire: Parent) -> None:
    """The eight ticks of the tutorial: 16,90 €."""
    await claire.tick("Chloé", "ACM du Matin", "2018-09-03")
    await claire.tick("Chloé", "ACM du Soir", "2018-09-03", "2018-09-04", "2018-09-06", "2018-09-07")
    await claire.tick("Chloé", "Rest Sco Pré Paiement 2018-2019", "2018-09-03", "2018-09-06", "2018-09-07")


async def credit(claire: Parent) -> int:
    """In cents."""
    return -sum((await ledger.standings(claire.family)).values())


async def test_book_and_pay(claire: Parent) -> None:
    await first_week(claire)
    page = await claire.browser.get_page(await claire.pay())
    assert "Paiement réalisé avec succès" in words(page) and "RESTAURATION ACM" in page
    assert await Booking.filter(state="confirmed").count() == 8
    assert await CartLine.all().count() == 0 and await credit(claire) == 0
    await claire.town.run_jobs()
    ticket = await Email.get(key__startswith="receipt")
    assert "16,90" in ticket.text and "RESTAURATION ACM" in ticket.text
    await claire.town.verify()


async def nothing_booked(claire: Parent) -> None:
    assert await Booking.filter(state__in=("held", "confirmed")).count() == 0
    assert sum(await Opening.all().values_list("taken", flat=True)) == 0  # type: ignore[arg-type]
    assert await CartLine.filter(order_id=None).count() == 8
    assert await credit(claire) == 0
    await claire.town.verify()


async def test_no_payment_no_booking_when_the_parent_leaves_the_bank(claire: Parent) -> None:
    await first_week(claire)
    answer = await claire.click()
    await claire.leave_the_bank(answer.headers["location"])
    await claire.town.run_jobs()
    await nothing_booked(claire)


async def test_no_payment_no_booking_with_three_wrong_codes(claire: Parent) -> None:
    await first_week(claire)
    bank = (await claire.click()).headers["location"]
    path = bank[bank.index("/banque") :]
    await claire.browser.post(path, data={"etape": "choix", "carte": "Visa"})
    card = {"numero": "4970 1000 0000 0014", "fin": "12/30", "cryptogramme": "123"}
    await claire.browser.post(path, data={"etape": "saisie", **card})
    for _ in range(3):
        await claire.browser.post(path, data={"etape": "code", "code": "000000"})
    await claire.town.run_jobs()
    assert (await Payment.get()).state == "refused"
    await nothing_booked(claire)


async def test_no_payment_no_booking_when_the_tab_is_closed(claire: Parent, at: At) -> None:
    await first_week(claire)
    assert (await claire.click()).status_code == 303
    assert await Booking.filter(state="held").count() == 8
    at("2018-08-27T10:26:00")
    from models.checkout.commit import expire_holds

    assert await expire_holds(clock.now()) == 0  # the bank's own 15 minutes ended first, and it said so
    assert (await Payment.get()).state == "expired"
    await nothing_booked(claire)


async def test_a_cancellation_gives_a_credit_that_the_next_booking_uses(claire: Parent) -> None:
    await first_week(claire)
    await claire.pay()
    meal = "Rest Sco Pré Paiement 2018-2019"
    await claire.tick("Chloé", meal, "2018-09-06", "2018-09-07", ticked=False)
    page = words(await claire.recap())
    assert page.count("−3,40 €") >= 2 and "À payer : 0,00 €" in page and "Terminer" in page
    await claire.click()
    assert await credit(claire) == 680
    await claire.tick("Chloé", "ACM du Soir", "2018-09-10", "2018-09-11", "2018-09-13", "2018-09-14")
    assert "À payer : 0,00 €" in words(await claire.recap())
    await claire.click()
    assert await credit(claire) == 80
    await claire.tick("Chloé", meal, "2018-09-10")
    assert "À payer : 2,60 €" in words(await claire.recap())
    await claire.pay()
    assert await credit(claire) == 0
    assert await Opening.filter(day="2018-09-06", slot__name=meal, taken=0).exists()
    await claire.town.verify()


@pytest.mark.parametrize(
    ("instant", "day", "taken"),
    [
        ("2018-08-29T23:59:59", "2018-09-03", True),
        ("2018-08-30T00:00:00", "2018-09-03", False),
        ("2019-03-27T23:59:59", "2019-04-01", True),
        ("2019-03-28T00:00:00", "2019-04-01", False),
    ],
)
async def test_until_wednesday_midnight(claire: Parent, at: At, instant: str, day: str, taken: bool) -> None:
    at(instant)
    child, slot = await Child.get(first_name="Chloé"), await Slot.get(name="ACM du Soir")
    op = Tick(child.id, slot.id, date.fromisoformat(day), True)
    outcome = await ticks.apply_ticks(await catalogue(), claire.family, [op], clock.now())
    assert bool(outcome.done) is taken and bool(outcome.refused) is not taken


async def test_two_children_one_basket(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    town = await portal("lutins", now="2018-06-06T09:00:00")
    hear_the_bank(town, monkeypatch)
    anne = await parent(town, "anne.bourdin")
    days = [f"2018-06-{day}" for day in (18, 19, 21, 22, 25, 26, 28, 29)]
    await anne.tick("Sarah", "Cantine", *days)
    await anne.tick("Chloé", "Cantine", *days[:2])
    page = words(await anne.recap())
    assert "À payer : 36,00 €" in page and "10 réservations" in page
    await anne.pay()
    assert await Booking.filter(state="confirmed").count() == 10
    await town.verify()


async def test_a_debt_is_settled_at_the_next_booking(
    portal: OpenPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def owing(file: dict[str, Any]) -> None:
        debt = {"label": "Cantine 2016-2017", "cents": 500, "paid": 0, "on": date(2017, 9, 4)}
        file["families"][0]["opening"] = [debt]

    town = await portal("lutins", now="2018-06-06T09:00:00", change=owing)
    hear_the_bank(town, monkeypatch)
    anne = await parent(town, "anne.bourdin")
    assert "restant dû de 5,00 €" in words(await anne.browser.get_page("/planning"))
    await anne.tick("Sarah", "Cantine", "2018-06-18", "2018-06-19", "2018-06-21", "2018-06-22")
    assert "À payer : 19,40 €" in words(await anne.recap())
    await anne.pay()
    assert (await Payment.get()).cents == 1940 and await credit(anne) == 0
    await town.verify()


@pytest.mark.parametrize("card", ["4970 1000 0000 0014", REFUSED_CARD])
async def test_a_mixed_basket(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch, card: str) -> None:
    def also_in_the_garderie(file: dict[str, Any]) -> None:
        file["families"][0]["children"][1]["activities"].append("garderie")

    town = await portal("lutins", now="2018-06-06T09:00:00", change=also_in_the_garderie)
    hear_the_bank(town, monkeypatch)
    anne = await parent(town, "anne.bourdin")
    await anne.tick("Sarah", "Cantine", "2018-06-18", "2018-06-19")
    await anne.tick("Sarah", "Garderie du matin", "2018-06-18", "2018-06-19", "2018-06-21")
    page = words(await anne.recap())
    assert "Paiement immédiat" in page and "Facturé en fin de mois" in page and "À payer : 7,20 €" in page
    await anne.pay(card)
    paid = card != REFUSED_CARD
    assert await Booking.filter(state="confirmed", slot__name="Garderie du matin").count() == 3
    assert await Booking.filter(state="confirmed", slot__name="Cantine").count() == 2 * paid
    assert await CartLine.all().count() == 2 * (not paid)
    await town.verify()


async def test_too_small_for_a_card_goes_with_the_next_payment(claire: Parent) -> None:
    await claire.tick("Chloé", "ACM du Matin", "2018-09-03")
    await claire.click()
    assert await Booking.filter(state="confirmed").count() == 1 and await credit(claire) == -70
    await claire.tick("Chloé", "ACM du Soir", "2018-09-03")
    assert "À payer : 2,20 €" in words(await claire.recap())
    await claire.pay()
    assert await credit(claire) == 0
    await claire.town.verify()


async def test_two_tills_are_paid_in_turn(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    def two_tills(file: dict[str, Any]) -> None:
        second = {"code": "cantine", "name": "Régie cantine", "bank_label": "CANTINE DE LENS"}
        file["commune"]["tills"].append(second)
        file["activities"][1]["till"] = "cantine"

    town = await portal("lens", now=LENS, change=two_tills)
    hear_the_bank(town, monkeypatch)
    claire = await parent(town, "famille15")
    await first_week(claire)
    path = await claire.pay()
    assert (
        await Booking.filter(state="confirmed").count() == 5
        and await Booking.filter(state="held").count() == 3
    )
    first, second = await Payment.all().order_by("id")
    assert path.endswith(str(first.id)) and (first.cents, second.cents) == (670, 1020)
    answer = await claire.browser.post_form(f"/paiement/{second.id}/payer")
    await claire.at_the_bank(answer.headers["location"])
    await town.run_jobs()
    assert await Booking.filter(state="confirmed").count() == 8
    assert await Till.all().count() == 2
    await town.verify()


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


async def test_holidays_cannot_be_ticked(nadia: Parent) -> None:
    child, slot = await Child.get(first_name="Tom"), await Slot.get(name="Repas")
    days = [date(2016, 10, day) for day in (20, 21, 24, 31)]
    ops = [Tick(child.id, slot.id, day, True) for day in days]
    outcome = await ticks.apply_ticks(await catalogue(), nadia.family, ops, clock.now())
    assert len(outcome.refused) == 4 and await CartLine.all().count() == 0


async def test_a_request_can_be_withdrawn(nadia: Parent) -> None:
    await nadia.tick("Tom", "Repas", "2016-10-03")
    await nadia.click()
    await nadia.tick("Tom", "Repas", "2016-10-03", ticked=False)
    await nadia.click()
    assert (await FamilyRequest.get()).state == "withdrawn" and (await Booking.get()).state == "cancelled"
    await nadia.town.verify()


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
    outcome = await ticks.apply_ticks(await catalogue(), paule.family, [op], clock.now())
    assert bool(outcome.done) is open_


async def test_four_meals_on_the_months_invoice(portal: OpenPortal) -> None:
    def member(file: dict[str, Any]) -> None:
        file["families"][0]["children"][0]["members"] = ["cantine"]

    town = await portal("alixan", now="2022-07-04T14:00:00", change=member)
    paule = await parent(town, "paule.martin")
    await paule.tick("Louis", "Cantine d'Alixan", "2022-09-01", "2022-09-02", "2022-09-05", "2022-09-06")
    assert "Total de vos modifications à l’unité : 20,00 €" in words(await paule.recap())
    answer = await paule.click()
    assert answer.status_code == 303 and "/banque" not in answer.headers["location"]
    assert await Booking.filter(state="confirmed").count() == 4 and await Payment.all().count() == 0
    await town.verify()
