"""« Activités » of the mairie: read, changed tab by tab as the commune file would say it, nothing broken unseen."""

import html
import re
from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

import pytest

from models import clock, commune_file
from models.activities.activity import Activity
from models.activities.opening import Opening
from models.activity_file.definition import read
from models.bookings.booking import Booking
from models.french import euros
from models.money.ledger import Entry
from models.storage import integrity
from models.work.audit_log import Event
from models.work.email import Email
from models.work.notice import Notice
from tests.portal import Client, Portal
from tests.web.activity_forms import PLACE, changed, fields, opened
from tests.web.checkout import hear_the_bank, parent, words

OpenPortal = Callable[..., Awaitable[Portal]]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
NOW = "2025-09-22T10:00:00"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)"')
TABS = ("identite", "seances", "calendrier", "delais", "tarifs", "adhesion")


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    return await portal("demo", now=NOW)


@pytest.fixture
async def mairie(town: Portal) -> Client:
    return await town.client("gestion")


async def meals() -> int:
    return (await Activity.get(name__startswith="Restau")).id


@pytest.mark.parametrize(
    ("name", "now"),
    [
        ("demo", NOW), ("lens", "2018-08-27T10:00:00"), ("lutins", "2018-06-06T09:00:00"),
        ("lezignan", "2016-09-16T10:00:00"), ("alixan", "2022-07-04T14:00:00"),
    ],
)  # fmt: skip
async def test_each_shipped_activity_opened_and_saved_says_the_same(
    portal: OpenPortal, name: str, now: str
) -> None:
    """File → screens → export: the same definition, the same file, and no row of the journal."""
    town = await portal(name, now=now)
    mairie, before = await town.client("gestion"), await commune_file.export()
    for id in [row.id for row in await Activity.all()]:
        said = await read(id)
        for tab in TABS:
            answer = await mairie.post_form(f"{PLACE}/{id}/{tab}", await opened(mairie, id, tab))
            assert answer.status_code == 303, (name, id, tab, words(answer.text)[:800])
        assert await read(id) == said
    assert await commune_file.export() == before
    assert not await Event.filter(action="activity.changed").exists()


EDITS: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "identite": ({"lieu": "École du Parc"}, ("place",)),
    "seances": ({"creneau_0_fin": "13:45"}, ("slots",)),
    "calendrier": ({"visible": "2025-09-01", "visible_heure": "08:00"}, ("visible_from",)),
    "delais": ({"reserver_0_at": "10:15"}, ("book",)),
    "tarifs": ({"tarif_0_nonreserve": "+80 %"}, ("tariffs",)),
    "adhesion": ({"adhesion": "12,50"}, ("membership_fee",)),
}


@pytest.mark.parametrize("tab", TABS)
async def test_one_edit_changes_one_thing(town: Portal, mairie: Client, tab: str) -> None:
    id, (change, keys) = await meals(), EDITS[tab]
    before, page = await read(id), await opened(mairie, id, tab)
    answer = await mairie.post_form(f"{PLACE}/{id}/{tab}", changed(page, **change))
    assert answer.status_code == 303, words(answer.text)[:800]
    assert "C’est enregistré." in words(await mairie.get_page(answer.headers["location"]))
    after = (await read(id)).encoded
    differing = {key for key, value in before.encoded.items() if after[key] != value}
    assert differing - {"cancel"} == set(keys)
    event = await Event.get(action="activity.changed", object=f"activity:{id}")
    assert set(event.details["before"]) == set(event.details["after"]) == differing
    assert event.actor.startswith("member:") and event.details["after"][keys[0]] == after[keys[0]]
    again = await mairie.post_form(f"{PLACE}/{id}/{tab}", changed(page, **change))
    assert again.status_code == 409 and "Un autre agent a modifié" in words(again.text)
    loaded = commune_file.parse(await commune_file.export(), "export")
    assert next(one for one in loaded.activities if one.code == after["code"]) == (await read(id)).said
    await town.verify()


