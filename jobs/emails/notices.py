"""The e-mails that notices become: one for each digest, to each guardian whom it concerns."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from jobs.emails import Draft, account, answers, invoices, waiting, write
from models.clock import now
from models.families.family import Family
from models.rules.states.notices import NoticeKind
from models.settings import Settings
from models.storage.database import transaction
from models.work.notice import Notice

Drawn = Callable[[Settings, Sequence[Notice]], Awaitable[Draft | None]]

# None: the news are over when they would be told.
EMAILS: dict[str, Drawn] = {
    NoticeKind.REQUEST_ANSWERED: answers.draft,
    NoticeKind.PLACE_CONFIRMED: waiting.confirmed,
    NoticeKind.PLACE_OFFERED: waiting.offered,
    NoticeKind.PLACE_LAPSED: waiting.lapsed,
    NoticeKind.PASSWORD_CHANGED: account.password_changed,
    NoticeKind.INVOICE_ISSUED: invoices.issued,
}


async def tell(settings: Settings, notice_id: int) -> None:
    """Told once, with all that is gathered; drawn again when more was said while it was drawn."""
    notice = await Notice.get_or_none(id=notice_id)
    while notice and (digest := await notice.digest()):
        draft = await EMAILS[notice.kind](settings, digest)
        claim = partial(_claim, digest)
        if await (write(settings, draft, claim) if draft else _drop(claim)):
            return


async def _claim(digest: Sequence[Notice]) -> bool:
    await Family.lock(digest[0].family_id)
    return await Notice.tell(digest, now())


async def _drop(claim: Callable[[], Awaitable[bool]]) -> bool:
    async with transaction():
        return await claim()
