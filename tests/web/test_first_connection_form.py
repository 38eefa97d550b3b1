"""The form of « Inscrivez-vous »: what is wrong is said, and nobody learns who exists."""

import re
from collections.abc import Awaitable, Callable

import pytest

from models import clock
from models.access.first_connection import REFUSED
from models.access.member import Member
from models.families.guardian import Guardian
from models.rules.accounts.addresses import hidden
from models.work.audit_log import Event
from tests.engines import ON_SQLITE
from tests.portal import Client, Portal
from tests.web.accounts import NEW
from tests.web.checkout import words
from tests.web.first_connections import (
    ADDRESS,
    FORM,
    NORA,
    NUMBER,
    letter_of,
    link_in_the_last,
    mails,
    subscribe,
)

Open = Callable[..., Awaitable[Portal]]
sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
NOW = "2025-09-22T10:00:00"


@pytest.fixture
async def town(portal: Open) -> Portal:
    return await portal("demo", now=NOW)


@pytest.fixture
async def browser(town: Portal) -> Client:
    return await town.client()


@sqlite
async def test_nobody_learns_who_exists(town: Portal) -> None:
    """The same bytes for a file that is there, one that is not, another's address, one that has an account."""
    masks = re.compile(r'name="csrf" value="[^"]*"|data-now="\d+"')
    answers = set()
    for number, address in (
        (NUMBER, "nora@benali.exemple"),
        ("VF-9999", "nora@benali.exemple"),
        ("VF-1002", "sophie@moreau.example"),
    ):
        answer = await subscribe(await town.client(), dossier=number, adresse=address, identifiant="abcd")
        page = await (await town.client()).get_page(answer.headers["location"])
        answers.add((answer.status_code, masks.sub("", page).replace(hidden(address), "")))
    assert len(answers) == 1
    assert await mails(town) == []
    code, pages = await letter_of(NORA, clock.now()), set()
    for number, typed in ((NUMBER, "AAAA-BBBB-CCCC"), ("VF-9999", code), ("VF-1002", code)):
        answer = await subscribe(await town.client(), dossier=number, code=typed)
        text = masks.sub("", answer.text).replace(number, "").replace(typed, "")
        pages.add((answer.status_code, text))
    assert len(pages) == 1 and next(iter(pages))[0] == 422
    assert "ne vont pas ensemble" in words(next(iter(pages))[1])
    assert await mails(town) == [] and await Event.filter(action=REFUSED).count() == 6


@sqlite
async def test_a_known_address_is_answered_as_an_unknown_one(town: Portal) -> None:
    known = await subscribe(await town.client(), identifiant="abcd")
    unknown = await subscribe(await town.client(), dossier="VF-9999", identifiant="abcd")
    same = [(answer.status_code, answer.headers["location"], answer.text) for answer in (known, unknown)]
    assert same[0] == same[1]
    assert [mail.recipient for mail in await mails(town)] == [ADDRESS]


@ON_SQLITE
async def test_a_name_that_is_taken_is_said_kindly_with_others(town: Portal, browser: Client) -> None:
    code = await letter_of(NORA, clock.now())
    for taken in ("sophie.moreau", "MAIRIE"):
        answer = await subscribe(browser, code=code, identifiant=taken)
        page = words(answer.text)
        assert answer.status_code == 422 and "déjà pris" in page and "n.benali" in page
        assert NEW not in answer.text and f'value="{NUMBER}"' in answer.text, "the rest is kept"
    quiet = await subscribe(browser, identifiant="sophie.moreau")
    assert quiet.status_code == 303, "whoever has no letter learns nothing of names"
    path = await link_in_the_last(town)
    refused = await browser.post_form(path)
    assert refused.status_code == 422 and "déjà pris" in words(refused.text)
    assert (await browser.post_form(path, {"identifiant": "n.benali"})).status_code == 303
    assert await Guardian.exists(username="n.benali", password__isnull=False)


@sqlite
async def test_five_tries_then_one_waits(town: Portal, browser: Client) -> None:
    code = await letter_of(NORA, clock.now())
    for _ in range(5):
        assert (await subscribe(browser, code="AAAA-BBBB-CCCC")).status_code == 422
    waiting = await subscribe(browser, code=code)
    assert waiting.status_code == 429 and "Trop d’essais" in words(waiting.text)
    assert int(waiting.headers["retry-after"]) >= 1
    other = await subscribe(browser, dossier="VF-9999", code="AAAA-BBBB-CCCC")
    assert other.status_code == 422, "another file has its own tries"


@sqlite
@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        ({"dossier": ""}, "dossier", "Saisissez le numéro de dossier"),
        ({"adresse": "nora"}, "adresse", "adresse e-mail complète"),
        ({"adresse": "a@b.fr\u2028Bcc:x@y.fr"}, "adresse", "adresse e-mail complète"),
        ({"identifiant": "no"}, "identifiant", "3 caractères au minimum"),
        ({"identifiant": "n" * 41}, "identifiant", "40 caractères au maximum"),
        ({"identifiant": "nora@benali.example"}, "identifiant", "rien d’autre"),
        ({"mot_de_passe": "court"}, "mot_de_passe", "12 caractères au minimum"),
        ({"mot_de_passe": "nora.benali.nora"}, "mot_de_passe", "trop courant"),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field(
    town: Portal, browser: Client, said: dict[str, str], field: str, sentence: str
) -> None:
    answer = await subscribe(browser, **said)
    assert answer.status_code == 422 and f'id="{field}-erreur"' in answer.text
    assert sentence in words(answer.text)
    assert await mails(town) == []


@sqlite
async def test_the_square_of_a_letter_fills_the_form_in(browser: Client) -> None:
    answer = await browser.get(f"{FORM}?dossier=VF-1007&code=AAAA-BBBB-CCCC&nom=nora.benali")
    for value in ("VF-1007", "AAAA-BBBB-CCCC", "nora.benali"):
        assert f'value="{value}"' in answer.text
    assert answer.headers["referrer-policy"] == "same-origin"
    assert (await browser.get("/inscription")).headers["location"] == FORM


@sqlite
async def test_the_demo_says_whom_to_try(town: Portal, browser: Client) -> None:
    page = words(await browser.get_page("/"))
    assert f"dossier {NUMBER} , adresse {ADDRESS}" in page or f"dossier {NUMBER}, adresse {ADDRESS}" in page
    assert await Member.exists(username="mairie")
    for link in ("/mot-de-passe-oublie", FORM):
        assert f'href="{link}"' in await browser.get_page("/connexion")


@sqlite
async def test_what_comes_next_shows_no_text_of_others(browser: Client) -> None:
    page = await browser.get_page("/inscrivez-vous/envoye?adresse=Appelez le 08 99 00 00 00")
    assert "0899" not in page and "08 99" not in page and "cette adresse" in page
    assert "n…a@benali.example" in await browser.get_page("/inscrivez-vous/envoye?adresse=n…a@benali.example")
