"""What a browser asks before it installs the portal, and what the worker is told."""

import io
import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from models.settings import Settings
from tests.engines import ON_SQLITE
from web.components.pwa import pwa
from web.page import assets
from web.page.app_icon import ICONS, badge, draw
from web.page.theme import theme

BLUE, YELLOW = "#1D4ED8", "#F4C400"


def client(folder: Path, **commune: Any) -> TestClient:
    app = Starlette(routes=[*pwa.routes, *assets.static_routes])
    known = {"name": "Ville de Lens", "title": None, "colour": None, "logo": None} | commune
    known |= {"address": "17 bis place", "phone": "03 21", "email": "mairie@lens.test"}
    app.state.commune = SimpleNamespace(**known)
    app.state.settings = SimpleNamespace(data_dir=folder)
    return TestClient(app)


def picture(body: bytes) -> Image.Image:
    return Image.open(io.BytesIO(body))


def test_the_manifest_has_all_that_a_store_shows(tmp_path: Path) -> None:
    told = client(tmp_path, colour=YELLOW).get("/manifest.webmanifest").json()
    assert told["name"] == "Portail Famille – Ville de Lens"
    assert told["short_name"] == "Famille" and len(told["short_name"]) <= 12
    assert (told["id"], told["scope"], told["start_url"]) == ("/", "/", "/accueil?source=pwa")
    assert (told["lang"], told["dir"], told["display"]) == ("fr", "ltr", "standalone")
    assert told["theme_color"] == YELLOW and told["background_color"] not in ("#FFFFFF", "#F6F4F0")
    assert told["description"] and told["categories"] == ["education", "government"]
    assert told["launch_handler"] == {"client_mode": "navigate-existing"}
    assert [(link["name"], link["url"]) for link in told["shortcuts"]] == [
        ("Planning", "/planning"),
        ("Prévenir d’une absence", "/absences/nouvelle"),
    ]


def test_each_picture_of_the_manifest_is_as_large_as_it_says(tmp_path: Path) -> None:
    browser = client(tmp_path)
    told = browser.get("/manifest.webmanifest").json()
    assert {(icon["sizes"], icon["purpose"]) for icon in told["icons"]} == {
        (size, purpose) for size in ("192x192", "512x512") for purpose in ("any", "maskable")
    }
    assert [shot["form_factor"] for shot in told["screenshots"]] == ["narrow", "narrow", "narrow", "wide"]
    assert all(shot["label"] for shot in told["screenshots"])
    for named in (*told["icons"], *told["screenshots"]):
        answer = browser.get(named["src"])
        assert answer.headers["content-type"] == named["type"]
        assert answer.headers["cache-control"] == assets.FOR_EVER
        width, height = picture(answer.content).size
        assert f"{width}x{height}" == named["sizes"]
    files = [*(assets.ROOT / "pwa" / "screenshots").iterdir()]
    assert len(files) == 4 and sum(file.stat().st_size for file in files) < 400_000


