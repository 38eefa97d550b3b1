"""« Travaux »: what failed is seen, and tried again when somebody asks."""

from models.task import Task
from tests.portal import Portal


async def test_a_failed_task_is_seen_and_tried_again(portal) -> None:
    town: Portal = await portal("lens", now="2018-08-27T10:00:00")
    mairie = await town.client("mairie")
    assert "aucun travail n’a échoué" in await mairie.get_page("/mairie/travaux")
    await Task.later("send_letter", 1, key="letter:1")
    task = await Task.get(key="letter:1")
    await Task.filter(id=task.id).update(state="failed", error="Le serveur de courriel ne répond pas.")
    page = await mairie.get_page("/mairie/travaux")
    assert "Envoyer un courriel" in page and "Le serveur de courriel ne répond pas." in page
    answer = await mairie.post_form(f"/mairie/travaux/{task.id}/nouvel-essai")
    assert answer.status_code == 303 and (await Task.get(id=task.id)).state == "ready"
    assert (await mairie.post_form("/mairie/travaux/999/nouvel-essai")).status_code == 404
