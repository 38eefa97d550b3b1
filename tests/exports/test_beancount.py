"""The ledger as a Beancount journal: another program adds it up and finds what the database says."""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from beancount.core.data import Balance, Transaction
from beancount.loader import load_string

from models import clock
from models.__main__ import main
from models.exports import beancount
from models.exports.beancount import Names, amount, text
from models.money import ledger
from models.money.ledger import Account, Entry
from models.rules import postings
from models.rules.postings import FamilyAccount
from models.storage.database import rows, transaction
from tests.engines import ON_SQLITE
from tests.models.invoicing import invoice_and_take_back
from tests.portal import Portal
from tests.web.checkout import hear_the_bank, parent

OpenPortal = Callable[..., Awaitable[Portal]]


@pytest.fixture
async def town(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> Portal:
    """Debts and invoices of before, a payment, invoices, a credit that paid a cent, a credit note."""
    town = await portal("demo", now="2025-09-22T10:00:00")
    hear_the_bank(town, monkeypatch)
    linh = await parent(town, "linh.nguyen")
    await linh.tick("Mai", "Repas de midi", "2025-10-06", "2025-10-07")
    await linh.pay()
    camille = await parent(town, "camille.durand")
    await camille.tick("Lina", "Accueil du matin", "2025-10-06", "2025-10-07")
    await camille.click()
    await town.run_jobs()
    clock.shift_to(clock.datetime(2025, 11, 3, 9, tzinfo=clock.PARIS))
    await invoice_and_take_back(town)
    return town


async def written() -> str:
    return "".join([piece async for piece in beancount.journal()])


async def test_bean_check_finds_the_same_balances(town: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beancount, "PIECE", 2)
    said = await written()
    found, errors, _ = load_string(said)
    assert not errors
    told = [entry for entry in found if isinstance(entry, Transaction)]
    assert len(told) == await Entry.all().count() > 5
    balances = {entry.account: entry for entry in found if isinstance(entry, Balance)}
    assert len(balances) == await Account.all().count()
    last = max(entry.date for entry in told)
    assert {entry.date for entry in balances.values()} == {last + timedelta(days=1)}
    assert sum(entry.amount.number or 0 for entry in balances.values()) == 0
    kinds = {row["kind"] for row in await rows("SELECT DISTINCT kind FROM account")}
    assert kinds <= beancount.ROOTS.keys() and {"family", "bank", "revenue", "opening"} <= kinds


async def test_a_cent_too_much_is_found(town: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beancount, "_BALANCES", beancount._BALANCES.replace("SUM(cents)", "SUM(cents) + 1"))
    _, errors, _ = load_string(await written())
    assert len(errors) == await Account.all().count()
    assert all("Balance failed" in error.message for error in errors)


async def test_what_is_posted_meanwhile_is_not_half_in_it(town: Portal) -> None:
    """On PostgreSQL its reads see one moment; on SQLite a bound keeps later entries out."""
    family = (await Account.filter(kind="family").order_by("id"))[0]
    account = FamilyAccount(family.family_id or 0, family.till_id or 0)
    pieces: list[str] = []
    outside = contextvars.copy_context()
    posting = postings.opening_debt(account, "opening:late", 100, "Dette")

    async def post() -> None:
        async with transaction():
            await ledger.post(posting, at=clock.now(), actor="test")

    async for piece in beancount.journal():
        pieces.append(piece)
        if len(pieces) == 2:
            await asyncio.get_running_loop().create_task(post(), context=outside)
    assert await Entry.exists(key="opening:late")
    _, errors, _ = load_string("".join(pieces))
    assert not errors and "opening:late" not in "".join(pieces)


@ON_SQLITE
async def test_an_empty_ledger_is_an_empty_journal(db: str) -> None:
    said = await written()
    assert load_string(said)[1] == [] and "open" not in said


def test_names_are_beancounts_and_each_its_own() -> None:
    names = Names()
    assert names.of("bank:demo:1") == "Assets:Banque:Demo:1"
    assert names.of("cash:2") == "Assets:Especes:2"
    assert names.of("revenue:espace-jeux") == "Income:Activites:Espace-jeux"
    assert names.of("revenue:espace jeux") == "Income:Activites:Espace-jeux-2"
    assert names.of("revenue:été") == "Income:Activites:T"
    assert names.of("revenue:«»") == "Income:Activites:X"
    assert names.of("voucher:3") == "Equity:Autres:Voucher:3"


def test_sums_and_texts_are_beancounts() -> None:
    assert [amount(cents) for cents in (5, -5, 1690, -123456)] == [
        "0.05 EUR",
        "-0.05 EUR",
        "16.90 EUR",
        "-1234.56 EUR",
    ]
    assert text('un "mot"\net \\') == '"un \\"mot\\" et \\\\"'


@pytest.fixture
def folder(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("DATABASE_URL", "REDIS_URL", "PORTAIL_SECRET_KEYS", "PORTAIL_NOW"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PORTAIL_DATA_DIR", str(tmp_path))
    (tmp_path / "portail.sqlite3").write_bytes(sqlite_template.read_bytes())
    (tmp_path / "portail.sqlite3").chmod(0o600)
    return tmp_path


def test_the_command_writes_a_whole_file_for_its_owner(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["load", "demo"]) == 0
    target = folder / "grand-livre.beancount"
    assert main(["export-ledger", str(target)]) == 0
    said = target.read_text(encoding="utf-8")
    found, errors, _ = load_string(said)
    assert found and not errors
    assert target.stat().st_mode & 0o777 == 0o600
    capsys.readouterr()
    assert main(["export-ledger", "-"]) == 0
    assert capsys.readouterr().out == said

    def fails(code: str) -> str:
        raise OSError(code)

    monkeypatch.setattr(Names, "of", lambda self, code: fails(code))
    with pytest.raises(OSError):
        main(["export-ledger", str(target)])
    assert target.read_text(encoding="utf-8") == said
