"""« Calendrier » of the mairie: a year of the commune, a day closed once it is read, opened again."""

import html
import re
from collections.abc import Awaitable, Callable

import pytest

from models.activities.opening import Opening
from models.bookings.booking import Booking
from models.commune.school_year import Closure
from models.commune_file import export
from models.french import euros
from models.work.audit_log import Event
from models.work.notice import Notice
from tests.portal import Client, Portal
from tests.web.checkout import hear_the_bank, parent, words

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
PLACE = "/mairie/calendrier"
NOW = "2025-09-22T10:00:00"
MONDAY = f"{PLACE}/2025-10-06"
CLOSE = f"{MONDAY}/fermeture"
OPEN = f"{MONDAY}/ouverture"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)"')


@pytest.fixture
async def town(portal: Callable[..., Awaitable[Portal]]) -> Portal:
    return await portal("demo", now=NOW)


@pytest.fixture
async def mairie(town: Portal) -> Client:
    return await town.client("gestion")


async def test_a_booked_day_is_closed_once_it_is_read_and_opened_again(
    town: Portal, mairie: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear_the_bank(town, monkeypatch)
    sophie = await parent(town, "sophie.moreau")
    for child in ("Emma", "Jules"):
        await sophie.tick(child, "Repas de midi", "2025-10-06", "2025-10-07")
    await sophie.pay()
    booked = await Booking.filter(day="2025-10-06", state="confirmed")
    cents = sum(row.cents for row in booked)
    year = words(await mairie.get_page(PLACE))
    assert "Calendrier 2025-2026" in year and f"6 octobre 2025, école, {len(booked)} réservations" in year
    assert "férié, Toussaint" in year and "20 décembre 2025, Vacances de Noël" in year

    sent = {"au": "2025-10-06", "motif": "Panne de chauffage"}
    shown = await mairie.post_form(CLOSE, sent)
    assert shown.status_code == 409
    assert f"{len(booked)} réservations, {euros(cents)} d’avoirs." in html.unescape(
        words(shown.text)
    ).replace(" €", "\u00a0€")
    assert not await Booking.filter(state="cancelled").exists()
    confirm = [(name, html.unescape(value)) for name, value in HIDDEN.findall(shown.text) if name != "csrf"]
    wrong = await mairie.post_form(CLOSE, [*confirm, ("mot", "oui")])
    assert wrong.status_code == 422 and "Écrivez FERMER" in words(wrong.text)
    for _ in range(2):  # sent twice, it is done once
        assert (await mairie.post_form(CLOSE, [*confirm, ("mot", "fermer")])).status_code == 303
    cancelled = await Booking.filter(state="cancelled")
    assert {row.id for row in cancelled} == {row.id for row in booked}
    assert await Closure.filter(reason="Panne de chauffage").count() == 1
    assert not await Opening.filter(day="2025-10-06", places__not=0).exists()
    assert await Notice.filter(kind="days_closed").count() == 1
    assert await Event.filter(action="closure.made").count() == 1
    assert "fermé par la mairie, Panne de chauffage" in words(await mairie.get_page(PLACE))
    await town.verify()

    assert "Rouvrir ce jour" in await mairie.get_page(MONDAY)
    assert (await mairie.post_form(OPEN)).status_code == 303
    assert (await mairie.post_form(OPEN)).status_code == 404
    assert await Opening.filter(day="2025-10-06", places__gt=0).exists()
    await sophie.tick("Emma", "Repas de midi", "2025-10-06")
    await town.verify()


async def test_a_range_is_closed_and_one_of_its_days_opened(mairie: Client) -> None:
    before = await export()
    sent = {"au": "2026-03-20", "motif": "Travaux"}
    assert (await mairie.post_form(f"{PLACE}/2026-03-16/fermeture", sent)).status_code == 303
    assert (await mairie.post_form(f"{PLACE}/2026-03-18/ouverture")).status_code == 303
    mine = await Closure.filter(reason="Travaux").order_by("start").values_list("start", "end")
    assert [f"{start:%d}-{end:%d}" for start, end in mine] == ["16-17", "19-20"]
    for day in ("16", "17", "19", "20"):
        assert (await mairie.post_form(f"{PLACE}/2026-03-{day}/ouverture")).status_code == 303
    assert await export() == before


@pytest.mark.parametrize(
    ("day", "sent", "said"),
    [
        ("2025-09-22", {"au": "2025-09-22", "motif": "Grève"}, "il ne se ferme plus"),
        ("2025-10-06", {"au": "2025-10-01", "motif": "Grève"}, "avant"),
        ("2025-10-06", {"au": "2027-10-01", "motif": "Grève"}, "Choisissez un jour de cette année scolaire."),
        ("2025-10-06", {"au": "2025-10-06", "motif": ""}, "Dites pourquoi."),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_is_closed(
    mairie: Client, day: str, sent: dict[str, str], said: str
) -> None:
    count = await Closure.all().count()
    answer = await mairie.post_form(f"{PLACE}/{day}/fermeture", sent)
    assert answer.status_code == 422 and said in words(answer.text)
    assert await Closure.all().count() == count
    assert (await mairie.get(f"{PLACE}/2031-01-01")).status_code == 404
    assert (await mairie.get(f"{PLACE}/demain")).status_code == 404
