"""« Voir comme la famille »: a member looks at a parent's pages, nothing there changes, and the journal says so."""

import re
from typing import Any

import pytest
from tortoise.exceptions import IntegrityError

from models import clock
from models.access.member import Member
from models.access.session import Session
from models.messages.thread import Draft, MessageThread
from models.settings import Settings
from models.storage.database import rows
from models.work.audit_log import Event
from tests.portal import Client, Portal
from tests.town import People, settle
from tests.web.checkout import words
from tests.web.stranger import Open, Theirs
from tests.web.test_strangers import LINES
from web.app import create_app
from web.components.planning import live

HOME = "/accueil"
LEAVE = "/mairie/familles/vue/fin"
POSTS = re.compile(r'<form\b[^>]*method="post".*?</form>', re.DOTALL)
LIVE = re.compile(r'<(?:button|select|textarea|input(?![^>]*type="hidden"))\b(?! disabled)')
REFUSED = "Vous regardez le portail comme cette famille"
TO_BE_THEMSELVES = ("/compte/calendrier", "/paiement/{id:int}/banque")


@pytest.fixture
async def people(sqlite_db: str) -> People:
    return await settle()


@pytest.fixture
def town(people: People, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Portal:
    monkeypatch.setattr(live, "LIFE", 0)  # seconds: a stream ends at once
    return Portal(create_app(settings), settings)


async def looking(town: Portal, people: People) -> Client:
    browser = await town.client("mairie")
    answer = await browser.post_form(
        f"/mairie/familles/{people.durand.family_id}/vue", {"responsable": people.durand.id}
    )
    assert answer.status_code == 303 and answer.headers["location"] == HOME
    return browser


async def everything() -> dict[str, list[dict[str, Any]]]:
    """Each row of each table, but when the member was last seen."""
    tables = [row["name"] for row in await rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {table: await rows(f"SELECT * FROM {table}") for table in tables}
    for row in found["session"]:
        del row["seen"]
    return found


async def test_what_a_family_sees_with_a_way_back(town: Portal, people: People) -> None:
    browser = await town.client("mairie")
    file = await browser.get_page(f"/mairie/familles/{people.durand.family_id}")
    assert "Voir comme Léa Durand" in words(file)
    browser = await looking(town, people)
    page = await browser.get_page(HOME)
    assert "Vous regardez comme Léa Durand" in words(page) and "Revenir à la mairie" in page
    assert "<script" not in page and "/deconnexion" not in page, (
        "no outbox, no copies, no way out but the band's"
    )
    assert "portail-compte" not in (await browser.get(HOME)).headers
    assert "Vous regardez" not in await browser.get_page("/mairie/familles"), "the mairie's pages are its own"
    back = await browser.post_form(LEAVE)
    assert back.headers["location"] == f"/mairie/familles/{people.durand.family_id}"
    assert (await browser.get(HOME)).status_code == 403
    assert [(row.action, row.actor, row.family_id) for row in await Event.all().order_by("id")] == [
        (f"view.{what}", people.administrator.actor, people.durand.family_id) for what in ("began", "ended")
    ]


async def test_no_form_is_let_through(town: Portal, people: People) -> None:
    browser = await looking(town, people)
    before = await everything()
    for line in LINES:
        method, path = line.split(" ")
        keyed = path.startswith(("/banque/", "/desabonnement/"))  # no cookie is read there
        if method == "GET" or keyed or path == "/deconnexion":
            continue
        answer = await browser.post_form(re.sub(r"{[^}]*}", "1", path), {"responsable": people.petit.id})
        assert answer.status_code == 403 and REFUSED in answer.text, line
    assert await everything() == before


async def test_a_look_leaves_no_trace_and_shows_no_secret(town: Portal, people: People) -> None:
    """Every page of a parent, where the Durands have something to show; what they had not read stays new."""
    wanted: dict[str, str] = {}
    for line, kind in LINES.items():
        if line.startswith("GET ") and not isinstance(kind, Open):
            try:
                wanted[line] = await kind.address(people) if isinstance(kind, Theirs) else line.split(" ")[1]
            except IntegrityError:  # it is there already, another page shows it
                continue
    assert {"GET /notifications/{id:int}", "GET /messages/{id:int}", "GET /planning"} <= wanted.keys()
    await (await MessageThread.get()).answer(people.administrator, Draft("Oui", "answer", None), clock.now())
    browser = await looking(town, people)
    before = await everything()
    forms = 0
    for line, path in wanted.items():
        answer = await browser.get(path)
        closed = line.removeprefix("GET ") in TO_BE_THEMSELVES
        assert (answer.status_code == 403) == closed, (line, answer.status_code)
        assert answer.status_code < 500, line
        forms += len(POSTS.findall(answer.text))
        live = [
            form
            for form in POSTS.findall(answer.text)
            if LIVE.search(form) and f'action="{LEAVE}"' not in form
        ]
        assert live == [], f"{line}: a form that would be refused"
    after = await everything()
    assert [table for table in after if after[table] != before[table]] == []
    assert forms > len(wanted) + 5, "their forms are drawn all the same"


async def test_only_who_sees_the_whole_file_looks(town: Portal, people: People) -> None:
    for role in ("cashier", "kitchen", "reader"):
        await Member.filter(username="cantine").update(roles=[role])
        browser = await town.client("cantine")
        answer = await browser.post_form(
            f"/mairie/familles/{people.durand.family_id}/vue", {"responsable": people.durand.id}
        )
        assert answer.status_code == 403, role
    browser = await looking(town, people)
    strange = f"/mairie/familles/{people.petit.family_id}/vue"
    assert (await browser.post_form(strange, {"responsable": people.durand.id})).status_code == 404
    await Member.filter(username="mairie").update(roles=["cashier"])
    assert (await browser.get(HOME)).status_code == 403, "the role is gone, and the look with it"


async def test_to_look_at_another_or_to_sign_out_ends_it(town: Portal, people: People) -> None:
    browser = await looking(town, people)
    await browser.post_form(
        f"/mairie/familles/{people.durand.family_id}/vue", {"responsable": people.durand.id}
    )
    other = f"/mairie/familles/{people.petit.family_id}/vue"
    await browser.post_form(other, {"responsable": people.petit.id})
    assert "Paul Petit" in await browser.get_page(HOME)
    assert (await browser.post_form("/deconnexion")).status_code == 303
    said = [(row.action, row.family_id) for row in await Event.all().order_by("id")]
    durand, petit = people.durand.family_id, people.petit.family_id
    assert said == [
        ("view.began", durand),
        ("view.ended", durand),
        ("view.began", petit),
        ("view.ended", petit),
    ]
    assert await Session.filter(revoked=True).exists()
