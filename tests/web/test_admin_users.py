"""« Utilisateurs »: who may come in, as what, and that somebody always may let others in; « Qui voit quoi »."""

import asyncio
import re

import pytest

from models.access.member import Member
from models.access.session import Session
from models.access.staff import members
from models.access.staff.members import LastAdministrator
from models.access.throttle import Throttle
from models.clock import now
from models.rules.families.health import NEEDED_BY
from models.rules.roles import ROLES
from models.work.audit_log import Event
from tests.portal import Client, Portal
from tests.web.agents import PLACE, agent
from tests.web.checkout import words
from web.app import menu
from web.components.admin.users.matrix import HEALTH
from web.page.menu import PRIVATE

HOME = "/mairie/tableau-de-bord"
sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
async def odile(staffed: Portal) -> Client:
    """Of a town whose other administrator has no access."""
    await Member.filter(username="odile").update(code_since=now(), code_secret=b"x")
    await Member.filter(username="mairie").update(blocked_at=now())
    return await staffed.client("odile")


def form(member: Member, *roles: str, **more: str) -> dict[str, object]:
    return {"nom": member.name, "adresse": "a@b.example", "roles": list(roles), **more}


@sqlite
async def test_an_agent_is_changed_blocked_and_let_in_again(staffed: Portal, odile: Client) -> None:
    nora = await agent("nora", "kitchen")
    theirs = await staffed.client("nora")
    page = words(await odile.get_page(PLACE))
    assert "Agent nora" in page and "Cantine" in page and "jamais" in page and "facultative" in page
    assert "Agent nora" in words(await odile.get_page(f"{PLACE}/{nora.id}"))
    assert (await odile.get(f"{PLACE}/999")).status_code == 404
    refused = await odile.post_form(f"{PLACE}/{nora.id}", form(nora))
    assert refused.status_code == 422 and "Cochez au moins un rôle" in words(refused.text)
    answer = await odile.post_form(f"{PLACE}/{nora.id}", form(nora, "manager", "leader"))
    assert "C’est enregistré" in words(await odile.get_page(answer.headers["location"]))
    assert (await Member.get(id=nora.id)).roles == ["manager", "leader"]
    assert (await theirs.get(HOME)).headers["location"].startswith("/connexion"), (
        "other roles, another session"
    )
    theirs = await staffed.client("nora")
    assert (await theirs.get("/mairie/demandes")).status_code == 200
    await odile.post_form(f"{PLACE}/{nora.id}/blocage")
    blocked = await theirs.post_form("/mairie/demandes/1/refus", {"motif": "x"})
    assert blocked.status_code == 303 and blocked.headers["location"].startswith("/connexion"), "at once"
    assert "bloqué" in words(await odile.get_page(PLACE))
    await Throttle.failed(*[f"account:{nora.actor}"] * 9)
    await odile.post_form(f"{PLACE}/{nora.id}/deblocage")
    assert await Throttle.filter(key=f"account:{nora.actor}").count() == 0
    assert (await Member.get(id=nora.id)).blocked_at is None
    assert (await odile.post_form(f"{PLACE}/{nora.id}/invitation")).status_code == 303
    assert (await odile.post_form(f"{PLACE}/{nora.id}/double-authentification")).status_code == 303
    told = Event.filter(object=nora.actor).order_by("id")
    assert [event.action for event in await told] == [
        "member.changed", "member.block", "member.unblock", "member.written",
    ]  # fmt: skip
    [change, *_] = await told
    assert change.details["before"]["roles"] == ["kitchen"]
    assert change.details["after"]["roles"] == ["manager", "leader"]


@sqlite
async def test_a_wrong_invitation_comes_back(odile: Client) -> None:
    assert "Envoyer l’invitation" in words(await odile.get_page(f"{PLACE}/nouveau"))
    sent = {"nom": "Paul", "identifiant": "durand15", "adresse": "paul@mairie.example", "roles": ["reader"]}
    for wrong, said in (
        ({}, "déjà pris"),  # a parent's
        ({"identifiant": "CANTINE"}, "déjà pris"),
        ({"identifiant": "paul martin"}, "sans espace"),
        ({"adresse": "paul"}, "adresse e-mail"),
        ({"roles": ["king"]}, "réponses de la liste"),
    ):
        answer = await odile.post_form(f"{PLACE}/nouveau", sent | wrong)
        assert answer.status_code == 422 and said in words(answer.text), wrong
    assert not await Member.exists(name="Paul")


@sqlite
async def test_the_last_administrator_stays(odile: Client) -> None:
    me = await Member.get(username="odile")
    for path, sent in (
        (f"{PLACE}/{me.id}/blocage", {}),
        (f"{PLACE}/{me.id}", form(me, "manager")),
        (f"{PLACE}/{me.id}/double-authentification", {}),
    ):
        answer = await odile.post_form(path, sent)
        assert answer.status_code == 422 and "un autre administrateur" in words(answer.text), path
    invited = await members.invite("ida", "Ida", "ida@mairie.example", ["administrator"], me.actor, now())
    with pytest.raises(LastAdministrator):
        await members.block(me.id, invited.actor, now())  # who has not come yet is nobody to count on
    with pytest.raises(LastAdministrator):
        await members.change(me.id, me.name, "a@b.example", ["manager"], invited.actor, now())
    assert (await Member.get(id=me.id)).roles == ["administrator"]


async def test_of_two_administrators_who_block_each_other_one_stays(staffed: Portal) -> None:
    await Member.filter(username="mairie").update(blocked_at=now())
    odile, ida = await Member.get(username="odile"), await agent("ida", "administrator")
    done = await asyncio.gather(
        members.block(odile.id, ida.actor, now()),
        members.block(ida.id, odile.actor, now()),
        return_exceptions=True,
    )
    assert sorted(map(str, map(type, done))) == sorted(map(str, (bool, LastAdministrator)))
    assert await Member.filter(blocked_at=None, username__in=["odile", "ida"]).count() == 1
    assert await Session.filter(revoked=False).count() == 0


async def test_the_matrix_says_what_the_portal_does(staffed: Portal, odile: Client) -> None:
    """Each cell is asked of the portal itself."""
    page = await odile.get_page(f"{PLACE}/qui-voit-quoi")
    assert "Agent odile · Administrateur ·" in words(page)
    said = {
        words(label): [words(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)]
        for label, row in re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', page, re.DOTALL)
    }
    assert set(said) == {entry.label for entry in menu()} | {*PRIVATE.values(), *HEALTH.values()}
    for column, role in enumerate(ROLES):
        await Member.create(
            username=role, name=role, password="x", roles=[role], code_since=now(), code_secret=b"x"
        )
        browser = await staffed.client(role)
        opened = set()
        for entry in menu():
            status = (await browser.get(entry.href)).status_code
            assert (status == 200) == (said[entry.label][column] != "–"), (entry.label, role)
            opened |= {entry.label} if status == 200 else set()
        for kind, label in PRIVATE.items():
            shown = {entry.label for entry in menu() if kind in entry.shows} & opened
            assert {one for one in said[label][column].split(", ") if one != "–"} == shown, (label, role)
        for kind, label in HEALTH.items():
            assert (said[label][column] != "–") == (role in NEEDED_BY[kind]), (label, role)
