"""« Demandes »: accepted takes a place, refused says why, each once."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from models.activities.opening import Opening
from models.bookings.booking import Booking
from models.bookings.family_request import FamilyRequest
from models.work.email import Email
from models.work.notice import GATHERING
from tests.engines import ON_SQLITE
from tests.portal import Client, Portal
from tests.web.checkout import Parent, parent, words
from tests.web.request_list import boxes, order

At = Callable[[str], object]
PAGE = "/mairie/demandes"
DAYS = ("2016-10-03", "2016-10-04")


@pytest.fixture
async def town(portal) -> Portal:
    return await portal("lezignan", now="2016-09-16T10:00:00")


@pytest.fixture
async def nadia(town: Portal) -> Parent:
    asking = await parent(town, "nadia.roux")
    await asking.tick("Tom", "Repas", *DAYS)
    answer = await asking.click()
    assert answer.status_code == 303
    return asking


@pytest.fixture
async def mairie(town: Portal) -> Client:
    return await town.client("mairie")


@ON_SQLITE
async def test_the_oldest_pending_request_is_shown_first(nadia: Parent, mairie: Client) -> None:
    page = await mairie.get_page("/mairie/demandes")
    assert "Tom Roux" in page and "reste 35 places" in page
    first, second = await FamilyRequest.all().order_by("id")
    assert order(page) == [first.id, second.id]
    await FamilyRequest.filter(id=first.id).update(made_at=first.made_at + timedelta(minutes=1))
    assert order(await mairie.get_page("/mairie/demandes")) == [second.id, first.id]


async def test_accepting_takes_a_place_once(town: Portal, nadia: Parent, mairie: Client) -> None:
    request = await FamilyRequest.all().order_by("id").first()
    assert request
    for _ in range(2):
        answer = await mairie.post_part(f"/mairie/demandes/{request.id}/acceptation")
        assert answer.status_code == 200
    assert f'id="demande-{request.id}"' not in answer.text and "acceptée" in answer.text
    booking = await Booking.get(id=request.booking_id)
    assert booking.state == "confirmed" and (await Opening.get(id=booking.opening_id)).taken == 1
    await town.run_jobs(within=GATHERING)
    assert await Email.filter(subject__contains="acceptée").count() == 1
    await town.verify()


@ON_SQLITE
async def test_refusing_needs_a_reason_which_the_parent_reads(
    town: Portal, nadia: Parent, mairie: Client
) -> None:
    request = await FamilyRequest.all().order_by("id").first()
    assert request
    answer = await mairie.post_form(f"/mairie/demandes/{request.id}/refus", {"motif": "  "})
    assert answer.status_code == 422 and "Indiquez le motif du refus." in answer.text
    answer = await mairie.post_form(f"/mairie/demandes/{request.id}/refus", {"motif": "Sortie scolaire"})
    assert answer.status_code == 303
    page = await nadia.browser.get_page("/planning?vue=mois&debut=2016-10-01")
    assert "refusée par la mairie\u00a0: Sortie scolaire" in page
    await town.verify()


async def test_several_are_accepted_together(town: Portal, nadia: Parent, mairie: Client) -> None:
    answer = await mairie.post_form("/mairie/demandes", {})
    assert answer.status_code == 422 and "Cochez au moins une demande." in answer.text
    ids = await FamilyRequest.all().values_list("id", flat=True)
    answer = await mairie.post_form("/mairie/demandes", {"demande": list(ids)})
    assert answer.status_code == 303
    assert await Booking.filter(state="confirmed").count() == len(DAYS)
    assert "Aucune demande en attente." in await mairie.get_page("/mairie/demandes")
    await town.verify()


@ON_SQLITE
async def test_seven_days_accepted_in_one_click_are_one_email(town: Portal, mairie: Client) -> None:
    asking = await parent(town, "nadia.roux")
    days = ["2016-10-03", "2016-10-04", "2016-10-06", "2016-10-07", "2016-10-10", "2016-10-11", "2016-10-13"]
    await asking.tick("Tom", "Repas", *days)
    await asking.click()
    await town.run_jobs()
    await Email.all().delete()
    await Opening.filter(day="2016-10-13").update(places=0)
    ids = await FamilyRequest.all().values_list("id", flat=True)
    await mairie.post_form("/mairie/demandes", {"demande": list(ids)})
    await town.run_jobs(within=GATHERING)
    email = await Email.get()
    assert email.subject == "Vos 7 demandes sont acceptées"
    assert email.text.count("La place est réservée.") == 6 and email.text.count("rang 1") == 1
    await town.run_jobs(within=GATHERING)
    assert await Email.all().count() == 1
    await town.verify()


@ON_SQLITE
async def test_answers_given_one_after_the_other_are_told_together(
    town: Portal, nadia: Parent, mairie: Client
) -> None:
    first, second = await FamilyRequest.all().order_by("id")
    await mairie.post_form(f"/mairie/demandes/{first.id}/acceptation")
    await town.run_jobs()
    await mairie.post_form(f"/mairie/demandes/{second.id}/refus", {"motif": "Sortie scolaire"})
    await town.run_jobs(within=GATHERING)
    email = await Email.get(subject="La mairie a répondu à vos 2 demandes")
    assert "acceptée. La place est réservée." in email.text and "Motif\u00a0: Sortie scolaire" in email.text
    assert not await Email.filter(subject__startswith="Votre demande").exists()


@ON_SQLITE
async def test_a_day_that_is_over_can_only_be_refused(
    town: Portal, nadia: Parent, mairie: Client, at: At
) -> None:
    first, second = await FamilyRequest.all().order_by("id")
    at("2016-10-04T09:00:00")  # the second day has begun, the first is over
    page = await mairie.get_page("/mairie/demandes")
    assert f"/{first.id}/acceptation" not in page and f"/{first.id}/refus" in page
    assert "jour passé, peut seulement être refusée" in page and boxes(page) == [second.id]
    told = (
        "Tom Roux, Repas, lundi 3 octobre 2016 : ce jour est passé, la demande ne peut plus qu’être refusée."
    )
    answer = await mairie.post_part(f"/mairie/demandes/{first.id}/acceptation")
    assert answer.status_code == 409 and told in words(answer.text)
    answer = await mairie.post_form("/mairie/demandes", {"demande": [first.id, second.id]})
    assert answer.status_code == 409 and told in words(answer.text)
    states = await FamilyRequest.all().order_by("id")
    assert [request.state for request in states] == ["pending", "accepted"]
    assert await Booking.filter(state="requested").count() == 1
    await town.verify()


async def test_a_day_that_filled_meanwhile_gives_a_rank(town: Portal, nadia: Parent, mairie: Client) -> None:
    request = await FamilyRequest.all().order_by("id").first()
    assert request
    opening = (await Booking.get(id=request.booking_id)).opening_id
    await Opening.filter(id=opening).update(places=0)
    answer = await mairie.post_part(f"/mairie/demandes/{request.id}/acceptation")
    assert "sur la liste d’attente" in answer.text
    assert (await Booking.get(id=request.booking_id)).state == "waiting"
    await town.verify()


@ON_SQLITE
async def test_the_kitchen_does_not_answer_requests(town: Portal, nadia: Parent) -> None:
    cook = await town.client("cantine")
    await cook.get_page("/mairie/demandes", status=403)
    request = await FamilyRequest.all().first()
    assert request
    answer = await cook.post_form(f"/mairie/demandes/{request.id}/acceptation")
    assert answer.status_code == 403
    assert (await FamilyRequest.get(id=request.id)).state == "pending"


async def test_what_is_answered_leaves_and_the_next_one_opens(nadia: Parent, mairie: Client) -> None:
    first, second = await FamilyRequest.all().order_by("id")
    page = await mairie.get_page(PAGE)
    assert f"{PAGE}/{first.id}/acceptation" in page and f"{PAGE}/{second.id}/acceptation" not in page
    assert f"{PAGE}/{second.id}/refus" in await mairie.get_page(f"{PAGE}?demande={second.id}")
    form = {"retour": f"{PAGE}?objet=reservations&tri=-jour"}
    answer = await mairie.post_form(f"{PAGE}/{first.id}/acceptation", form)
    assert answer.headers["location"] == f"{PAGE}?objet=reservations&tri=-jour&fait={first.id}"
    page = await mairie.get_page(answer.headers["location"])
    assert "Tom Roux, réserver Repas, lundi 3 octobre 2016 : acceptée." in words(page)
    assert order(page) == [second.id] and f"{PAGE}/{second.id}/acceptation" in page
    text = words(await mairie.get_page(f"{PAGE}?etat=traitees&demande={first.id}"))
    assert "Historique" in text and "Acceptée, " in text and "Demandée par la famille" in text


@ON_SQLITE
async def test_several_are_refused_for_one_reason(town: Portal, nadia: Parent, mairie: Client) -> None:
    ids = await FamilyRequest.all().order_by("id").values_list("id", flat=True)
    answer = await mairie.post_form(PAGE, {"demande": list(ids), "reponse": "refus", "motif": " "})
    assert answer.status_code == 422 and "Indiquez le motif du refus." in answer.text
    assert answer.text.count(" checked") == len(ids), "the boxes stay ticked"
    answer = await mairie.post_form(
        PAGE, {"demande": list(ids), "reponse": "refus", "motif": "Sortie scolaire"}
    )
    assert answer.status_code == 303
    assert await FamilyRequest.filter(state="refused", reason="Sortie scolaire").count() == len(ids)
    await town.verify()


async def test_the_list_is_filtered_sorted_and_looked_through(nadia: Parent, mairie: Client) -> None:
    first, second = await FamilyRequest.all().order_by("id")
    for said, found in (
        ("tri=-jour", [second.id, first.id]),
        ("objet=annulations", []),
        ("objet=reservations", [first.id, second.id]),
        ("recherche=ROUX+to", [first.id, second.id]),
        ("recherche=durand", []),
        ("recherche=%25", []),
        ("etat=traitees", []),
        ("page=7&tri=ailleurs&objet=rien", [first.id, second.id]),
    ):
        assert order(await mairie.get_page(f"{PAGE}?{said}")) == found, said
    page = await mairie.get_page(f"{PAGE}?recherche=durand")
    assert "Aucune réponse donnée." in await mairie.get_page(f"{PAGE}?etat=traitees")
    assert "Rien ne correspond." in page and "Effacer les filtres" in page


async def test_the_file_says_what_the_list_says(nadia: Parent, mairie: Client) -> None:
    answer = await mairie.get(f"{PAGE}?tri=-jour&export=csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="demandes_2016-09-16.csv"'
    lines = answer.content.decode("utf-8-sig").split("\r\n")
    assert lines[0].startswith("Reçue le;Dossier;Nom;Prénom;Objet;")
    assert [line.split(";")[7] for line in lines[1:3]] == ["04/10/2016", "03/10/2016"]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_the_questions_do_not_grow_with_the_rows(
    town: Portal, mairie: Client, count_queries: Callable[[], int]
) -> None:
    asking, counted = await parent(town, "nadia.roux"), []
    for days in (["2016-10-03"], ["2016-10-04", "2016-10-06", "2016-10-07"]):
        await asking.tick("Tom", "Repas", *days)
        assert (await asking.click()).status_code == 303
        await mairie.get_page(PAGE)
        before = count_queries()
        await mairie.get_page(PAGE)
        counted.append(count_queries() - before)
    assert counted[0] == counted[1]


async def test_a_request_that_is_not_there_is_not_found(mairie: Client) -> None:
    assert (await mairie.post_form("/mairie/demandes/999/acceptation")).status_code == 404
