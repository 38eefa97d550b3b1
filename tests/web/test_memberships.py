import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from models import clock
from models.bookings.order import Order
from models.commune.till import Till
from models.families.child import Child
from models.families.enrolment import Enrolment
from models.families.family import Family
from models.families.membership import Membership
from models.money.payment import Payment
from models.work.audit_log import Event
from models.work.email import Email
from tests.engines import ON_SQLITE
from tests.portal import Portal, hidden
from tests.web.checkout import REFUSED_CARD, Parent, hear_the_bank, parent, words

OpenPortal = Callable[..., Awaitable[Portal]]
HOME = "/inscriptions/paiement-immediat"
RECAP = f"{HOME}/recapitulatif"


@pytest.fixture
async def paule(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> Parent:
    town = await portal("alixan", now="2022-07-04T14:00")
    hear_the_bank(town, monkeypatch)
    return await parent(town, "paule.martin")


async def value(page: str, child: str) -> str:
    """What the box of this child sends."""
    row = await Child.get(first_name=child)
    [found, *_] = re.findall(rf'value="({row.id}-\d+)"', page)  # the page's token may begin like it
    return str(found)


async def choose(paule: Parent, *children: str) -> str:
    """Tick, « Valider »: the recap."""
    page = await paule.browser.get_page(HOME)
    ticked = [("inscription", await value(page, child)) for child in children]
    answer = await paule.browser.post_form(HOME, ticked)
    assert answer.status_code == 303
    return await paule.browser.get_page(answer.headers["location"])


async def pay(paule: Parent, page: str, click: str = "") -> Any:
    """« Payer » on the recap."""
    values = [part.split('"')[0] for part in page.split('name="inscription" value="')[1:]]
    form = [("inscription", one) for one in values] + [("click", click or hidden(page, "click"))]
    return await paule.browser.post_form(RECAP, form)


@ON_SQLITE
async def test_a_box_for_each_child_that_may_join(paule: Parent) -> None:
    page = await paule.browser.get_page(HOME)
    text = words(page)
    assert "Inscriptions en paiement immédiat" in text and "Cantine d'Alixan 2022/2023" in text
    assert "adhésion pour l’année : 17,00 € par enfant" in text
    assert page.count('type="checkbox"') == 4 and "Garderie" not in text
    assert "Sans paiement réellement effectué, votre adhésion ne sera pas prise en compte." in text


@ON_SQLITE
async def test_nobody_ticked(paule: Parent) -> None:
    answer = await paule.browser.post_form(HOME)
    assert answer.status_code == 422
    assert "Cochez au moins un enfant." in answer.text and "<title>Erreur\u00a0: " in answer.text


@ON_SQLITE
async def test_the_recap_names_each_and_the_sum(paule: Parent) -> None:
    text = words(await choose(paule, "Louis", "Estelle"))
    assert "Récapitulatif de mes inscriptions en paiement immédiat" in text
    assert "Cantine d'Alixan 2022/2023 – Louis : 17,00 €" in text
    assert "2 inscriptions pour un montant total de 34,00 €" in text
    assert "Annuler" in text and "Payer 34,00 €" in text
    assert not await Order.exists()


@ON_SQLITE
async def test_paid_it_enrols_and_leads_straight_to_the_planning(paule: Parent) -> None:
    answer = await pay(paule, await choose(paule, "Louis", "Estelle"))
    assert answer.status_code == 303
    back = await paule.at_the_bank(answer.headers["location"])
    await paule.town.run_jobs()
    page = await paule.browser.get_page(back)
    text, louis = words(page), await Child.get(first_name="Louis")
    assert "Paiement réalisé avec succès" in text and "Montant : 34,00 €" in text
    assert f'href="/planning?par=enfant&amp;id={louis.id}&amp;debut=2022-09-01&amp;modifier=1"' in page
    assert await Membership.all().count() == 2
    assert await Enrolment.filter(activity__code="cantine").count() == 2
    page = await paule.browser.get_page(HOME)
    assert page.count(" checked disabled") == 2 and page.count("adhésion payée le 04/07/2022") == 2


async def test_not_paid_it_changes_nothing(paule: Parent) -> None:
    answer = await pay(paule, await choose(paule, "Louis"))
    back = await paule.at_the_bank(answer.headers["location"], REFUSED_CARD)
    await paule.town.run_jobs()
    text = words(await paule.browser.get_page(back))
    assert "Paiement refusé par votre banque" in text and "Votre adhésion n’est pas prise en compte." in text
    assert "Retour aux inscriptions" in text and not await Membership.exists()
    again = await paule.browser.post_form(f"{back.removesuffix('/retour')}/payer")
    assert "/banque/demo/" in again.headers["location"]


async def test_the_same_click_is_one_payment(paule: Parent) -> None:
    page = await choose(paule, "Louis")
    first, second = await pay(paule, page), await pay(paule, page)
    assert first.headers["location"] == second.headers["location"]
    assert await Payment.all().count() == 1


async def test_a_payment_under_way_can_be_taken_up_or_left(paule: Parent) -> None:
    page = await choose(paule, "Louis")
    await pay(paule, page)
    answer = await pay(paule, page, click="another")
    payment = await Payment.get()
    assert answer.status_code == 409 and "Un paiement est déjà en cours." in words(answer.text)
    assert f'action="/paiement/{payment.id}/payer"' in answer.text
    left = await paule.browser.post_form(f"/paiement/{payment.id}/annulation")
    assert left.headers["location"] == HOME


async def test_who_is_a_member_already_does_not_pay_twice(paule: Parent) -> None:
    page = await choose(paule, "Louis")
    louis = await Child.get(first_name="Louis")
    box = await value(page, "Louis")
    await Membership.create(
        child_id=louis.id, activity_id=int(box.split("-")[1]), family_id=paule.family, cents=1700
    )
    answer = await pay(paule, page)
    assert answer.headers["location"] == HOME and not await Order.exists()
    answer = await paule.browser.post_form(HOME, {"inscription": box})
    assert answer.status_code == 422


@ON_SQLITE
async def test_a_box_that_names_nothing_of_the_family_does_not_exist(paule: Parent) -> None:
    for box in ("999-1", "1-999", "x", "1-", "-1-1"):
        assert (await paule.browser.post_form(HOME, {"inscription": box})).status_code == 404
        assert (await paule.browser.get(RECAP, params={"inscription": box})).status_code == 404
    assert (await paule.browser.get(RECAP)).headers["location"] == HOME


@ON_SQLITE
async def test_a_commune_without_memberships_says_so(portal: OpenPortal) -> None:
    town = await portal("lens", now="2018-08-27T10:00")
    claire = await parent(town, "famille15")
    assert "Aucune inscription payante" in words(await claire.browser.get_page(HOME))


async def asked(paule: Parent) -> tuple[str, list[str]]:
    """For whom home asks for a membership and how much, and for whom the planning does."""
    home = words(await paule.browser.get_page("/accueil"))
    page = await paule.browser.get_page("/planning?par=activite&vue=mois&debut=2022-09-01")
    said = words(page).partition("Vous devez d’abord payer")[2].partition(" : ")[0]
    names = ("Louis", "Estelle", "Louane", "Théo")
    (line,) = re.findall(r"Adhésion Cantine d'Alixan 2022/2023 (.*? €)", home)
    return line, [name for name in names if name in said]


async def say(paule: Parent, name: str, child: str) -> Any:
    page = await paule.browser.get_page(HOME)
    return await paule.browser.post_form(f"{HOME}/reponse", {name: await value(page, child)})


async def test_not_this_year_stops_asking_until_it_is_taken_back(paule: Parent) -> None:
    assert await asked(paule) == (
        "Louis, Estelle, Louane et Théo : 68,00 €",
        ["Louis", "Estelle", "Louane", "Théo"],
    )
    for child in ("Louane", "Théo", "Théo"):
        answer = await say(paule, "refus", child)
        assert answer.status_code == 303 and answer.headers["location"] == HOME
    assert await asked(paule) == ("Louis et Estelle : 34,00 €", ["Louis", "Estelle"])
    text = words(await paule.browser.get_page(HOME))
    assert "Louane pas cette année Changer d’avis" in text and "Louis 17,00 € Pas cette année" in text
    louane = await Child.get(first_name="Louane")
    text = words(await paule.browser.get_page(f"/planning?id={louane.id}&vue=mois&debut=2022-09-01"))
    assert "Pas cette année : Cantine d'Alixan 2022/2023. Changer d’avis" in text
    assert "La mairie inscrit" not in text and "Vous devez" not in text
    estelle = await Child.get(first_name="Estelle")
    page = await paule.browser.get_page(f"/planning?id={estelle.id}&valide=1")
    assert "Enfant suivant : Louis" in words(page)
    await say(paule, "reprise", "Louane")
    assert await asked(paule) == ("Louis, Estelle et Louane : 51,00 €", ["Louis", "Estelle", "Louane"])
    assert [
        event.action async for event in Event.filter(action__startswith="membership.").order_by("id")
    ] == [
        *["membership.declined"] * 3,
        "membership.reconsidered",
    ]


async def test_who_said_no_may_pay_all_the_same(paule: Parent) -> None:
    await say(paule, "refus", "Louane")
    answer = await pay(paule, await choose(paule, "Louane"))
    await paule.at_the_bank(answer.headers["location"])
    await paule.town.run_jobs()
    text = words(await paule.browser.get_page(HOME))
    assert "Louane adhésion payée le" in text
    louane = await Child.get(first_name="Louane")
    page = await paule.browser.get_page(f"/planning?id={louane.id}&vue=mois&debut=2022-09-01")
    assert "Pas cette année" not in page and "Cantine d" in page


@ON_SQLITE
async def test_an_answer_for_nobody_is_not_found(paule: Parent) -> None:
    for form in ({}, {"refus": "999-1"}, {"refus": "1"}, {"reprise": ""}):
        assert (await paule.browser.post_form(f"{HOME}/reponse", form)).status_code == 404


async def test_a_fee_too_small_for_a_card_says_so_and_joins_at_once(
    portal: OpenPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cheap(content: dict[str, Any]) -> None:
        for activity in content["activities"]:
            if "membership_fee" in activity:
                activity["membership_fee"] = 60

    town = await portal("alixan", now="2022-07-04T14:00", change=cheap)
    hear_the_bank(town, monkeypatch)
    paule = await parent(town, "paule.martin")
    page = await choose(paule, "Louis")
    text = words(page)
    assert "Moins de 1,00 € : 0,60 € seront ajoutés à votre prochain paiement." in text
    assert "Terminer" in text and "Payer" not in text and "Sans paiement réellement effectué" not in text
    answer = await pay(paule, page)
    again = await pay(paule, page)
    assert again.headers["location"] == answer.headers["location"]
    text = words(await paule.browser.get_page(answer.headers["location"]))
    assert "C’est enregistré." in text and "0,60 € : la somme sera ajoutée à votre prochain paiement." in text
    assert await Membership.all().count() == 1 and not await Payment.exists()
    await town.verify()


async def test_the_other_home_paid_meanwhile(paule: Parent) -> None:
    answer = await pay(paule, await choose(paule, "Louis"))
    louis = await Child.get(first_name="Louis")
    other = await Family.create(number="other")
    box = await value(await paule.browser.get_page(HOME), "Louis")
    await Membership.create(
        child_id=louis.id, activity_id=int(box.split("-")[1]), family_id=other.id, cents=0
    )
    opened = {other.id: {"members": [box]}}  # paid before the portal
    await Event.note_each(clock.now(), "test", "family.opened", opened)
    back = await paule.at_the_bank(answer.headers["location"])
    await paule.town.run_jobs()
    text = words(await paule.browser.get_page(back))
    assert "Paiement porté à votre avoir" in text
    assert "Cette adhésion était déjà payée : l’activité est ouverte à votre enfant." in text
    assert "n’est pas prise en compte" not in text
    email = await Email.get(recipient__contains="paule")
    assert email.subject == "Adhésion déjà payée\u00a0: 17,00\u00a0€ portés à votre avoir"
    assert "vous pouvez y réserver" in email.text
    await paule.town.verify()


@ON_SQLITE
async def test_a_till_that_takes_no_card_says_so(paule: Parent) -> None:
    page = await choose(paule, "Louis")
    await Till.all().update(online=False)
    answer = await pay(paule, page)
    assert answer.status_code == 409 and "Règlement non autorisé par la structure" in answer.text
