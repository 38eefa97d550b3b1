"""The planning as plain forms, without JavaScript; « Valider » and the way to the next child; the mairie's answers."""

import re
from datetime import date

import pytest

from models import clock
from models.activities.opening import Opening
from models.activities.slot import Slot
from models.bookings.booking import Booking
from models.bookings.cart import CartLine
from models.families.child import Child
from models.families.enrolment import Enrolment
from tests.engines import ON_SQLITE
from tests.portal import Client, Portal, hidden
from tests.web.grid import cell, element, names, plain, tick

SEPTEMBER = "/planning?vue=mois&debut=2018-09-01"
PLACE = [("vue", "mois"), ("debut", "2018-09-01"), ("modifier", "1")]
TEN = "2018-08-27T10:00:00"


@pytest.fixture
async def lens(portal) -> Portal:
    return await portal("lens", now=TEN)


@pytest.fixture
async def claire(lens: Portal) -> Client:
    return await lens.client("famille15")


@ON_SQLITE
async def test_a_plain_form_changes_only_what_the_parent_changed(lens: Portal, claire: Client) -> None:
    await tick(claire, "Chloé", "ACM du Matin", "2018-09-03")
    page = await claire.get_page(f"{SEPTEMBER}&modifier=1")
    cases, shown = hidden(page, "cases"), hidden(page, "montre")
    mine, other = (
        await cell("Chloé", "ACM du Matin", "2018-09-03"),
        await cell("Chloé", "ACM du Soir", "2018-09-03"),
    )
    assert shown == mine
    await tick(claire, "Chloé", "Rest Sco", "2018-09-06")  # the other parent, meanwhile
    answer = await claire.post_form(
        "/planning",
        [
            ("vue", "mois"),
            ("debut", "2018-09-01"),
            ("modifier", "1"),
            ("cases", cases),
            ("montre", shown),
            ("op", f"{other}:1"),
        ],
    )
    assert answer.status_code == 303 and "modifier" not in answer.headers["location"]
    kept = await CartLine.all().values_list("slot__name", "day")
    assert {(slot, day.isoformat()) for slot, day in kept} == {
        ("ACM du Soir", "2018-09-03"),
        ("Rest Sco Pré Paiement 2018-2019", "2018-09-06"),
    }
    page = await claire.get_page(answer.headers["location"])
    assert "Enfant suivant\u00a0: Juliette" in page and "modifier=1" in page
    assert read_out(page) == (
        "Vos modifications sont gardées. Pour réserver, cliquez sur «\u00a0Terminer les modifications\u00a0»."
    )


def read_out(page: str) -> str:
    """What has the focus when the page comes: a screen reader begins there."""
    (told,) = re.findall(r"<(\w+)[^>]* autofocus>(.*?)</\1>", page, re.DOTALL)
    return re.sub(r"\s*\n\s*", " ", re.sub(r"<[^>]+>", "", told[1])).strip()


@ON_SQLITE
async def test_what_was_copied_is_read_out(claire: Client) -> None:
    await tick(claire, "Chloé", "Rest Sco", "2018-09-03")
    juliette = await Child.get(first_name="Juliette")
    sent = [
        ("vue", "semaine"),
        ("debut", "2018-09-03"),
        ("modifier", "1"),
        ("comme", f"pour-{juliette.id}:2018-09-03"),
    ]
    answer = await claire.post_form("/planning/comme", sent)
    told = read_out(await claire.get_page(answer.headers["location"]))
    assert told.startswith("1 jour ajouté aux modifications pour Juliette")


@ON_SQLITE
async def test_valider_et_terminer_leads_to_the_recap(claire: Client) -> None:
    page = await claire.get_page(f"{SEPTEMBER}&modifier=1")
    mine = await cell("Chloé", "ACM du Soir", "2018-09-03")
    form = [("cases", hidden(page, "cases")), ("montre", ""), ("op", f"{mine}:1"), ("terminer", "1")]
    answer = await claire.post_form("/planning", [*form, *PLACE])
    assert answer.status_code == 303 and answer.headers["location"] == "/planning/recapitulatif"
    assert await CartLine.all().count() == 1


@ON_SQLITE
async def test_with_scripts_valider_sends_no_box_and_changes_nothing(claire: Client) -> None:
    await tick(claire, "Chloé", "ACM du Soir", "2018-09-03")
    answer = await claire.post_form("/planning", [*PLACE, ("valider", "1")])
    assert answer.status_code == 303 and await CartLine.all().count() == 1


async def test_a_late_change_brings_the_page_back_with_its_reason(claire: Client, at) -> None:
    page = await claire.get_page(f"{SEPTEMBER}&modifier=1")
    late, good = (
        await cell("Chloé", "ACM du Soir", "2018-09-03"),
        await cell("Chloé", "ACM du Soir", "2018-09-10"),
    )
    at("2018-08-30T00:00:00")
    ticked = [("op", f"{late}:1"), ("op", f"{good}:1")]
    form = [("cases", hidden(page, "cases")), ("montre", ""), *ticked, ("terminer", "1")]
    answer = await claire.post_form("/planning", [*PLACE, *form])
    assert answer.status_code == 422 and "<title>Erreur" in answer.text
    assert "la limite était mercredi 29 août à 23:59" in element(answer.text, "erreurs")
    assert [line.day.day for line in await CartLine.all()] == [10]  # what could be done is done, and shown
    assert hidden(answer.text, "montre") == good


