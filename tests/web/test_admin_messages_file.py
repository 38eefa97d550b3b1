"""The file of a message to many: looked at as any other, kept once, read by each family that has it and by no other."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from models import clock
from models.access.member import Member
from models.families.family import Family
from models.messages import attachment
from models.messages.attachment import MessageAttachment
from models.messages.department import Topic
from models.messages.mass.mass_attachment import MassAttachment
from models.messages.thread import MessageThread
from tests.models.damages_of_messages import FILES
from tests.models.test_damages import silent
from tests.portal import Portal, hidden
from tests.web.checkout import words
from tests.web.messaging import PDF, with_file

OpenPortal = Callable[..., Awaitable[Portal]]
NEW_MASS = "/mairie/messages/envois/nouveau"


@pytest.mark.parametrize("engine", ["sqlite", "postgres"], indirect=True)
async def test_one_file_goes_to_many_and_is_kept_once(portal: OpenPortal) -> None:
    town = await portal("demo", now="2025-09-22T10:00:00")
    mairie = with_file(await town.client("gestion"))
    said = {
        "theme": str((await Topic.get(name="Facture")).id),
        "objet": "Menus",
        "message": "Les voici.",
        "click": "m",
    }
    refused = await mairie.post(NEW_MASS, said, ("menus.pdf", b"<html><script>alert(1)</script>"))
    assert (
        refused.status_code == 422
        and "Les voici." in refused.text
        and "n’est pas d’un format accepté" in words(refused.text)
    )
    assert not await MassAttachment.exists()
    member = await Member.get(username="gestion")
    old = await attachment.check("ancien.pdf", PDF)
    await MassAttachment.choose("never sent", member.id, old, clock.now() - timedelta(days=2))
    await mairie.post(NEW_MASS, said, ("autre.pdf", PDF))
    confirm = await mairie.post(NEW_MASS, said, ("menus.pdf", PDF))  # chosen again
    assert "Fichier joint : menus.pdf" in words(confirm.text)
    assert [one.name for one in await MassAttachment.all()] == ["menus.pdf"]
    sent = said | {"lu": hidden(confirm.text, "lu"), "confirmer": "1", "mot": "ENVOYER"}
    for _ in range(2):
        assert (await mairie.post(NEW_MASS, sent)).status_code == 303
    await town.run_jobs()
    await town.run_jobs()
    copies, number = await MessageAttachment.all(), await Family.all().count()
    assert len(copies) == number > 1 and {bytes(one.content) for one in copies} == {b""}
    await MassAttachment.choose("m", member.id, None, clock.now())  # what has gone stays
    assert bytes((await MassAttachment.get()).content) == PDF
    await town.verify()
    sophie, karim = [await town.client(name) for name in ("sophie.moreau", "karim.petit")]
    thread = await MessageThread.get(family__number="VF-1002")
    copy = await MessageAttachment.get(message__thread_id=thread.id)
    page = await sophie.get_page(f"/messages/{thread.id}")
    place = f"/messages/{thread.id}/pieces/{copy.id}"
    assert place in page and "menus.pdf" in page
    answer = await sophie.get(place)
    assert answer.content == PDF and answer.headers["content-disposition"].startswith("attachment")
    assert (await mairie.browser.get(f"/mairie/messages/{thread.id}/pieces/{copy.id}")).content == PDF
    assert (await karim.get(place)).status_code == 404
    assert await silent(FILES) == []
