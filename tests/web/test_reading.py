"""« Aide à la lecture »: what is chosen is on every page, for the account on every device, for a visitor on theirs."""

import pytest

from models import clock
from models.access import guardian_account
from models.families.guardian import Guardian
from models.families.preferences import READING
from models.notifying import choices
from tests.portal import Portal
from tests.web.checkout import words

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
STRONG = [("letters", "125"), ("spacing", "no"), ("contrast", "yes"), ("ruler", "no")]
LARGE = [("letters", "150"), ("spacing", "yes"), ("contrast", "no"), ("ruler", "yes")]


async def test_an_account_keeps_it_for_all_its_devices(portal) -> None:
    town: Portal = await portal("demo", now="2025-11-03T10:00:00")
    phone, desk, other = [
        await town.client(who) for who in ("camille.durand", "camille.durand", "sophie.moreau")
    ]
    before = await phone.get_page("/accueil")
    assert "data-letters" not in before and "lecture-" not in before and 'href="/lecture"' in before
    assert (await phone.post_form("/lecture", LARGE)).headers["location"] == "/lecture?fait=1"
    for page in (await phone.get_page("/lecture?fait=1"), await desk.get_page("/planning")):
        assert '<html lang="fr" data-letters="150" data-spacing="yes" data-ruler="yes">' in page
        assert "/static/lecture-" in page and "/static/regle-" in page
    assert "data-letters" not in await other.get_page("/accueil")
    await phone.post_form("/lecture", [("remettre", "1")])
    assert "data-letters" not in await desk.get_page("/planning")


async def test_a_visitor_and_the_mairie_keep_it_on_their_device(portal) -> None:
    town: Portal = await portal("demo", now="2025-11-03T10:00:00")
    for client in (await town.client(), await town.client("mairie")):
        await client.post_form(
            "/lecture", [("letters", "125"), ("spacing", "no"), ("contrast", "yes"), ("ruler", "no")]
        )
        page = await client.get_page("/lecture")
        assert 'data-letters="125" data-contrast="yes">' in page and "/static/regle-" not in page
        assert "Cet appareil garde ces choix." in words(page)
        client.cookies.set("lecture", "900.<b>.yes")
        assert '<html lang="fr" data-contrast="yes">' in await client.get_page("/accessibilite")


async def test_an_answer_that_there_is_not_is_refused(portal) -> None:
    client = await (await portal("demo", now="2025-11-03T10:00:00")).client("camille.durand")
    answer = await client.post_form("/lecture", [*LARGE[:3], ("ruler", "peut-être")])
    assert answer.status_code == 422 and "Choisissez une réponse" in words(answer.text)
    assert "data-letters" not in await client.get_page("/accueil")


async def test_what_differs_has_its_style(portal) -> None:
    """Every choice but the ruler, which a script draws, is a rule of the sheet."""
    client = await (await portal("demo", now="2025-11-03T10:00:00")).client()
    page = await client.get_page("/lecture")
    sheet = (
        await client.get(page.split('href="/static/lecture-')[1].join(["/static/lecture-", ""]).split('"')[0])
    ).text
    for preference in READING[:3]:
        for value in [value for value in preference.choices if value != preference.usual]:
            said = f'[data-{preference.key}="{value}"]' if value != "yes" else f"[data-{preference.key}]"
            assert said in sheet


async def test_it_takes_nothing_from_what_another_page_kept_meanwhile(portal) -> None:
    await portal("demo", now="2025-11-03T10:00:00")
    here, there = [await Guardian.get(username="camille.durand") for _ in range(2)]
    await choices.choose(here, {"place.email": False}, None, clock.now())
    await guardian_account.prefer(there, dict(LARGE), READING)
    kept = (await Guardian.get(id=here.id)).preferences
    assert kept["notices"] == {"place.email": False} and kept["letters"] == "150"
