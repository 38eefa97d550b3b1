"""« Déclaration d’accessibilité »: every page names the state, and nobody claims more than an audit found."""

from dataclasses import replace

import pytest

from models.settings import Settings, WrongSetting, read
from tests.engines import ON_SQLITE
from tests.portal import Portal
from tests.town import People, settle
from tests.web.checkout import words
from web.app import create_app


@pytest.fixture
async def people(db: str) -> People:
    return await settle()


def portal(settings: Settings, state: str = "non") -> Portal:
    settings = replace(settings, accessibility=state)
    return Portal(create_app(settings), settings)


@ON_SQLITE
async def test_the_statement_has_the_parts_of_the_official_model(people: People, settings: Settings) -> None:
    page = await (await portal(settings).client()).get_page("/accessibilite")
    text = words(page)
    for part in (
        "Déclaration d’accessibilité",
        "article 47 de la loi n° 2005-102",
        "État de conformité",
        "Le portail est non conforme avec le référentiel",
        "Contenus non accessibles",
        "Établissement de cette déclaration",
        "Voies de recours",
        "Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07",
        "Aucun audit ne l’a encore vérifié",
        "un audit humain des 106 critères",
        "critère 12.1",
    ):
        assert part in text, part
    assert 'href="mailto:mairie@lens.example"' in page and 'href="tel:0321698686"' in page
    assert "https://formulaire.defenseurdesdroits.fr/" in page
    assert page.count("<h1") == 1


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("state", ["non", "partiellement", "totalement"])
async def test_every_page_carries_the_same_mention(people: People, settings: Settings, state: str) -> None:
    town = portal(settings, state)
    mention = f'<a href="/accessibilite">Accessibilité\u00a0: {state} conforme</a>'
    seen = {
        None: ("/", "/connexion", "/accessibilite"),
        "durand15": ("/accueil", "/compte", "/accessibilite"),
    }
    for who, paths in {**seen, "mairie": ("/mairie/demandes", "/accessibilite")}.items():
        browser = await town.client(who)
        for path in paths:
            assert (await browser.get_page(path)).count(mention) == 1, (who, path)
    assert mention in await (await town.client()).get_page("/nulle-part", status=404)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_after_an_audit_it_no_longer_says_that_there_was_none(
    people: People, settings: Settings
) -> None:
    text = words(await (await portal(settings, "partiellement").client()).get_page("/accessibilite"))
    assert "Le portail est partiellement conforme" in text and "Un audit a montré" in text
    assert "Aucun audit" not in text and "Contenus non accessibles" in text
    text = words(await (await portal(settings, "totalement").client()).get_page("/accessibilite"))
    assert "Contenus non accessibles" not in text


def test_the_setting_has_three_values(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setenv("PORTAIL_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("PORTAIL_ACCESSIBILITY", raising=False)
    assert read(demo=True).accessibility == "non"
    monkeypatch.setenv("PORTAIL_ACCESSIBILITY", "partiellement")
    assert read(demo=True).accessibility == "partiellement"
    monkeypatch.setenv("PORTAIL_ACCESSIBILITY", "oui")
    with pytest.raises(WrongSetting):
        read(demo=True)
