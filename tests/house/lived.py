"""A town in which something of everything has happened, so that every table has rows."""

from datetime import date
from typing import Any

import pytest

from models import clock
from models.access import forgotten
from models.access.calendar_feed import CalendarFeed
from models.access.passkeys import challenge
from models.access.passkeys.passkey import Passkey
from models.access.staff import members
from models.access.staff.recovery_code import RecoveryCode
from models.access.throttle import Limit, Throttle
from models.access.token import Purpose
from models.activities.activity import Activity
from models.activities.catalogue import current_catalogue
from models.activity_file import draft as draft_of
from models.activity_file.draft import ActivityDraft
from models.bookings.family_request import FamilyRequest
from models.checkout import absences
from models.commune.school_year import SchoolYear
from models.commune.till import Till
from models.commune_file.screens import town_logo
from models.families import membership
from models.families.guardian import Guardian
from models.families.household import Household
from models.family_file import seats
from models.family_file.seats import Newcomer
from models.money.anomaly import Anomaly
from models.money.issued_document import IssuedDocument
from models.money.number_series import NumberSeries
from models.notifying.push_key import PushKey
from models.notifying.push_subscription import PushSubscription
from models.personal_data.data_copy import DataCopy
from models.planning.ticks import Tick, apply_ticks
from models.rules.states.documents import DocumentKind
from models.storage import database, heartbeat
from models.work.notice import GATHERING
from tests.certificates.town import draft
from tests.jobs.push_service import a_browser
from tests.models.kitchen import a_kitchen_is_told
from tests.models.messages import write_to_the_mairie
from tests.models.shuttles import a_child_rides
from tests.portal import Portal
from tests.web.checkout import hear_the_bank, parent
from tests.web.first_connections import letter_of
from tests.web.messaging import picture

NOW = "2025-09-22T10:00:00"
NOWHERE = "http://127.0.0.1:9/push"


def one_place(content: dict[str, Any]) -> None:
    """One place for the little ones' meals, so that somebody waits."""
    content["activities"][0]["groups"][0]["places"] = 1


async def live(town: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    """A little of everything that the portal does, so that every table has rows."""
    hear_the_bank(town, monkeypatch)
    await clock.follow(NOW)
    sophie, camille = [await parent(town, name) for name in ("sophie.moreau", "camille.durand")]
    meal, monday, tuesday = "Repas de midi", "2025-10-06", "2025-10-07"
    await sophie.tick("Emma", meal, monday, tuesday)
    await sophie.tick("Jules", meal, monday)
    await sophie.pay()
    await sophie.tick("Emma", meal, tuesday, ticked=False)
    await sophie.click()
    await camille.tick("Noé", meal, monday)
    await camille.tick("Lina", "Atelier", tuesday)
    await camille.tick("Lina", "Accueil du matin", tuesday)
    await camille.click()
    catalogue, day = await current_catalogue(), date.fromisoformat(monday)
    household = await Household.read(sophie.family)
    [emma, *_] = await absences.choices(catalogue, household, clock.now(), day, day)
    await absences.tell(catalogue, sophie.family, [emma.promise], "sick", clock.now(), "click")
    ticks = [Tick(emma.child.id, emma.slot, date.fromisoformat("2025-10-09"), True)]
    await apply_ticks(catalogue, sophie.family, ticks, clock.now(), key="batch", undoable=True)
    await Throttle.attempt(Limit("account:nobody"))
    activity = await Activity.filter(membership_fee__isnull=False).first()
    assert activity
    await membership.decline(sophie.family, emma.child.id, activity.id, clock.now(), emma.child.id)
    ateliers = next(one for one in catalogue.activities.values() if one.code == "ateliers")
    async with database.transaction():
        one = Newcomer(sophie.family, emma.child.id, ateliers, ateliers.groups[0].id, None)
        await seats.wait(one, "guardian:1", clock.now())
        await Anomaly.note(
            "unknown", "a reference", clock.now(), "bank:demo", reference="nobody's", cents=500
        )
    request = await FamilyRequest.all().first()
    assert request and await FamilyRequest.refuse(request.id, 1, "Complet", clock.now())
    till = await Till.all().order_by("id").first()
    assert till
    async with database.transaction():
        await NumberSeries.take(till.id, 2025, DocumentKind.STATEMENT)
        await IssuedDocument.store(DocumentKind.STATEMENT, 1, sophie.family, "r.pdf", b"%PDF", clock.now())
    await draft(sophie.family, clock.now())
    await write_to_the_mairie(sophie.family)
    await CalendarFeed.renew(await Guardian.get(username="sophie.moreau"), 0, "seed", "secret", clock.now())
    await letter_of("nora.benali", clock.now())
    await forgotten.send("nora@benali.example", Purpose.PASSWORD, "click", clock.now())
    agent = await members.invite(
        "alix", "Alix Agent", "alix@mairie.example", ["kitchen"], "seed", clock.now()
    )
    signing_in, _ = challenge.make(challenge.Use.SIGN_IN)
    async with database.transaction():
        await signing_in.use()
        await RecoveryCode.replace(agent.id, clock.now())
    key: Any = {"credential": "c", "handle": "h", "public_key": b"k", "signatures": 0, "name": "Téléphone"}
    await Passkey.create(member_id=agent.id, made_at=clock.now(), **key)
    year = await SchoolYear.get()
    await ActivityDraft.begin("click", year, draft_of.blank(year, None, "Échecs"), 1, clock.now())
    await a_kitchen_is_told(town.settings, date.fromisoformat(tuesday))
    await a_child_rides(sophie.family, emma.child.id)
    await heartbeat.check()
    await town.run_jobs(within=GATHERING)
    offered, sophie_herself = a_browser(NOWHERE), await Guardian.get(username="sophie.moreau")
    await PushSubscription.add(sophie_herself, offered, "", clock.now(), trial=True)
    await PushKey.current(clock.now())
    await DataCopy.begin(sophie_herself.id, clock.now())
    await town_logo.choose("blason.png", picture("PNG"), "", "seed", clock.now())
