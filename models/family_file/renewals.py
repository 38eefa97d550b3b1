"""What ends soon in a family's file, a paper or a child's care plan: said once, a month before.

Of a child's health an e-mail says nothing: neither the word, nor whose it is.
"""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby
from typing import Any

from models.families.child import Home
from models.families.family import Family
from models.families.file.health import ChildHealth
from models.families.file.sent_document import SentDocument
from models.rules.families.documents import SOON, Standing, standing
from models.rules.states.notices import NoticeKind
from models.rules.states.requests import RequestState
from models.storage.database import transaction
from models.work.notice import Notice

COUNTS = (RequestState.PENDING, RequestState.ACCEPTED, RequestState.REFUSED)
_PARTS = ("id", "family_id", "child_id", "required_id", "state", "until", "sealed")


async def remind_of_ends(now: datetime) -> None:
    """Once for each end: another date is another one."""
    await _of_papers(now)
    await _of_plans(now)


async def _of_papers(now: datetime) -> None:
    """Not where a longer one is there, or waits for the mairie."""
    sent = SentDocument.filter(required__asked=True, state__in=COUNTS).order_by(
        "family_id", "required_id", "child_id", "id"
    )
    rows = await sent.only(*_PARTS, "sent_at").prefetch_related("required", "child")
    for last in _ending(rows, now.date()):
        shown = {} if last.sealed else {"name": last.required.name if last.required else ""}
        if last.child and not last.sealed:
            shown["child"] = last.child.first_name
        await _say(last.family_id, f"document:{last.id}", last.until, now, **shown)


def _ending(rows: list[SentDocument], today: date) -> Iterator[SentDocument]:
    for _, group in groupby(rows, lambda one: (one.family_id, one.required_id, one.child_id)):
        sent = list(group)
        if standing([one.paper for one in sent], today) is Standing.ENDING:
            yield max((one for one in sent if one.state == RequestState.ACCEPTED), key=lambda one: one.until)


async def _of_plans(now: datetime) -> None:
    """To each home of the child. Raises encryption.Unreadable."""
    for row in await ChildHealth.all():
        known, today = row.health, now.date()
        if known.plan and known.plan_until and today <= known.plan_until <= today + SOON:
            for family in sorted(await Home.families([row.child_id])):
                await _say(family, f"child:{row.child_id}", known.plan_until, now)


async def _say(family: int, about: str, until: date, now: datetime, **shown: Any) -> None:
    key = f"{about}:{family}:{until.isoformat()}"
    if await Notice.exists(key=f"{NoticeKind.DOCUMENT_ENDS}:{key}"):
        return
    async with transaction():
        await Family.lock(family)
        await Notice.say(NoticeKind.DOCUMENT_ENDS, family, about, now, key, until=until.isoformat(), **shown)
