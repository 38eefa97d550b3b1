"""« Réglages »: what the mairie says of itself; a file that is loaded later leaves it; an export gives it back."""

from collections.abc import Awaitable, Callable

import pytest

from models import commune_file
from models.commune.commune import Commune
from models.work.audit_log import Event
from tests.engines import ON_SQLITE
from tests.portal import Client, Portal, hidden
from tests.web.checkout import words

Open = Callable[..., Awaitable[Portal]]
PLACE = "/mairie/reglages"
sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
async def town(portal: Open) -> Portal:
    return await portal("lens", now="2018-08-27T10:00:00")


@pytest.fixture
async def anne(town: Portal) -> Client:
    return await town.client("mairie")


async def typed(anne: Client, **more: str) -> dict[str, str]:
    row = await Commune.get()
    form = {
        "vu": hidden(await anne.get_page(PLACE), "vu"), "nom": row.name, "titre": row.title or "",
        "adresse": row.address, "telephone": row.phone, "courriel": row.email, "couleur": row.colour or "",
    }  # fmt: skip
    return form | more


@ON_SQLITE
async def test_what_is_set_on_the_screen_stays_whatever_is_loaded(town: Portal, anne: Client) -> None:
    before = await Commune.get()
    form = await typed(
        anne, telephone="03 21 00 00 00", horaires="Lundi 9 h – 12 h\nMardi 9 h", siret="216 204 983 00018"
    )
    answer = await anne.post_form(PLACE, form)
    assert "C’est enregistré" in words(await anne.get_page(answer.headers["location"]))
    assert "03 21 00 00 00" in await anne.get_page(PLACE), "on every page at once"
    assert "Lundi 9 h – 12 h, Mardi 9 h" in words(await anne.get_page("/mentions-legales"))
    document = commune_file.read(commune_file.shipped("lens"))
    report = await commune_file.load(document, demo=False)
    row = await Commune.get()
    assert (row.phone, row.siret, row.email) == ("03 21 00 00 00", "21620498300018", before.email)
    assert "gardé : horaires, téléphone, SIRET" in str(report).replace("\u00a0", " ")
    said = await commune_file.export()
    assert said["commune"]["phone"] == "03 21 00 00 00" and said["commune"]["hours"].startswith("Lundi")
    again = commune_file.parse(said, "export.toml")
    assert (again.commune.phone, again.commune.hours) == (row.phone, row.hours)
    assert "gardé" not in str(await commune_file.load(again, demo=False)), "they say the same"
    event = await Event.get(action="settings.changed")
    assert event.details["before"]["phone"] == before.phone
    assert event.details["after"] == {"phone": row.phone, "hours": row.hours, "siret": row.siret}
    await Commune.all().update(name="Lens d’avant")  # a column that no screen has set
    await commune_file.load(document, demo=False)
    assert (await Commune.get()).name == before.name, "is the file’s still"


@sqlite
@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("couleur", "#FFFF00", "1,0:1 – illisible, il faut 4,5:1"),
        ("couleur", "bleu", "Saisissez une couleur"),
        ("siret", "123", "14 chiffres"),
        ("courriel", "mairie", "adresse e-mail"),
        ("nom", " ", "Saisissez le nom"),
        ("double_authentification", "jamais", "réponse de la liste"),
    ],
)
async def test_what_is_wrong_comes_back(
    town: Portal, anne: Client, field: str, value: str, said: str
) -> None:
    answer = await anne.post_form(PLACE, await typed(anne, **{field: value}))
    assert answer.status_code == 422 and said in words(answer.text)
    assert not await Event.exists(action="settings.changed")


@sqlite
async def test_a_colour_is_judged_while_it_is_chosen(town: Portal, anne: Client) -> None:
    assert "6,7:1 – lisible" in words(await anne.get_page(f"{PLACE}/couleur?couleur=%231d4ed8"))
    assert "illisible" in words(await anne.get_page(f"{PLACE}/couleur?couleur=%23FFFF00"))
    assert "#RRVVBB" in words(await anne.get_page(f"{PLACE}/couleur?couleur=bleu"))


@sqlite
async def test_two_who_change_at_once_are_told(town: Portal, anne: Client) -> None:
    first, second = (
        await typed(anne, telephone="03 21 00 00 01"),
        await typed(anne, telephone="03 21 00 00 02"),
    )
    assert (await anne.post_form(PLACE, first)).status_code == 303
    late = await anne.post_form(PLACE, second)
    assert late.status_code == 409 and "entre-temps" in words(late.text) and "03 21 00 00 01" in late.text
    assert (await anne.post_form(PLACE, await typed(anne, double_authentification="tous"))).status_code == 303
    row = await Commune.get()
    assert row.second_step and row.kept == ["phone"], "a file says nothing of the second step"
