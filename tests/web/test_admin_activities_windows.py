"""« Délais »: periods in which days are booked, and bookings for good, as the commune file would say them."""

import re
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any

import pytest

from models import commune_file
from models.activities.activity import Activity
from models.work.audit_log import Event
from tests.portal import Client, Portal
from tests.web.activity_forms import PLACE, changed, opened
from tests.web.checkout import words

OpenPortal = Callable[..., Awaitable[Portal]]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
PERIOD = {
    "du": "2025-10-27",
    "au": "2025-10-31",
    "ouvre": "2025-10-01",
    "ouvre-heure": "08:00",
    "ferme": "2025-10-12",
    "ferme-heure": "23:59",
}


def line(n: int, **values: str) -> dict[str, str]:
    """As `changed` wants it: « _ » for « - »."""
    return {f"periode_{n}_{key.replace('-', '_')}": said for key, said in (PERIOD | values).items()}


async def told() -> dict[str, Any]:
    """What an export says of the activity."""
    found = await commune_file.export()
    return next(one for one in found["activities"] if one["code"] == "mercredis")


async def save(mairie: Client, id: int, **changes: str) -> tuple[int, str]:
    answer = await mairie.post_form(
        f"{PLACE}/{id}/delais", changed(await opened(mairie, id, "delais"), **changes)
    )
    return answer.status_code, words(answer.text)


async def test_a_period_is_added_refused_in_words_and_removed(portal: OpenPortal) -> None:
    town = await portal("demo", now="2025-09-22T10:00:00")
    mairie, before = await town.client("gestion"), await told()
    id = (await Activity.get(code="mercredis")).id
    assert (await save(mairie, id, **line(0)))[0] == 303
    assert await told() == before | {
        "windows": [
            {
                "from": date(2025, 10, 27),
                "to": date(2025, 10, 31),
                "opens": datetime(2025, 10, 1, 8),  # noqa: DTZ001
                "closes": datetime(2025, 10, 12, 23, 59),  # noqa: DTZ001
            }
        ]
    }
    assert await Event.filter(action="activity.changed").count() == 1
    shown = words(await mairie.get_page(f"{PLACE}/{id}/delais"))
    said = "les jours du 27 au 31 octobre 2025 se réservent du mercredi 1er octobre à 08:00 au dimanche 12 octobre"
    assert f"Périodes {said} à 23:59." in shown
    assert said in words(await mairie.get_page("/reglement"))

    status, text = await save(mairie, id, **line(1, du="2025-10-31", au="2025-11-02"))
    assert status == 422
    assert "Jours du : attendu hors de la période 1 : un jour est dans les deux." in text
    status, text = await save(mairie, id, **line(0, ferme="2025-10-01", **{"ferme-heure": "07:00"}))
    assert status == 422 and "Jusqu’au : attendu après « Réservations du »." in text
    status, text = await save(mairie, id, **line(0, **{"ouvre-heure": ""}))
    assert status == 422 and "Complétez la période." in text
    assert (await told())["windows"][0]["closes"].day == 12

    gap = line(1, du="2025-11-03", au="2025-11-03") | line(2, du="2025-11-03", au="2025-11-04")
    answer = await mairie.post_form(
        f"{PLACE}/{id}/delais", changed(await opened(mairie, id, "delais"), **line(0, du=""), **gap)
    )
    assert answer.status_code == 422 and "attendu hors de la période 1" in words(answer.text)
    [wrong] = re.findall(r'name="periode-(\d)-du"[^>]*aria-invalid', answer.text)
    last = re.search(rf'<input[^>]*name="periode-{wrong}-au"[^>]*>', answer.text)
    assert last and 'value="2025-11-04"' in last[0], "what was taken away counts no more"

    assert (await save(mairie, id, **line(0, du="")))[0] == 303
    assert await told() == before


async def test_what_is_booked_is_booked_by_one_box(portal: OpenPortal) -> None:
    town = await portal("demo", now="2025-09-22T10:00:00")
    mairie, before = await town.client("gestion"), await told()
    id = (await Activity.get(code="mercredis")).id
    assert (await save(mairie, id, annuler_jamais="1", hors_delai="allowed"))[0] == 303
    rules = before["deadlines"] | {"cancel": "never"}
    assert await told() == before | {"deadlines": rules}, "and nothing is cancelled late"
    page = await mairie.get_page(f"{PLACE}/{id}/delais")
    assert "Annuler ce qui est réservé ne s’annule pas." in words(page) and "annuler-0-regle" not in page
    assert 'data-label="Annuler jusqu’à">jamais<' in page
    assert "Ce qui est réservé ne s’annule pas." in words(await mairie.get_page("/reglement"))
    alike = changed(await opened(mairie, id, "delais"), annuler_jamais="")
    assert (await mairie.post_form(f"{PLACE}/{id}/delais", alike)).status_code == 303
    assert (
        "cancel" not in (await told())["deadlines"] or (await told())["deadlines"]["cancel"] == rules["book"]
    )


def every_rule(data: dict[str, Any]) -> None:
    """What real communes have, in one file: also what the shipped ones do not say."""
    found = {one["code"]: one for one in data["activities"]}
    meals, care, holidays = found["cantine"], found["periscolaire"], found["vacances"]
    meals["deadlines"] = {
        "book": [
            {
                "rule": "days_before",
                "days": 2,
                "at": "10:00",
                "count": "opening",
                "moved": "previous_working_day",
            }
        ]
    }
    meals["tariffs"][0]["brackets"][2] = {"up_to": 1400, "rate": "0.3", "min": 300, "max": 410}
    meals["tariffs"][0]["unbooked"] = "+500"
    care["slots"][0]["requires"] = "soir"
    holidays["deadlines"]["cancel"] = "never"


TABS = ("identite", "seances", "calendrier", "delais", "tarifs", "adhesion")
SAID = (
    "Un jour se réserve et s’annule jusqu’à 2 jours d’ouverture avant, à 10:00 (si la mairie est fermée ce jour-là, "
    "au jour ouvré d’avant à la même heure).",
    "0,3 % du quotient, au moins 3,00 € et au plus 4,10 €",
    "Une présence sans réservation est facturée 5,00 € de plus",
    "« Accueil du matin » demande « Accueil du soir »",
    "Ensuite, au tarif des réservations tardives, il se réserve encore jusqu’à 2 heures avant le début, soit le jour "
    "même à 07:30.",
    "Une réservation tardive coûte 50 % de plus",
    "Le temps se compte par demi-heure commencée, pour 1 h au moins.",
    "Après 18:30, un retard coûte 5,00 € par quart d’heure commencé.",
    "Maladie : le premier jour reste dû",
    "les jours du 6 au 31 juillet 2026 se réservent du lundi 1er juin à 08:00 au samedi 20 juin à 23:59.",
    "Ce qui est réservé ne s’annule pas.",
)


async def test_every_rule_that_communes_have_is_of_file_screens_and_reglement(portal: OpenPortal) -> None:
    town = await portal("demo", now="2025-09-22T10:00:00", change=every_rule)
    mairie, before = await town.client("gestion"), await commune_file.export()
    for id in await Activity.filter(code__in=["cantine", "periscolaire", "vacances"]).values_list(
        "id", flat=True
    ):
        for tab in TABS:
            answer = await mairie.post_form(f"{PLACE}/{id}/{tab}", await opened(mairie, int(str(id)), tab))
            assert answer.status_code == 303, (id, tab, words(answer.text)[:800])
    assert await commune_file.export() == before
    assert not await Event.filter(action="activity.changed").exists()
    page = words(await mairie.get_page("/reglement"))
    assert [text for text in SAID if text not in page] == []
