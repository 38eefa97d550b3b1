"""Prepared certificates are issued: each family is told, each paper is drawn and kept for ever."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from models.certificates.certificate import Certificate
from models.certificates.run import CertificateRun
from models.rules.states.documents import DocumentKind
from models.rules.states.notices import NoticeKind
from models.storage.database import retrying, transaction
from models.work.audit_log import Event
from models.work.notice import Notice
from models.work.task import Task

TOGETHER = 40  # of one transaction
BATCHES = 10  # of one job


class PreparedAnew(Exception):
    """They are not those that were read any more."""


def seen(run: CertificateRun, number: int, cents: int) -> str:
    """What somebody has read before they issue it."""
    return f"{run.version}-{number}-{cents}"


async def to_issue(run: int) -> tuple[int, int]:
    """How many are prepared and not issued, and their sum in cents."""
    found = await Certificate.filter(run_id=run, issued_on=None).values_list("cents", flat=True)
    return len(found), sum(found)  # type: ignore[arg-type]


async def start(id: int, member: int, read: str, now: datetime) -> bool:
    """Issue what was `read`, in the background. False when somebody did, or when it is not prepared.

    Raises PreparedAnew.
    """
    async with transaction():
        held = CertificateRun.filter(id=id, prepared_at__not_isnull=True, issuing_at=None)
        if await held.update(issuing_at=now, issued_by_id=member) != 1:
            return False
        run = await CertificateRun.get(id=id)
        number, cents = await to_issue(id)
        if not number or read != seen(run, number, cents):
            raise PreparedAnew
        about = f"certificate_run:{id}"
        await Event.note(now, f"member:{member}", "certificates.issuing", about, year=run.year, read=read)
        await Task.later("issue_certificates", id, 0, key=f"issue-certificates:{id}:0")
    return True


async def issue(id: int, turn: int, now: datetime) -> None:
    """Some of them; it asks for the rest. Done twice, it is done once."""
    for _ in range(BATCHES):
        if await retrying(partial(_issue_some, id, now)):
            return
    await Task.later("issue_certificates", id, turn + 1, key=f"issue-certificates:{id}:{turn + 1}")


async def _issue_some(id: int, now: datetime) -> bool:
    """The next ones; true when there are none left."""
    async with transaction():
        mine = CertificateRun.filter(id=id, issuing_at__not_isnull=True, issued_at=None)
        if await mine.update(issued_at=None) != 1:  # nobody else issues it until this transaction ends
            return True
        run = await CertificateRun.get(id=id)
        some = await Certificate.filter(run_id=id, issued_on=None).order_by("family_id").limit(TOGETHER)
        if not some:
            await mine.update(issued_at=now)
            await Task.later("draw_certificates", id, key=f"draw-certificates:{id}")
            return True
        await _leave(run, some, now)
    return False


async def _leave(run: CertificateRun, some: Sequence[Certificate], now: datetime) -> None:
    ids = [one.id for one in some]
    await Certificate.filter(id__in=ids).update(issued_on=now.date())
    said = {one.family_id: f"certificate:{one.id}" for one in some}
    await Notice.say_each(NoticeKind.CERTIFICATE_ISSUED, said, now)
    kind = DocumentKind.CERTIFICATE
    await Task.later("draw_papers", kind, ids, key=f"draw:{kind}:{ids[0]}")
    papers = {str(one.id): one.cents for one in some}
    about = f"certificate_run:{run.id}"
    await Event.note(now, run.actor, "certificates.issued", about, year=run.year, papers=papers)