async def test_a_tick_by_a_plain_form_goes_back_to_the_planning(claire: Client, at) -> None:
    op = ("op", f"{await cell('Chloé', 'ACM du Soir', '2018-09-03')}:1")
    answer = await claire.post_form("/planning/operations", [op, *PLACE])
    assert answer.status_code == 303
    assert answer.headers["location"] == "/planning?par=enfant&vue=mois&debut=2018-09-01&modifier=1"
    at("2018-08-30T00:00:00")
    op = ("op", f"{await cell('Chloé', 'ACM du Soir', '2018-09-04')}:1")
    answer = await claire.post_form("/planning/operations", [op, *PLACE])
    assert answer.status_code == 422 and "Trop tard pour mardi 4 septembre" in answer.text


@pytest.mark.parametrize("whole", ["x:1", "999-1:1", "1-1", "1-1:2"])
async def test_the_head_of_no_row_is_not_found(claire: Client, whole: str) -> None:
    answer = await claire.post_form("/planning", [*PLACE, ("rangee", whole)])
    assert answer.status_code == 404 and await CartLine.all().count() == 0


@ON_SQLITE
async def test_two_children_one_basket(portal) -> None:
    town = await portal("lutins", now="2018-06-06T09:00:00")
    anne = await town.client("anne.bourdin")
    sarah = (await Child.get(first_name="Sarah")).id
    june = [("vue", "mois"), ("debut", "2018-06-01"), ("modifier", "1")]
    row = f"{sarah}-{(await Slot.get(name='Cantine')).id}"
    await anne.post_form("/planning", [*june, ("id", str(sarah)), ("rangee", f"{row}:1")])
    answer = await anne.post_form("/planning", [*june, ("id", str(sarah)), ("valider", "1")])
    page = await anne.get_page(answer.headers["location"])
    assert names(page) == [] and "Enfant suivant\u00a0: Chloé" in page
    chloe = (await Child.get(first_name="Chloé")).id
    link = f"/planning?par=enfant&amp;id={chloe}&amp;vue=mois&amp;debut=2018-06-01&amp;modifier=1"
    assert page.count(f'href="{link}"') == 2  # her name, and « Enfant suivant »
    page = await anne.get_page(link.replace("&amp;", "&"))
    assert any(name.startswith("Cantine, lundi 18 juin 2018, libre") for name in names(page))
    for day in ("2018-06-18", "2018-06-19"):
        answer = await anne.post_part(
            "/planning/operations", [("op", f"{await cell('Chloé', 'Cantine', day)}:1"), *june]
        )
    said = plain(element(answer.text, "panier"))
    assert "10 réservations" in said and "36,00\u00a0€" in said
    assert "Récapitulatif (10)" in answer.text


async def test_where_the_mairie_answers_a_late_untick_is_red_and_stays_booked(portal, at) -> None:
    town = await portal("lezignan", now="2016-09-16T10:00:00")
    nadia = await town.client("nadia.roux")
    key = await cell("Tom", "Repas", "2016-10-03")
    await booked(key)
    at("2016-10-02T10:00:00")
    october = [("vue", "mois"), ("debut", "2016-10-01"), ("modifier", "1")]
    page = await nadia.get_page("/planning?vue=mois&debut=2016-10-01&modifier=1")
    assert 'data-s="booked"' in element(page, f"cell-{key}") and "aria-disabled" not in element(
        page, f"cell-{key}"
    )
    assert key in hidden(page, "cases")
    answer = await nadia.post_part("/planning/operations", [("op", f"{key}:0"), *october])
    refused = element(answer.text, f"cell-{key}")
    assert 'data-s="refused"' in refused and "La réservation reste facturée." in refused
    assert "Trop tard pour lundi 3 octobre\u00a0: la limite était jeudi 29 septembre à 12:00." in answer.text
    page = await nadia.get_page("/planning?vue=mois&debut=2016-10-01&modifier=1")
    assert 'data-s="booked"' in element(page, f"cell-{key}") and "m-lock" in element(page, f"cell-{key}")
    assert "MEMO\u00a0: Informations réservation" in page and "V<span" in page


async def booked(key: str) -> None:
    """A day that the mairie accepted."""
    child, slot, day = key.split("-", 2)
    opening = await Opening.filter(slot_id=int(slot), day=date.fromisoformat(day)).first()
    enrolment = await Enrolment.filter(child_id=int(child), activity__slots__id=int(slot)).first()
    assert opening and enrolment
    await Booking.create(
        child_id=int(child),
        family_id=enrolment.family_id,
        enrolment=enrolment,
        slot_id=int(slot),
        opening=opening,
        day=opening.day,
        state="confirmed",
        cents=350,
        reason="à l’unité",
        made_at=clock.now(),
        changed_at=clock.now(),
    )
