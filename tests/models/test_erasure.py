"""After an erasure a full dump of the database names nobody of the family, but in its invoices; and the books hold."""

import json
from argparse import Namespace
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from tortoise import Tortoise

from models import clock
from models.__main__ import _restore
from models.access.member import Member
from models.commune.school import School
from models.commune.school_year import SchoolYear
from models.commune_file import load, read, shipped
from models.families.child import Child, Schooling
from models.families.enrolment import Enrolment
from models.families.family import Family
from models.families.guardian import Guardian
from models.households import merging
from models.messages.attachment import MessageAttachment
from models.messages.note import ThreadNote
from models.messages.thread import MessageThread
from models.personal_data import anonymising, erasures
from models.personal_data.retention import apply_retention
from models.settings import Settings
from models.storage import database
from models.storage.backup import backup
from models.storage.database import rows, transaction
from models.storage.integrity import verify
from models.work.audit_log import Event
from tests.engines import ON_SQLITE
from tests.house.lived import NOW, live, one_place
from tests.models import counter, family_file, merges
from tests.models.damage_sql import MOMENT, Damage, change
from tests.models.invoicing import invoice_and_take_back
from tests.models.test_damages import silent
from tests.portal import Portal

NAMES = ("Moreau", "Sophie", "Emma", "Hugo", "06 00 00 10 03", "01 99 00 10 03", "des Tilleuls")
# The invoices, their credit notes and the debts of before the portal: kept ten years with the names on them.
INVOICES = {"invoice", "invoice_line", "credit_note", "credit_note_line"}
PAPERS = {("issued_document", "content")}  # those that were handed over, and are accounts


async def dump() -> AsyncIterator[tuple[str, str, str]]:
    """Every table, column and value, as texts."""
    for noun in Tortoise.apps["models"].values():
        table = noun._meta.db_table
        for row in await rows(f'SELECT * FROM "{table}"'):
            for column, value in row.items():
                text = (
                    bytes(value).decode(errors="replace")
                    if isinstance(value, bytes | memoryview)
                    else str(value)
                )
                yield table, column, text


async def named(names: tuple[str, ...] = NAMES) -> set[str]:
    """Where one of them still stands."""
    found = set()
    async for table, column, text in dump():
        if table not in INVOICES and (table, column) not in PAPERS:
            low = text.lower()
            found |= {f"{table}.{column}: {name} in {text[:150]}" for name in names if name.lower() in low}
    return found


async def test_a_dump_names_nobody_of_an_erased_family(
    portal: Callable[..., Awaitable[Portal]], monkeypatch: pytest.MonkeyPatch
) -> None:
    town = await portal("demo", now=NOW, change=one_place)
    await live(town, monkeypatch)
    await invoice_and_take_back(town)
    await counter.a_day()
    await counter.at_the_bank()
    family = (await Guardian.get(username="sophie.moreau")).family_id
    await counter.put_right()
    await counter.given_back(family)
    await family_file.live()
    await _written_down(family)
    assert await verify() == []
    assert len({one.partition(":")[0] for one in await named()}) > 15, "they are all over the database before"
    sums = await rows("SELECT COUNT(*) AS number, SUM(cents) AS cents FROM leg")

    async with transaction():
        await Family.lock(family)
        await anonymising.erase(family, "member:1", anonymising.DONE, clock.now())

    assert await named() == set()
    assert await verify() == []
    assert await rows("SELECT COUNT(*) AS number, SUM(cents) AS cents FROM leg") == sums
    emptied = await Event.filter(family_id=family, emptied_at__not_isnull=True)
    assert emptied and all(row.details == {} and row.salt is None for row in emptied)
    one = f"id = {emptied[0].id}"
    damages: dict[str, dict[str, Damage]] = {
        "journal": {
            "words put where they were emptied": [change("event", one, 'details = \'{"name": "x"}\'')],
            "another digest": [change("event", one, "digest = '0'")],
            "a salt given back": [change("event", one, "salt = '0'")],
            "emptied at another moment": [change("event", one, f"emptied_at = {MOMENT}")],
        }
    }
    assert await silent(damages) == []
    assert await Event.filter(family_id=family, action="order.made", details__not={}).exists(), (
        "the books lean on it"
    )