async def test_what_is_wrong_is_said_at_its_field_and_nothing_is_written(
    town: Portal, mairie: Client
) -> None:
    id = await meals()
    before = await read(id)
    for tab, change, field, sentence in (
        ("identite", {"nom": ""}, "nom", "Donnez un nom à l’activité."),
        ("seances", {"creneau_0_fin": "11:00"}, "creneau-0-fin", "Fin : attendu après « Début »."),
        ("seances", {"creneau_0_nom": ""}, "creneau-0-nom", "Nommez au moins un créneau"),
        ("calendrier", {"ferme": "2025-08-01"}, "ferme", "Dernier jour : attendu dans l’année scolaire"),
        ("calendrier", {"fermeture_9_du": "2025-12-01"}, "fermeture-9-motif", "Dites pourquoi"),
        ("delais", {"reserver_0_at": "25:00"}, "reserver-0-at", "Saisissez une heure"),
        (
            "delais",
            {"reserver_0_regle": ""},
            "reserver-0-regle",
            "Réserver : aucune limite pour « lundi », « mardi »",
        ),
        ("tarifs", {"tranche_1_de": "300"}, "tranche-1-de", "chevauche « 300 à"),
        ("tarifs", {"tranche_1_de": "900"}, "tranche-1-de", "Aucune tranche ne va de"),
        ("tarifs", {"tarif_0_prix_0": "deux euros"}, "tarif-0-prix-0", "Saisissez une somme"),
    ):
        sent = changed(await opened(mairie, id, tab), **change)
        answer = await mairie.post_form(f"{PLACE}/{id}/{tab}", sent)
        assert answer.status_code == 422, (tab, change)
        assert sentence in words(html.unescape(answer.text)) and f'href="#{field}"' in answer.text, (
            tab,
            change,
        )
    assert await read(id) == before and not await Event.filter(action="activity.changed").exists()


