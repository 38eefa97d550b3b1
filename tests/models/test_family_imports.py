"""A file of families: compared, written as one, the same a second time, taken back within a day."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import pytest

from models import clock
from models.families.child import Child, Home, Schooling
from models.families.family import Family
from models.families.guardian import Guardian
from models.family_file import editing
from models.family_file.creating import NewGuardian
from models.family_imports import comparing, undoing, writing
from models.family_imports.family_import import FamilyImport, ImportLine
from models.family_imports.undoing import TooLate
from models.rules.imports.lines import Flaw
from models.rules.imports.register import Did
from models.work.audit_log import Event
from tests.models.family_imports import GUARDIANS, PUPILS, bring, counts, guardian, pupil, write
from tests.portal import Portal

OpenPortal = Callable[..., Awaitable[Portal]]
BAD = [
    pupil("Sansnaissance", "Ana", "", "CP"),
    pupil("Horsdage", "Ben", "12/03/1950", "CP"),
    pupil("Horsclasse", "Cléo", "12/03/2017", "Terminale"),
    pupil("", "Dan", "12/03/2017", "CE1"),
    pupil("Illisible", "Eva", "32/13/2017", "CE1"),
]


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    return await portal("demo", now="2025-09-22T10:00:00")


async def thirty() -> bytes:
    """Thirty lines: a new class, two who are known, five that are wrong."""
    lina, emma = await Child.get(first_name="Lina"), await Child.get(first_name="Emma")
    known = [
        pupil(lina.last_name.upper(), "LINA", f"{lina.born:%d/%m/%Y}", "CM1", ""),
        pupil(emma.last_name, "Emma", f"{emma.born:%d/%m/%Y}", await level_of(emma), ""),
    ]
    new = [
        pupil(f"Nouveau{n}", f"Élève{n}", f"{n + 1:02d}/06/2016", "CE2", f"{n} rue Haute") for n in range(23)
    ]
    return "\n".join([PUPILS, *known, *new[:11], *BAD, *new[11:]]).encode("cp1252")


async def level_of(child: Child) -> str:
    return (await Schooling.filter(child_id=child.id).order_by("-year_id").first()).level  # type: ignore[union-attr]


async def everybody() -> list[object]:
    """Of families and who is in them, in an order that does not depend on ids."""
    return [
        sorted(map(str, await Child.all().values_list("first_name", "last_name", "born"))),
        sorted(map(str, await Guardian.all().values_list("first_name", "last_name", "email", "phone"))),
        sorted(map(str, await Schooling.all().values_list("child__first_name", "level", "school_id"))),
        sorted(map(str, await Family.all().values_list("number", "address"))),
        await Home.all().count(),
    ]


async def test_a_file_is_shown_written_once_and_taken_back(town: Portal) -> None:
    before, content = await everybody(), await thirty()
    file = await bring(content)
    shown = await comparing.preview(file, clock.now().date())
    expected = {Did.CREATED: 23, Did.CHANGED: 1, Did.SAME: 1, Did.WRONG: 5}
    assert shown.counts == expected
    wrong = {one.line: one.flaw for one in shown.shown if one.flaw}
    assert list(wrong) == [15, 16, 17, 18, 19], "lines of the file, as a spreadsheet numbers them"
    assert list(wrong.values()) == [Flaw.BORN, Flaw.AGE, Flaw.LEVEL, Flaw.NAME, Flaw.BORN]
    assert await everybody() == before, "to look writes nothing"

    await writing.write(file, 1, clock.now())
    await writing.write(file, 1, clock.now())
    written = await FamilyImport.get(id=file.id)
    assert counts(written) == (23, 1, 1, 5) and written.content is None
    assert await level_of(await Child.get(first_name="Lina")) == "CM1"
    made = await Child.get(first_name="Élève0")
    home = await Home.get(child_id=made.id).select_related("family")
    assert home.family.address == "0 rue Haute\n38999 Val-Fleuri" and (made.born, made.sex) == (
        date(2016, 6, 1),
        "F",
    )
    assert counts(await write(content, "again")) == (0, 0, 25, 5), "a second time it says what is known"
    await town.verify()

    await undoing.undo(file.id, 1, clock.now())
    assert await everybody() == before
    with pytest.raises(TooLate):
        await undoing.undo(file.id, 1, clock.now())
    said = await Event.filter(action__in=("import.written", "import.undone")).values_list("action", flat=True)
    assert sorted(map(str, said)) == ["import.undone", "import.written", "import.written"]
    await town.verify()


async def test_what_somebody_has_worked_with_since_stays(
    town: Portal, at: Callable[[object], object]
) -> None:
    lines = [
        pupil(f"Nouveau{n}", f"Élève{n}", f"0{n + 1}/06/2016", "CE2", f"{n} rue Haute") for n in range(3)
    ]
    file = await write("\n".join([PUPILS, *lines]).encode())
    first, second = await Child.get(first_name="Élève0"), await Child.get(first_name="Élève1")
    home = await Home.get(child_id=first.id)
    said = NewGuardian("Ida", "Neuve", "ida@neuve.example", None)
    await editing.add_guardian(home.family_id, said, 1, clock.now())
    await Schooling.filter(child_id=second.id).update(level="CM1")
    await undoing.undo(file.id, 1, clock.now())
    assert await Child.exists(id=first.id), "its family was worked with"
    assert not await Child.filter(first_name__in=("Élève1", "Élève2")).exists()
    assert [id for id, _ in await undoing.kept(file.id)] == [home.family_id]
    assert {line.home for line in await ImportLine.filter(kept=True)} == {home.family_id}
    await town.verify()


async def test_parents_follow_the_pupils_they_name(town: Portal) -> None:
    sisters = [pupil("Roy", "Mia", "01/02/2017", "CE1"), pupil("Roy", "Zoé", "03/04/2019", "CP")]
    await write("\n".join([PUPILS, *sisters]).encode())
    mia = await Child.get(first_name="Mia", last_name="Roy")
    home = await Home.get(child_id=mia.id)
    assert await Home.filter(family_id=home.family_id).count() == 2, "sisters of one address are one family"
    roy = (("ROY", "MIA"), ("ROY", "ZOE"))
    told = [
        guardian("Roy", "Anne", "anne@roy.example", "612345678", *roy),
        guardian("Roy", "Paul", "", "", *roy),
        guardian("Absent", "Luc", "luc@absent.example", "", ("ABSENT", "LOU"), ("", "")),
    ]
    content = "\n".join([GUARDIANS, *told]).replace(";", "\t").encode("utf-8-sig")
    file = await write(content, "parents")
    assert counts(file) == (2, 0, 0, 1)
    [wrong] = await ImportLine.filter(what=writing.WRONG)
    assert wrong.after == {"flaw": Flaw.UNKNOWN_CHILD, "said": "LOU ABSENT"}
    parents = await Guardian.filter(family_id=home.family_id).order_by("position")
    assert [(one.name, one.phone) for one in parents] == [("Anne Roy", "06 12 34 56 78"), ("Paul Roy", None)]
    moved = "\n".join([GUARDIANS, guardian("Roy", "Anne", "anne@roy.example", "0699999999", *roy)]).encode()
    changed = await write(moved, "moved")
    assert counts(changed) == (0, 1, 0, 0)
    await undoing.undo(changed.id, 1, clock.now())
    assert (await Guardian.get(email="anne@roy.example")).phone == "06 12 34 56 78"
    await town.verify()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_day_later_it_stays(town: Portal, at: Callable[[object], object]) -> None:
    file = await write("\n".join([PUPILS, pupil("Roy", "Mia", "01/02/2017", "CE1")]).encode())
    with pytest.raises(TooLate):
        await undoing.undo(file.id, 1, clock.now() + timedelta(hours=24))
    assert await Child.exists(first_name="Mia", last_name="Roy")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_nothing_is_half_written(town: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second batch fails: the first is not there either."""
    before = await everybody()
    lines = [pupil(f"Roy{n}", "Mia", "01/02/2017", "CE1", f"{n} rue") for n in range(3)]
    file = await bring("\n".join([PUPILS, *lines]).encode())
    monkeypatch.setattr(comparing, "BATCH", 2)
    learn, asked = comparing.known.learn, []

    async def broken(*args: object) -> None:
        asked.append(args)
        if len(asked) == 2:
            raise RuntimeError("the disk is full")
        await learn(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(comparing.known, "learn", broken)
    with pytest.raises(RuntimeError):
        await writing.write(file, 1, clock.now())
    assert await everybody() == before and (await FamilyImport.get(id=file.id)).is_open