async def test_a_restore_brings_no_erased_family_back(
    db: str, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await load(read(shipped("demo")), demo=True)
    family, other = [
        (await Guardian.get(username=name)).family_id for name in ("sophie.moreau", "camille.durand")
    ]
    for one, name in ((family, "Moreau"), (other, "Durand")):
        said = {"address": f"chez {name}"}
        await Event.note(clock.now(), "member:1", "family.changed", f"family:{one}", one, after=said)
    here = replace(settings, database_url=db, data_dir=tmp_path / "var")
    here.data_dir.mkdir()
    copy = tmp_path / "copy"
    await backup(db, copy)
    async with transaction():
        await Family.lock(family)
        await anonymising.erase(family, "member:1", anonymising.DONE, clock.now())
    # Another family under the number of one that was erased: the journal first spoke of it at another moment.
    first = await Event.all().order_by("id").first()
    assert first
    long_ago = "2001-01-01T00:00:00+00:00"
    stranger = {
        "family": other,
        "since": long_ago,
        "at": long_ago,
        "begun": first.at.astimezone(UTC).isoformat(),
    }
    # And one of another database that was in this place, as little known as a family that a file brought.
    spoken = await Event.filter(family_id__not_isnull=True).values_list("family_id", flat=True)
    silent_one = await Family.exclude(id__in=spoken).order_by("id").first()
    assert silent_one
    elsewhere = {"family": silent_one.id, "since": "", "at": long_ago, "begun": long_ago}
    lines = [json.dumps(one) + "\n" for one in (stranger, elsewhere)]
    (here.data_dir / erasures.FILE).write_text("".join(lines))
    await database.close()

    await _restore(here, Namespace(file=copy))

    assert "Dossiers anonymisés de nouveau\u00a0: 1" in capsys.readouterr().out
    kept = (here.data_dir / erasures.FILE).read_text()
    assert len(kept.splitlines()) == 3 and "Moreau" not in kept
    await database.connect(db)
    assert {one.first_name for one in await Guardian.filter(family_id=family)} == {"Famille"}
    named_still = await Guardian.filter(family_id__in=[other, silent_one.id])
    assert named_still and "Famille" not in {one.first_name for one in named_still}
    told = await Event.get(action=anonymising.AGAIN)
    assert (told.family_id, told.actor) == (family, "clock")
    assert await named() == set()
    assert await verify() == []
    assert await erasures.apply_again(here.data_dir, clock.now()) == 0, "it is done once"


@ON_SQLITE
async def test_a_closed_file_goes_with_the_one_that_stands(
    portal: Callable[..., Awaitable[Portal]], monkeypatch: pytest.MonkeyPatch
) -> None:
    town = await portal("demo", now=NOW)
    father, adam = await Guardian.get(username="karim.petit"), await Child.get(first_name="Adam")
    closed, kept = father.family_id, (await merges.typed_twice("Adam", adam.born, father)).id
    school, starts = await School.all().order_by("id").first(), date(2023, 9, 1)
    assert school
    past = await SchoolYear.create(name="avant", starts=starts, ends=date(2024, 7, 5))
    await Schooling.create(child_id=adam.id, year_id=past.id, school_id=school.id, level="CP")
    assert await merging.merge(closed, kept, await merges.agent(), clock.now())
    await Enrolment.filter(family_id=kept).update(end=date(2031, 7, 5))

    await apply_retention(datetime(2030, 1, 1, 3, tzinfo=UTC))
    gone = set(await Event.filter(action=anonymising.DONE).values_list("family_id", flat=True))
    assert gone and not gone & {closed, kept}, "they are one family, and it is here"

    await Enrolment.filter(family_id=kept).update(end=date(2025, 9, 1))
    locked: list[set[int]] = []
    lock = Family.lock

    async def spied(*families: int) -> None:
        locked.append(set(families))
        await lock(*families)

    monkeypatch.setattr(Family, "lock", spied)
    await anonymising.anonymise(kept, "member:1", clock.now())
    assert locked[0] == {closed, kept}, "at once, in the order that everybody keeps"
    people = await Guardian.filter(family_id__in=[closed, kept])
    assert {one.last_name for one in people} == {"anonymisée"}
    await town.verify()


async def _written_down(family: int) -> None:
    """What agents note of people, where they may."""
    thread, member = (
        await MessageThread.filter(family_id=family).first(),
        await Member.get(username="gestion"),
    )
    assert thread
    await ThreadNote.write(thread, member, "Sophie Moreau a rappelé", "again", clock.now())
    message = await thread.messages.all().first()  # type: ignore[attr-defined]
    said: Any = {"kind": "application/pdf", "size": 12, "sha256": "0" * 64, "content": b"%PDF Moreau"}
    await MessageAttachment.create(message_id=message.id, name="moreau.pdf", **said)
    await Event.note(clock.now(), "member:1", "tested", f"family:{family}", family, before={"name": "Moreau"})
    await Event.note(clock.now(), "member:1", "tested", f"family:{family}", None, before={"name": "Moreau"})
