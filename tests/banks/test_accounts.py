"""What a till's account needs, and what refuses to start without it."""

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jobs.perform import said
from models import __main__ as command
from models import banks, commune_file
from models.banks import accounts
from models.commune.till import Till
from models.settings import Settings, WrongSetting, read
from tests.banks.conftest import FAKES, LENS
from tests.banks.fake import Form
from tests.engines import ON_SQLITE

GOOD: dict[str, Form] = {
    "payfip": {"mode": "production", "numcli": "090909"},
    "paybox": {
        "mode": "production", "site": "1999888", "rank": "32", "identifier": "110647233",
        "key": "5f" * 64, "password": "OfNobody10",
    },
    "payzen": {"mode": "production", "site": "12345678", "key": "KeyOfNobody12345", "password": "p" * 20},
    "systempay": {"mode": "production", "site": "12345678", "key": "KeyOfNobody12345", "password": "p" * 20},
}  # fmt: skip
PAGES = {
    "payfip": "https://www.payfip.gouv.fr",
    "paybox": "https://tpeweb.paybox.com",
    "payzen": "https://secure.payzen.eu",
    "systempay": "https://paiement.systempay.fr",
}


def opened(provider: str, table: Form | None, *, demo: bool = False) -> banks.Bank:
    return accounts.opened(provider, "acm", table, demo=demo)


@pytest.mark.parametrize("provider", GOOD)
def test_a_whole_account_opens(provider: str) -> None:
    bank = opened(provider, GOOD[provider])
    assert (bank.name, bank.origin, bank.minimum) == (provider, PAGES[provider], 100)
    assert bank.first_poll == 120


def test_up2pay_is_paybox_at_another_address() -> None:
    bank = opened("paybox", GOOD["paybox"] | {"platform": "up2pay"})
    assert bank.origin == "https://tpeweb.e-transactions.fr"
    with pytest.raises(WrongSetting, match="« platform » is expected"):
        opened("paybox", GOOD["paybox"] | {"platform": "autre"})


@pytest.mark.parametrize(("provider", "key"), [(name, key) for name, table in GOOD.items() for key in table])
def test_each_key_is_wanted_in_its_form_and_never_told(provider: str, key: str) -> None:
    for wrong in ({}, {key: ""}, {key: "Sésame ! " * 9}):
        table = {name: value for name, value in GOOD[provider].items() if name != key} | wrong
        with pytest.raises(WrongSetting, match=rf"till « acm »: « {key} » is expected") as refused:
            opened(provider, table)
        assert "Sésame" not in str(refused.value) and "\n" not in str(refused.value)


def test_what_is_only_for_tests_stays_out_of_production() -> None:
    here = {"page": "http://127.0.0.1:9/page"}
    assert opened("payfip", GOOD["payfip"] | here | {"mode": "test"}).origin == "http://127.0.0.1:9"
    for table in (
        here,
        {"mode": "test", "page": "https://elsewhere.example/"},
        {"mode": "activation"} | here,
    ):
        with pytest.raises(WrongSetting, match="« page »"):
            opened("payfip", GOOD["payfip"] | table)
    with pytest.raises(WrongSetting, match="« public_key »"):
        opened("paybox", GOOD["paybox"] | {"public_key": "x"})
    with pytest.raises(WrongSetting, match="« sites » is unknown"):
        opened("payzen", GOOD["payzen"] | {"sites": "1"})
    with pytest.raises(WrongSetting, match="with --demo"):
        opened("payfip", GOOD["payfip"], demo=True)
    with pytest.raises(WrongSetting, match="does not describe its account"):
        opened("payfip", None)
    with pytest.raises(WrongSetting, match="none of payfip, paybox"):
        opened("demo", {})


