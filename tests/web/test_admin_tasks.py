"""« Travaux »: what failed is seen, and tried again when somebody asks."""

import re

from models.clock import now
from models.work.audit_log import Event
from models.work.email import Email
from models.work.task import Task
from tests.engines import ON_SQLITE
from tests.portal import Portal
from tests.web.checkout import words


@ON_SQLITE
async def test_a_failed_task_is_seen_and_tried_again(portal) -> None:
    town: Portal = await portal("lens", now="2018-08-27T10:00:00")
    mairie = await town.client("mairie")
    assert "aucun travail n’a échoué" in await mairie.get_page("/mairie/travaux")
    await Task.later("send_email", 1, key="email:1")
    task = await Task.get(key="email:1")
    await Task.filter(id=task.id).update(state="failed", error="Le serveur de courriel ne répond pas.")
    page = await mairie.get_page("/mairie/travaux")
    assert "Envoyer un courriel" in page and "Le serveur de courriel ne répond pas." in page
    answer = await mairie.post_form(f"/mairie/travaux/{task.id}/nouvel-essai")
    assert answer.status_code == 303 and (await Task.get(id=task.id)).state == "ready"
    await mairie.post_form(f"/mairie/travaux/{task.id}/nouvel-essai")
    assert (await Event.get(action="task.retried")).details == {"name": "Envoyer un courriel"}, "once"
    assert (await mairie.post_form("/mairie/travaux/999/nouvel-essai")).status_code == 404


async def test_addresses_of_families_are_masked(portal) -> None:
    town: Portal = await portal("lens", now="2018-08-27T10:00:00")
    await Email.create(
        key="a", recipient="claire.martin@famille.example", subject="Reçu", text="", html="", written_at=now()
    )
    await Task.later("send_email", 1, key="email:1")
    said = "550 <claire.martin@famille.example>: unknown, l@famille.example"
    await Task.filter(key="email:1").update(state="failed", error=said)
    for username in ("mairie", "gestion", "elu"):
        browser = await town.client(username)
        page = await browser.get_page("/mairie/travaux")
        emails = await browser.get_page("/mairie/travaux?vue=courriels")
        assert page.count("c…@famille.example") == emails.count("c…@famille.example") == 1
        assert "l…@famille.example" in page and "claire" not in page + emails
        assert ("nouvel-essai" in page) == (username != "elu")
    for username in ("regie", "cantine", "animateur"):
        await (await town.client(username)).get_page("/mairie/travaux", status=403)


async def test_the_home_counts_what_failed(portal) -> None:
    town: Portal = await portal("lens", now="2018-08-27T10:00:00")
    mairie = await town.client("mairie")
    assert "Rien à traiter" in await mairie.get_page("/mairie/tableau-de-bord")
    await Task.later("send_email", 1, key="email:1")
    await Task.filter(key="email:1").update(state="failed", error="…")
    page = await mairie.get_page("/mairie/tableau-de-bord")
    assert "Une chose vous attend" in page and "à regarder" in page
    assert '<b id="menu-travaux">1</b>' in page


async def test_what_waits_and_what_went_have_pages(portal) -> None:
    town: Portal = await portal("lens", now="2018-08-27T10:00:00")
    mairie = await town.client("gestion")
    await Task.all().delete()  # the papers of the invoices from before the portal
    assert "Aucun travail en attente." in await mairie.get_page("/mairie/travaux?vue=en-attente")
    assert "Aucun courriel pour le moment." in await mairie.get_page("/mairie/travaux?vue=courriels")
    for number in range(52):
        await Task.later("send_email", number, key=f"email:{number}", after=number)
        await Email.create(
            key=str(number),
            recipient="c@x.example",
            subject=f"Reçu n° {number}",
            text="",
            html="",
            written_at=now(),
        )
    page = words(await mairie.get_page("/mairie/travaux?vue=en-attente"))
    assert "0 à regarder, 52 travaux en attente." in page and "1 à 50 sur 52 lignes" in page
    page = await mairie.get_page("/mairie/travaux?vue=courriels")
    assert re.findall("Reçu n° ([0-9]+)", page)[:2] == ["51", "50"], "the last first"
    page = await mairie.get_page("/mairie/travaux?vue=courriels&page=2")
    assert re.findall("Reçu n° ([0-9]+)", page) == ["1", "0"] and "pas encore" in page
    page = await mairie.get_page("/mairie/travaux?vue=courriels&recherche=RECU+N°+7")
    assert re.findall("Reçu n° ([0-9]+)", page) == ["7"]
    assert "Rien ne correspond." in await mairie.get_page("/mairie/travaux?vue=courriels&recherche=lettre")
    await Task.filter(key="email:3").update(error="Refusé", tries=2)
    task = await Task.get(key="email:3")
    assert "nouvel essai prévu" in await mairie.get_page("/mairie/travaux")
    form = {"retour": "/mairie/travaux?tri=essais"}
    answer = await mairie.post_form(f"/mairie/travaux/{task.id}/nouvel-essai", form)
    assert answer.headers["location"] == "/mairie/travaux?tri=essais"
