"""« Tout exporter »: every table in one ZIP, for an administrator who proves who they are."""

import csv
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest

from models.access import passwords
from models.access.member import Member
from models.exports import everything
from models.storage.database import rows
from models.work.audit_log import Event
from tests.portal import Portal
from tests.web.checkout import words

PAGE = "/mairie/exports/tout"
PASSWORD = "un mot de passe de la mairie"


async def test_each_table_is_there_row_by_row(portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(everything, "PIECE", 3)
    town: Portal = await portal("demo", now="2025-11-03T10:00")
    await Member.filter(username="mairie").update(password=await passwords.hash(PASSWORD))
    mairie, other = await town.client("mairie"), await town.client("gestion")
    assert (await other.get(PAGE)).status_code == 403 and PAGE not in await other.get_page("/mairie/exports")
    assert PAGE in await mairie.get_page("/mairie/exports") and "Votre mot de passe" in await mairie.get_page(
        PAGE
    )
    wrong = await mairie.post_form(PAGE, {"actuel": "un autre"})
    assert wrong.status_code == 422 and "n’est pas le bon" in words(wrong.text)
    assert not await Event.exists(action="export.made")
    answer = await mairie.post_form(PAGE, {"actuel": PASSWORD})
    assert answer.headers["content-disposition"] == 'attachment; filename="portail_2025-11-03.zip"'
    archive = ZipFile(BytesIO(answer.content))
    assert archive.testzip() is None and "Val-Fleuri" in archive.read("commune.toml").decode()
    told = archive.read("LISEZ-MOI.txt").decode()
    for noun in everything.tables():
        table = noun._meta.db_table
        text = archive.read(f"tables/{table}.csv").decode("utf-8-sig")
        lines = list(csv.reader(StringIO(text), delimiter=";"))
        [there] = await rows(f'SELECT COUNT(*) AS number FROM "{table}"')
        assert len(lines) - 1 == there["number"], table
        assert f"- {table}\u00a0:" not in told
    families = archive.read("tables/family.csv").decode("utf-8-sig").splitlines()
    assert families[0].startswith("id;") and ";VF-1001;" in families[1]
    assert not any(b"$argon2" in archive.read(name) for name in archive.namelist())
    event = await Event.filter(action="export.made").first()
    assert event and event.object == "export:tout"
