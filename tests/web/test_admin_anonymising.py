"""« Anonymiser »: refused while something is under way; then nobody is named, and the books are what they were."""

from collections.abc import Awaitable, Callable
from datetime import date

from models import clock
from models.bookings.family_request import FamilyRequest
from models.families.child import Child
from models.families.enrolment import Enrolment
from models.families.family import Family
from models.families.file.health import ChildHealth, set_health
from models.families.guardian import Guardian
from models.messages.thread import Message, MessageThread
from models.personal_data import anonymising
from models.rules.families.health import NOTHING, Health
from models.rules.states.threads import ThreadState
from models.storage.database import rows
from models.work.audit_log import Event
from models.work.email import Email
from tests.models.messages import write_to_the_mairie
from tests.portal import Portal
from tests.web.first_connections import mails

NOW = "2025-09-22T10:00:00"
WORD = {"mot": "anonymiser"}


async def test_of_a_family_that_has_left_nobody_is_named(portal: Callable[..., Awaitable[Portal]]) -> None:
    town = await portal("demo", now=NOW)
    family = await _with_nothing_owed()
    page = f"/mairie/familles/{family}/anonymisation"
    people = await Guardian.filter(family_id=family)
    child = await Child.filter(homes__family_id=family).order_by("id").first()
    assert child and people
    await write_to_the_mairie(family)
    await MessageThread.filter(family_id=family).update(state=ThreadState.OPEN)
    await set_health(child.id, family, Health(diet="sans porc"), 0, "member:1", clock.now())
    await Guardian.filter(family_id=family).update(phone="06 00 00 77 77")
    await Family.filter(id=family).update(address="3 rue de la Mémoire")
    await FamilyRequest.create(
        family_id=family, kind="file_change", subject=people[0].actor, state="withdrawn", made_at=clock.now(),
        before={"phone": "06 00 00 88 88"}, after={"phone": ""}, answered_at=clock.now(),
    )  # fmt: skip
    moved = {"address": "3 rue de la Mémoire"}
    await Event.note(
        clock.now(), "member:1", "family.changed", f"family:{family}", family, before={}, after=moved
    )
    await town.run_jobs(within=60.0)
    assert await mails(town)
    money = await _money()

    mairie = await town.client("gestion")
    assert page in await mairie.get_page(f"/mairie/familles/{family}")
    first = await mairie.get_page(f"/mairie/familles/{family}/anonymisation")
    assert "encore inscrit" in first and "conversation est ouverte" in first and "ANONYMISER" not in first
    early = await mairie.post_form(f"/mairie/familles/{family}/anonymisation", WORD)
    assert early.status_code == 409
    assert (await Family.get(id=family)).address, "nothing was touched"

    await Enrolment.filter(family_id=family).update(end=date(2025, 9, 1))
    await MessageThread.filter(family_id=family).update(state=ThreadState.CLOSED)
    assert await anonymising.obstacles(family, date(2025, 9, 22)) == []
    assert (await mairie.post_form(page, {"mot": "oui"})).status_code == 422
    assert "ne peut pas être repris" in await mairie.get_page(page)
    for _ in range(2):  # the second time, it is done
        assert (await mairie.post_form(page, WORD)).status_code in (303, 409)
    assert "plus personne n’y est nommé" in await mairie.get_page(page)

    gone = [*(one.email for one in people), "06 00 00 77 77", "06 00 00 88 88", "rue de la Mémoire"]
    gone += [one.first_name for one in people] + [child.last_name]
    found = [
        f"{table}: {word}"
        for table, said in (await _everything(family)).items()
        for word in gone
        if word in said
    ]
    assert found == []
    assert (await ChildHealth.get(child_id=child.id)).health == NOTHING
    own = Message.filter(thread__family_id=family).exclude(key__startswith="mass_recipient:")
    assert {row.text for row in await own} == {"Message effacé\u00a0: la famille a été anonymisée."}
    assert not await Email.exists(recipient__in=[one.email for one in people])
    assert await _money() == money
    assert await Event.filter(action="family.anonymised", family_id=family).count() == 1
    assert "contenu effacé le 22/09/2025" in await mairie.get_page(f"/mairie/familles/{family}/journal")
    for below in ("", "/responsables", "/enfants", "/pieces", "/journal"):
        assert 'mailto:"' not in await mairie.get_page(f"/mairie/familles/{family}{below}")
    for place in ("/mairie/demandes?etat=toutes", "/mairie/messages"):
        await mairie.get_page(place)
    await town.verify()


async def _with_nothing_owed() -> int:
    for family in await Family.all().order_by("id"):
        open_ = set(await anonymising.obstacles(family.id, date(2025, 9, 22)))
        if open_ <= {"enrolled"} and await Guardian.exists(family_id=family.id):
            return family.id
    raise AssertionError("no family of the demo owes nothing")


async def _money() -> list[object]:
    sums = await rows("SELECT COUNT(*) AS number, SUM(cents) AS cents FROM leg")
    invoices = await rows("SELECT COUNT(*) AS number, SUM(cents) AS cents FROM invoice")
    return [dict(row) for row in (*sums, *invoices)]


async def _everything(family: int) -> dict[str, str]:
    """What stands in the tables of people and of what was told them, the journal and the papers apart."""
    tables = ("guardian", "family", "child", "child_contact", "notice", "email", "bell_entry", "session",
              "access_token", "message", "message_thread")  # fmt: skip
    own = {"guardian": f"family_id = {family}", "family": f"id = {family}", "notice": f"family_id = {family}",
           "child": f"id IN (SELECT child_id FROM home WHERE family_id = {family})",
           "session": f"guardian_id IN (SELECT id FROM guardian WHERE family_id = {family})"}  # fmt: skip
    requests = await rows("SELECT before, after FROM request WHERE family_id = ?", [family])
    found = {"request": str([dict(row) for row in requests])}
    for table in tables:
        where = own.get(table, "1 = 1")
        found[table] = str([dict(row) for row in await rows(f'SELECT * FROM "{table}" WHERE {where}')])
    return found
