"""Who is told what, and when: a draft near its limit and past it, urgent news, a child without a booking, an address
that the mail server refuses."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from jobs.runner import Runner
from models import clock
from models.access.member import Member
from models.activities.catalogue import current_catalogue
from models.activities.slot import Slot
from models.bookings.roll import unbooked
from models.checkout import draft_reminders
from models.families.enrolment import Enrolment
from models.families.guardian import Guardian
from models.notifying.bell_entry import BellEntry
from models.publishing.news import News
from models.rules.deadlines import PARIS
from models.rules.notices.draft_deadlines import reminds_at
from models.rules.states.notices import NoticeKind
from models.work.audit_log import Event
from models.work.email import Email
from models.work.notice import Notice
from tests import servers
from tests.portal import Portal
from tests.web.checkout import Parent, parent, words

Open = Callable[..., Awaitable[Portal]]
At = Callable[[str | datetime], datetime]
sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
NOW = "2025-09-22T10:00:00"
MORNING = "Accueil du matin"


@pytest.fixture
async def town(portal: Open, at: At) -> Portal:
    opened = await portal("demo", now=NOW)
    at(NOW)
    return opened


@pytest.fixture
async def julie(town: Portal) -> Parent:
    return await parent(town, "julie.leroy")


async def told(kind: NoticeKind) -> list[Notice]:
    return await Notice.filter(kind=kind).order_by("id")


@pytest.mark.parametrize(
    ("ticked", "said"),
    [
        ("2025-09-22T10:00", "2025-09-24T18:00"),
        ("2025-09-24T17:59", "2025-09-24T18:00"),
        ("2025-09-24T18:00", "2025-09-25T09:00"),
        ("2025-09-25T08:59", "2025-09-25T09:00"),
        ("2025-09-25T09:00", None),
        ("2025-09-25T11:00", None),
    ],
)
def test_the_evening_before_or_three_hours_before(ticked: str, said: str | None) -> None:
    def paris(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=PARIS)

    assert reminds_at(paris(ticked), paris("2025-09-25T12:00")) == (paris(said) if said else None)


@sqlite
async def test_a_draft_is_reminded_once_then_told_lost_once(town: Portal, julie: Parent, at: At) -> None:
    await julie.tick("Zoé", MORNING, "2025-10-07")
    catalogue = await current_catalogue()
    slot = await Slot.get(name=MORNING)
    closes = catalogue.closes(slot.id, "book", date(2025, 10, 7), "")
    evening = datetime.combine(closes.date() - timedelta(days=1), datetime.min.time(), PARIS)
    for moment in (clock.now(), evening + timedelta(hours=17, minutes=59)):
        at(moment)
        await draft_reminders.remind_drafts(moment)
    assert await told(NoticeKind.DRAFT_CLOSING) == []
    for minutes in (18 * 60, 18 * 60 + 15, 20 * 60):
        at(evening + timedelta(minutes=minutes))
        await draft_reminders.remind_drafts(clock.now())
    assert len(await told(NoticeKind.DRAFT_CLOSING)) == 1 and await told(NoticeKind.DRAFT_LOST) == []
    await town.run_jobs()
    email = await Email.all().order_by("-id").first()
    assert email and email.unsubscribe and "Zoé – Accueil du matin, mardi 7 octobre 2025" in email.text
    assert email.subject.startswith("1 jour à valider")
    for hours in (0, 1, 25, 48):
        at(closes + timedelta(hours=hours, minutes=1))
        await draft_reminders.remind_drafts(clock.now())
    assert len(await told(NoticeKind.DRAFT_LOST)) == 1 and len(await told(NoticeKind.DRAFT_CLOSING)) == 1
    await town.run_jobs()
    entry = await BellEntry.filter(notice__kind=NoticeKind.DRAFT_LOST).first()
    assert (
        entry and entry.title == "1 jour non réservé\u00a0: la limite est passée" and "Zoé" not in entry.short
    )
    await town.verify()


@sqlite
async def test_what_was_validated_or_emptied_is_not_reminded(town: Portal, julie: Parent, at: At) -> None:
    await julie.tick("Zoé", MORNING, "2025-10-07", "2025-10-09")
    await julie.tick("Zoé", MORNING, "2025-10-09", ticked=False)
    await julie.click()
    for hour in range(0, 24 * 20, 6):
        at(datetime(2025, 9, 22, 10, tzinfo=PARIS) + timedelta(hours=hour))
        await draft_reminders.remind_drafts(clock.now())
    assert await told(NoticeKind.DRAFT_CLOSING) == [] and await told(NoticeKind.DRAFT_LOST) == []


@sqlite
async def test_urgent_news_reaches_every_family_once_when_it_is_shown(
    town: Portal, julie: Parent, at: At
) -> None:
    mairie = await Member.get(username="mairie")
    said = {
        "title": "École Pasteur fermée demain",
        "summary": "Panne de chauffage.",
        "body": "x",
        "urgent": True,
    }
    tomorrow = date(2025, 9, 23)
    id = await News.add("click", said | {"starts": tomorrow}, mairie, clock.now())
    await News.add("calm", said | {"starts": tomorrow, "urgent": False}, mairie, clock.now())
    await News.tell_urgent(clock.now())
    assert await told(NoticeKind.URGENT_NEWS) == [], "not shown yet; what a file brought is told to nobody"
    at("2025-09-23T22:30")
    for _ in range(2):
        await News.tell_urgent(clock.now())
    assert await Event.filter(action="news.told").count() == 1
    guardian = await Guardian.get(username="julie.leroy")
    await Guardian.filter(id=guardian.id).update(preferences={"notices": {"urgent.email": False}})
    families = {notice.family_id for notice in await told(NoticeKind.URGENT_NEWS)}
    assert len(families) == len(await told(NoticeKind.URGENT_NEWS)) > 5 and guardian.family_id in families
    await town.run_jobs()
    entry = await BellEntry.get(guardian_id=guardian.id, notice__kind=NoticeKind.URGENT_NEWS)
    assert entry.title == "URGENT\u00a0: École Pasteur fermée demain" and entry.path == f"/actualites/{id}"
    email = await Email.get(recipient=guardian.email, subject=entry.title)
    assert email.unsubscribe is None and "Panne de chauffage." in email.text, "it cannot be chosen away"


@sqlite
async def test_a_child_that_nobody_had_booked_is_told_the_same_day(
    town: Portal, julie: Parent, at: At
) -> None:
    at("2025-10-07T12:00")
    slot = await Slot.get(name=MORNING)
    guardian = await Guardian.get(username="julie.leroy")
    enrolment = await Enrolment.get(
        family_id=guardian.family_id, activity_id=slot.activity_id, child__first_name="Zoé"
    )
    member = await Member.get(username="mairie")
    day = clock.now().date()
    await unbooked.add(await current_catalogue(), enrolment.id, slot.id, day, member.id, clock.now())
    yesterday = day - timedelta(days=1)
    await unbooked.add(await current_catalogue(), enrolment.id, slot.id, yesterday, member.id, clock.now())
    [notice] = await told(NoticeKind.CHILD_UNBOOKED)
    await town.run_jobs()
    entry = await BellEntry.get(guardian_id=guardian.id, notice_id=notice.id)
    assert (
        entry.title == "Présence sans réservation"
        and entry.short == "Un enfant était présent sans réservation."
    )
    email = await Email.get(recipient=guardian.email, subject=entry.title)
    assert "Zoé était présente" in email.text and "mardi 7 octobre 2025" in email.text
    await town.verify()


@sqlite
async def test_an_address_refused_for_good_is_told_to_the_mairie_and_to_the_parent(
    town: Portal, julie: Parent
) -> None:
    guardian = await Guardian.get(username="julie.leroy")
    with servers.smtp() as postbox:

        async def handle_RCPT(server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
            if address == guardian.email and refuses:
                return "550 no such mailbox"
            envelope.rcpt_tos.append(address)
            return "250 OK"

        postbox.handle_RCPT = handle_RCPT  # type: ignore[attr-defined]
        real = Runner({"settings": replace(town.settings, smtp_url=postbox.url, demo=False)})
        refuses = True
        for number in range(2):
            await Notice.say(
                NoticeKind.PASSWORD_CHANGED, guardian.family_id, guardian.actor, clock.now(), str(number)
            )
            await real.run_due()
        assert await Event.filter(action="email.refused", family_id=guardian.family_id).count() == 1
        mairie = await town.client("mairie")
        error = "en erreur depuis le 22/09/2025"
        assert error in words(await mairie.get_page(f"/mairie/familles/{guardian.family_id}"))
        accounts = words(await mairie.get_page("/mairie/comptes?q=leroy"))
        assert error in accounts and accounts.count(error) == 1
        for page in ("/accueil", "/compte"):
            assert f"Nos courriels n’arrivent plus à {guardian.email}" in words(
                await julie.browser.get_page(page)
            )
        refuses = False
        await Notice.say(NoticeKind.PASSWORD_CHANGED, guardian.family_id, guardian.actor, clock.now(), "2")
        await real.run_due()
        assert "Nos courriels" not in words(await julie.browser.get_page("/accueil")), "it works again"
        refuses = True
        await Notice.say(NoticeKind.PASSWORD_CHANGED, guardian.family_id, guardian.actor, clock.now(), "3")
        await real.run_due()
        await Guardian.filter(id=guardian.id).update(email="julie@autre.example")
        assert "Nos courriels" not in words(await julie.browser.get_page("/accueil")), (
            "another address was given"
        )
        assert re.search("autre.example", await julie.browser.get_page("/compte"))
