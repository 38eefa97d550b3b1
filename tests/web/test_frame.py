from types import SimpleNamespace

import pytest
from jinja2 import ChoiceLoader, DictLoader
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from models.storage import heartbeat
from web.components.frame import frame
from web.page.assets import asset, static_routes
from web.page.templates import environment, render

LENS = SimpleNamespace(
    name="Ville de Lens",
    title=None,
    phone="03 21 69 86 86",
    email="mairie@lens.test",
    address="17 bis place Jean-Jaurès, 62300 Lens",
    colour="#F4C400",
    own_logo=None,
)


async def closed(request: Request) -> Response:
    raise HTTPException(403)


async def broken(request: Request) -> Response:
    raise ZeroDivisionError


def client(commune: object = LENS) -> TestClient:
    app = Starlette(
        routes=[*frame.routes, *static_routes, Route("/ferme", closed), Route("/casse", broken)],
        exception_handlers=dict.fromkeys((403, 404, 405, 500), frame.trouble),
    )
    app.state.commune = commune
    return TestClient(app, raise_server_exceptions=False)


def test_the_colours_follow_the_commune() -> None:
    sheet = client().get("/theme.css")
    assert sheet.headers["content-type"].startswith("text/css")
    assert "--brand:#F4C400;--on-brand:#000000;" in sheet.text
    assert "immutable" not in sheet.headers["cache-control"]
    assert "immutable" in client().get("/theme.css?c=F4C400").headers["cache-control"]
    assert "--brand:#1D4ED8" in client(None).get("/theme.css").text


def test_a_theme_that_is_known_is_not_sent_again() -> None:
    etag = client().get("/theme.css").headers["etag"]
    assert client().get("/theme.css", headers={"If-None-Match": etag}).status_code == 304


def test_health_asks_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    async def answers() -> None: ...

    async def is_gone() -> None:
        raise ConnectionError

    monkeypatch.setattr(heartbeat, "check", answers)
    assert client().get("/sante").status_code == 200
    monkeypatch.setattr(heartbeat, "check", is_gone)
    assert client().get("/sante").status_code == 500


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/nulle-part", 404, "Page introuvable. L’adresse est peut-être ancienne."),
        ("/ferme", 403, "Cette page n’est pas ouverte à votre compte."),
        ("/casse", 500, "Le service a un problème."),
    ],
)
@pytest.mark.parametrize("commune", [LENS, None])
def test_trouble_is_a_page_with_one_sentence(path: str, status: int, sentence: str, commune: object) -> None:
    answer = client(commune).get(path)
    assert (answer.status_code, sentence in answer.text) == (status, True)
    assert answer.text.count("<h1") == 1


@pytest.mark.parametrize("base", ["base", "public", "staff"])
def test_a_frame_is_valid_for_the_policy_and_for_readers(base: str) -> None:
    """One main, live regions that stay, skip link first, nothing inline."""
    page = draw(f'{{% extends "frame/{base}.html" %}}{{% block title %}}Essai{{% endblock %}}')
    assert page.count('<main id="contenu"') == page.count('id="annonce"') == page.count('id="alerte"') == 1
    assert page.index('href="#contenu"') < page.index("<header")
    assert "<title>Essai – Portail Famille – Ville de Lens</title>" in page
    assert '<html lang="fr">' in page
    for unwanted in (" style=", "<style", " onclick", "<script>", " hx-"):
        assert unwanted not in page


def test_signing_out_is_a_form_with_its_token() -> None:
    page = draw(
        '{% extends "frame/base.html" %}',
        user=SimpleNamespace(name="Claire Martin", actor="guardian:1", session=SimpleNamespace(left=float)),
        csrf=SimpleNamespace(masked="jeton"),
    )
    assert 'action="/deconnexion"' in page
    assert '<input type="hidden" name="csrf" value="jeton">' in page
    assert "Se déconnecter" in page


def test_errors_are_said_in_the_title_in_a_block_and_beside_the_field() -> None:
    source = (
        '{% extends "frame/base.html" %}{% from "frame/macros.html" import field, error_block %}'
        "{% block title %}Essai{% endblock %}{% block main %}{{ error_block(errors) }}"
        '{{ field("mel", "Adresse <mail>", error=errors.mel, type="email", required=true) }}{% endblock %}'
    )
    page = draw(source, errors={"mel": "Saisissez une adresse."})
    assert "<title>Erreur\u00a0: Essai" in page
    assert 'tabindex="-1" autofocus' in page
    assert '<a href="#mel">Saisissez une adresse.</a>' in page
    assert 'aria-invalid="true" aria-describedby="mel-erreur"' in page
    assert "Adresse &lt;mail&gt;" in page


def test_every_picture_named_by_a_template_is_in_the_sprite() -> None:
    sprite = TestClient(Starlette(routes=static_routes)).get(asset("icons.svg")).text
    for name in (
        "home",
        "plan",
        "bill",
        "list",
        "mail",
        "clock",
        "gear",
        "phone",
        "alert",
        "m-booked",
        "logo",
    ):
        assert f'<symbol id="{name}"' in sprite


def draw(source: str, **context: object) -> str:
    """A page of the given template, as a request at /accueil gets it."""
    app = Starlette()
    app.state.commune = LENS
    scope = {
        "type": "http",
        "path": "/accueil",
        "headers": [],
        "query_string": b"",
        "app": app,
        "method": "GET",
    }
    loaders = [DictLoader({"essai.html": source}), environment.loader]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            environment, "loader", ChoiceLoader([loader for loader in loaders if loader is not None])
        )
        patch.setattr(environment, "cache", {})
        return bytes(render(Request(scope), "essai.html", context).body).decode()
