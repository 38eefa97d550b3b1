"""« Prévenir d'une absence »: each day says what it costs, telling does that and nothing else, once."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from models.activities.opening import Opening
from models.bookings.absence import Absence
from models.bookings.booking import Booking
from models.bookings.cart import CartLine
from models.bookings.family_request import FamilyRequest
from models.bookings.order import Order
from models.families.child import Child
from models.work.audit_log import Event
from models.work.email import Email
from tests.engines import ON_SQLITE
from tests.web.away import MEAL, PAGE, OpenPortal, booked, box, boxes, credit, of, tell, told
from tests.web.checkout import Parent, parent, words

At = Callable[[str], Any]
LATE = "2018-09-03T08:00:00"  # the week's days can no longer be cancelled


@pytest.fixture
async def claire(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> Parent:
    """She paid two meals and an evening."""
    claire = await of(portal, monkeypatch)
    await booked(claire)
    return claire


async def test_each_day_says_what_it_gives_back(claire: Parent) -> None:
    page = await claire.browser.get_page(PAGE + "?debut=2018-09-03")
    text = words(page)
    assert "Chloé Jeudi 6 septembre" in text and "Toute la journée" in text and "Vendredi 7 septembre" in text
    assert text.count("Dans les délais : un avoir de 3,40 €") == 2
    assert "Dans les délais : un avoir de 1,50 €" in text
    assert "Toute la journée Dans les délais : un avoir de 4,90 €" in text
    assert re.search(r'value="sick"\s+checked', page) and "Jours suivants" in text
    assert f'href="{PAGE}?debut=2018-09-17"' in page and f'href="{PAGE}?debut=2018-08-27"' in page


async def test_nothing_booked_leads_to_the_planning(claire: Parent) -> None:
    text = words(await claire.browser.get_page(PAGE + "?debut=2018-10-01"))
    assert "Aucun jour réservé du 1er octobre au 14 octobre." in text and "Voir le planning" in text
    assert "Prévenir d’une absence" in text and "Motif" not in text
    for odd in ("hier", "2018-02-31", "0001-01-01", "9999-12-31"):
        await claire.browser.get_page(f"{PAGE}?debut={odd}")


async def test_a_link_ticks_the_day(claire: Parent) -> None:
    child = await Child.get(first_name="Chloé")
    page = await claire.browser.get_page(f"{PAGE}?jour=2018-09-06&enfant={child.id}")
    ticked = re.findall(r'name="jour" value="([^"]*)" checked', page)
    assert len(ticked) == 1 and ticked[0].count("2018-09-06") == 2  # the whole day
    assert "Un avoir de 4,90 € est sur votre compte." in await told(claire, page, *ticked)


@ON_SQLITE
async def test_in_time_the_price_is_a_credit_and_the_place_free(claire: Parent) -> None:
    page = await claire.browser.get_page(PAGE)
    text = await told(claire, page, await box(page, "Chloé", MEAL, "2018-09-06"))
    assert "La mairie est prévenue." in text and "Motif : maladie" in text
    assert "avoir de 3,40 €" in text and "Retour au planning" in text
    assert await credit(claire) == 340
    assert (await Booking.get(day="2018-09-06", slot__name=MEAL)).state == "cancelled"
    assert await Opening.filter(day="2018-09-06", slot__name=MEAL, taken=0).exists()
    assert await Email.filter(key__startswith="order_confirmed").exists()
    assert not (await Absence.get()).billed
    assert await Booking.filter(state="confirmed").count() == 2
    await claire.town.verify()


@ON_SQLITE
async def test_a_whole_day_is_one_box(claire: Parent) -> None:
    page = await claire.browser.get_page(PAGE)
    whole = next(value for cells, value in boxes(page).items() if "," in cells)
    await told(claire, page, whole, await box(page, "Chloé", MEAL, "2018-09-06"))
    assert await Absence.all().count() == 2 and await credit(claire) == 490
    assert await Order.filter(kind="prepaid").count() == 2  # the payment, then the cancellation
    await claire.town.verify()


async def test_the_rest_of_the_draft_stays(claire: Parent) -> None:
    await claire.tick("Léo", MEAL, "2018-09-10")
    await claire.tick("Chloé", MEAL, "2018-09-07", ticked=False)
    await claire.tick("Chloé", MEAL, "2018-09-06", ticked=False)
    before = await CartLine.exclude(day="2018-09-06").order_by("id").values()
    page = await claire.browser.get_page(PAGE)
    await told(claire, page, await box(page, "Chloé", MEAL, "2018-09-06"))
    assert await CartLine.all().order_by("id").values() == before and len(before) == 2
    assert await credit(claire) == 340
    assert (await Booking.get(day="2018-09-07")).state == "confirmed"
    await claire.town.verify()


@ON_SQLITE
async def test_too_late_the_booking_stays_and_the_mairie_is_told(claire: Parent, at: At) -> None:
    at(LATE)
    page = await claire.browser.get_page(PAGE)
    assert words(page).count("Hors délai : ce jour reste facturé") == 4  # with the whole day
    text = await told(claire, page, await box(page, "Chloé", MEAL, "2018-09-06"), motif="strike")
    assert "la réservation reste facturée" in text and "Motif : grève" in text
    assert (await Booking.get(day="2018-09-06", slot__name=MEAL)).state == "confirmed"
    assert (await Absence.get()).billed and await credit(claire) == 0
    event = await Event.get(action="absence.told")
    assert event.family_id == claire.family and "strike" not in str(event.details)
    page = await claire.browser.get_page(PAGE)
    assert "Absence déjà signalée" in words(page) and len(boxes(page)) == 2
    mairie = words(await (await claire.town.client("mairie")).get_page("/mairie/absences"))
    assert "Jeudi 6 septembre 2018" in mairie and "Chloé Famille" in mairie and "grève" in mairie
    await claire.town.verify()


@ON_SQLITE
async def test_too_late_where_it_may_be_cancelled_frees_the_place(
    portal: OpenPortal, monkeypatch: pytest.MonkeyPatch, at: At
) -> None:
    def allowed(file: dict[str, Any]) -> None:
        file["activities"][1]["late_cancel"] = "allowed"

    claire = await of(portal, monkeypatch, allowed)
    await booked(claire)
    at(LATE)
    page = await claire.browser.get_page(PAGE)
    text = await told(
        claire,
        page,
        await box(page, "Chloé", MEAL, "2018-09-06"),
        await box(page, "Chloé", "ACM du Soir", "2018-09-06"),
    )
    assert "annulé hors délai, reste facturé" in text and "hors délai, reste facturé" in text
    row = await Booking.get(day="2018-09-06", slot__name=MEAL)
    assert row.state == "cancelled" and row.billed and await credit(claire) == 0
    assert await Opening.filter(day="2018-09-06", slot__name=MEAL, taken=0).exists()
    assert (await Booking.get(slot__name="ACM du Soir")).state == "confirmed"
    assert await Absence.filter(billed=True).count() == 2
    await claire.town.verify()


@ON_SQLITE
async def test_on_the_months_invoice_the_day_is_not_billed(portal: OpenPortal) -> None:
    def member(file: dict[str, Any]) -> None:
        file["families"][0]["children"][0]["members"] = ["cantine"]

    town = await portal("alixan", now="2022-08-29T10:00:00", change=member)
    paule = await parent(town, "paule.martin")
    await paule.tick("Louis", "Cantine d'Alixan", "2022-09-05", "2022-09-06")
    await paule.click()
    page = await paule.browser.get_page(PAGE)
    assert words(page).count("Dans les délais : ce jour ne sera pas facturé") == 2
    text = await told(paule, page, await box(page, "Louis", "Cantine d'Alixan", "2022-09-05"), motif="trip")
    assert "ne sera pas facturé" in text and "sortie scolaire" in text
    row = await Booking.get(day="2022-09-05")
    assert row.state == "cancelled" and not row.billed
    await town.verify()


async def answered(nadia: Parent, refusal: str = "") -> None:
    mairie = await nadia.town.client("mairie")
    for request in await FamilyRequest.filter(state="pending"):
        verb = "refus" if refusal else "acceptation"
        answer = await mairie.post_form(f"/mairie/demandes/{request.id}/{verb}", {"motif": refusal})
        assert answer.status_code == 303
    await nadia.town.run_jobs()


@ON_SQLITE
@pytest.mark.parametrize("refusal", ["", "Repas déjà commandés"])
async def test_where_the_mairie_answers_it_is_a_request(portal: OpenPortal, refusal: str) -> None:
    town = await portal("lezignan", now="2016-09-16T10:00:00")
    nadia = await parent(town, "nadia.roux")
    await nadia.tick("Tom", "Repas", "2016-09-26")
    await nadia.click()
    await answered(nadia)
    page = await nadia.browser.get_page(PAGE)
    assert "La mairie vous répondra" in words(page)
    answer = await tell(nadia, page, await box(page, "Tom", "Repas", "2016-09-26"))
    assert "la mairie vous répondra" in words(await nadia.browser.get_page(answer.headers["location"]))
    assert (await Booking.get()).state == "confirmed" and not (await Absence.get()).billed
    await town.verify()
    await answered(nadia, refusal)
    text = words(await nadia.browser.get_page(answer.headers["location"]))
    assert ("reste facturé" if refusal else "ne sera pas facturé") in text
    assert (await Absence.get()).billed is bool(refusal)
    await town.verify()


@ON_SQLITE
async def test_who_waits_gets_the_place(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    def one_place(file: dict[str, Any]) -> None:
        file["activities"][1] |= {
            "waiting_list": True,
            "groups": [{"code": "tous", "name": "Tous", "places": 1}],
        }
        file["families"][1].pop("account")

    claire = await of(portal, monkeypatch, one_place)
    await booked(claire)
    marc = await parent(claire.town, "delattre17")
    await marc.tick("Inès", MEAL, "2018-09-06")
    await marc.click()
    assert (await Booking.get(family_id=marc.family)).state == "waiting"
    page = await claire.browser.get_page(PAGE)
    await told(claire, page, await box(page, "Chloé", MEAL, "2018-09-06"))
    assert (await Booking.get(family_id=marc.family)).state == "offered"
    assert await Opening.filter(day="2018-09-06", slot__name=MEAL, taken=1).exists()
    await claire.town.verify()