async def test_a_closed_booked_day_is_shown_confirmed_given_back_and_told_once(
    town: Portal, mairie: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear_the_bank(town, monkeypatch)
    id, sophie = await meals(), await parent(town, "sophie.moreau")
    for child, days in (("Emma", ("2025-10-06", "2025-10-07")), ("Jules", ("2025-10-06",))):
        await sophie.tick(child, "Repas de midi", *days)
    await sophie.pay()
    booked = await Booking.filter(slot__activity_id=id, day="2025-10-06", state="confirmed")
    cents = sum(row.cents for row in booked)
    page = await mairie.get_page(f"{PLACE}/{id}/calendrier?jour=2025-10-06")
    sent = changed(fields(page), fermeture_1_motif="Réunion publique")
    assert dict(sent)["fermeture-1-du"] == dict(sent)["fermeture-1-au"] == "2025-10-06"
    shown = await mairie.post_form(f"{PLACE}/{id}/calendrier", sent)
    assert shown.status_code == 409
    read_ = words(html.unescape(shown.text))
    assert f"{len(booked)} réservations, {euros(cents)} d’avoirs.".replace("\u00a0", " ") in read_
    confirm = [(name, html.unescape(value)) for name, value in HIDDEN.findall(shown.text) if name != "csrf"]
    wrong = await mairie.post_form(f"{PLACE}/{id}/calendrier", [*confirm, ("mot", "oui")])
    assert wrong.status_code == 422 and "Écrivez CONFIRMER" in words(wrong.text)
    assert not await Booking.filter(slot__activity_id=id, state="cancelled").exists()
    typed = [*confirm, ("mot", "confirmer"), ("raison", "Réunion publique")]
    done = await mairie.post_form(f"{PLACE}/{id}/calendrier", typed)
    assert done.status_code == 303, words(done.text)[:900]
    cancelled = await Booking.filter(slot__activity_id=id, state="cancelled")
    assert {row.id for row in cancelled} == {row.id for row in booked}  # what it showed is what it did
    given = await Entry.filter(key__in=[f"cancel:{row.id}" for row in booked])
    assert len(given) == len(booked)
    assert await Notice.filter(kind="days_closed").count() == len({row.family_id for row in booked})
    assert not await Notice.filter(kind="request_answered").exists()
    assert not await Opening.filter(slot__activity_id=id, day="2025-10-06", places__not=0).exists()
    again = await mairie.post_form(f"{PLACE}/{id}/calendrier", typed)
    assert again.status_code == 409 and await Notice.filter(kind="days_closed").count() == 1
    await town.run_jobs(60)
    email = await Email.filter(subject__contains="ferm").get()
    assert "Emma" in email.text and euros(cents) in email.text and "Réunion publique" in email.text
    assert email.text.count("Repas de midi") == len(booked)
    reopened = fields(await mairie.get_page(f"{PLACE}/{id}/calendrier?jour=2025-10-06"))
    assert (await mairie.post_form(f"{PLACE}/{id}/calendrier", reopened)).status_code == 303
    assert [one.reason for one in (await read(id)).closures] == ["Grève\u00a0: pas de repas"]
    await town.verify()
    await Notice.filter(kind="days_closed").update(kind="password_changed")
    assert "demandes" in [fault.invariant for fault in await integrity.verify()]  # nobody told the family


async def test_fewer_places_than_taken_cancel_nobody(
    town: Portal, mairie: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear_the_bank(town, monkeypatch)
    id, sophie = await meals(), await parent(town, "sophie.moreau")
    await sophie.tick("Emma", "Repas de midi", "2025-10-06")
    await sophie.pay()
    before = await Booking.filter(state="confirmed").count()
    opening = (
        await Opening.filter(slot__activity_id=id, taken__gt=0, day__gt="2025-09-22")
        .first()
        .select_related("group")
    )
    assert opening is not None
    page = await opened(mairie, id, "seances")
    row = next(n for n, group in enumerate((await read(id)).said.groups) if group.code == opening.group.code)
    sent = changed(page, **{f"groupe_{row}_places": "0"})
    shown = await mairie.post_form(f"{PLACE}/{id}/seances", sent)
    assert shown.status_code == 409 and "Personne ne perd la sienne" in words(shown.text)
    confirm = [(name, html.unescape(value)) for name, value in HIDDEN.findall(shown.text) if name != "csrf"]
    done = await mairie.post_form(f"{PLACE}/{id}/seances", [*confirm, ("mot", "CONFIRMER")])
    assert done.status_code == 303
    await opening.refresh_from_db()
    assert (opening.places, opening.overrun) == (0, opening.taken)
    assert await Booking.filter(state="confirmed").count() == before
    await town.verify()


async def test_a_past_day_stands_in_the_way(
    town: Portal, mairie: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear_the_bank(town, monkeypatch)
    id, sophie = await meals(), await parent(town, "sophie.moreau")
    await sophie.tick("Emma", "Repas de midi", "2025-10-06")
    await sophie.pay()
    await clock.follow("2025-10-08T10:00:00")
    sent = changed(await opened(mairie, id, "calendrier"), ouvre="2025-10-13")
    answer = await mairie.post_form(f"{PLACE}/{id}/calendrier", sent)
    assert answer.status_code == 409 and "Ce n’est pas possible" in words(answer.text)
    assert "ce qui a eu lieu ne se défait pas" in words(answer.text) and 'name="mot"' not in answer.text
    assert await Booking.exists(slot__activity_id=id, day="2025-10-06", state="confirmed")


async def test_a_new_price_from_a_day_leaves_what_is_booked(town: Portal, mairie: Client) -> None:
    id = await meals()
    sent = [*await opened(mairie, id, "tarifs"), ("revoir", "1"), ("apartir", "2026-01-01")]
    page = await mairie.get_page(f"{PLACE}/{id}/tarifs?{urlencode(sent)}")
    before, prepared = await read(id), fields(page)
    assert (await mairie.post_form(f"{PLACE}/{id}/tarifs", prepared)).status_code == 303
    old, new = (await read(id)).said.tariffs, before.said.tariffs
    assert len(old) == 2 * len(new)
    assert all(str(one.end) == "2025-12-31" for one in old[: len(new)])
    assert all(str(one.start) == "2026-01-01" for one in old[len(new) :])
    await town.verify()


async def test_the_list_the_examples_and_who_may_look(town: Portal, mairie: Client) -> None:
    id = await meals()
    listed = words(await mairie.get_page(f"{PLACE}?genre=meal"))
    assert "Restau" in listed and "Accueil du matin" not in listed and "Prochaine limite" in listed
    week = words(await mairie.get_page(f"{PLACE}/{id}/delais"))
    assert "Si c’était cette semaine-là" in week and "jusqu’" in week
    price = await mairie.get_page(f"{PLACE}/{id}/tarifs?qf=620&enfants=2")
    assert "Un jour" in words(price) and "Sur l’année" in words(price)
    preview = words(await mairie.get_page(f"{PLACE}/{id}/apercu"))
    assert "Ce que verra un parent" in preview and "Réserver" in preview
    reader = await town.client("elu")
    page = await reader.get_page(f"{PLACE}/{id}/tarifs")
    assert 'type="submit">Enregistrer' not in page and "disabled" in page
    assert (await reader.post_form(f"{PLACE}/{id}/identite", {"nom": "x"})).status_code == 403
    assert "Restau" in await mairie.get_page(f"{PLACE}/{id}")
    await mairie.get_page(f"{PLACE}/999/identite", 404)
    await mairie.get_page(f"{PLACE}/{id}/nulle-part", 404)
