"""« Comptes des parents »: who has one, letters with a code each, invitations, an access that is closed and opened."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from models import clock
from models.access.letter import Letter, LetterRun
from models.access.session import Session
from models.access.throttle import Throttle
from models.accounts import account_list, inviting, letters
from models.families.guardian import Guardian
from models.rules.accounts.letter import code_typed
from models.storage import encryption
from models.storage.paging import Cut
from models.work.audit_log import Event
from tests.documents.reading import words as words_on_paper
from tests.engines import ON_SQLITE
from tests.portal import Client, Portal
from tests.web.accounts import NEW
from tests.web.checkout import words
from tests.web.first_connections import ADDRESS, NORA, NUMBER, link_in_the_last, mails, subscribe
from tests.web.signing_in import enter

Open = Callable[..., Awaitable[Portal]]
sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
PLACE = "/mairie/comptes"


@pytest.fixture
async def town(portal: Open) -> Portal:
    return await portal("demo", now="2025-09-22T10:00:00")


@pytest.fixture
async def anne(town: Portal) -> Client:
    return await town.client("mairie")


async def nora() -> Guardian:
    return await Guardian.get(email=ADDRESS).select_related("family")


async def made(anne: Client, click: str = "click") -> LetterRun:
    answer = await anne.post_form(f"{PLACE}/courriers", {"parent": (await nora()).id, "click": click})
    assert answer.status_code == 303, words(answer.text)
    return await LetterRun.all().order_by("-id").first() or pytest.fail("no letter")


async def test_a_letter_opens_the_account(town: Portal, anne: Client) -> None:
    run = await made(anne)
    assert (await anne.get(f"{PLACE}/courriers/{run.id}/pdf")).status_code == 404, "not drawn yet"
    await town.run_jobs()
    pdf = await anne.get(f"{PLACE}/courriers/{run.id}/pdf")
    assert pdf.headers["content-type"] == "application/pdf" and pdf.headers["cache-control"] == "no-store"
    said = words_on_paper(pdf.content)
    found = re.search(r"\b[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}\b", said)
    assert found and NUMBER in said and NORA in said and "Nora Benali" in said
    [paper] = await letters.papers(run)
    asked = parse_qs(urlsplit(paper.url).query)
    assert asked == {"dossier": [NUMBER], "code": [found[0]], "nom": [NORA]}
    answer = await subscribe(await town.client(), code=found[0], adresse="nora@ailleurs.example")
    assert answer.status_code == 303
    visitor = await town.client()
    assert (await visitor.post_form(await link_in_the_last(town))).status_code == 303
    assert await letters.papers(run) == [] and await letters.waiting() == []
    page = words(await anne.get_page(f"{PLACE}?etat=actifs&recherche=benali"))
    assert "Nora Benali" in page and "actif" in page and "jamais" not in page
    await town.verify()


async def test_a_form_that_is_sent_twice_makes_them_once(town: Portal) -> None:
    anne, again = await town.client("mairie"), await town.client("mairie")
    sent = {"parent": (await nora()).id, "click": "click"}
    path = f"{PLACE}/courriers"
    answers = await asyncio.gather(anne.post_form(path, sent), again.post_form(path, sent))
    assert [answer.status_code for answer in answers] == [303, 303]
    assert await LetterRun.all().count() == await Letter.all().count() == 1


@sqlite
async def test_a_new_letter_replaces_the_one_before(town: Portal, anne: Client) -> None:
    first = await made(anne)
    [old] = await letters.papers(first)
    second = await made(anne, "another click")
    [new] = await letters.papers(second)
    assert old.code != new.code and await letters.papers(first) == []
    await town.run_jobs()
    assert (await anne.get(f"{PLACE}/courriers/{first.id}/pdf")).status_code == 404
    assert (await subscribe(await town.client(), code=old.code)).status_code == 422
    assert (await subscribe(await town.client(), code=code_typed(new.code))).status_code == 303


@sqlite
async def test_letters_for_everybody_who_has_no_account(town: Portal, anne: Client) -> None:
    await Guardian.filter(username__in=["karim.petit", "linh.nguyen"]).update(password=None)
    await Guardian.filter(username="linh.nguyen").update(blocked_at=clock.now())
    await anne.post_form(f"{PLACE}/courriers", {"tous": "1", "click": "click-tous"})
    run = await LetterRun.get()
    assert run.count == 2
    assert {paper.username for paper in await letters.papers(run)} == {"karim.petit", NORA}
    done = [event.actor for event in await Event.filter(action="letter.made")]
    assert len(done) == 2 and {actor.partition(":")[0] for actor in done} == {"member"}
    page = words(await anne.get_page(PLACE))
    assert "2 courriers" in page and "en préparation" in page


@sqlite
async def test_whoever_has_an_account_gets_no_letter(anne: Client) -> None:
    sophie = await Guardian.get(username="sophie.moreau")
    answer = await anne.post_form(f"{PLACE}/courriers", {"parent": sophie.id, "click": "c"})
    assert answer.status_code == 422 and "Cochez au moins un parent" in words(answer.text)
    answer = await anne.post_form(f"{PLACE}/invitations", {"parent": sophie.id, "click": "c"})
    assert answer.status_code == 422 and await LetterRun.all().count() == 0


@sqlite
async def test_one_click_invites_several(town: Portal, anne: Client) -> None:
    linh = await Guardian.get(username="linh.nguyen")
    await Guardian.filter(id=linh.id).update(password=None)
    both = [(await nora()).id, linh.id]
    answer = await anne.post_form(f"{PLACE}/invitations", {"parent": both, "click": "click"})
    assert "2 invitations sont parties" in words(await anne.get_page(answer.headers["location"]))
    assert {mail.recipient for mail in await mails(town)} == {ADDRESS, linh.email}
    opening = [mail.opened[0] for mail in await mails(town)]
    assert NORA in opening[0] + opening[1] and "linh.nguyen" in opening[0] + opening[1]
    assert await Event.filter(action="account.invited").count() == 2


@ON_SQLITE
async def test_an_invitation_opens_the_account(town: Portal, anne: Client) -> None:
    sent = {"parent": (await nora()).id, "click": "click"}
    answer = await anne.post_form(f"{PLACE}/invitations", sent)
    assert "Une invitation est partie" in words(await anne.get_page(answer.headers["location"]))
    await inviting.invite([(await nora()).id], "click", "member:1", clock.now())
    assert [mail.recipient for mail in await mails(town)] == [ADDRESS], "sent twice, written once"
    path, browser = await link_in_the_last(town), await town.client()
    page = await browser.get_page(path)
    assert f'value="{NORA}"' in page and 'name="mot_de_passe"' in page
    weak = await browser.post_form(path, {"identifiant": NORA, "mot_de_passe": "yanis benali 2022"})
    assert weak.status_code == 422 and "trop courant" in words(weak.text)
    chosen = {"identifiant": NORA, "mot_de_passe": NEW}
    assert (await browser.post_form(path, chosen)).headers["location"] == "/accueil"
    assert (await enter(await town.client(), NORA, NEW)).status_code == 303


async def test_an_access_is_closed_and_opened(town: Portal, anne: Client) -> None:
    sophie, browser = await Guardian.get(username="sophie.moreau"), await town.client("sophie.moreau")
    retour = {"retour": f"{PLACE}?etat=actifs"}
    answer = await anne.post_form(f"{PLACE}/{sophie.id}/blocage", retour)
    assert answer.headers["location"] == f"{PLACE}?etat=actifs&fait=bloque&qui={sophie.id}"
    assert (await browser.get("/accueil")).status_code == 303, "from the next request on"
    assert "suspendu" in words((await enter(browser, "sophie.moreau", "portail-famille-demo")).text)
    blocked = words(await anne.get_page(f"{PLACE}?etat=bloques"))
    assert "Sophie Moreau" in blocked and "bloqué" in blocked
    await anne.post_form(f"{PLACE}/{sophie.id}/blocage")
    await Throttle.failed(*[f"account:guardian:{sophie.id}"] * 9)
    assert (await enter(browser, "sophie.moreau", "portail-famille-demo")).status_code == 429
    await anne.post_form(f"{PLACE}/{sophie.id}/deblocage")
    assert (await enter(browser, "sophie.moreau", "portail-famille-demo")).status_code == 303
    done = Event.filter(object=f"guardian:{sophie.id}", action__in=["account.block", "account.unblock"])
    assert [event.action for event in await done.order_by("id")] == ["account.block", "account.unblock"]
    assert await Session.filter(revoked=False, guardian_id=sophie.id).count() == 1


@sqlite
async def test_the_list_is_found_sorted_and_exported(town: Portal, anne: Client) -> None:
    page = words(await anne.get_page(PLACE))
    assert "1 compte à activer" in page and "Bloqués 0" in page
    found = await account_list.page(Cut("name"), "none")
    assert [line.email for line in found.rows] == [ADDRESS]
    assert "Rien ne correspond" in words(await anne.get_page(f"{PLACE}?recherche=personne"))
    csv = (await anne.get(f"{PLACE}?export=csv&etat=a-activer")).content.decode("utf-8-sig")
    assert csv.count("\n") == 2 and "Benali" in csv and "à activer" in csv
    assert "Nora Benali" in words(await anne.get_page("/mairie/recherche?recherche=benali"))
    wrong = await subscribe(await town.client(), code="AAAA-BBBB-CCCC")
    assert wrong.status_code == 422
    assert "Premières connexions refusées depuis 7 jours : 1" in words(await anne.get_page(PLACE))


@sqlite
async def test_a_reader_reads_and_changes_nothing(town: Portal) -> None:
    elu = await town.client("elu")
    page = await elu.get_page(PLACE)
    assert "Nora" in page and "Bloquer" not in page and "/courriers" not in page
    assert (await elu.post_form(f"{PLACE}/courriers", {"tous": "1"})).status_code == 403
    assert (await elu.post_form(f"{PLACE}/{(await nora()).id}/blocage")).status_code == 403


@sqlite
async def test_a_new_key_seals_letters_anew(town: Portal, anne: Client) -> None:
    run = await made(anne)
    await town.run_jobs()
    [before], old = await letters.papers(run), town.settings.secret_keys
    encryption.use((*old, "a-newer-key-of-the-tests"))
    assert (await Letter.renew_seals(), await LetterRun.renew_seals()) == (1, 1)
    assert (await Letter.renew_seals(), await LetterRun.renew_seals()) == (0, 0)
    encryption.use(("a-newer-key-of-the-tests",))
    assert await letters.papers(run) == [before]
    assert (await LetterRun.get()).content is not None
    encryption.use(old)
