"""The paper of a care plan (PAI): asked of the child who has one, sealed, and the journal says who opens it."""

from collections.abc import Awaitable, Callable

import pytest

from models import clock
from models.families.child import Home
from models.families.file import health
from models.families.file.required_document import RequiredDocument
from models.families.file.sent_document import SentDocument
from models.families.guardian import Guardian
from models.personal_data import export
from models.rules.families.health import Health
from models.storage import encryption
from models.work.audit_log import Event
from tests.models.family_file import emma
from tests.portal import Portal
from tests.web.checkout import words
from tests.web.messaging import PDF, with_file

OpenPortal = Callable[..., Awaitable[Portal]]
NAME = "Projet d’accueil individualisé (PAI)"


async def test_a_care_plan_is_sent_sealed_and_opened_by_few(
    portal: OpenPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = await portal("demo", now="2025-11-03T10:00")
    sophie, child = await town.client("sophie.moreau"), await emma()
    assert NAME not in words(await sophie.get_page("/dossier")), "no child of hers has one"
    family, (version, _) = (
        (await Home.get(child_id=child.id)).family_id,
        await health.ChildHealth.version_of(child.id),
    )
    await health.set_health(child.id, family, Health(plan=True), version, "member:1", clock.now())
    assert words(await sophie.get_page("/dossier")).count(f"{NAME} à envoyer") == 1

    asked = await RequiredDocument.get(code="pai")
    path = f"/dossier/pieces/{asked.id}?enfant={child.id}"
    assert (await with_file(sophie).post(path, {"click": "a"}, ("pai.pdf", PDF))).status_code == 303
    sent = await SentDocument.get()
    assert sent.sealed and PDF[:20] not in bytes(sent.content) and sent.plain == PDF
    assert (await sophie.get(f"/dossier/pieces/envoyees/{sent.id}")).content == PDF

    guardian = await Guardian.get(username="sophie.moreau")
    assert [one.content async for one in export.papers(guardian)] == [PDF], "her own data leave opened"

    place = f"/mairie/familles/{family}/pieces/{sent.id}"
    for agent in ("cantine", "animateur", "elu", "regie"):
        assert (await (await town.client(agent)).get(place)).status_code in (403, 404)
    tab = f"/mairie/familles/{family}/pieces"
    assert NAME not in words(await (await town.client("elu")).get_page(tab))
    assert NAME in words(await (await town.client("gestion")).get_page(tab))
    assert not await Event.exists(action="health.read", object=f"child:{child.id}")
    gestion = await town.client("gestion")
    opened = await gestion.get(place)
    assert opened.content == PDF and opened.headers["content-disposition"].startswith("attachment")
    read = await Event.get(action="health.read", object=f"child:{child.id}")
    assert read.family_id == family and read.actor.startswith("member:")

    old = encryption._keys
    monkeypatch.setattr(encryption, "_keys", (*old, "a newer key that is long enough to be one"))
    before = bytes(sent.content)
    assert await SentDocument.renew_seals() == 1 and await SentDocument.renew_seals() == 0
    again = await SentDocument.get()
    assert bytes(again.content) != before and again.plain == PDF
    await town.verify()

    monkeypatch.setattr(encryption, "_keys", ("a key that sealed nothing of what is here",))
    own = f"/dossier/pieces/envoyees/{sent.id}"
    for who, path, cure in (
        (sophie, own, "envoyez-le de nouveau"),
        (gestion, place, "exemplaire à la famille"),
    ):
        for _ in range(2):
            answer = await who.get(path)
            assert (
                answer.status_code == 410
                and "ne peut plus être ouvert" in answer.text
                and cure in answer.text
            )
    assert (await Event.get(action="proof.lost")).actor == guardian.actor, "told once"
    left = [one async for one in export.papers(guardian)]
    assert [one.name.endswith(".pdf.txt") for one in left] == [True], (
        "the rest of her data leaves all the same"
    )
