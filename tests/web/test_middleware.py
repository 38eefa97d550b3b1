"""What every request meets: tokens, headers, limits."""

import re
from dataclasses import replace

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from models.settings import Settings
from models.storage import database
from tests.portal import Portal, hidden
from tests.town import People, settle
from tests.web.trial import of
from web.app import create_app
from web.http import signing, uploads
from web.page import town

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


@pytest.fixture
async def people(sqlite_db: str) -> People:
    return await settle()


@pytest.fixture
def portal(people: People, settings: Settings) -> Portal:
    return of(settings)


def paths(app: Starlette, methods: tuple[str, ...]) -> list[tuple[str, str]]:
    found = []
    for route in app.routes:
        assert isinstance(route, Route)
        path = re.sub(r"{[^}]*}", "1", route.path)
        found += [(method, path) for method in methods if method in (route.methods or ())]
    return found


async def test_no_unsafe_route_runs_without_its_token(portal: Portal, people: People) -> None:
    # A bank, and a mail program's one click: each proves itself otherwise.
    others = ("/banque/", "/desabonnement/")
    asked = [one for one in paths(portal.app, UNSAFE) if not one[1].startswith(others)]
    assert ("POST", "/connexion") in asked and ("POST", "/essai") in asked
    for username in (None, "durand15", "mairie"):
        browser = await portal.client(username)
        await browser.get("/connexion")
        for method, path in asked:
            for data in ({}, {"csrf": ""}, {"csrf": "A" * 43}, {"csrf": "é"}):
                answer = await browser.request(method, path, data=data)
                assert answer.status_code == 403, (username, method, path, data)


async def test_a_token_is_bound_to_its_session(portal: Portal) -> None:
    durand, petit = await portal.client("durand15"), await portal.client("petit17")
    theirs = await petit.token()
    assert (await durand.post("/essai", data={"csrf": theirs})).status_code == 403
    visitor = await portal.client()
    assert (await durand.post("/essai", data={"csrf": await visitor.token()})).status_code == 403
    assert (await visitor.post("/connexion", data={"csrf": theirs})).status_code == 403


async def test_a_visitors_token_does_not_serve_once_signed_in(portal: Portal) -> None:
    visitor = await portal.client()
    given = await visitor.token()
    signed_in = await portal.client("durand15")
    signed_in.carry("pf-visite", visitor.cookies["pf-visite"])
    assert (await signed_in.post("/essai", data={"csrf": given})).status_code == 403


async def test_a_form_or_a_header_carries_the_token(portal: Portal) -> None:
    browser = await portal.client("durand15")
    answer = await browser.post_form("/essai", {"op": ["1-2-2018-09-03:1", "été"]})
    assert answer.text == "1-2-2018-09-03:1,été"
    headers = {"x-csrf-token": await browser.token()}
    assert (await browser.post("/essai", headers=headers)).status_code == 200


async def test_pages_carry_the_token_that_works(portal: Portal) -> None:
    browser = await portal.client("durand15")
    page = await browser.get_page("/essai/page")
    hidden = re.search(r'name="csrf" value="([^"]+)"', page)
    assert hidden and signing.unmasked(hidden[1]) == await browser.token()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "none"}, 403),
        ({"origin": "http://127.0.0.1:8000"}, 200),
        ({"origin": "http://127.0.0.1:9000"}, 403),
        ({"origin": "https://ailleurs.example"}, 403),
        ({"origin": "null"}, 403),
        ({"host": "localhost:8000", "origin": "http://localhost:8000"}, 200),
    ],
)
async def test_a_form_comes_from_our_own_pages(portal: Portal, headers, status: int) -> None:
    browser = await portal.client("durand15")
    fields = {"csrf": await browser.token()}
    cookie = f"pf={browser.cookies['pf']}"
    answer = await browser.post("/essai", data=fields, headers={"cookie": cookie, **headers})
    assert answer.status_code == status


async def test_the_banks_door_asks_no_token(portal: Portal) -> None:
    visitor = await portal.client()
    assert (await visitor.post("/banque/essai", content=b"12345")).text == "5"


