"""« Mes paiements »: newest first, by month, what each paid, and the way to its ticket."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from models import clock
from models.bookings import payment_list
from models.commune.till import Till
from models.money.payment import Payment, PaymentPart
from models.rules.states.payments import PartKind, PaymentState
from tests.engines import ON_SQLITE
from tests.portal import Portal
from tests.web.checkout import REFUSED_CARD, Parent, hear_the_bank, parent, words

OpenPortal = Callable[..., Awaitable[Portal]]
PAGE = "/paiements"
MEAL = "Repas de midi"


@pytest.fixture
async def camille(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> Parent:
    town = await portal("demo", now="2025-09-22T10:00:00")
    hear_the_bank(town, monkeypatch)
    return await parent(town, "camille.durand")


async def made(family: int, at: datetime, cents: int, state: PaymentState = PaymentState.EXPIRED) -> Payment:
    """An attempt to settle a debt, as the money room writes it."""
    till = await Till.all().order_by("id").first()
    number = await Payment.all().count()
    row = await Payment.create(
        family_id=family,
        till=till,
        provider="demo",
        reference=f"PF-{number}-{cents}",
        cents=cents,
        state=state,
        made_at=at,
    )
    await PaymentPart.create(payment=row, kind=PartKind.DEBT, till=till, cents=cents)
    return row


@ON_SQLITE
async def test_no_payment_yet_says_so_and_how_to_book(camille: Parent) -> None:
    page = await camille.browser.get_page(PAGE)
    assert "Aucun paiement pour le moment." in words(page)
    assert 'href="/planning?modifier=1"' in page and "Plus anciens" not in page


async def test_a_payment_says_what_it_paid_and_leads_to_its_ticket(camille: Parent) -> None:
    await camille.tick("Noé", MEAL, "2025-10-06", "2025-10-07")
    await camille.tick("Lina", MEAL, "2025-10-06")
    ticket = await camille.pay()
    page = await camille.browser.get_page(PAGE)
    row = await Payment.get()
    euros = f"{row.cents // 100},{row.cents % 100:02d} €"
    assert f"Septembre 2025 3 réservations Lundi 22 · Régie scolaire {euros} Payé" in words(page)
    assert f'href="{ticket}"' in page


@ON_SQLITE
async def test_the_newest_is_first_and_months_are_bands(camille: Parent, at: Any) -> None:
    await camille.tick("Noé", MEAL, "2025-10-06")
    await camille.pay(REFUSED_CARD)
    at("2025-10-01T00:30:00+02:00")
    await camille.pay()
    page = words(await camille.browser.get_page(PAGE))
    october, september = page.index("Octobre 2025"), page.index("Septembre 2025")
    assert october < page.index("Mercredi 1er ·") < page.index("Payé") < september
    assert september < page.index("Refusé par la banque")


async def test_a_membership_and_a_debt_are_named(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    town = await portal("demo", now="2026-09-02T10:00:00")
    hear_the_bank(town, monkeypatch)
    sophie = await parent(town, "sophie.moreau")
    await sophie.tick("Emma", MEAL, "2026-09-14", "2026-09-15")
    await sophie.pay()
    assert "2 réservations, restant dû" in words(await sophie.browser.get_page(PAGE))
    row = await Payment.get().select_related("order")
    found = await payment_list.purposes([row.id])
    assert found == {row.id: {"add": 2, "debt": 1}}


async def test_money_that_paid_nothing_is_said_to_be_a_credit(camille: Parent) -> None:
    row = await made(camille.family, clock.now(), 340, PaymentState.PAID)
    await Payment.filter(id=row.id).update(paid_at=clock.now(), anomaly="late")
    assert "Payé, porté à votre avoir" in words(await camille.browser.get_page(PAGE))


async def test_the_older_ones_are_a_page_away(camille: Parent, count_queries: Callable[[], int]) -> None:
    async def queries(path: str) -> tuple[int, str]:
        before = count_queries()
        page = words(await camille.browser.get_page(path))
        return count_queries() - before, page

    await made(camille.family, clock.now(), 100)
    await queries(PAGE)
    few, page = await queries(PAGE)
    assert "1,00 €" in page and "Plus anciens" not in page
    for number in range(1, payment_list.ROWS + 1):
        await made(camille.family, clock.now() - timedelta(days=number), 100 + number)
    many, page = await queries(PAGE)
    assert many == few
    assert "1,19 €" in page and "1,20 €" not in page and "Plus anciens" in page and "Plus récents" not in page
    _, page = await queries(f"{PAGE}?page=2")
    assert "1,20 €" in page and "1,19 €" not in page and "Plus récents" in page and "Plus anciens" not in page
    for odd, shown in (("99", "1,20 €"), ("0", "1,19 €"), ("-1", "1,19 €"), ("x", "1,19 €")):
        assert shown in (await queries(f"{PAGE}?page={odd}"))[1]


async def test_another_family_s_payments_are_not_there(camille: Parent) -> None:
    await made(camille.family, clock.now(), 1234)
    karim = await parent(camille.town, "karim.petit")
    assert "12,34" not in await karim.browser.get_page(PAGE)
    assert "12,34" in await camille.browser.get_page(PAGE)


@ON_SQLITE
async def test_home_the_account_and_the_ticket_lead_there(camille: Parent) -> None:
    await camille.tick("Noé", MEAL, "2025-10-06")
    ticket = await camille.pay()
    await camille.tick("Lina", "Accueil du soir", "2025-10-06")
    done = str((await camille.click()).headers["location"])
    for path in ("/accueil", "/compte", ticket, done):
        assert 'href="/paiements"' in await camille.browser.get_page(path), path
    mairie = await camille.town.client("mairie")
    assert "/paiements" not in await mairie.get_page("/mairie/compte")
