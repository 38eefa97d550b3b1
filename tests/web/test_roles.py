"""Each page of the mairie × each role: who opens it, and what their menu shows. Nobody signs in to a 403.

Who may open a page is said once, in the `menu` of its component and by its guard; what that means is asked of the
portal itself.
"""

import re
from collections.abc import Collection

import pytest

from models.access.member import Member
from models.commune_file.loading import DEMO_STAFF
from models.rules.roles import ROLES
from models.settings import Settings
from models.storage import encryption
from models.work.audit_log import Event
from tests.portal import Client, Portal
from tests.town import PASSWORD, People, settle
from tests.web.test_strangers import MAIRIE
from web.app import create_app, menu
from web.page.menu import Entry

HOME = "/mairie/tableau-de-bord"

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
    encryption.use(settings.secret_keys)
    return Portal(create_app(settings), settings)


async def somebody(town: Portal, *roles: str) -> Client:
    hashed = (await Member.get(username="mairie")).password
    await Member.create(username="agent", name="Alix Agent", password=hashed, roles=list(roles))
    return await town.client("agent")


def let_in(roles: Collection[str], method: str) -> set[str]:
    """Whom a guard with these roles opens to: a reader reads what a manager sees, and changes nothing."""
    if set(roles) == set(ROLES):
        return set(ROLES)
    return {"administrator", *roles} | ({"reader"} if "manager" in roles and method == "GET" else set())


@pytest.mark.parametrize("entry", menu(), ids=lambda entry: entry.label)
def test_an_entry_of_the_menu_opens_to_the_roles_it_says(entry: Entry) -> None:
    page = MAIRIE.get(f"GET {entry.href}")
    assert page is not None, f"no route with a guard of the mairie answers {entry.href}"
    assert set(page.roles) == set(entry.roles), f"guard {entry.href} with @staff(*menu.roles)"
    assert set(entry.roles) <= set(ROLES), "models/rules/roles.py lists the roles"


def test_a_page_stands_below_an_entry_of_the_menu() -> None:
    """Where somebody came from, and whose roles opened it: its own are among them."""
    for line, page in MAIRIE.items():
        above = [entry for entry in menu() if entry.current(page.path)]
        assert above or page.roles == ROLES, (
            f"{line}: no entry of the menu leads there; guard it with @member"
        )
        assert not above or set(page.roles) <= set(above[0].roles), f"{line}: opens to more than its entry"


@each_role
async def test_a_role_opens_its_pages_and_no_other(town: Portal, role: str) -> None:
    browser = await somebody(town, role)
    for line, page in MAIRIE.items():
        method, _ = line.split(" ")
        answer = await (browser.get(page.path) if method == "GET" else browser.post_form(page.path))
        assert (answer.status_code != 403) == (role in let_in(page.roles, method)), (line, answer.status_code)
        assert answer.status_code in (200, 204, 303, 403, 404, 422), line


@each_role
async def test_a_menu_shows_what_opens_and_nothing_else(town: Portal, role: str) -> None:
    browser = await somebody(town, role)
    page = await browser.get_page(HOME)
    shown = menu_of(page)
    assert shown == [entry.href for entry in menu() if role in let_in(entry.roles, "GET")]
    assert shown[0] == HOME
    for href in shown:
        assert menu_of(await browser.get_page(href)) == shown, "the same on every page"
    for line, closed in MAIRIE.items():
        if line.startswith("GET ") and role not in let_in(closed.roles, "GET"):
            assert f'href="{closed.path}"' not in page, "neither in the menu nor on a tile"


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


async def test_a_long_menu_stands_under_headings_with_the_current_one_open(town: Portal) -> None:
    page = await (await somebody(town, "administrator")).get_page("/mairie/journal")
    folds = re.findall(r"<details( open)?>\s*<summary>.*?<span class=\"grow\">(.*?)</span>", page)
    assert [name for _, name in folds] == [
        "Aujourd’hui",
        "Familles",
        "Activités",
        "Régie",
        "Communication",
        "Réglages",
    ]
    assert [name for is_open, name in folds if is_open] == ["Aujourd’hui", "Réglages"]
    assert 'popovertarget="menu"' in page, "a telephone opens it by a button"


async def test_a_member_without_any_role_signs_in_to_a_home_too(town: Portal) -> None:
    browser = await somebody(town)
    assert menu_of(await browser.get_page(HOME)) == []
    await browser.get_page("/mairie/absences", status=403)


async def test_several_roles_open_the_pages_of_each(town: Portal) -> None:
    browser = await somebody(town, "kitchen", "leader")
    theirs = ["/mairie/pointage", "/mairie/listes", "/mairie/absences", "/mairie/menus"]
    page = await browser.get_page(HOME)
    assert menu_of(page) == [HOME, *theirs]
    assert "<summary>" not in page.partition("</nav>")[0], "few entries need no heading"


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