def test_the_manifest_is_not_sent_twice(tmp_path: Path) -> None:
    browser = client(tmp_path)
    answer = browser.get("/manifest.webmanifest")
    assert answer.headers["content-type"] == "application/manifest+json"
    assert answer.headers["cache-control"] == "public, max-age=300"
    again = browser.get("/manifest.webmanifest", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


@ON_SQLITE
async def test_the_start_page_answers(portal) -> None:
    town = await portal("lens", now="2018-08-27T10:00:00")
    claire = await town.client("famille15")
    told = json.loads((await claire.get("/manifest.webmanifest")).text)
    assert (await claire.get(told["start_url"])).status_code == 200
    visitor = await town.client()
    assert (await visitor.get(told["start_url"])).headers["location"].startswith("/connexion?suite=/accueil")


def test_a_commune_without_logo_has_the_mark_in_its_colour(tmp_path: Path) -> None:
    drawn = picture(draw(badge(YELLOW, None, tmp_path), "maskable", 192)).convert("RGB")
    assert drawn.getpixel((0, 0)) == drawn.getpixel((191, 191)) == (0xF4, 0xC4, 0)
    assert badge(YELLOW, None, tmp_path).key != badge(BLUE, None, tmp_path).key


@pytest.mark.parametrize("size", [(900, 300), (40, 40), (200, 800)])
def test_a_logo_stands_inside_the_circle_that_is_never_cut(tmp_path: Path, size: tuple[int, int]) -> None:
    Image.new("RGBA", size, "#CC0000").save(tmp_path / "logo.png")
    made = badge(BLUE, "logo.png", tmp_path)
    for shape, side in ICONS:
        drawn = picture(draw(made, shape, side))
        assert drawn.size == (side, side)
        assert (drawn.mode == "RGBA") == (shape == "any"), "only the plain icon has corners to see through"
    green = picture(draw(made, "maskable", 512)).getchannel("G").tobytes()
    red = [(x, y) for x in range(0, 512, 4) for y in range(0, 512, 4) if green[512 * y + x] < 100]
    assert red and max((x - 255.5) ** 2 + (y - 255.5) ** 2 for x, y in red) <= (0.4 * 512) ** 2


@pytest.mark.parametrize(
    "logo", ["missing.png", "../logo.png", "broken.png", "drawing.svg", "/etc/hostname", "."]
)
def test_what_is_no_picture_of_the_portals_folder_is_no_logo(tmp_path: Path, logo: str) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    Image.new("RGB", (9, 9)).save(tmp_path / "logo.png")
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n of nothing")
    (folder / "drawing.svg").write_text("<svg/>")
    assert badge(BLUE, logo, folder) == badge(BLUE, None, folder)


def test_an_icon_is_kept_for_ever_only_under_its_own_key(tmp_path: Path) -> None:
    browser = client(tmp_path, colour=YELLOW)
    key = badge(YELLOW, None, tmp_path).key
    assert "immutable" in browser.get(f"/icone/{key}/any-192.png").headers["cache-control"]
    assert "immutable" not in browser.get("/icone/before/any-192.png").headers["cache-control"]
    assert browser.get(f"/icone/{key}/any-99999.png").status_code == 404


def test_the_other_icons_are_where_browsers_look(tmp_path: Path) -> None:
    browser = client(tmp_path, colour=YELLOW)
    assert picture(browser.get("/favicon.ico").content).size == (48, 48)
    apple = picture(browser.get("/apple-touch-icon.png").content)
    assert apple.size == (180, 180) and not apple.has_transparency_data
    assert apple.convert("RGB").getpixel((0, 0)) == (0xF4, 0xC4, 0)


def test_the_worker_is_asked_for_each_time_and_knows_its_files(tmp_path: Path) -> None:
    answer = client(tmp_path).get("/sw.js")
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-type"].startswith("text/javascript")
    found = re.search(r"^const FILES = (\[.*?\]);$", answer.text, re.DOTALL | re.MULTILINE)
    assert found and set(json.loads(found[1])) == set(assets.addresses())
    assert (
        assets.asset(assets.SHEET) in assets.addresses() and assets.asset(assets.SCRIPT) in assets.addresses()
    )


async def test_a_page_says_whose_it_is_and_another_sign_in_is_another_mark(portal) -> None:
    town = await portal("lens", now="2018-08-27T10:00:00")
    marks = []
    for _ in range(2):
        claire = await town.client("famille15")
        marks += [(await claire.get(path)).headers["portail-compte"] for path in ("/accueil", "/planning")]
    assert marks[0] == marks[1] != marks[2] == marks[3]
    assert "portail-compte" not in (await (await town.client()).get("/connexion")).headers
    agent = await (await town.client("mairie")).get("/mairie/demandes")
    assert agent.headers["portail-compte"] not in marks, "whose copy of the roll is it?"


@ON_SQLITE
async def test_signing_out_empties_the_browser(portal) -> None:
    town = await portal("lens", now="2018-08-27T10:00:00")
    claire = await town.client("famille15")
    assert '"cache"' in (await claire.post_form("/deconnexion")).headers["clear-site-data"]


async def test_only_parents_and_visitors_have_the_worker(portal) -> None:
    town = await portal("lens", now="2018-08-27T10:00:00")
    script = assets.asset(assets.SCRIPT)
    assert script in await (await town.client("famille15")).get_page("/planning")
    assert script in await (await town.client()).get_page("/connexion")
    assert script not in await (await town.client("mairie")).get_page("/mairie/demandes")


async def test_the_page_read_offline_is_nobodys(portal) -> None:
    town = await portal("lens", now="2018-08-27T10:00:00")
    claire = await town.client("famille15")
    page = await claire.get_page("/hors-connexion")
    assert "Vous êtes hors connexion." in page and "Cette page a besoin d’Internet." in page
    assert "<!-- copies -->" in page and "csrf" not in page and "Claire" not in page


async def test_how_to_install_is_told_for_each_telephone(portal) -> None:
    town = await portal("lens", now="2018-08-27T10:00:00")
    page = await (await town.client()).get_page("/installer")
    words = ("<b>Partager</b>", "<b>Sur l’écran d’accueil</b>", "<b>Ajouter</b>", "Firefox")
    assert [word for word in words if word not in page] == []
    assert page.count("data-install hidden") == 1
    assert "data-install hidden" in await (await town.client("famille15")).get_page("/accueil")


def test_the_installed_application_does_not_offer_itself(tmp_path: Path) -> None:
    sheet = client(tmp_path).get(assets.asset(assets.SHEET)).text
    assert "@media (display-mode:standalone){.install{display:none;}}" in sheet


def test_the_colour_of_the_application_is_the_pages(tmp_path: Path, settings: Settings) -> None:
    told = client(tmp_path, colour="#7A0C4C").get("/manifest.webmanifest").json()
    assert told["theme_color"] == theme("#7A0C4C").brand
