"""What ends within a month in a family's file is said once, to each home, and of health nothing."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest

from jobs.registry import JOBS
from models import clock
from models.families.child import Home
from models.families.file.health import ChildHealth, set_health
from models.families.file.required_document import RequiredDocument
from models.families.file.sent_document import NewPaper, SentDocument
from models.families.guardian import Guardian
from models.rules.families.health import Health
from models.rules.states.notices import NoticeKind
from models.work.email import Email
from models.work.notice import Notice
from tests.models.family_file import emma
from tests.portal import Portal
from tests.web.messaging import PDF

OpenPortal = Callable[..., Awaitable[Portal]]
At = Callable[[str], datetime]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_what_ends_within_a_month_is_said_once(portal: OpenPortal, at: At) -> None:
    town = await portal("demo", now="2025-11-03T10:00")
    now, sophie, child = at("2025-11-03T10:00"), await Guardian.get(username="sophie.moreau"), await emma()
    home = await Home.get(child_id=child.id)
    zoe = await Home.filter(child__first_name="Zoé").order_by("id")
    insurance = await RequiredDocument.filter(per="child").order_by("id").first()
    assert insurance and len(zoe) == 2

    async def accepted(click: str, until: str) -> None:
        said = NewPaper(click, "a.pdf", "application/pdf", PDF)
        await SentDocument.send(sophie, insurance, child.id, said, clock.now())
        row = await SentDocument.get(click=click)
        assert await row.accept("member:1", clock.now(), datetime.fromisoformat(until).date())

    async def plan(of: Home, until: str) -> None:
        version, _ = await ChildHealth.version_of(of.child_id)
        health = Health(plan=True, plan_until=datetime.fromisoformat(until).date())
        await set_health(of.child_id, of.family_id, health, version, "member:1", clock.now())

    async def told() -> int:
        for _ in range(2):
            await JOBS["remind_of_ends"]({})
        return await Notice.filter(kind=NoticeKind.DOCUMENT_ENDS).count()

    await accepted("first", "2026-01-15")
    await plan(zoe[0], "2025-12-31")
    assert now.year == 2025 and await told() == 0
    at("2025-12-02T10:00")
    assert await told() == 2 and {row.family_id async for row in Notice.filter(kind="document_ends")} == {
        home.family_id for home in zoe
    }
    at("2025-12-20T10:00")
    assert await told() == 3
    at("2025-12-28T10:00")
    assert await told() == 3, "the same date is one notice"
    await town.run_jobs(within=60)
    mine = await Email.get(recipient="sophie@moreau.example", subject__contains="renouveler")
    assert insurance.name in mine.text and "Emma" in mine.text and "15/01/2026" in mine.text
    others = await Email.filter(subject="À renouveler dans votre dossier")
    assert others and all("31/12/2025" in one.text for one in others)
    assert not any(
        word in one.text + one.subject for one in others for word in ("PAI", "Zoé", "santé", "accueil indiv")
    )
    await accepted("second", "2027-01-15")
    await plan(zoe[0], "2026-12-31")
    assert await told() == 3, "it goes on"
    at("2026-12-20T10:00")
    assert await told() == 6, "another year is another end"
    assert home.family_id == sophie.family_id
    await town.verify()