PAGES = [
    ("GET", "/", 200),
    ("GET", "/essai/page", 200),
    ("GET", "/theme.css", 200),
    ("GET", "/sante", 200),
    ("GET", "/static/rien.css", 404),
    ("GET", "/nulle-part", 404),
    ("GET", "/deconnexion", 405),
    ("GET", "/connexion", 303),
    ("POST", "/deconnexion", 303),
    ("GET", "/compte/mot-de-passe", 303),
    ("POST", "/connexion", 403),
    ("GET", "/mairie/essai", 403),
    ("GET", "/essai/panne", 500),
    ("GET", "/essai/absent", 503),
]


@pytest.mark.parametrize(("method", "path", "status"), PAGES)
async def test_every_answer_carries_the_headers(portal: Portal, method: str, path: str, status: int) -> None:
    browser = await portal.client(None if path == "/" else "durand15")
    fields = {"csrf": await browser.token()} if (method, status) == ("POST", 303) else None
    answer = await browser.request(method, path, data=fields)
    assert answer.status_code == status
    hold_headers(answer)


async def test_an_answer_to_a_body_too_long_carries_them_too(portal: Portal) -> None:
    answer = await (await portal.client("durand15")).post("/essai", content=b"x" * (uploads.LONGEST_FORM + 1))
    assert answer.status_code == 413
    assert "L’envoi est trop lourd\u00a0: 256\u00a0Ko au maximum." in answer.text
    hold_headers(answer)


def hold_headers(answer: httpx.Response) -> None:
    policy = answer.headers["content-security-policy"]
    if answer.headers.get("content-type", "").startswith("text/css"):  # a file asks for nothing
        assert policy == "default-src 'none'; frame-ancestors 'none'"
    else:
        hold_policy(policy)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    if answer.is_redirect or answer.headers["content-type"].startswith("text/html"):
        assert answer.headers["referrer-policy"] == "strict-origin-when-cross-origin"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert answer.headers["x-frame-options"] == "DENY"
        assert "camera=()" in answer.headers["permissions-policy"]
    assert len(answer.headers.get_list("cache-control")) == 1


def hold_policy(policy: str) -> None:
    for part in ("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"):
        assert part in policy
    assert "form-action 'self'" in policy and "object-src 'none'" in policy and "base-uri 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    ("path", "status"), [("/essai/page", 200), ("/nulle-part", 404), ("/essai/panne", 500)]
)
async def test_a_part_carries_what_a_script_of_ours_needs(portal: Portal, path: str, status: int) -> None:
    """Shown alone it could run and send nothing: the page around it has its own policy."""
    answer = await (await portal.client("durand15")).get(path, headers={"hx-request": "true"})
    assert answer.status_code == status
    packing = ("content-length", "content-type", "content-encoding", "vary")
    said = {name: value for name, value in answer.headers.items() if name not in packing}
    assert said == {
        "content-security-policy": "sandbox",
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
        **(
            {"hx-retarget": said.get("hx-retarget"), "hx-reswap": said.get("hx-reswap")}
            if status != 200
            else {}
        ),
    }


async def test_tls_is_for_ever_behind_tls(people: People, settings: Settings) -> None:
    real = of(replace(settings, base_url="https://lens.example", demo=False))
    answer = await (await real.client()).get("/")
    assert "max-age=31536000" in answer.headers["strict-transport-security"]
    assert "strict-transport-security" not in (await (await of(settings).client()).get("/")).headers


async def test_signed_in_pages_are_kept_nowhere(portal: Portal) -> None:
    browser = await portal.client("durand15")
    for path in ("/essai", "/essai/page"):
        assert (await browser.get(path)).headers["cache-control"] == "no-store"
    assert "max-age" in (await browser.get("/theme.css")).headers["cache-control"]


