"""« Mes documents »: a certificate of enrolment at once, one for the same facts of a day, nobody else's."""

from collections.abc import Awaitable, Callable

import pytest

from models import clock
from models.certificates import enrolment
from models.families.child import Child
from models.families.enrolment import Enrolment
from models.families.guardian import Guardian
from models.money.issued_document import IssuedDocument
from models.rules.states.documents import DocumentKind
from models.work.audit_log import Event
from tests.documents.reading import words as words_of_pdf
from tests.models.family_file import NOW, emma
from tests.portal import Portal
from tests.web.checkout import words

OpenPortal = Callable[..., Awaitable[Portal]]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


async def test_a_parent_asks_and_reads_it(portal: OpenPortal, at: Callable[[str], None]) -> None:
    town, child = await portal("demo", now=NOW), await emma()
    client = await town.client("sophie.moreau")
    assert "/dossier/documents" in await client.get_page("/dossier")
    for _ in range(2):  # the same form sent twice
        assert (await client.post_form(f"/dossier/enfants/{child.id}/attestation", {})).status_code == 303
    assert "En préparation" in words(await client.get_page("/dossier/documents"))
    await town.run_jobs()
    page = words(await client.get_page("/dossier/documents"))
    assert "Emma établie le 03/11/2025" in page and "En préparation" not in page
    [row] = await Event.filter(action=enrolment.ATTESTED)
    read = " ".join(words_of_pdf((await client.get(f"/dossier/documents/{row.id}")).content).split())
    for said in (
        "Emma Moreau",
        "21/07/2018",
        "École élémentaire Jules-Ferry",
        "CE1",
        "Restaurant scolaire",
        "2025-2026",
    ):
        assert said in read, said
    assert "Emma" not in str(row.details)

    karim = await town.client("karim.petit")
    assert (await karim.get(f"/dossier/documents/{row.id}")).status_code == 404
    assert (await karim.post_form(f"/dossier/enfants/{child.id}/attestation", {})).status_code == 404
    await Enrolment.filter(child_id=child.id, activity__name="Restaurant scolaire").update(end="2025-11-01")
    assert (await client.post_form(f"/dossier/enfants/{child.id}/attestation", {})).status_code == 303
    at("2025-11-04T08:00")
    assert (await client.post_form(f"/dossier/enfants/{child.id}/attestation", {})).status_code == 303
    await town.run_jobs()
    assert await IssuedDocument.filter(kind=DocumentKind.ENROLMENT).count() == 3
    first = await client.get(f"/dossier/documents/{row.id}")
    assert "Restaurant scolaire" in words_of_pdf(first.content), "what was attested stays"
    await town.verify()


async def test_who_is_nowhere_gets_none(portal: OpenPortal) -> None:
    town, mother = await portal("demo", now=NOW), await Guardian.get(username="sophie.moreau")
    child = await Child.create(first_name="Rose", last_name="Moreau", born="2023-01-05")
    with pytest.raises(enrolment.NothingToAttest):
        await enrolment.attest(mother, child.id, clock.now())
    await town.verify()
