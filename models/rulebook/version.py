"""Since when does the règlement say what it says? The journal notes each change, and a paper is drawn of each."""

from dataclasses import dataclass, replace
from datetime import datetime

from models.activities.catalogue import Catalogue, current_catalogue
from models.money.issued_document import IssuedDocument, document_key
from models.rulebook.writing import write
from models.rules.deadlines import PARIS
from models.rules.papers.rulebook import Rulebook
from models.rules.states.documents import DocumentKind
from models.work.audit_log import Event

CHANGED, ABOUT = "rulebook.changed", "commune:1"  # the town is one row


@dataclass(frozen=True, slots=True)
class Published:
    """The règlement of today; `paper` once its PDF is drawn."""

    rulebook: Rulebook
    paper: IssuedDocument | None


async def published(catalogue: Catalogue, now: datetime) -> Published:
    """Dated by the change that the journal noted last; a change that is not noted yet is of today."""
    last = await _last()
    today = now.astimezone(PARIS).date()
    said = write(catalogue, today)
    if last is None or last.details["digest"] != said.digest:
        return Published(said, None)
    return Published(_since(last, said), await IssuedDocument.of(DocumentKind.RULEBOOK, last.id))


async def note_change(now: datetime) -> tuple[int, Rulebook] | None:
    """Note in the journal that it says something else than before; the number of its paper, while that is not drawn."""
    today = now.astimezone(PARIS).date()
    said, last = write(await current_catalogue(), today), await _last()
    if last is None or last.details["digest"] != said.digest:
        await Event.note(now, "clock", CHANGED, ABOUT, digest=said.digest)
        last = await _last()
    if last is None or await IssuedDocument.exists(key=document_key(DocumentKind.RULEBOOK, last.id)):
        return None
    return last.id, _since(last, said)


def _since(change: Event, said: Rulebook) -> Rulebook:
    return replace(said, issued_on=change.at.astimezone(PARIS).date())


async def _last() -> Event | None:
    return await Event.filter(object=ABOUT, action=CHANGED).order_by("-id").first()
