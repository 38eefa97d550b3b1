"""The kit's forms, steps and confirmations on pages of their own: they draw, ask again, and lead on."""

import re
from pathlib import Path

import pytest

from models.settings import Settings
from tests.kit import screen
from tests.kit.screen import DAYS, PLACE, WIZARD, added_to
from tests.portal import Client, Portal
from tests.town import settle
from tests.web.checkout import words
from web.app import create_app
from web.components.admin.kit.form import Field, Lines, Whole, Word, fill
from web.page.templates import environment

FIRST, SECOND, LAST = (WIZARD.address(step) for step in WIZARD.steps)
KIT = Path("web/components/admin/kit")


@pytest.fixture
async def mairie(sqlite_db: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(environment, "loader", environment.loader)  # put back in the end
    await settle()
    return await Portal(added_to(create_app(settings)), settings).client("mairie")


async def test_a_form_draws_every_kind_of_field_and_keeps_what_was_typed(mairie: Client) -> None:
    page = await mairie.get_page(SECOND)
    assert page.count('type="checkbox" name="jours"') == 4 and "<legend>" in page and 'type="date"' in page
    sent = {"jours": ["mon", "fri"], "debut": "hier", "places": "mille", "prix": ""}
    answer = await mairie.post_form(SECOND, sent)
    assert answer.status_code == 422
    text = words(answer.text)
    for said in (
        "Il y a un problème",
        "Saisissez une date, par exemple 03/09/2026.",
        "Saisissez un nombre entier, par exemple 1.",
        "Indiquez le prix.",
    ):
        assert said in text, said
    assert 'value="hier"' in answer.text and 'value="mille"' in answer.text
    assert re.findall(r'value="(\w+)" checked', answer.text) == ["mon", "fri"]
    assert '<a href="#prix">' in answer.text and 'id="prix"' in answer.text, "a summary leads to its field"


async def test_a_group_of_boxes_says_what_is_wrong_with_it(mairie: Client) -> None:
    answer = await mairie.post_form(SECOND, {"debut": "2026-09-03", "prix": "3"})
    assert (
        '<fieldset class="field" id="jours" tabindex="-1" aria-describedby="jours-aide jours-erreur">'
        in answer.text
    )
    assert "Cochez au moins un jour." in answer.text


async def test_lines_stay_lines(mairie: Client) -> None:
    answer = await mairie.post_form(FIRST, {"nom": "", "mot": "Un\r\n\r\n  deux   trois \n"})
    assert ">\nUn\n\ndeux trois</textarea>" in answer.text


async def test_steps_lead_on_and_back(mairie: Client) -> None:
    answer = await mairie.post_form(FIRST, {"nom": "Cantine"})
    assert (answer.status_code, answer.headers["location"]) == (303, SECOND)
    page = await mairie.get_page(SECOND)
    steps = page.partition('<nav class="wizard-steps"')[2].partition("</nav>")[0]
    assert "Étape 2 sur 3" in words(steps) and re.findall(r'<a href="([^"]*)"', steps) == [FIRST]
    assert words(steps.partition('aria-current="step"')[2].partition("</b>")[0]).endswith("Jours et places")
    assert f'<a class="btn plain" href="{FIRST}">Retour</a>' in page
    assert (await mairie.get(f"{WIZARD.path}/ailleurs")).status_code == 404


@pytest.mark.parametrize(("typed", "status"), [("", 422), ("oui", 422), ("ouvrir", 303), (" Ouvrir ", 303)])
async def test_what_cannot_be_taken_back_asks_for_its_word(mairie: Client, typed: str, status: int) -> None:
    answer = await mairie.post_form(LAST, {"mot": typed})
    assert answer.status_code == status
    if status == 422:
        assert "Écrivez OUVRIR pour confirmer." in answer.text and "42 familles" in answer.text


async def test_a_page_of_one_thing_has_tabs_progress_and_a_dialog(mairie: Client) -> None:
    page = await mairie.get_page(PLACE)
    assert f'<a href="{PLACE}" aria-current="page">Aperçu' in page
    assert '<progress value="120" max="300"' in page and "120 sur 300" in words(page)
    assert '<dialog class="dialog" id="ouvrir"' in page and f'href="{LAST}" data-opens="ouvrir"' in page


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        (Whole("n", "N", least=1, most=31), "31", 31),
        (Whole("n", "N", least=1, most=31), "32", "De 1 à 31."),
        (Whole("n", "N"), "\u0663", "Saisissez un nombre entier, par exemple 1."),
        (Whole("n", "N"), "1 200", 1200),
        (Word("n", "N", word="ÉMETTRE"), "emettre", "ÉMETTRE"),
        (Word("n", "N", word="ÉMETTRE"), "émet", "Écrivez ÉMETTRE pour confirmer."),
        (Lines("n", "N", longest=3), "abcd", "3 caractères au maximum."),
        (DAYS, "fri mon", ("mon", "fri")),
        (DAYS, "mon sun", "Choisissez des réponses de la liste."),
    ],
)
def test_the_fields_of_the_kits_page_read_or_say_what_to_type(
    field: Field[object], typed: str, value: object
) -> None:
    filled = fill([field], {field.name: typed})
    assert (filled.errors.get(field.name) or filled.of(field)) == value


def test_what_an_address_says_of_boxes_is_read_again() -> None:
    assert DAYS.read(DAYS.written(("mon", "fri"))) == ("mon", "fri")


def test_each_part_of_the_kit_is_drawn_by_a_screen_or_by_its_page() -> None:
    folders = (Path("web/components"), Path(screen.__file__).parent)
    drawn = "".join(path.read_text("utf-8") for folder in folders for path in folder.rglob("*.html"))
    macros = [
        name
        for path in KIT.glob("*.html")
        for name in re.findall(r"{% macro (\w+)\(", path.read_text("utf-8"))
    ]
    called = {name: len(re.findall(rf"(?:{{{{ |call |~ ?){name}\(", drawn)) for name in macros}
    assert [name for name, times in called.items() if not times] == [], "draw it on tests/kit/kit.html"
