"""« Menus » of the mairie: a week as a sheet, a file with its refused lines, the last change undone."""

import html

import pytest

from models.publishing.meal_menu import MealMenu
from models.work.audit_log import Event
from tests.portal import Client, Portal, hidden
from tests.web.checkout import words
from tests.web.messaging import with_file
from tests.web.test_admin_news import OpenPortal

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
PLACE = "/mairie/menus"
FILE = "/mairie/menus/fichier"
TUESDAY_MAIN = "2025-09-23-1"
HEADS = "menuRestaurantNom,menuDate,menuRepasType,menuPlatType,menuPlatNom,menuPlatAllergene\r\n"
LINES = (
    "École,2025-12-01,déjeuner,entrée,Potage,céleri\r\n"
    "École,2025-12-02,déjeuner,entrée,Gâteau basque,noisette\r\n"
    "École,2025-12-02,déjeuner,dessert,Poire,\r\n"
    "École,demain,déjeuner,dessert,Poire,\r\n"
)


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    return await portal("demo", now="2025-09-22T10:00:00")


@pytest.fixture
async def cook(town: Portal) -> Client:
    return await town.client("cantine")


def sheet(page: str) -> dict[str, str]:
    """What the form of the page would send."""
    names = [f"2025-09-{day}-{kind}" for day in range(22, 27) for kind in range(7)]
    return {name: hidden(page, name) for name in (*names, "click", "debut", "restaurant")}


async def test_a_week_is_written_read_and_undone(town: Portal, cook: Client) -> None:
    page = await cook.get_page(PLACE)
    form = sheet(page)
    assert "Menus du 22 au 26 septembre" in words(page)
    assert form[TUESDAY_MAIN] == "Dhal de lentilles corail [végétarien]"
    form[TUESDAY_MAIN] = "Gratin de courge [lait, végétarien] / Colin [poisson]"
    answer = await cook.post_form(PLACE, form)
    assert answer.status_code == 303 and "fait=1&cle=" in answer.headers["location"], "one day has changed"
    stranger = await town.client()
    read = words(await stranger.get_page("/menus"))
    assert "Gratin de courge (végétarien) Colin" in read and "Contient : poisson, lait, moutarde" in read
    done = await cook.get_page(answer.headers["location"])
    assert "1 repas changé" in words(done)
    undone = await cook.post_form(f"{PLACE}/annulation", {"id": hidden(done, "id"), "debut": "2025-09-22"})
    assert "C’est annulé." in words(await cook.get_page(undone.headers["location"]))
    assert "Dhal de lentilles" in words(await stranger.get_page("/menus"))
    again = await cook.post_form(f"{PLACE}/annulation", {"id": hidden(done, "id"), "debut": "2025-09-22"})
    assert "Rien à annuler" in words(await cook.get_page(again.headers["location"]))
    actions = await Event.filter(action__startswith="menus.").order_by("id").values_list("action", flat=True)
    assert [str(one) for one in actions] == ["menus.written", "menus.undone"]
    await town.verify()


async def test_a_word_that_is_no_allergen_is_said_at_its_field(cook: Client) -> None:
    form = sheet(await cook.get_page(PLACE)) | {TUESDAY_MAIN: "Colin [poison]", "2025-09-25-0": "Radis [lait"}
    answer = await cook.post_form(PLACE, form)
    read = words(answer.text)
    assert answer.status_code == 422 and 'value="Colin [poison]"' in html.unescape(answer.text)
    assert "Mardi 23 septembre, plat principal : « poison » n’est ni un allergène" in read
    assert "Jeudi 25 septembre, entrée : écrivez le nom du plat" in read
    assert not await MealMenu.filter(member_id__not_isnull=True).exists()


async def test_a_file_is_read_then_kept_without_its_refused_lines(town: Portal, cook: Client) -> None:
    await cook.get_page(FILE)
    answer = await with_file(cook).post(FILE, {}, ("menus.csv", (HEADS + LINES).encode()))
    read = words(answer.text)
    assert answer.status_code == 200 and "1 repas à publier, 2 lignes refusées" in read
    assert "Ligne 3 : « noisette » n’est pas un des 14 allergènes" in read
    assert "Ligne 5 : la date « demain » ne s’écrit pas AAAA-MM-JJ" in read and "mardi 2 décembre" in read
    assert not await MealMenu.filter(member_id__not_isnull=True).exists()
    text = html.unescape(answer.text.partition('name="contenu" hidden>')[2].partition("</textarea>")[0])
    said = {"click": hidden(answer.text, "click"), "contenu": text}
    for _ in range(2):
        kept = await cook.post_form(f"{FILE}/enregistrement", said)
        assert kept.status_code == 303 and "debut=2025-12-01" in kept.headers["location"]
    page = words(await (await town.client()).get_page("/menus?debut=2025-12-01"))
    assert "Potage" in page and "Gâteau basque" not in page
    assert (await cook.post_form(f"{FILE}/enregistrement", {"contenu": "rien"})).status_code == 422


async def test_what_is_no_file_of_menus_is_refused(cook: Client) -> None:
    for name, content, why in (
        ("", b"", "Choisissez un fichier de menus."),
        ("menus.csv", b"nom,date\r\nPoire,demain", "Il y manque « menuDate »"),
        ("menus.xlsx", b"PK\0\3", "n’est pas un tableau de menus"),
        ("menus.csv", b"x" * (200 * 1024 + 1), "trop lourd"),
    ):
        answer = await with_file(cook).post(FILE, {}, (name, content))
        assert answer.status_code in (413, 422) and why in words(answer.text), name


async def test_restaurants_of_a_file_have_their_own_sheet(town: Portal, cook: Client) -> None:
    two = HEADS + LINES.splitlines()[0] + "\r\n" + LINES.splitlines()[0].replace("École", "Centre") + "\r\n"
    await cook.post_form(f"{FILE}/enregistrement", {"click": "two", "contenu": two})
    page = await cook.get_page(f"{PLACE}?debut=2025-12-01&restaurant=Centre")
    assert 'value="Potage [céleri]"' in html.unescape(page)
    await cook.get_page(f"{PLACE}?restaurant=Ailleurs", 404)
    assert (await cook.post_form(PLACE, {"restaurant": "Ailleurs"})).status_code == 404
    assert (await (await town.client("elu")).post_form(PLACE, {})).status_code == 403
