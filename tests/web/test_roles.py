"""Each page of the mairie × each role: who opens it, and what their menu shows. Nobody signs in to a 403."""

import re

import pytest

from models.access.member import Member
from models.commune_file.loading import DEMO_STAFF
from models.rules.roles import ROLES
from models.settings import Settings
from models.work.audit_log import Event
from tests.portal import Client, Portal
from tests.town import PASSWORD, People, settle
from tests.web.test_strangers import STRANGERS, Mairie, all_routes
from web.app import create_app

HOME = "/mairie/tableau-de-bord"
EVERYBODY = set(ROLES)
MANAGERS = {"administrator", "manager"}
# A new page of the mairie has its lines here: who may open it, who may act on it.
OPEN = {
    "GET /mairie": EVERYBODY,
    "GET /mairie/tableau-de-bord": EVERYBODY,
    "GET /mairie/compte": EVERYBODY,
    "GET /mairie/compte/mot-de-passe": EVERYBODY,
    "POST /mairie/compte/mot-de-passe": EVERYBODY,
    "POST /mairie/compte/appareils/deconnexion": EVERYBODY,
    "POST /mairie/compte/appareils/{id:int}/deconnexion": EVERYBODY,
    "GET /mairie/demandes": MANAGERS | {"reader"},
    "POST /mairie/demandes": MANAGERS,
    "POST /mairie/demandes/retour": MANAGERS,
    "POST /mairie/demandes/{id:int}/acceptation": MANAGERS,
    "POST /mairie/demandes/{id:int}/refus": MANAGERS,
    "GET /mairie/liste-attente": MANAGERS | {"reader"},
    "GET /mairie/absences": MANAGERS | {"leader", "reader"},
    "GET /mairie/a-voir": MANAGERS | {"cashier", "reader"},
    "POST /mairie/a-voir": MANAGERS | {"cashier"},
    "POST /mairie/a-voir/retour": MANAGERS | {"cashier"},
    "POST /mairie/a-voir/{id:int}/vu": MANAGERS | {"cashier"},
    "GET /mairie/facturation": MANAGERS | {"cashier", "reader"},
    "POST /mairie/facturation": MANAGERS | {"cashier"},
    "GET /mairie/facturation/{id:int}": MANAGERS | {"cashier", "reader"},
    "GET /mairie/facturation/{id:int}/avancement": MANAGERS | {"cashier", "reader"},
    "GET /mairie/facturation/{id:int}/lettres": MANAGERS | {"cashier", "reader"},
    "POST /mairie/facturation/{id:int}/brouillons": MANAGERS | {"cashier"},
    "POST /mairie/facturation/{id:int}/abandon": MANAGERS | {"cashier"},
    "POST /mairie/facturation/{id:int}/emission": MANAGERS | {"cashier"},
    "GET /mairie/factures": MANAGERS | {"cashier", "reader"},
    "GET /mairie/factures/{id:int}": MANAGERS | {"cashier", "reader"},
    "POST /mairie/factures/{id:int}/avoir": MANAGERS | {"cashier"},
    "GET /mairie/factures/{id:int}/pdf": MANAGERS | {"cashier", "reader"},
    "GET /mairie/avoirs/{id:int}/pdf": MANAGERS | {"cashier", "reader"},
    "GET /mairie/travaux": MANAGERS | {"reader"},
    "POST /mairie/travaux/{id:int}/nouvel-essai": MANAGERS,
}

WANTED = (
    "",
    "/mairie",
    "/mairie/demandes",
    "/mairie/travaux",
    "/mairie/absences?debut=2018-09-03",
    "/planning",
)
CLOSED = (("/planning", 403), ("/mairie/nulle-part", 404), ("/nulle-part", 404), ("/accessibilite", 200))

each_role = pytest.mark.parametrize("role", ROLES)


@pytest.fixture
async def people(sqlite_db: str) -> People:
    return await settle()


@pytest.fixture
def town(people: People, settings: Settings) -> Portal:
    return Portal(create_app(settings), settings)


async def somebody(town: Portal, *roles: str) -> Client:
    hashed = (await Member.get(username="mairie")).password
    await Member.create(username="agent", name="Alix Agent", password=hashed, roles=list(roles))
    return await town.client("agent")


def test_each_page_of_the_mairie_says_who_opens_it() -> None:
    routes = [line for line in all_routes() if line.split(" ")[1].startswith("/mairie")]
    assert sorted(routes) == sorted(OPEN), "give the new route its roles above"