async def test_cookies_over_tls_are_for_this_host_and_scripts_cannot_read_them(people, settings) -> None:
    real = of(replace(settings, base_url="https://lens.example", demo=False))
    browser = await real.client()
    [cookie] = (await browser.get("/")).headers.get_list("set-cookie")
    assert cookie.startswith("__Host-pf-visite=")
    assert {"secure", "httponly", "samesite=lax", "path=/"} <= set(cookie.lower().split("; "))
    assert "domain" not in cookie.lower()
    assert signing.session_cookie(real.settings) == "__Host-pf"


async def test_a_demo_that_the_world_sees_has_secure_cookies(settings: Settings) -> None:
    assert signing.session_cookie(replace(settings, base_url="https://demo.example")) == "__Host-pf"
    assert signing.session_cookie(settings) == "pf"


async def test_a_length_that_lies_is_counted(portal: Portal) -> None:
    async def endless():
        for _ in range(10):
            yield b"x" * 65536

    browser = await portal.client("durand15")
    for path in ("/essai", "/banque/essai"):
        assert (await browser.post(path, content=endless())).status_code == 413
    answer = await browser.post("/banque/essai", content=b"", headers={"content-length": "-1"})
    assert answer.status_code == 413


async def test_a_form_that_is_no_text_is_refused(portal: Portal) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    browser = await portal.client("durand15")
    assert (await browser.post("/essai", content=b"op=\xff", headers=headers)).status_code == 400
    assert (await browser.post("/essai", content=b"op=%FF", headers=headers)).status_code == 400


async def test_only_our_own_name_is_served(people: People, settings: Settings) -> None:
    demo = await of(settings).client()
    real = await of(replace(settings, base_url="https://lens.example", demo=False)).client()
    for host, here, there in [
        ("127.0.0.1:8000", 200, 400),
        ("localhost:9000", 200, 400),
        ("[::1]:8000", 200, 400),
        ("lens.example", 400, 200),
        ("LENS.example:443", 400, 200),
        ("lens.example.ailleurs.example", 400, 400),
        ("", 400, 400),
        ("[", 400, 400),
    ]:
        assert (await demo.get("/connexion", headers={"host": host})).status_code == here, host
        assert (await real.get("/connexion", headers={"host": host})).status_code == there, host
    assert (await real.get("/sante", headers={"host": "127.0.0.1:8000"})).status_code == 200


async def test_the_portal_opens_and_closes_by_itself(sqlite_db: str, settings: Settings, tmp_path) -> None:
    await settle()
    await database.close()
    done: list[str] = []

    class Bell:
        async def start(self) -> None:
            done.append("start")

        async def stop(self) -> None:
            done.append("stop")

    app = create_app(settings, Bell())
    async with app.router.lifespan_context(app):
        assert app.state.commune.name == "Lens" and done == ["start"]
        await database.ping()
    assert done == ["start", "stop"]
    await database.connect(settings.database_url)
    assert await town.revision() == 0


async def test_the_token_of_a_form_is_another_text_each_time(portal: Portal) -> None:
    """Pages are packed: a secret that stood in them as it is could be guessed from their length."""
    browser = await portal.client("durand15")
    pages = [await browser.get_page("/essai/page") for _ in range(2)]
    tokens = {hidden(page, "csrf") for page in pages}
    plain = await browser.token()
    assert len(tokens) == 2 and all(plain not in page for page in pages)
    assert {signing.unmasked(token) for token in tokens} == {plain}
    assert signing.unmasked("été.AA") == "été.AA"


async def test_what_no_database_takes_is_no_page(db: str, settings: Settings) -> None:
    await settle()
    portal = of(settings)
    durand = await portal.client("durand15")  # beyond 32 bits, longer than a column, a NUL
    longer = f"/planning/confirmation/{'a' * 65}"
    odd = ("/planning/confirmation/%00", "/planning?lot=%00", "/planning?lot=a%00b")
    for path in (f"/paiement/{2**31}", f"/paiement/{2**63}/retour", longer, *odd):
        assert (await durand.get(path)).status_code == 404, path
    assert (await durand.post_form("/essai", {"nom": "a\0b"})).status_code == 400
    assert (await (await portal.client()).post_form("/connexion", {"identifiant": "a\0b"})).status_code == 400
