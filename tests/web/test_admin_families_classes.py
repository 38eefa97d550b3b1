"""« Classes »: several children change together, and all go up to the next school year after a look."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date

import pytest

from models import clock
from models.commune.school import School
from models.commune.school_year import SchoolYear
from models.families.child import Child, Schooling
from models.families.enrolment import Enrolment
from models.families.file.passage import Passage
from models.family_file import passing
from models.family_file.passing import Turn, Turned
from models.work.audit_log import Event
from tests.engines import ON_SQLITE
from tests.models.test_damages import silent
from tests.portal import Client, Portal, hidden
from tests.web.checkout import parent, words

OpenPortal = Callable[..., Awaitable[Portal]]
CLASSES = "/mairie/familles/classes"
UP = "/mairie/familles/passage"
one_engine = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    return await portal("demo", now="2025-09-22T10:00:00")


@pytest.fixture
async def desk(town: Portal) -> Client:
    return await town.client("gestion")


async def level(name: str, year: SchoolYear) -> str | None:
    row = await Schooling.get_or_none(child__first_name=name, year_id=year.id)
    return row.level if row else None


async def test_the_ticked_change_class(town: Portal, desk: Client) -> None:
    ferry, year = await School.get(code="ferry"), await SchoolYear.all().get()
    lina, emma = await Child.get(first_name="Lina"), await Child.get(first_name="Emma")
    listed = words(await desk.get_page(f"{CLASSES}?de={ferry.id}-CE2"))
    assert "Durand Lina" in listed and "Leroy Zoé" in listed and "Emma" not in listed
    assert "Moreau Emma" in words(await desk.get_page(f"{CLASSES}?recherche=emma"))
    form: dict[str, object] = {
        "enfant": [lina.id, emma.id],
        "classe": f"{ferry.id}-CM1",
        "retour": f"{CLASSES}?tri=enfant",
    }
    for change, said in (
        ({"enfant": []}, "Cochez au moins un enfant."),
        ({"classe": ""}, "Choisissez la nouvelle"),
    ):
        answer = await desk.post_form(CLASSES, form | change)
        assert answer.status_code == 422 and said in words(answer.text)
    answer = await desk.post_form(CLASSES, form)
    assert answer.status_code == 303 and answer.headers["location"].startswith(f"{CLASSES}?tri=enfant&fait=2")
    assert "2 enfants changent de classe." in words(await desk.get_page(answer.headers["location"]))
    assert [await level(name, year) for name in ("Lina", "Emma", "Zoé")] == ["CM1", "CM1", "CE2"]


@one_engine
async def test_a_booked_group_that_stays_is_said(town: Portal, desk: Client) -> None:
    ferry, sophie = await School.get(code="ferry"), await parent(town, "sophie.moreau")
    await sophie.tick("Jules", "Repas de midi", "2025-10-06")
    await sophie.click()
    jules = await Child.get(first_name="Jules")
    answer = await desk.post_form(CLASSES, {"enfant": [jules.id], "classe": f"{ferry.id}-CP"})
    assert "Jules Moreau" in words(await desk.get_page(answer.headers["location"]))
    assert f"garde={jules.id}" in answer.headers["location"]


@ON_SQLITE
async def test_everybody_goes_up_after_a_look(town: Portal, desk: Client) -> None:
    assert "L’année suivante n’est pas encore là." in words(await desk.get_page(UP))
    assert (await desk.post_form(UP, {})).status_code == 404
    after = await SchoolYear.create(name="2026-2027", starts=date(2026, 9, 1), ends=date(2027, 7, 2))
    lilas, ferry = await School.get(code="lilas"), await School.get(code="ferry")
    page = words(await desk.get_page(UP))
    assert "De 2025-2026 à 2026-2027" in page and "CE2, École élémentaire Jules-Ferry → CM1" in page
    assert "Ils quittent nos écoles" in page and page.index("PS, ") < page.index("MS, ") < page.index("CM2, ")
    assert not await Schooling.filter(year_id=after.id).exists(), "to look writes nothing"
    every = [child.id for child in await Child.all()]
    hugo, zoe = await Child.get(first_name="Hugo"), await Child.get(first_name="Zoé")
    form = {
        "enfant": [id for id in every if id != zoe.id],
        f"vers-{lilas.id}-GS": ferry.id,
        f"vers-{ferry.id}-CE2": ferry.id,
        f"vers-{ferry.id}-CE1": lilas.id,
    }
    for number in (2, 0):
        answer = await desk.post_form(UP, form)
        assert answer.headers["location"] == f"{UP}?fait={number}", "sent twice, it is done once"
    assert [await level(name, after) for name in ("Noé", "Lina", "Emma", "Zoé", "Hugo")] == [
        "CP", "CM1", None, None, None,
    ]  # fmt: skip
    assert await Event.filter(action="class.changed", object=f"child:{hugo.id}").count() == 0
    assert await Event.filter(action="class.changed").count() == 2
    await town.verify()


async def test_a_year_turns_and_comes_back_whole(town: Portal, desk: Client) -> None:
    year = await SchoolYear.all().get()
    after = await SchoolYear.create(name="2026-2027", starts=date(2026, 9, 1), ends=date(2027, 7, 2))
    ferry = await School.get(code="ferry")
    hugo, lina = await Child.get(first_name="Hugo"), await Child.get(first_name="Lina")
    await Enrolment.filter(child_id=hugo.id, activity__code="cantine").update(end=date(2026, 8, 31))
    ends = {row.id: row.end for row in await Enrolment.all()}
    shown = await desk.get_page(UP)
    form = {
        "enfant": [lina.id],
        "sortant": [hugo.id],
        f"vers-{ferry.id}-CE2": ferry.id,
        "click": hidden(shown, "click"),
    }
    for said in ("fait=1&sortis=1", "fait=0"):
        answer = await desk.post_form(UP, form)
        assert answer.headers["location"].startswith(f"{UP}?{said}"), "sent twice, it is done once"
    assert not await Enrolment.filter(child_id=hugo.id, end__gt=year.ends).exists()
    page = words(await desk.get_page(UP))
    assert "1 enfant a une classe, 1 enfant sort" in page and "Moreau Hugo" not in page
    assert "Moreau Hugo" in words(await desk.get_page("/mairie/familles/sortants"))
    assert "Moreau;Hugo;" in (await desk.get("/mairie/familles/sortants?export=csv")).text
    passage = await Passage.get()
    unsaid = {"the journal knows no passage": ["DELETE FROM event WHERE action = 'class.left'"]}
    assert await silent({"dossier": unsaid}) == []
    await Schooling.filter(child_id=lina.id, year_id=after.id).update(level="CE2")
    refused = await desk.post_form(f"/mairie/familles/passage/{passage.id}/annulation", {})
    assert (
        refused.status_code == 409
        and "ne peut plus être annulé" in refused.text
        and "Lina" in words(refused.text)
    )
    assert await Schooling.filter(year_id=after.id).exists() and (await Passage.get()).undone_at is None
    await Schooling.filter(child_id=lina.id, year_id=after.id).update(level="CM1")
    for _ in range(2):
        answer = await desk.post_form(f"/mairie/familles/passage/{passage.id}/annulation", {})
        assert answer.headers["location"] == f"{UP}?annule=1"
    assert not await Schooling.filter(year_id=after.id).exists()
    assert {row.id: row.end for row in await Enrolment.all()} == ends
    assert "Personne n’est encore sorti" in words(await desk.get_page("/mairie/familles/sortants"))
    await town.verify()


@one_engine
async def test_who_was_moved_meanwhile_is_not_moved_again(town: Portal) -> None:
    year = await SchoolYear.all().get()
    after = await SchoolYear.create(name="2026-2027", starts=date(2026, 9, 1), ends=date(2027, 7, 2))
    ferry, lina = await School.get(code="ferry"), await Child.get(first_name="Lina")
    hugo = await Child.get(first_name="Hugo")
    await Enrolment.filter(child_id=hugo.id, activity__code="cantine").update(end=date(2026, 8, 31))
    asked = Turn(year, after, {(ferry.id, "CM1"): [lina.id]}, [hugo.id], "one", 1)
    assert await passing.turn(asked, clock.now()) == Turned(up=1, left=1)
    other = replace(asked, up={(ferry.id, "CM2"): [lina.id]}, click="of a page drawn before")
    assert await passing.turn(other, clock.now()) == Turned()
    assert await Passage.all().count() == 1
    assert (await Schooling.get(child_id=lina.id, year_id=after.id)).level == "CM1"


@one_engine
async def test_who_reads_changes_nothing(town: Portal) -> None:
    reader = await town.client("elu")
    for page in (CLASSES, UP):
        assert (await reader.get_page(page)).count('method="post"') <= 2
        assert (await reader.post_form(page, {})).status_code == 403
