"""« Banque »: a file is taken whole or not at all, what is proposed is confirmed by the cashier."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from models.counter.bank_aside import BankAside
from models.counter.bank_line import BankLine
from models.counter.bank_match import BankMatch
from models.rules.states.payments import PaymentMethod
from models.work.audit_log import Event
from tests.models.counter import NOW, Payer, confirm_all, import_file, payer
from tests.portal import Client, Portal, hidden
from tests.web.checkout import words

OpenPortal = Callable[..., Awaitable[Portal]]
PLACE = "/mairie/regie/rapprochement"
FILE = "/mairie/regie/rapprochement/fichier"
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    return await portal("demo", now=NOW)


@pytest.fixture
async def linh(town: Portal) -> Payer:
    return await payer("linh.nguyen")


@pytest.fixture
async def cashier(town: Portal) -> Client:
    return await town.client("regie")


async def bring(cashier: Client, till: int, content: str) -> httpx.Response:
    """As the form sends it: its token, its till, the file."""
    page = await cashier.get_page(f"{PLACE}?regie={till}")
    fields = {"csrf": hidden(page, "csrf"), "regie": str(till)}
    return await cashier.post(
        FILE, data=fields, files={"fichier": ("releve.csv", content.encode(), "text/csv")}
    )


async def test_a_file_is_taken_and_its_proposals_confirmed(
    town: Portal, cashier: Client, linh: Payer
) -> None:
    await linh.hand(PaymentMethod.TRANSFER, 100, chosen=(), keep=True)
    assert "1 somme attendue, 1,00" in words(await cashier.get_page(f"{PLACE}?regie={linh.till.id}"))
    content = (
        "Date;Libellé;Montant\n03/11/2025;VIR NGUYEN;1,00\n03/11/2025;SUBVENTION;70\n03/11/2025;FRAIS;-2"
    )
    answer = await bring(cashier, linh.till.id, content)
    assert answer.status_code == 303
    page = await cashier.get_page(answer.headers["location"])
    said = words(page)
    assert "2 nouvelles lignes reprises" in said and "1 débit laissé de côté" in said
    assert "1 ligne à rapprocher" in said and "1 ligne sans correspondance" in said
    again = await bring(cashier, linh.till.id, content)
    assert "2 lignes déjà connues" in words(await cashier.get_page(again.headers["location"]))
    line = (await BankLine.get(label="VIR NGUYEN")).id
    chosen = page.partition(f'name="ligne-{line}"')[2].partition("</select>")[0]
    key = chosen.partition(" selected")[0].rpartition('value="')[2].rstrip('"')
    assert key.startswith("virement-") and "Linh Nguyen" in chosen
    form = {"regie": linh.till.id, f"ligne-{line}": key}
    for _ in range(2):
        assert (await cashier.post_form(PLACE, form)).status_code == 303
    assert await BankMatch.all().count() == 1 and await Event.exists(action="bank.matched")
    said = words(await cashier.get_page(f"{PLACE}?regie={linh.till.id}&rapprochees=1"))
    assert "1 ligne rapprochée" in said and "Virement de Linh Nguyen" in said
    await town.verify()


async def test_a_bad_line_is_named_and_nothing_is_taken(cashier: Client, linh: Payer) -> None:
    answer = await bring(cashier, linh.till.id, "03/11/2025;A;1\n31/02/2025;B;1\n04/11/2025;C;1")
    said = words(answer.text).replace("\u00a0", " ")
    assert answer.status_code == 422 and "rien n’a changé" in said
    assert "Ligne 2 : cette date ne se lit pas (31/02/2025)." in said
    assert "Ligne 3 : cette date est à venir (04/11/2025)." in said
    answer = await bring(cashier, linh.till.id, "")
    assert answer.status_code == 422 and "Choisissez le fichier" in words(answer.text)
    assert not await BankLine.exists()


async def test_what_cannot_be_confirmed_is_told(cashier: Client, linh: Payer) -> None:
    await linh.hand(PaymentMethod.TRANSFER, 100, chosen=(), keep=True)
    await bring(cashier, linh.till.id, "03/11/2025;A;1\n03/11/2025;A;1")
    one, two = [line.id for line in await BankLine.all().order_by("id")]
    for form, status, said in (
        ({}, 422, "au moins une ligne"),
        ({f"ligne-{one}": "remise-1", f"ligne-{two}": "remise-1"}, 422, "pour deux lignes"),
        ({f"ligne-{one}": "remise-99"}, 409, "a changé entre-temps"),
        ({"ligne-99999": "remise-99"}, 409, "a changé entre-temps"),
    ):
        answer = await cashier.post_form(PLACE, {"regie": linh.till.id, **form})
        assert answer.status_code == status and said in words(answer.text), form
    await cashier.get_page(f"{PLACE}?regie=99999", status=404)
    assert not await BankMatch.exists()


async def test_a_match_is_undone_and_a_line_set_aside_with_a_reason(
    town: Portal, cashier: Client, linh: Payer
) -> None:
    await linh.hand(PaymentMethod.TRANSFER, 100, chosen=(), keep=True)
    await linh.hand(PaymentMethod.CARD, 250, "card", chosen=(), keep=True)
    await import_file(linh.till.id, "03/11/2025;VIR NGUYEN;1,00", "03/11/2025;SUBVENTION;70,00")
    await confirm_all(linh.till.id)
    place = f"{PLACE}?regie={linh.till.id}"
    assert "03/11/2025 Cartes au guichet 1 opération 2,50 €" in words(await cashier.get_page(place))
    match, line = (await BankMatch.get()).id, (await BankLine.get(label="SUBVENTION")).id
    form = {"regie": linh.till.id, "motif": "Une subvention"}
    bare = await cashier.post_form(f"{PLACE}/{match}/annulation", {"regie": linh.till.id})
    assert bare.status_code == 422 and "Indiquez le motif." in words(bare.text)
    assert (await cashier.post_form(f"{PLACE}/lignes/{line}/mise-de-cote", form)).status_code == 303
    assert "Une subvention" in words(await cashier.get_page(place))
    assert (await cashier.post_form(f"{PLACE}/{match}/annulation", form)).status_code == 303
    assert "1 ligne à rapprocher" in words(await cashier.get_page(place))
    aside = (await BankAside.get()).id
    assert (await cashier.post_form(f"{PLACE}/mises-de-cote/{aside}/reprise")).status_code == 303
    for late in (f"{PLACE}/{match}/annulation", f"{PLACE}/mises-de-cote/{aside}/reprise"):
        answer = await cashier.post_form(late, form)
        assert answer.status_code == 409 and "a changé entre-temps" in words(answer.text)
    for nobody in ("9999/annulation", "lignes/9999/mise-de-cote", "mises-de-cote/9999/reprise"):
        assert (await cashier.post_form(f"{PLACE}/{nobody}", form)).status_code == 404
    await town.verify()
