"""An agent's invitation: an e-mail, a password chosen once, and the first sign-in."""

from dataclasses import replace

import pytest

from models.access.member import Member
from models.access.staff.invitation import Invitation
from models.clock import now
from models.work.audit_log import Event
from models.work.email import Email
from tests.engines import ON_SQLITE
from tests.portal import Portal
from tests.web.agents import PASSWORD, PLACE, password_typed, path_of
from tests.web.checkout import words

LINK = "/espace-mairie/invitation"
NEW = {
    "nom": "Nora Agent",
    "identifiant": " Nora.Agent ",
    "adresse": "nora@mairie.example",
    "roles": ["kitchen"],
}


async def last_link(town: Portal) -> str:
    await replace(town, settings=replace(town.settings, demo=True)).run_jobs()  # without a server for mail
    mail = await Email.all().order_by("-id").first()
    assert mail and mail.sealed and LINK not in mail.text, "sealed"
    return path_of(mail.opened[0]).rpartition("/")[2]


@ON_SQLITE
async def test_an_invitation_opens_an_account_once(staffed: Portal) -> None:
    odile = await staffed.client("odile")
    await enrolled_here()
    answer = await odile.post_form(f"{PLACE}/nouveau", NEW)
    assert answer.status_code == 303, words(answer.text)
    assert "L’invitation est partie" in words(await odile.get_page(answer.headers["location"]))
    first = await last_link(staffed)
    nora, visitor = await Member.get(username="nora.agent"), await staffed.client()
    assert (nora.password, nora.roles) == ("", ["kitchen"])
    for typed in ("", "nobody"):
        form = {"identifiant": "nora.agent", "mot_de_passe": typed}
        assert (await visitor.post_form("/connexion", form)).status_code == 422, "no password opens it"
    await odile.post_form(f"{PLACE}/{nora.id}/invitation")
    secret = await last_link(staffed)
    assert secret != first and (await visitor.get(f"{LINK}/{first}")).status_code == 410, "replaced"
    page = words(await visitor.get_page(f"{LINK}/{secret}"))
    assert "Nora Agent" in page and "nora.agent" in page and "16 caractères minimum" in page
    for wrong, said in (
        ({}, "Saisissez votre mot de passe"),
        ({"mot_de_passe": "treize lettre", "confirmation": "treize lettre"}, "16 caractères"),
        ({"mot_de_passe": PASSWORD, "confirmation": "autre"}, "différents"),
    ):
        refused = await visitor.post_form(f"{LINK}/{secret}", wrong)
        assert refused.status_code == 422 and said in words(refused.text)
    sent = {"mot_de_passe": PASSWORD, "confirmation": PASSWORD}
    assert (await visitor.post_form(f"{LINK}/{secret}", sent)).headers["location"].startswith("/connexion")
    assert (await visitor.post_form(f"{LINK}/{secret}", sent)).status_code == 410, "once"
    assert (await password_typed(visitor, "nora.agent")).headers["location"] == "/mairie/tableau-de-bord"
    done = {event.action for event in await Event.filter(object=nora.actor)}
    assert done == {"member.invited", "member.written", "member.joined", "session.refused", "session.open"}
    await staffed.verify()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_link_ends(staffed: Portal) -> None:
    odile = await staffed.client("odile")
    await enrolled_here()
    await odile.post_form(f"{PLACE}/nouveau", NEW)
    secret, visitor = await last_link(staffed), await staffed.client()
    nora = await Member.get(username="nora.agent")
    await odile.post_form(f"{PLACE}/{nora.id}/blocage")
    assert (await visitor.get(f"{LINK}/{secret}")).status_code == 410, "with the access"
    assert (await odile.post_form(f"{PLACE}/{nora.id}/invitation")).status_code == 422
    await odile.post_form(f"{PLACE}/{nora.id}/deblocage")
    assert (await visitor.get(f"{LINK}/{secret}")).status_code == 410, "and stays so"
    await odile.post_form(f"{PLACE}/{nora.id}/invitation")
    secret = await last_link(staffed)
    await Invitation.all().update(expires=0)
    sent = {"mot_de_passe": PASSWORD, "confirmation": PASSWORD}
    assert (await visitor.post_form(f"{LINK}/{secret}", sent)).status_code == 410, "with its week"
    assert (await visitor.get(f"{LINK}/nothing")).status_code == 410


async def enrolled_here() -> None:
    """Odile's second step is set up: her other session, opened before, would end, so it is set behind her back."""
    await Member.filter(username="odile").update(code_since=now(), code_secret=b"x")
