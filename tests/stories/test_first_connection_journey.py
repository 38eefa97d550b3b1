"""A family that has the letter and no account yet (story L7): from the paper to the six modules of Lens, and back in
when the password is forgotten."""

import re
from collections.abc import Awaitable, Callable

import pytest

from models.access.letter import LetterRun
from models.families.guardian import Guardian
from models.work.audit_log import Event
from tests.documents.reading import words as words_on_paper
from tests.portal import Client, Portal
from tests.web.accounts import NEW
from tests.web.checkout import words
from tests.web.first_connections import FORGOTTEN, FORM, link_in_the_last, mails
from tests.web.signing_in import enter

OpenPortal = Callable[..., Awaitable[Portal]]
ACCOUNTS = "/mairie/comptes"
FILE, MARC, CHOSEN, TYPED = "17.2210", "delattre17", "marc.delattre", "marc@ailleurs.example"
CODE = re.compile(r"\b[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}\b")
AGAIN = "deux chiens dans la neige"
MODULES = ["Accueil", "Planning", "Récapitulatif", "Factures", "Messages", "Inscriptions"]


async def letter(town: Portal) -> str:
    """What the paper says that the mairie prints for the one family without an account."""
    mairie = await town.client("mairie")
    await mairie.post_form(f"{ACCOUNTS}/courriers", {"tous": "1", "click": "a"})
    await town.run_jobs()
    run = await LetterRun.get()
    assert run.count == 1
    return words_on_paper((await mairie.get(f"{ACCOUNTS}/courriers/{run.id}/pdf")).content)


async def modules(browser: Client) -> list[tuple[str, str]]:
    """Address and name of each entry of the menu."""
    home = await browser.get_page("/accueil")
    [menu] = re.findall(r'(?s)<nav[^>]*aria-label="Menu principal".*?</nav>', home)
    return [
        (way, words(said)) for way, said in re.findall(r'(?s)<a [^>]*href="([^"]+)"[^>]*>(.*?)</a>', menu)
    ]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_from_the_letter_to_the_six_modules_and_in_again(portal: OpenPortal) -> None:
    town = await portal("lens", now="2018-08-27T10:00:00")
    paper = await letter(town)
    code = CODE.search(paper)
    assert code and FILE in paper and MARC in paper and "Marc Delattre" in paper

    marc = await town.client()
    sign_in = await marc.get_page("/connexion")
    assert f'href="{FORM}"' in sign_in and "Inscrivez-vous" in sign_in
    fields = {"dossier": FILE, "code": code[0], "adresse": TYPED, "identifiant": CHOSEN, "mot_de_passe": NEW}
    answer = await marc.post_form(FORM, fields)
    assert "envoyé à m…c@ailleurs.example" in words(await marc.get_page(answer.headers["location"]))
    assert (await enter(marc, CHOSEN, NEW)).status_code == 422, "not before the e-mail is read"
    path = await link_in_the_last(town)
    mail = (await mails(town))[-1]
    assert (mail.recipient, mail.subject) == (TYPED, "Activez votre compte Portail Famille")
    assert CHOSEN in words(await marc.get_page(path))
    assert (await marc.post_form(path)).headers["location"] == "/accueil"

    found = await modules(marc)
    assert [name for _, name in found] == MODULES
    for way, name in found[1:]:
        [crumbs] = re.findall(r'(?s)<p class="crumbs">.*?</p>', await marc.get_page(way))
        said = words(crumbs)
        assert said.startswith("Vous êtes ici : Accueil › ") and name.lower() in said.lower(), (way, said)
    assert "Vous êtes ici : Accueil › Planning › Inès" in words(await marc.get_page("/planning"))

    lost = await town.client()
    assert f'href="{FORGOTTEN}"' in sign_in
    answer = await lost.post_form(FORGOTTEN, {"adresse": TYPED})
    assert "Si un compte existe pour cette adresse" in words(await lost.get_page(answer.headers["location"]))
    path = await link_in_the_last(town)
    answer = await lost.post_form(path, {"mot_de_passe": AGAIN, "confirmation": AGAIN})
    assert answer.headers["location"] == f"{FORGOTTEN}/change"
    assert (await marc.get("/accueil")).status_code == 303, "whoever was signed in is no more"
    assert (await enter(lost, CHOSEN, NEW)).status_code == 422
    assert (await enter(lost, CHOSEN, AGAIN)).headers["location"] == "/accueil"
    assert "Inès" in await lost.get_page("/planning")
    family = (await Guardian.get(username=CHOSEN)).family_id
    done = await Event.filter(family_id=family).values_list("action", flat=True)
    assert {"letter.made", "account.asked", "account.open", "password.asked", "password.reset"} <= set(done)
    await town.verify()
