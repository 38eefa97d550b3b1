"""« C’est enregistré. »: what is paid, what will be invoiced, what waits; nothing refused reads as owed."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from models.bookings.booking import Booking
from models.bookings.family_request import FamilyRequest
from models.bookings.order import Order
from models.bookings.waiting_list import Waiting
from tests.engines import ON_SQLITE
from tests.portal import Client, Portal
from tests.web.checkout import Parent, hear_the_bank, parent, words

OpenPortal = Callable[..., Awaitable[Portal]]


@pytest.fixture
async def nadia(portal: OpenPortal) -> Parent:
    """The mairie answers each booking."""
    return await parent(await portal("lezignan", now="2016-09-16T10:00:00"), "nadia.roux")


@pytest.fixture
async def mairie(nadia: Parent) -> Client:
    return await nadia.town.client("mairie")


@pytest.fixture
async def camille(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> Parent:
    town = await portal("demo", now="2025-09-22T10:00:00")
    hear_the_bank(town, monkeypatch)
    return await parent(town, "camille.durand")


async def confirmed(who: Parent) -> str:
    """The page of a click."""
    return str((await who.click()).headers["location"])


async def clicked(kind: str) -> str:
    """The page of the click of the only order of this kind."""
    return f"/planning/confirmation/{(await Order.get(kind=kind)).click}"


async def groups(who: Parent, page: str) -> dict[str, str]:
    """By title, the words of each group."""
    parts = (await who.browser.get_page(page)).split('class="receipt share"')[1:]
    found = [part.split("</section>")[0] for part in parts]
    return {words(f"<h2{part.split('<h2')[1].split('</h2>')[0]}"): words(f"<{part}") for part in found}


def sums(text: str) -> list[str]:
    return re.findall(r"−?\d+,\d\d €", text)


async def answered(mairie: Client, day: str, how: str) -> None:
    request = await FamilyRequest.filter(booking_id=(await Booking.get(day=day)).id).order_by("-id").first()
    assert request is not None
    form = {"motif": "Sortie scolaire"} if how == "refus" else {}
    assert (await mairie.post_form(f"/mairie/demandes/{request.id}/{how}", form)).status_code == 303


async def test_what_the_mairie_refused_shows_no_sum(nadia: Parent, mairie: Client) -> None:
    await nadia.tick("Tom", "Repas", "2016-10-03", "2016-10-04", "2016-10-06")
    page = await confirmed(nadia)
    before = await groups(nadia, page)
    assert list(before) == ["En attente de la réponse de la mairie"]
    one, *_, total = sums(before["En attente de la réponse de la mairie"])
    assert len(sums(before["En attente de la réponse de la mairie"])) == 4
    assert f"Si la mairie accepte : {total}" in before["En attente de la réponse de la mairie"]
    await answered(mairie, "2016-10-03", "acceptation")
    await answered(mairie, "2016-10-04", "refus")
    after = await groups(nadia, page)
    assert list(after) == [
        "Facturé en fin de mois",
        "En attente de la réponse de la mairie",
        "Sans suite",
    ]
    assert sums(after["Facturé en fin de mois"]) == [one, one]
    assert sums(after["En attente de la réponse de la mairie"]) == [one, one]
    assert sums(after["Sans suite"]) == []
    assert "04/10/2016 Repas refusée par la mairie" in after["Sans suite"]
    assert "Rien n’est dû pour ces lignes." in after["Sans suite"]


async def test_a_cancellation_that_the_mairie_refused_stays_due(nadia: Parent, mairie: Client) -> None:
    await nadia.tick("Tom", "Repas", "2016-10-03")
    await nadia.click()
    await answered(mairie, "2016-10-03", "acceptation")
    await nadia.tick("Tom", "Repas", "2016-10-03", ticked=False)
    page = await confirmed(nadia)
    assert (
        "demande d’annulation envoyée" in (await groups(nadia, page))["En attente de la réponse de la mairie"]
    )
    await answered(mairie, "2016-10-03", "refus")
    after = await groups(nadia, page)
    assert list(after) == ["Toujours dû"] and sums(after["Toujours dû"]) == []
    assert "annulation refusée par la mairie" in after["Toujours dû"]
    assert "est partie" not in words(await nadia.browser.get_page(page))


async def test_a_request_that_is_taken_back_leaves_nothing_due(nadia: Parent) -> None:
    await nadia.tick("Tom", "Repas", "2016-10-03")
    first = await confirmed(nadia)
    await nadia.tick("Tom", "Repas", "2016-10-03", ticked=False)
    second = await confirmed(nadia)
    for page in (first, second):
        found = await groups(nadia, page)
        assert list(found) == ["Sans suite"] and sums(found["Sans suite"]) == []


@ON_SQLITE
async def test_each_kind_of_price_is_a_group_with_its_sum(camille: Parent) -> None:
    await camille.tick("Noé", "Repas de midi", "2025-10-06", "2025-10-07")
    await camille.tick("Lina", "Accueil du soir", "2025-10-06", "2025-10-07")
    await camille.tick("Lina", "Atelier", "2025-10-07")
    await camille.pay()
    found = await groups(camille, await clicked("prepaid"))
    assert list(found) == ["Payé", "Facturé en fin de mois", "En attente de la réponse de la mairie"]
    for text in found.values():
        *lines, total = [int(cents.replace(",", "").removesuffix(" €")) for cents in sums(text)]
        assert sum(lines) == total
    assert "Total : 3,20 €" in found["Facturé en fin de mois"]
    assert "Si la mairie accepte : 3,00 €" in found["En attente de la réponse de la mairie"]


async def test_what_is_not_paid_yet_is_to_pay_then_nothing(camille: Parent) -> None:
    await camille.tick("Noé", "Repas de midi", "2025-10-06")
    bank = str((await camille.click()).headers["location"])
    page = await clicked("prepaid")
    found = await groups(camille, page)
    assert list(found) == ["À payer"] and len(sums(found["À payer"])) == 2
    await camille.leave_the_bank(bank)
    await camille.town.run_jobs()
    found = await groups(camille, page)
    assert list(found) == ["Sans suite"] and sums(found["Sans suite"]) == []


async def test_a_credit_is_given_back_and_a_rank_costs_nothing(
    portal: OpenPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def one_place(content: dict[str, Any]) -> None:
        groups = [group for activity in content["activities"] for group in activity.get("groups", ())]
        (little_ones,) = (group for group in groups if group.get("places") == 40)
        little_ones["places"] = 1

    town = await portal("demo", now="2025-09-22T10:00:00", change=one_place)
    hear_the_bank(town, monkeypatch)
    sophie, camille = await parent(town, "sophie.moreau"), await parent(town, "camille.durand")
    await camille.tick("Noé", "Repas de midi", "2025-10-06")
    await camille.pay()
    await sophie.tick("Jules", "Repas de midi", "2025-10-06")
    found = await groups(sophie, await confirmed(sophie))
    assert await Waiting.exists()
    assert list(found) == ["En liste d’attente"] and sums(found["En liste d’attente"]) == []
    await camille.tick("Noé", "Repas de midi", "2025-10-06", ticked=False)
    found = await groups(camille, await confirmed(camille))
    assert list(found) == ["Rendu"] and len(set(sums(found["Rendu"]))) == 1
    assert sums(found["Rendu"])[0].startswith("−")


async def test_a_late_cancellation_stays_due(portal: OpenPortal, at: Any) -> None:
    def allowed(content: dict[str, Any]) -> None:
        for activity in content["activities"]:
            activity["late_cancel"] = "allowed"

    town = await portal("demo", now="2025-09-22T10:00:00", change=allowed)
    camille = await parent(town, "camille.durand")
    await camille.tick("Lina", "Accueil du soir", "2025-10-06")
    first = await confirmed(camille)
    at("2025-10-06T07:00:00")
    await camille.tick("Lina", "Accueil du soir", "2025-10-06", ticked=False)
    found = await groups(camille, await confirmed(camille))
    assert list(found) == ["Toujours dû"] and sums(found["Toujours dû"]) == []
    found = await groups(camille, first)
    assert list(found) == ["Facturé en fin de mois"] and len(sums(found["Facturé en fin de mois"])) == 2
    assert "annulée depuis, hors délai" in found["Facturé en fin de mois"]