@ON_SQLITE
async def test_tills_and_accounts_must_agree(portal: Any) -> None:
    town = await portal("lens", now=LENS)
    till, table = await Till.get(), GOOD["payfip"] | {"mode": "test"}

    async def start(tables: dict[str, Form], *, demo: bool = True) -> None:
        await banks.open_accounts(replace(town.settings, banks=tables, demo=demo))

    with pytest.raises(WrongSetting, match="« autre », which the commune does not have"):
        await start({"autre": table})
    with pytest.raises(WrongSetting, match="« acm », which names no provider"):
        await start({"acm": table})
    await start({}, demo=False)
    assert banks.of_till(till) is None  # « Règlement non autorisé par la structure »
    await Till.all().update(provider="payfip")
    till = await Till.get()
    with pytest.raises(WrongSetting, match="« acm » takes cards through payfip"):
        await start({}, demo=False)
    await start({})
    demo = banks.of_till(till)
    assert demo and demo.name == "demo"  # a demo of a commune that has a bank
    await start({"acm": table})
    real = banks.of_till(till)
    assert real and real.name == "payfip" and banks.origins() == ("https://www.payfip.gouv.fr",)
    till.online = False
    assert banks.of_till(till) is None


@ON_SQLITE
async def test_pages_may_lead_to_the_tills_banks_and_nowhere_else(portal: Any) -> None:
    town = await portal("lens", now=LENS)
    browser = await town.client("famille15")
    before = (await browser.get("/planning")).headers["content-security-policy"]
    await Till.all().update(provider="payzen")
    await banks.open_accounts(replace(town.settings, banks={"acm": GOOD["payzen"] | {"mode": "test"}}))
    after = (await browser.get("/planning")).headers["content-security-policy"]
    form = "form-action 'self' http://127.0.0.1:8000"
    assert f"{form};" in before and f"{form} https://secure.payzen.eu;" in after


@ON_SQLITE
async def test_the_commune_file_names_the_bank(portal: Any) -> None:
    def with_bank(file: dict[str, Any]) -> None:
        file["commune"]["tills"][0]["provider"] = "payfip"

    await portal("lens", now=LENS, change=with_bank)
    assert (await Till.get()).provider == "payfip"
    assert (await commune_file.export())["commune"]["tills"][0]["provider"] == "payfip"
    content = tomllib.loads(commune_file.shipped("lens").read_text(encoding="utf-8"))
    content["commune"]["tills"][0]["provider"] = "demo"
    with pytest.raises(commune_file.WrongFile, match="attendu parmi payfip, paybox, payzen, systempay"):
        commune_file.parse(content, "lens.toml")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("DATABASE_URL", "REDIS_URL", "PORTAIL_SECRET_KEYS", "PORTAIL_NOW", "PORTAIL_BANKS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PORTAIL_DATA_DIR", str(tmp_path / "var"))
    return tmp_path


def test_the_file_of_the_banks(folder: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    path = folder / "banques.toml"
    assert read().banks == {}
    monkeypatch.setenv("PORTAIL_BANKS", str(path))
    with pytest.raises(WrongSetting, match="cannot be read"):
        read()
    path.write_text('[acm]\nmode = "test"\nkey = "of-nobody-at-all"\n')
    path.chmod(0o640)
    with pytest.raises(WrongSetting, match="chmod 600"):
        read()
    path.chmod(0o600)
    known = read()
    assert known.banks == {"acm": {"mode": "test", "key": "of-nobody-at-all"}}
    assert "of-nobody" not in repr(known)
    assert said(ValueError("key of-nobody-at-all"), known) == "ValueError: key …"
    for text, why in (
        ('key = "sesame" = 1', "is not TOML"),
        ('acm = "sesame"', "« acm » is none"),
        ("[a]\nb=1", "« a »"),
    ):
        path.write_text(text)
        with pytest.raises(WrongSetting, match=why) as refused:
            read()
        assert "sesame" not in str(refused.value)


@ON_SQLITE
@pytest.mark.parametrize("name", FAKES)
async def test_a_bank_is_asked_whether_it_knows_the_account(
    portal: Any, name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    town, fake = await portal("lens", now=LENS), FAKES[name]()
    try:
        await Till.all().update(provider=name)
        monkeypatch.setattr(command, "_connected", lambda settings, work: work())
        await command._check_banks(replace(town.settings, banks={"acm": fake.table()}), None)  # type: ignore[arg-type]
        assert capsys.readouterr().out.startswith(f"acm ({name})\u00a0: ")
        wrong = fake.table() | (
            {"numcli": "080808"} if name == "payfip" else {"password": "of-somebody-else-indeed"}
        )
        with pytest.raises(command.Failed):
            await command._check_banks(replace(town.settings, banks={"acm": wrong}), None)  # type: ignore[arg-type]
        told = capsys.readouterr().out
        assert "NON, " in told and "somebody" not in told
    finally:
        fake.close()
