"""« Durées de conservation »: set within limits; then what is too old goes by night, and what the law keeps stays."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from models import clock
from models.commune.commune import Commune
from models.families.child import Child
from models.families.family import Family
from models.families.file.health import ChildHealth, set_health
from models.families.guardian import Guardian
from models.messages.thread import Message, MessageThread
from models.personal_data import retention
from models.personal_data.retention import SUBJECT, WORDS, apply_retention
from models.rules.families.health import NOTHING, Health
from models.rules.states.threads import ThreadState
from models.storage.database import rows
from models.work.audit_log import Event
from tests.models.messages import write_to_the_mairie
from tests.portal import Portal
from tests.web.checkout import words

Open = Callable[..., Awaitable[Portal]]
PLACE = "/mairie/reglages/conservation"
USUAL = {"sessions": "1", "messages": "24", "health": "6", "inactive": "36"}
LEGAL = ("entry", "leg", "invoice", "invoice_line", "payment", "issued_document", "booking", "receipt")


async def test_what_is_too_old_goes_and_what_the_law_keeps_stays(portal: Open) -> None:
    town = await portal("demo", now="2025-09-22T10:00:00")
    child = await Child.filter(health=None, homes__family__guardians__activated_at__not_isnull=True).first()
    assert child
    [family, *_] = sorted(await child_homes(child))
    for one in (family, family + 1):
        await write_to_the_mairie(one)
    await MessageThread.filter(family_id=family).update(state=ThreadState.CLOSED)
    await MessageThread.filter(family_id=family + 1).update(state=ThreadState.OPEN)
    await set_health(child.id, family, Health(diet="sans porc"), 0, "member:1", clock.now())
    await town.run_jobs(within=60.0)
    money = await legal()

    assert await apply_retention(moment(2026, 9, 1)) == {"messages": 0, "health": 0, "inactive": 0}
    assert not await Event.exists(action="retention.applied")
    done = await apply_retention(moment(2027, 3, 1))
    assert done["health"] > 0 and done["messages"] == done["inactive"] == 0
    assert (await ChildHealth.get(child_id=child.id)).health == NOTHING
    assert await apply_retention(moment(2027, 3, 2)) == {"messages": 0, "health": 0, "inactive": 0}
    assert (await apply_retention(moment(2028, 8, 31)))["messages"] == 0, "two years after the school year"
    assert (await apply_retention(moment(2028, 9, 1)))["messages"] >= 1
    assert {row.text for row in await Message.filter(thread__family_id=family)} >= {WORDS}
    assert not await Message.filter(thread__family_id=family + 1, text=WORDS).exists(), (
        "nobody has answered it yet"
    )
    assert {row.subject for row in await MessageThread.filter(family_id=family)} == {SUBJECT}

    before = await Event.filter(action="family.anonymised").count()
    done = await apply_retention(moment(2030, 1, 1))
    assert done["inactive"] == await Event.filter(action="family.anonymised").count() - before
    gone = {event.family_id for event in await Event.filter(action="family.anonymised")}
    owing = {row["family_id"] for row in await rows(_OWING)}
    assert gone and not gone & owing and len(gone) < await Family.all().count()
    assert {one.last_name for one in await Guardian.filter(family_id__in=gone)} == {"anonymisée"}
    assert await apply_retention(moment(2030, 1, 2)) == {"messages": 0, "health": 0, "inactive": 0}
    assert await legal() == money
    await town.verify()
    page = words(await (await town.client("mairie")).get_page(PLACE))
    assert "01/01/2030 à 04:00 : dossiers anonymisés" in page and "conversations effacées" in page


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_the_mairie_sets_them_within_limits(portal: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    town = await portal("lens", now="2018-08-27T10:00:00")
    anne = await town.client("mairie")
    assert "Rien n’était assez ancien" in words(await anne.get_page(PLACE))
    for wrong in ({"messages": "5"}, {"messages": "61"}, {"health": "2"}, {"inactive": ""}):
        answer = await anne.post_form(PLACE, USUAL | wrong)
        assert answer.status_code == 422 and "De " in words(answer.text)
    assert (await anne.post_form(PLACE, USUAL)).status_code == 303
    assert not await Event.exists(action="settings.changed"), "they are so already"
    answer = await anne.post_form(PLACE, USUAL | {"messages": "12", "sessions": "3"})
    assert "C’est enregistré" in words(await anne.get_page(answer.headers["location"]))
    event = await Event.get(action="settings.changed")
    assert event.details["before"] == {"kept_sessions": 1, "kept_messages": 24}
    assert event.details["after"] == {"kept_sessions": 3, "kept_messages": 12}
    assert (await Commune.get()).retention["messages"] == 12 and await retention.session_days() == 90


async def child_homes(child: Child) -> set[int]:
    return {
        row["family_id"] for row in await rows("SELECT family_id FROM home WHERE child_id = ?", [child.id])
    }


async def legal() -> dict[str, list[str]]:
    """What an invoice stands on: no name is in these columns."""
    found = {table: await rows(f'SELECT * FROM "{table}" ORDER BY id') for table in LEGAL}
    return {table: [str(row) for row in lines] for table, lines in found.items()}


def moment(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 3, tzinfo=UTC)


# What is owed or to be given back. A family's account alone is not zero then.
_OWING = """
SELECT account.family_id FROM account JOIN leg ON leg.account_id = account.id WHERE account.family_id IS NOT NULL
GROUP BY account.family_id, account.id HAVING SUM(leg.cents) <> 0
"""
