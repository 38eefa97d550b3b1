"""« À voir »: each fact of the bank stays until somebody of the mairie has seen it, and who that was stays too."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from models import clock
from models.access.member import Member
from models.banks import BankNotice
from models.checkout import settlement
from models.commune.commune import Commune
from models.money import anomaly
from models.money.anomaly import BURST, Anomaly
from models.money.payment import Payment
from models.rules.states.payments import BankState
from models.work.email import Email
from tests.engines import ON_SQLITE
from tests.portal import Client, Portal
from tests.web.checkout import Parent, hear_the_bank, parent, words

OpenPortal = Callable[..., Awaitable[Portal]]
MEAL = "Rest Sco Pré Paiement 2018-2019"
PAGE = "/mairie/a-voir"
HOME = "/mairie/tableau-de-bord"


@pytest.fixture
async def claire(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> Parent:
    town = await portal("lens", now="2018-08-27T10:00")
    hear_the_bank(town, monkeypatch)
    claire = await parent(town, "famille15")
    await claire.tick("Chloé", MEAL, "2018-09-03")
    await claire.click()
    return claire


async def bank_says(cents: int) -> None:
    payment = await Payment.get()
    await settlement.settle(BankNotice("demo", payment.reference, BankState.PAID, cents, "4970"), clock.now())


async def till_desk(claire: Parent) -> Client:
    return await claire.town.client("regie")


async def test_nothing_to_look_at(claire: Parent) -> None:
    assert "Rien à signaler." in await (await till_desk(claire)).get_page(PAGE)
    assert await anomaly.count() == 0
    assert '<b id="menu-a-voir" hidden>0</b>' in await (await till_desk(claire)).get_page(HOME)


async def test_another_sum_is_shown_with_what_was_asked(claire: Parent) -> None:
    for _ in range(3):
        await bank_says(341)
    text = words(await (await till_desk(claire)).get_page(PAGE))
    assert text.count("Somme inattendue 27/08/2018") == 1 and await anomaly.count() == 1
    reference = (await Payment.get()).reference
    assert f"Dossier 15.1606 · Régie restauration et ACM · Référence {reference}" in text
    assert "3,41 € demandé : 3,40 €" in text
    assert '<b id="menu-a-voir">1</b>' in await (await till_desk(claire)).get_page(HOME)


@ON_SQLITE
async def test_a_later_one_never_hides_an_earlier_one(claire: Parent) -> None:
    await bank_says(341)
    await bank_says(339)
    payment = await Payment.get()
    await settlement.give_up(payment.id, clock.now())
    from models.activities.opening import Opening

    await Opening.filter(day="2018-09-03").update(places=0)
    await bank_says(340)
    await settlement.settle(BankNotice("demo", "NEVER-GIVEN", BankState.PAID, 100), clock.now())
    text = words(await (await till_desk(claire)).get_page(PAGE))
    assert text.count("Somme inattendue 27/08/2018") == 2
    assert "Payé trop tard 27/08/2018" in text and "Paiement inconnu 27/08/2018" in text
    assert "Référence NEVER-GIVEN 1,00 €" in text
    assert await anomaly.count() == 4
    await claire.town.verify()


@ON_SQLITE
async def test_who_saw_it_first_and_when_stays(claire: Parent, at: Any) -> None:
    await bank_says(341)
    row, desk = await Anomaly.get(), await till_desk(claire)
    answer = await desk.post_form(f"{PAGE}/{row.id}/vu")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?fait={row.id}")
    at("2018-08-28T09:00")
    await (await claire.town.client("mairie")).post_form(f"{PAGE}/{row.id}/vu")
    text = words(await desk.get_page(f"{PAGE}?etat=vus"))
    cashier = await Member.get(username="regie")
    assert f"le 27/08/2018 à 10:00 par {cashier.name}" in text
    assert "Rien à signaler." in words(await desk.get_page(PAGE)) and await anomaly.count() == 0
    assert (await desk.post_form(f"{PAGE}/999/vu")).status_code == 404


async def test_what_was_just_seen_may_be_taken_back_by_who_said_so(claire: Parent, at: Any) -> None:
    for cents in (341, 339):
        await bank_says(cents)
    desk, first = await till_desk(claire), await Anomaly.all().order_by("id").first()
    assert first
    assert (await desk.post_form(PAGE)).status_code == 422
    ids = await Anomaly.all().order_by("id").values_list("id", flat=True)
    answer = await desk.post_form(PAGE, {"paiement": [*ids, 999]})
    page = await desk.get_page(answer.headers["location"])
    assert "2 lignes marquées comme vues." in page and f"{PAGE}/retour" in page
    other = await claire.town.client("mairie")
    assert f"{PAGE}/retour" not in await other.get_page(answer.headers["location"])
    await other.post_form(f"{PAGE}/retour", {"paiement": list(ids)})
    assert await anomaly.count() == 0, "only who saw it takes it back"
    await desk.post_form(f"{PAGE}/retour", {"paiement": [first.id]})
    assert await anomaly.count() == 1 and (await Anomaly.get(id=first.id)).seen_by_id is None
    at("2018-08-27T10:02")
    assert f"{PAGE}/retour" not in await desk.get_page(answer.headers["location"])
    await desk.post_form(f"{PAGE}/retour", {"paiement": list(ids)})
    assert await anomaly.count() == 1, "later it stays seen"
    await claire.town.verify()


async def test_the_list_is_filtered_sorted_and_saved(claire: Parent) -> None:
    for cents in (341, 339):
        await bank_says(cents)
    await settlement.settle(BankNotice("demo", "NEVER-GIVEN", BankState.PAID, 100), clock.now())
    desk = await till_desk(claire)
    for said, sums in (
        ("", ["3,41", "3,39", "1,00"]),
        ("tri=somme", ["1,00", "3,39", "3,41"]),
        ("recherche=never", ["1,00"]),
        ("objet=banque", ["3,41", "3,39", "1,00"]),
        ("objet=tard", []),
        ("somme=3%2C39", ["3,39"]),
        ("somme=3.41+%E2%82%AC&recherche=never", []),
        ("etat=vus", []),
    ):
        page = await desk.get_page(f"{PAGE}?{said}")
        assert re.findall(r'<b class="sum">([0-9,]+)', page) == sums, said
    page = await desk.get_page(f"{PAGE}?somme=beaucoup")
    assert 'value="beaucoup"' in page and 'aria-describedby="somme-erreur"' in page
    assert "Saisissez une somme, par exemple 16,90 €." in words(page)
    answer = await desk.get(f"{PAGE}?tri=-somme&export=csv")
    lines = answer.content.decode("utf-8-sig").split("\r\n")
    assert [line.split(";")[5] for line in lines[1:4]] == ["3,41", "3,39", "1,00"]


@ON_SQLITE
@pytest.mark.parametrize(
    ("roles", "answer"),
    [
        (["cashier"], 303),
        (["manager"], 303),
        (["administrator"], 303),
        (["reader"], 403),
    ],
)
async def test_who_looks_and_who_answers(claire: Parent, roles: list[str], answer: int) -> None:
    """Whom the page is not for: test_roles."""
    await bank_says(341)
    member = await Member.get(username="cantine")
    await Member.filter(id=member.id).update(roles=roles)
    browser = await claire.town.client("cantine")
    page = await browser.get_page(PAGE)
    assert ("/vu" in page) == (answer == 303), "no button that would be refused"
    row = await Anomaly.get()
    assert (await browser.post_form(f"{PAGE}/{row.id}/vu")).status_code == answer


async def test_the_mairie_gets_one_email_for_what_happens_together(claire: Parent) -> None:
    await bank_says(341)
    await bank_says(339)
    commune = await Commune.get()
    assert not await Email.filter(recipient=commune.email).exists()
    assert "write_anomalies" in await claire.town.run_jobs(within=BURST)
    email = await Email.get(recipient=commune.email)
    assert email.subject == "À voir sur le portail\u00a0: 2 paiements"
    assert "dossier 15.1606, 3,41\u00a0€" in email.text and "3,39\u00a0€" in email.html
    assert "/mairie/a-voir" in email.text and "\n\n\n" not in email.text
    await bank_says(342)
    await claire.town.run_jobs(within=BURST)
    assert await Email.filter(recipient=commune.email).count() == 2
    last = await Email.filter(recipient=commune.email).order_by("-id").first()
    assert last and last.subject.endswith("1 paiement") and "3,41" not in last.text
