"""What a family ticked and did not validate."""

from collections.abc import Sequence
from datetime import datetime

from models.bookings.cart import CartLine
from models.french import moment_long, moment_short, plural
from models.notices.message import Link, Message, fit, words_of
from models.rules.deadlines import PARIS
from models.rules.money import NBSP
from models.rules.states.notices import NoticeKind
from models.work.notice import Notice

SHOWN = 20  # days that an e-mail lists
PLANNING = "/planning?modifier=1"


@words_of(NoticeKind.DRAFT_CLOSING, "Des réservations ne sont pas terminées.", "/planning/recapitulatif")
async def closing(digest: Sequence[Notice]) -> Message | None:
    """None once nothing is left to validate."""
    notice = digest[0]
    if not await CartLine.exists(family_id=notice.family_id, order_id=None):
        return None
    closes, days = _facts(notice)
    said = f"{plural(len(days), 'jour')} à valider"
    return Message(
        fit(f"{said}{NBSP}: jusqu’à {moment_short(closes)}", said),
        [f"Vous avez jusqu’au {moment_long(closes)} pour terminer.", *_listed(days)],
        "Vos choix ne sont pas encore réservés.",
        Link("Terminer", "/planning/recapitulatif"),
    )


@words_of(NoticeKind.DRAFT_LOST, "Des réservations n’ont pas été terminées à temps.", "/planning")
async def lost(digest: Sequence[Notice]) -> Message:
    closes, days = _facts(digest[0])
    return Message(
        f"{plural(len(days), 'jour')} non réservé{'s' * (len(days) > 1)}{NBSP}: la limite est passée",
        [f"La limite était {moment_long(closes)}. Rien n’a été enregistré ni facturé.", *_listed(days)],
        "Vos choix n’avaient pas été validés.",
        Link("Voir le planning", PLANNING),
    )


def _facts(notice: Notice) -> tuple[datetime, list[str]]:
    return datetime.fromisoformat(notice.facts["closes"]).astimezone(PARIS), notice.facts["days"]


def _listed(days: Sequence[str]) -> list[str]:
    more = len(days) - SHOWN
    return [*days[:SHOWN], *([f"Et {plural(more, 'autre')}."] if more > 0 else [])]