@each_role
async def test_a_role_opens_its_pages_and_no_other(town: Portal, role: str) -> None:
    browser = await somebody(town, role)
    for line, opened in OPEN.items():
        method, path = line.split(" ")
        kind = STRANGERS[line]
        path = kind.path or path if isinstance(kind, Mairie) else path
        answer = await (browser.get(path) if method == "GET" else browser.post_form(path))
        assert (answer.status_code != 403) == (role in opened), (line, answer.status_code)
        assert answer.status_code in (200, 303, 403, 404, 422), line


@each_role
async def test_a_menu_shows_what_opens_and_nothing_else(town: Portal, role: str) -> None:
    browser = await somebody(town, role)
    page = await browser.get_page(HOME)
    shown = menu_of(page)
    assert shown[0] == HOME
    for href in shown:
        assert menu_of(await browser.get_page(href)) == shown, "the same on every page"
    closed = {line[4:] for line, opened in OPEN.items() if line.startswith("GET ") and role not in opened}
    for path in closed:
        assert f'href="{path}"' not in page, "neither in the menu nor on a tile"
    readable = {line[4:] for line, opened in OPEN.items() if line.startswith("GET ") and role in opened}
    assert set(shown) == readable - {
        "/mairie",
        *(path for path in readable if path.startswith("/mairie/compte") or "{" in path),
    }


@pytest.mark.parametrize(("username", "role"), [(username, role) for username, _, role in DEMO_STAFF])
async def test_nobody_of_the_demo_signs_in_to_a_closed_page(
    town: Portal, people: People, username: str, role: str
) -> None:
    hashed = people.administrator.password
    if not await Member.exists(username=username):
        await Member.create(username=username, name=username, password=hashed, roles=[role])
    for then in WANTED:
        browser = await town.client()
        form = {"identifiant": username, "mot_de_passe": PASSWORD, "suite": then}
        answer = await browser.post_form("/connexion", form)
        assert answer.status_code == 303
        assert (await browser.get(answer.headers["location"], follow_redirects=True)).status_code == 200, then
        again = await browser.get("/connexion", params={"suite": then}, follow_redirects=True)
        assert again.status_code == 200, then


def test_the_demo_has_somebody_of_each_role() -> None:
    assert {username: role for username, _, role in DEMO_STAFF} == {
        "mairie": "administrator",
        "gestion": "manager",
        "regie": "cashier",
        "cantine": "kitchen",
        "animateur": "leader",
        "elu": "reader",
    }


async def test_who_wanted_a_page_of_theirs_comes_back_to_it(town: Portal) -> None:
    browser = await town.client()
    form = {"identifiant": "mairie", "mot_de_passe": PASSWORD, "suite": "/mairie/absences?debut=2018-09-03"}
    answer = await browser.post_form("/connexion", form)
    assert answer.headers["location"] == "/mairie/absences?debut=2018-09-03"


@each_role
async def test_a_closed_page_leads_back_to_ones_own_home(town: Portal, role: str) -> None:
    browser = await somebody(town, role)
    for path, status in CLOSED:
        page = await browser.get_page(path, status=status)
        assert 'href="/accueil"' not in page and 'href="/planning"' not in page
        assert f'href="{HOME}"' in page and menu_of(page)[0] == HOME


async def test_a_home_says_what_waits_and_whose_it_is(town: Portal) -> None:
    page = await (await somebody(town, "manager")).get_page(HOME)
    assert "Gestionnaire" in page and "Rien à traiter" in page
    kitchen = await (await town.client("cantine")).get_page(HOME)
    assert "Cantine" in kitchen and "Demandes" not in kitchen


async def test_a_member_without_any_role_signs_in_to_a_home_too(town: Portal) -> None:
    browser = await somebody(town)
    assert menu_of(await browser.get_page(HOME)) == []
    await browser.get_page("/mairie/absences", status=403)


async def test_several_roles_open_the_pages_of_each(town: Portal) -> None:
    browser = await somebody(town, "kitchen", "leader")
    assert menu_of(await browser.get_page(HOME)) == [HOME, "/mairie/absences"]


async def test_a_reader_is_shown_no_button_that_is_closed(town: Portal) -> None:
    browser = await somebody(town, "reader")
    for href in menu_of(await browser.get_page(HOME)):
        page = await browser.get_page(href)
        forms = re.findall(r'<form[^>]*method="post" action="([^"]*)"', page)
        assert set(forms) == {"/deconnexion"}, href


async def test_a_refused_page_writes_nothing(town: Portal) -> None:
    browser = await somebody(town, "reader")
    assert (await browser.post_form("/mairie/demandes/1/acceptation")).status_code == 403
    assert not await Event.all().exists()


def menu_of(page: str) -> list[str]:
    nav = re.search(r'<nav class="sidenav".*?</nav>', page, re.DOTALL)
    assert nav, "no menu"
    return re.findall(r'<a href="([^"]*)"', nav[0])
