"""A new activity in five steps: kept as a draft, looked at as a parent, published; copied for the next year."""

import html
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date

import pytest

from models.activities.activity import Activity
from models.activities.opening import Opening
from models.activity_file.definition import read
from models.activity_file.draft import ActivityDraft
from models.commune.school_year import SchoolYear
from models.work.audit_log import Event
from tests.portal import Client, Portal
from tests.web.activity_forms import PLACE, changed, fields, opened
from tests.web.checkout import words

OpenPortal = Callable[..., Awaitable[Portal]]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
STEPS = ("identite", "seances", "calendrier", "delais", "tarifs")
NEW = f"{PLACE}/nouvelle"


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    return await portal("demo", now="2025-09-22T10:00:00")


@pytest.fixture
async def mairie(town: Portal) -> Client:
    return await town.client("gestion")


async def make(mairie: Client, like: int) -> int:
    """Every step filled in as the activity that is there already; the id of the new one."""
    said = (await read(like)).said
    year = (await Activity.get(id=like)).year_id
    first = await mairie.post_form(NEW, {"nom": said.name, "annee": str(year), "click": f"like-{like}"})
    assert first.status_code == 303
    place = first.headers["location"].removesuffix("/identite")
    codes: dict[str, str] = {}
    for step in STEPS:
        page = await mairie.get_page(f"{place}/{step}")
        own = dict(fields(page))["lu"]
        sent = [
            *await opened(mairie, like, step),
            *(await opened(mairie, like, "adhesion") if step == "identite" else ()),
        ]
        sent = [
            (name, codes.get(value, value) if name.endswith("-creneau") else value) for name, value in sent
        ]
        answer = await mairie.post_form(f"{place}/{step}", changed(sent, lu=own))
        assert answer.status_code == 303, (step, words(answer.text)[:1200])
        if step == "seances":
            row = await ActivityDraft.get(click=f"like-{like}")
            made = row.definition.said.slots
            codes = {slot.code: new.code for slot, new in zip(said.slots, made, strict=True)}
    id = (await ActivityDraft.get(click=f"like-{like}")).id
    assert "Ce que verra un parent" in words(await mairie.get_page(f"{PLACE}/brouillons/{id}/apercu"))
    done = await mairie.post_form(f"{PLACE}/brouillons/{id}/publication")
    again = await mairie.post_form(f"{PLACE}/brouillons/{id}/publication")
    assert done.status_code == 303 and again.headers["location"] == done.headers["location"]
    return int(done.headers["location"].split("/")[3])


async def test_an_activity_made_in_the_steps_is_that_of_the_commune_file(
    town: Portal, mairie: Client
) -> None:
    for like in [row.id for row in await Activity.all()]:
        made, file = await read(await make(mairie, like)), await read(like)
        slots = {new.code: old.code for new, old in zip(made.said.slots, file.said.slots, strict=True)}
        groups = zip(made.said.groups, file.said.groups, strict=True)
        same = replace(
            made.said,
            code=file.said.code,
            slots=tuple(replace(slot, code=slots[slot.code]) for slot in made.said.slots),
            groups=tuple(replace(new, code=old.code) for new, old in groups),
            tariffs=tuple(replace(one, slot=one.slot and slots[one.slot]) for one in made.said.tariffs),
        )
        assert same == file.said
        assert made.said.code != file.said.code and await Opening.exists(slot__activity__code=made.said.code)
    published = await Event.filter(action="activity.published")
    assert len(published) == await Activity.all().count() / 2 and published[0].details["after"]["slots"]
    await town.verify()


async def test_a_draft_is_kept_and_says_what_is_missing(town: Portal, mairie: Client) -> None:
    year = await SchoolYear.get()
    assert "Cinq étapes." in words(await mairie.get_page(NEW))
    assert (await mairie.post_form(NEW, {"nom": "", "annee": str(year.id)})).status_code == 422
    first = await mairie.post_form(NEW, {"nom": "Échecs", "annee": str(year.id), "click": "one"})
    twice = await mairie.post_form(NEW, {"nom": "Échecs", "annee": str(year.id), "click": "one"})
    assert first.headers["location"] == twice.headers["location"]
    place = first.headers["location"].removesuffix("/identite")
    assert "Échecs" in html.unescape(await mairie.get_page(PLACE))
    missing = words(await mairie.get_page(f"{place}/apercu"))
    assert "Il manque encore quelque chose" in missing and "au moins un créneau" in missing
    assert (await mairie.post_form(f"{place}/publication")).status_code == 200
    assert not await Activity.exists(name="Échecs")
    id = (await ActivityDraft.get()).id
    page = fields(await mairie.get_page(f"{PLACE}/brouillons/{id}/seances"))
    wrong = await mairie.post_form(f"{PLACE}/brouillons/{id}/seances", page)
    assert wrong.status_code == 422 and "Nommez au moins un créneau." in words(wrong.text)
    slot = {"creneau_0_nom": "Le club", "creneau_0_debut": "16:30", "creneau_0_fin": "18:00"}
    assert (await mairie.post_form(f"{place}/seances", changed(page, **slot))).status_code == 303
    stale = await mairie.post_form(f"{place}/seances", changed(page, **slot))
    assert stale.status_code == 409 and "modifié ce brouillon" in words(stale.text)
    kept = fields(await mairie.get_page(f"{place}/seances"))
    assert dict(kept)["creneau-0-nom"] == "Le club"
    emptied = changed(
        kept, creneau_1_nom="La suite", creneau_1_debut="18:00", creneau_1_fin="18:30", creneau_0_nom=""
    )
    assert (await mairie.post_form(f"{place}/seances", emptied)).status_code == 303
    assert [slot.name for slot in (await ActivityDraft.get()).definition.said.slots] == ["La suite"]
    assert await Event.filter(action="activity.drafted").count() == 3
    await mairie.get_page(f"{PLACE}/brouillons/99/identite", 404)
    await mairie.get_page(f"{place}/nulle-part", 404)
    reader = await town.client("elu")
    assert (await reader.post_form(NEW, {"nom": "x"})).status_code == 403
    assert (await reader.post_form(f"{place}/publication")).status_code == 403


async def test_an_activity_is_copied_for_the_next_year(town: Portal, mairie: Client) -> None:
    activity = await Activity.get(name__startswith="Restau")
    assert "Dupliquer" not in await mairie.get_page(f"{PLACE}/{activity.id}/identite")
    assert (await mairie.post_form(f"{PLACE}/{activity.id}/copie", {"click": "a"})).status_code == 404
    year = await SchoolYear.create(name="2026-2027", starts=date(2026, 9, 1), ends=date(2027, 7, 2))
    assert "Dupliquer" in await mairie.get_page(f"{PLACE}/{activity.id}/identite")
    answer = await mairie.post_form(f"{PLACE}/{activity.id}/copie", {"click": "a"})
    place = answer.headers["location"].removesuffix("/identite")
    for step in STEPS:
        sent = fields(await mairie.get_page(f"{place}/{step}"))
        kept = await mairie.post_form(f"{place}/{step}", sent)
        assert kept.status_code == 303, (step, words(kept.text)[:900])
    published = await mairie.post_form(f"{place}/publication")
    made = (await read(int(published.headers["location"].split("/")[3]))).said
    before = (await read(activity.id)).said
    assert (made.opens, made.closes) == (year.starts, year.ends) and made.code == before.code
    assert replace(made, opens=before.opens, closes=before.closes, name=before.name) == before
    assert await Opening.filter(slot__activity__year_id=year.id).exists()
    await town.verify()
