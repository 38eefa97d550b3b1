"""« Classes absentes »: what it would do is shown, nothing is done before « Annuler », and it is taken back."""

import re
from collections.abc import Awaitable, Callable

import pytest

from models.bookings.booking import Booking
from models.class_events.cancelled_day import CancelledDay
from models.commune.class_event import ClassEvent
from models.families.child import Schooling
from tests.models.busy import NOW, fill_before_invoices
from tests.portal import Client, Portal, hidden
from tests.web.checkout import words

PAGE = "/mairie/classes-absentes"
NEW = f"{PAGE}/nouvelle"
DAY = "2025-11-24"


@pytest.fixture
async def town(portal: Callable[..., Awaitable[Portal]], monkeypatch: pytest.MonkeyPatch) -> Portal:
    found = await portal("demo", now=NOW)
    await fill_before_invoices(found, monkeypatch)
    return found


async def every_class() -> list[tuple[str, str]]:
    rows = await Schooling.all().select_related("school")
    return sorted({("classe", f"{row.school.code}.{row.level}") for row in rows if row.level})


async def form_of(mairie: Client, *days: str) -> tuple[str, list[tuple[str, str]]]:
    """The page as somebody who chose every class reads it, and what « Annuler » sends."""
    chosen = [("motif", "strike"), *await every_class(), *(("jour", day) for day in days)]
    page = await mairie.get_page(f"{NEW}?" + "&".join(f"{name}={value}" for name, value in chosen))
    activities = [("activite", code) for code in re.findall(r'name="activite" value="([^"]+)"', page)]
    kept = [(name, hidden(page, name)) for name in ("click", "lu", "lundi")]
    return page, [*chosen, *activities, *kept, ("mots", "Grève des enseignants."), ("confirmer", "1")]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_it_is_read_confirmed_and_taken_back(town: Portal) -> None:
    mairie = await town.client("mairie")
    assert "Aucune classe n’a été absente." in words(await mairie.get_page(PAGE))
    page, sent = await form_of(mairie, DAY)
    live = await Booking.filter(day=DAY, state="confirmed").count()
    assert f"{live} réservations" in words(page) and "Annuler ces" in words(page)
    assert re.search(r"[0-9]+,[0-9]{2} € d’avoirs", words(page))
    part = await mairie.get(f"{NEW}/apercu", params=[(name, value) for name, value in sent if name != "mots"])
    assert (
        f"{live} réservations" in words(part.text) and 'id="jours"' in part.text and "<html" not in part.text
    )

    other_week = [(name, value) for name, value in sent if name != "confirmer"] + [("semaine", "2025-12-01")]
    shown = await mairie.post_form(NEW, other_week)
    assert "Du 1er décembre" in words(shown.text) and "Et aussi : 24 novembre" in words(shown.text)
    assert "Grève des enseignants." in shown.text and not await ClassEvent.exists()

    answer = await mairie.post_form(NEW, sent)
    place = answer.headers["location"]
    assert answer.status_code == 303 and "0 famille traitée" in words(await mairie.get_page(place))
    await town.run_jobs()
    event = await ClassEvent.get()
    assert place == f"/mairie/classes-absentes/{event.id}"
    assert (await mairie.get(f"/mairie/classes-absentes/{event.id}/avancement")).headers[
        "HX-Refresh"
    ] == "true"
    done = words(await mairie.get_page(place))
    assert (
        "Grève, 24 novembre" in done
        and f"Réservations annulées {live}" in done
        and "Revenir en arrière" in done
    )
    assert "Grève" in words(await mairie.get_page(PAGE))
    assert await CancelledDay.filter(was="confirmed").count() == live

    assert (await mairie.post_form(f"/mairie/classes-absentes/{event.id}/retour", [])).headers[
        "location"
    ] == place
    await town.run_jobs()
    assert "réservé de nouveau" in words(await mairie.get_page(place))
    again = await mairie.post_form(f"{place}/retour", [])
    assert "trop tard" in words(await mairie.get_page(again.headers["location"]))
    await town.verify()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_what_is_missing_is_said_and_what_changed_is_read_again(town: Portal) -> None:
    mairie = await town.client("mairie")
    page = await mairie.get_page(NEW)
    empty = [
        ("click", hidden(page, "click")),
        ("lundi", hidden(page, "lundi")),
        ("confirmer", "1"),
        ("jour", "hier"),
    ]
    answer = await mairie.post_form(NEW, empty)
    said = words(answer.text)
    assert answer.status_code == 422
    for sentence in ("Cochez au moins une classe.", "Choisissez au moins un jour.", "Écrivez aux familles"):
        assert sentence in said
    _, sent = await form_of(mairie, DAY)
    row = await Booking.filter(day=DAY, state="confirmed").first()
    assert row
    await Booking.filter(id=row.id).update(cents=row.cents + 1)
    answer = await mairie.post_form(NEW, sent)
    assert answer.status_code == 422 and "ont changé pendant votre lecture" in words(answer.text)
    assert not await ClassEvent.exists()
