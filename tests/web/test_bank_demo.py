from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from models import banks, clock
from models.banks.demo import DemoCharge
from models.settings import Settings
from models.work.task import Task
from tests.engines import ON_SQLITE
from tests.web.bank_demo import BACK, REFERENCE, Bank


@pytest.fixture
async def bank(db: Any, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bank]:
    monkeypatch.setattr(banks, "_banks", {})
    banks.configure(settings)
    made = Bank(settings)
    await made.start()
    async with made.client:
        yield made


@ON_SQLITE
async def test_the_page_is_headed_by_who_is_paid_how_much_and_for_what(bank: Bank) -> None:
    for step in (bank.page, bank.at_the_code):
        await step()
        page = (await bank.page()).text
        heading = page.split("<h1", 1)[1].split("</header>")[0]
        for words in ("CANTINE SCOLAIRE D&#39;ALIXAN", "16,90\u00a0€", "16.90 EUR", REFERENCE):
            assert words in heading
        assert "Vous avez 15 minutes pour payer" in heading


async def test_a_card_is_typed_then_confirmed_by_a_code(bank: Bank) -> None:
    page = (await bank.page()).text
    for words in ("Numéro de carte", "Date de fin de validité", "Cryptogramme visuel", "Valider", "Annuler"):
        assert f">{words}<" in page
    await bank.card()
    page = (await bank.page()).text
    assert ">Code reçu par SMS<" in page and page.count("autofocus") == 1
    assert "Visa 4970 10•• •••• ••14" in page
    answer = await bank.send("code", code="123456")
    assert (answer.status_code, answer.headers["location"]) == (303, BACK)
    assert (await DemoCharge.get()).state == "paid"


@pytest.mark.parametrize(
    ("number", "state", "tasks"),
    [
        ("4970 1000 0000 0014", "paid", 1),
        ("4970100000000022", "refused", 1),
        ("4970 1000 00000030", "paid", 0),
    ],
)
async def test_every_card_ends_as_promised(bank: Bank, number: str, state: str, tasks: int) -> None:
    await bank.at_the_code(number)
    assert (await bank.send("code", code="123456")).headers["location"] == BACK
    assert (await DemoCharge.get()).state == state
    assert await Task.filter(name="notify_portal").count() == tasks


@ON_SQLITE
async def test_what_is_wrong_is_said_beside_it_and_what_was_typed_stays(bank: Bank) -> None:
    answer = await bank.card("4111 1111 1111 1111", fin="01/01", cryptogramme="12")
    assert answer.status_code == 422
    assert "<title>Erreur\u00a0: " in answer.text
    assert answer.text.count("Ce numéro de carte n’est pas accepté par la banque de démonstration.") == 2
    for typed in ("4111 1111 1111 1111", "01/01", "12"):
        assert f'value="{typed}"' in answer.text
    assert answer.text.count('aria-invalid="true"') == 3


async def test_what_is_typed_is_never_markup(bank: Bank) -> None:
    assert "<script>" not in (await bank.card('"><script>')).text


@ON_SQLITE
async def test_three_wrong_codes_end_in_a_refusal(bank: Bank) -> None:
    await bank.at_the_code()
    first, second, third = [await bank.send("code", code="654321") for _ in range(3)]
    assert (first.status_code, second.status_code) == (422, 422)
    assert "Il vous reste 2 essais." in first.text
    assert "Il vous reste 1 essai." in second.text
    assert third.headers["location"] == BACK
    assert (await DemoCharge.get()).state == "refused"


async def test_annuler_goes_back_without_paying(bank: Bank) -> None:
    assert (await bank.send("annulation")).headers["location"] == BACK
    assert (await DemoCharge.get()).state == "cancelled"
    assert (await bank.page()).headers["location"] == BACK


@ON_SQLITE
async def test_after_fifteen_minutes_the_page_only_leads_back(
    bank: Bank, at: Callable[[datetime], datetime]
) -> None:
    await bank.at_the_code()
    at(clock.now() + timedelta(minutes=15))
    answer = await bank.send("code", code="123456")
    assert (answer.status_code, answer.headers["location"]) == (303, BACK)
    assert (await bank.page()).headers["location"] == BACK
    assert (await DemoCharge.get()).state == "expired"


@ON_SQLITE
async def test_a_double_click_changes_nothing_more(bank: Bank) -> None:
    await bank.at_the_code()
    for number in ("4970 1000 0000 0022", "1"):
        assert (await bank.card(number)).headers["location"] == bank.path
    for _ in range(2):
        assert (await bank.send("code", code="123456")).headers["location"] == BACK
    for step in ("saisie", "code", "annulation", "", "autre"):
        assert (await bank.send(step)).headers["location"] == BACK
    assert (await DemoCharge.get()).state == "paid"
    assert await Task.filter(name="notify_portal").count() == 1


async def test_a_code_sent_before_the_card_is_not_heard(bank: Bank) -> None:
    assert (await bank.send("code", code="123456")).headers["location"] == bank.path
    assert (await DemoCharge.get()).state == "asked"


async def test_a_token_nobody_was_given_is_a_404(bank: Bank) -> None:
    for token in ("inconnu", "notification", bank.path.rsplit("/", 1)[1][:-1]):
        assert (await bank.client.get(f"/banque/demo/{token}")).status_code == 404
    assert (await bank.client.post("/banque/demo/inconnu", data={"etape": "annulation"})).status_code == 404


async def test_without_demo_there_is_no_such_bank(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(banks, "_banks", {})
    assert (await bank.page()).status_code == 404
    assert (await bank.client.post("/banque/demo/notification")).status_code == 404


async def test_the_page_is_kept_by_nobody_and_sets_no_cookie(bank: Bank) -> None:
    answer = await bank.page()
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers


async def test_the_demo_bank_speaks_by_post_alone(bank: Bank) -> None:
    assert (await bank.client.get("/banque/demo/notification?state=paid")).status_code == 404
