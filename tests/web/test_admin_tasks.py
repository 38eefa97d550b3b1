"""« Travaux »: what failed is seen, and tried again when somebody asks."""

from models.clock import now
from models.work.email import Email
from models.work.task import Task
from tests.portal import Portal


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
        page = await (await town.client(username)).get_page("/mairie/travaux")
        assert page.count("c…@famille.example") == 2 and "l…@famille.example" in page
        assert "claire" not in page and ("nouvel-essai" in page) == (username != "elu")
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
