"""The families' stories, from the tick to the ticket, on both databases. Each ends in books that add up."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest

from models import clock
from models.activities.catalogue import current_catalogue
from models.activities.opening import Opening
from models.activities.slot import Slot
from models.bookings.booking import Booking
from models.bookings.cart import CartLine
from models.commune.till import Till
from models.families.child import Child
from models.money import ledger
from models.money.payment import Payment
from models.planning import ticks
from models.planning.ticks import Tick
from models.work.email import Email
from tests.engines import ON_SQLITE
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


@ON_SQLITE
async def test_book_and_pay(claire: Parent) -> None:
    await first_week(claire)
    page = await claire.browser.get_page(await claire.pay())
    assert "Paiement réalisé avec succès" in words(page) and "RESTAURATION ACM" in page
    assert await Booking.filter(state="confirmed").count() == 8
    assert await CartLine.all().count() == 0 and await credit(claire) == 0
    await claire.town.run_jobs()
    ticket = await Email.get(key__startswith="payment_received")
    assert "16,90" in ticket.text and "RESTAURATION ACM" in ticket.text
    await claire.town.verify()


async def nothing_booked(claire: Parent) -> None:
    assert await Booking.filter(state__in=("held", "confirmed")).count() == 0
    assert sum(await Opening.all().values_list("taken", flat=True)) == 0  # type: ignore[arg-type]
    assert await CartLine.filter(order_id=None).count() == 8
    assert await credit(claire) == 0
    await claire.town.verify()


@ON_SQLITE
async def test_no_payment_no_booking_when_the_parent_leaves_the_bank(claire: Parent) -> None:
    await first_week(claire)
    answer = await claire.click()
    await claire.leave_the_bank(answer.headers["location"])
    await claire.town.run_jobs()
    await nothing_booked(claire)


@ON_SQLITE
async def test_no_payment_no_booking_with_three_wrong_codes(claire: Parent) -> None:
    await first_week(claire)
    bank = (await claire.click()).headers["location"]
    path = bank[bank.index("/banque") :]
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
    outcome = await ticks.apply_ticks(await current_catalogue(), claire.family, [op], clock.now())
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


@ON_SQLITE
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


@ON_SQLITE
async def test_a_child_of_lutins_in_the_garderie(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Alone it is « Terminer »; beside meals it stays on the month’s invoice, and « Payer » asks for the meals."""
    town = await portal("lutins", now="2018-06-06T09:00:00")
    hear_the_bank(town, monkeypatch)
    marc = await parent(town, "marc.leduc")
    await marc.tick("Tom", "Garderie du soir", "2018-06-18", "2018-06-19")
    page = words(await marc.recap())
    assert "Facturé en fin de mois" in page and "Terminer" in page and "Payer" not in page
    await marc.click()
    await marc.tick("Tom", "Garderie du soir", "2018-06-21")
    await marc.tick("Tom", "Cantine", "2018-06-21", "2018-06-22")
    page = words(await marc.recap())
    assert "Facturé en fin de mois" in page and "À payer : 7,20 €" in page and "Payer" in page
    await marc.pay()
    assert await Booking.filter(state="confirmed", slot__name="Garderie du soir").count() == 3
    assert await Booking.filter(state="confirmed", slot__name="Cantine").count() == 2
    await town.verify()


@ON_SQLITE
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


@ON_SQLITE
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


def of_2017(content: dict[str, Any]) -> None:
    """The meal costs 2,90 €."""
    [meal] = [one for one in content["activities"] if one["tariffs"] == [{"method": "flat", "amount": 340}]]
    meal["tariffs"] = [{"method": "flat", "amount": 290}]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_four_meals_at_the_prices_of_2017(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    """11,60 € in the bar and to pay."""
    town = await portal("lens", now=LENS, change=of_2017)
    hear_the_bank(town, monkeypatch)
    claire = await parent(town, "famille15")
    days = ("2018-09-03", "2018-09-06", "2018-09-07", "2018-09-10")
    await claire.tick("Chloé", "Rest Sco Pré Paiement 2018-2019", *days)
    said = words(await claire.browser.get_page("/planning?mois=2018-09"))
    assert "4 réservations en attente" in said and "11,60 €" in said
    recap = words(await claire.browser.get_page("/planning/recapitulatif"))
    assert "À payer 11,60 €" in recap.replace(" : ", " ").replace(":", "")
    await claire.pay()
    assert (await Payment.get()).cents == 1160
    await town.verify()
