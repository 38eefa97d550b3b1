"""What those do who open an account: the form, the e-mails, the links in them."""

import re
from datetime import datetime

import httpx

from models.access.letter import Letter, LetterRun
from models.access.member import Member
from models.families.guardian import Guardian
from models.work.email import Email
from tests.portal import Client, Portal
from tests.web.accounts import NEW

FORM = "/inscrivez-vous"
FORGOTTEN = "/mot-de-passe-oublie"
NUMBER, NORA, ADDRESS = "VF-1007", "nora.benali", "nora@benali.example"  # of the demo: has the letter
LINK = re.compile(r"https?://[^/\s]+(/(?:activation|nouveau-mot-de-passe|connexion/lien|adresse-e-mail)/\S+)")


async def letter_of(username: str, now: datetime) -> str:
    """The code of a letter that the mairie has sent."""
    guardian, member = await Guardian.get(username=username), await Member.all().order_by("id").first()
    assert member
    count = await LetterRun.all().count()
    run = await LetterRun.create(click=f"click {count}", member_id=member.id, count=1, made_at=now)
    await Letter.filter(guardian_id=guardian.id, revoked_at=None).update(revoked_at=now)
    letter = Letter.to(guardian.id, run.id, now)
    await letter.save()
    return letter.code


async def subscribe(browser: Client, **said: str) -> httpx.Response:
    typed = {"dossier": NUMBER, "adresse": ADDRESS, "identifiant": NORA, "mot_de_passe": NEW}
    return await browser.post_form(FORM, {**typed, **said})


async def mails(town: Portal) -> list[Email]:
    await town.run_jobs()
    return await Email.all().order_by("id")


async def link_in_the_last(town: Portal) -> str:
    """The path of the link of the last e-mail."""
    last = (await mails(town))[-1]
    found = LINK.search(last.opened[0])
    assert found, last.opened[0]
    return found[1]
