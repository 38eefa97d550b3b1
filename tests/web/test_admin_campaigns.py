"""« Facturation »: the mairie prepares, reads, issues; what is wrong is said where it is."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest

from models import clock
from models.bookings.booking import Booking
from models.families.family import Family
from models.families.quotient import Quotient
from models.invoicing.campaign import InvoiceCampaign
from models.invoicing.draft import InvoiceDraft
from models.money.invoice import Invoice
from tests.models.invoicing import begun, drafted
from tests.portal import Client, Portal, hidden
from tests.web.checkout import parent, words

OpenPortal = Callable[..., Awaitable[Portal]]
PLACE = "/mairie/facturation"
OCTOBER = date(2025, 10, 1), date(2025, 10, 31)
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    """Lina’s mornings of October, at the price of her quotient."""

    def large(file: dict[str, Any]) -> None:
        for till in file["commune"]["tills"]:
            till.pop("least_invoice", None)

    town = await portal("demo", now="2025-09-22T10:00:00", change=large)
    camille = await parent(town, "camille.durand")
    await camille.tick("Lina", "Accueil du matin", "2025-10-06", "2025-10-07", "2025-10-09")
    await camille.click()
    await town.run_jobs()
    clock.shift_to(clock.datetime(2025, 11, 3, 9, tzinfo=clock.PARIS))
    return town


@pytest.fixture
async def till(town: Portal) -> Client:
    return await town.client("regie")


async def test_a_form_that_is_wrong_says_where(town: Portal, till: Client) -> None:
    choice = (await till.get_page(PLACE)).split('<option value="')[1].split('"')[0]
    right = {"regie": choice, "debut": "2025-10-01", "fin": "2025-10-31", "date": "2025-11-03"}
    for wrong, said in (
        ({"debut": ""}, "Indiquez le premier jour de la période."),
        ({"fin": "demain"}, "Saisissez une date"),
        ({"fin": "2025-09-01"}, "se termine avant de commencer"),
        ({"regie": "99"}, "Choisissez une réponse de la liste."),
    ):
        answer = await till.post_form(PLACE, right | wrong)
        assert answer.status_code == 422 and said in words(answer.text)
    assert await InvoiceCampaign.all().count() == 0
    assert (await till.post_form(PLACE, right)).status_code == 303
    answer = await till.post_form(PLACE, right)
    assert answer.status_code == 422 and "déjà en cours" in words(answer.text)


async def test_the_drafts_are_read_before_they_leave(town: Portal, till: Client) -> None:
    await Quotient.filter(family__number="VF-1001").update(value=2000)
    campaign = await drafted(town, *OCTOBER)
    place = f"{PLACE}/{campaign.id}"
    page = await till.get_page(place)
    said = words(page)
    assert "1 brouillon" in said and "Camille Durand" in said and "prix recalculé" in said
    assert "Toutes les adresses sont là" in said and "3 jours au nouveau prix" in said
    draft = await InvoiceDraft.get()
    said = words(await till.get_page(f"{place}?brouillon={draft.id}"))
    assert "Lina Durand, Accueil du matin" in said and "→" in said
    for check in ("relire", "ecart", "quotient", "adresse", "demandes", "avoir"):
        assert "Rien ne correspond." in words(await till.get_page(f"{place}?controle={check}")), check
    assert "Camille Durand" in words(await till.get_page(f"{place}?controle=prix&recherche=1001"))


async def test_each_check_counts_those_it_concerns(town: Portal, till: Client) -> None:
    await Family.filter(number="VF-1001").update(invoice_delivery="post")
    await Quotient.filter(family__number="VF-1001").delete()
    campaign = await drafted(town, *OCTOBER)
    said = words(await till.get_page(f"{PLACE}/{campaign.id}"))
    assert "1 famille sans quotient" in said and "1 famille à qui l’on écrit sans adresse" in said
    assert "Camille Durand" in words(await till.get_page(f"{PLACE}/{campaign.id}?controle=adresse"))


async def test_nothing_leaves_before_the_word_is_typed(town: Portal, till: Client) -> None:
    campaign = await drafted(town, *OCTOBER)
    place = f"{PLACE}/{campaign.id}"
    page = await till.get_page(f"{place}?etape=emission")
    answer = await till.post_form(f"{PLACE}/{campaign.id}/emission", {"mot": "oui", "lu": hidden(page, "lu")})
    assert answer.status_code == 422 and "Tapez ÉMETTRE" in words(answer.text)
    answer = await till.post_form(f"{PLACE}/{campaign.id}/emission", {"mot": "ÉMETTRE", "lu": "1-1-1"})
    assert answer.status_code == 422 and "ont changé depuis votre lecture" in words(answer.text)
    assert (await InvoiceCampaign.get()).state == "draft"


async def test_the_bar_asks_for_itself_until_all_have_left(town: Portal, till: Client) -> None:
    campaign = await drafted(town, *OCTOBER)
    await begun(campaign)
    part = (await till.get(f"{PLACE}/{campaign.id}/avancement")).text
    assert "sur 1 facture" in words(part) and "data-hx-get" in part
    assert "Vous pouvez fermer cette page" in words(await till.get_page(f"{PLACE}/{campaign.id}"))
    await town.run_jobs()
    assert (await till.get(f"{PLACE}/{campaign.id}/avancement")).headers["hx-refresh"] == "true"
    assert "1 facture émise" in words(await till.get_page(f"{PLACE}/{campaign.id}"))
    assert (await till.get(f"{PLACE}/{campaign.id}/lettres")).status_code == 404


async def test_what_changed_while_they_left_is_to_be_read(town: Portal, till: Client) -> None:
    campaign = await drafted(town, *OCTOBER)
    await begun(campaign)
    await Booking.filter(day="2025-10-09").update(state="cancelled", billed=False)
    await town.run_jobs()
    said = words(await till.get_page(f"{PLACE}/{campaign.id}"))
    assert "1 brouillon a changé pendant l’émission" in said and "à relire" in said


async def test_drafts_are_made_again_or_given_up(town: Portal, till: Client) -> None:
    campaign = await drafted(town, *OCTOBER)
    assert (await till.post_form(f"{PLACE}/{campaign.id}/brouillons")).status_code == 303
    await town.run_jobs()
    assert (await InvoiceCampaign.get()).version == 2 and await InvoiceDraft.all().count() == 1
    answer = await till.post_form(f"{PLACE}/{campaign.id}/abandon")
    assert answer.headers["location"] == PLACE
    assert "abandonnée" in words(await till.get_page(PLACE)) and await Invoice.all().count() == 3


async def test_those_who_only_read_change_nothing(town: Portal, till: Client) -> None:
    campaign = await drafted(town, *OCTOBER)
    reader = await town.client("elu")
    page = await reader.get_page(f"{PLACE}/{campaign.id}")
    assert "Passer à l’émission" not in page and "Jeter et recommencer" not in page
    assert (await reader.post_form(f"{PLACE}/{campaign.id}/abandon")).status_code == 403
    assert "n’en prépare pas" in words(await reader.get_page(PLACE))
