"""« Logo »: what the mairie sends is drawn anew, and shown at the head of pages and papers and on the icons."""

import io
import random

import pytest
from PIL import Image

from models.commune.commune import Commune
from models.commune.letterhead import issuer
from models.commune.town_logo import HEIGHT, MOST_BYTES, MOST_SIDE, MOST_SMALL_BYTES, WIDEST, TownLogo, draw
from models.work.audit_log import Event
from tests.portal import Client, Portal
from tests.web.checkout import words
from tests.web.hostile import SVG
from tests.web.messaging import PDF, picture, with_file
from tests.web.test_admin_town_settings import Open

PLACE = "/mairie/reglages/logo"


def noise(size: tuple[int, int], kind: str, mode: str) -> bytes:
    """What compresses least."""
    into, made = io.BytesIO(), random.Random(1)
    Image.frombytes(mode, size, made.randbytes(size[0] * size[1] * len(mode))).save(into, kind)
    return into.getvalue()


@pytest.fixture
async def town(portal: Open) -> Portal:
    return await portal("lens", now="2018-08-27T10:00:00")


@pytest.fixture
async def anne(town: Portal) -> Client:
    return await town.client("mairie")


async def test_a_logo_is_shown_wherever_the_town_is_named(town: Portal, anne: Client) -> None:
    stranger = await town.client()
    before = (await stranger.get("/manifest.webmanifest")).json()["icons"][0]["src"]
    for _ in range(2):  # a double click
        answer = await with_file(anne).post(PLACE, {"texte": ""}, ("blason.png", picture("PNG", (800, 400))))
        assert answer.headers["location"] == f"{PLACE}?fait=1"
    row = await TownLogo.get()
    assert f'<img src="/logo/{row.key}.webp" width="72" height="36" alt="">' in await stranger.get_page("/")
    assert f"/logo/{row.key}.png" in await anne.get_page(PLACE)
    shown = await stranger.get(row.address)
    assert shown.headers["content-type"] == "image/webp" and "immutable" in shown.headers["cache-control"]
    assert (
        (await stranger.get("/logo/0.webp")).status_code == (await stranger.get("/logo/x")).status_code == 404
    )
    icon = (await stranger.get("/manifest.webmanifest")).json()["icons"][0]["src"]
    assert icon != before and (await stranger.get(icon)).status_code == 200
    head = issuer(await Commune.with_logo())
    assert head.logo is not None and Image.open(io.BytesIO(head.logo)).size == (MOST_SIDE, MOST_SIDE // 2)
    await with_file(anne).post(PLACE, {"texte": "Ville fleurie"})
    assert 'alt="Ville fleurie"' in await stranger.get_page("/"), "the picture stayed"
    assert (await anne.post_form(f"{PLACE}/retrait", {})).headers["location"] == f"{PLACE}?fait=retrait"
    assert "/logo/" not in await stranger.get_page("/") and not issuer(await Commune.with_logo()).logo
    assert (await stranger.get(row.address)).status_code == 200, "a page that is open yet"
    said = [event.details["after"]["logo"] for event in await Event.filter(action="settings.changed")]
    assert said == ["blason.png", "blason.png", None]
    await town.verify()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_only_a_picture_is_a_logo(anne: Client) -> None:
    for name, content in (("logo.svg", SVG), ("logo.png", SVG), ("logo.pdf", PDF), ("", b"")):
        answer = await with_file(anne).post(PLACE, {"texte": ""}, (name, content))
        assert answer.status_code == 422 and "PNG" in words(answer.text), name
    assert not await TownLogo.exists() and not await Event.exists(action="settings.changed")


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("JPEG", "RGB")])
@pytest.mark.parametrize("size", [(900, 900), (1200, 60), (3, 700), (1, 1)])
def test_whatever_it_shows_it_is_small(kind: str, mode: str, size: tuple[int, int]) -> None:
    drawn = draw(noise(size, kind, mode))
    whole, small = (Image.open(io.BytesIO(body)) for body in (drawn.content, drawn.small))
    assert max(whole.size) <= MOST_SIDE and len(drawn.content) <= MOST_BYTES and whole.format == "PNG"
    assert len(drawn.small) <= MOST_SMALL_BYTES and small.format == "WEBP"
    assert 1 <= drawn.width <= WIDEST and 1 <= drawn.height <= HEIGHT
