"""« Mes démarches »: all that a family asked or sent, the last first, with its state and, if refused, why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from models.french.file_changes import ASKED, LABELS, ROLES
from models.rules.states.requests import OF_A_BOOKING, RequestKind, RequestState
from models.storage.database import as_date, as_instant, as_json, rows

MOST = 200  # of each sort, that the page shows


class About(StrEnum):
    """What the page filters by."""

    FAMILY = "famille"
    PERSON = "individu"
    ENROLMENT = "inscription"
    BOOKING = "demande"


@dataclass(frozen=True, slots=True)
class Step:
    """One of them (démarche)."""

    what: str  # "request" | "document" | "membership"
    id: int
    about: About
    title: str
    who: str  # a first name, or ""
    at: datetime
    state: RequestState
    reason: str

    @property
    def withdrawable(self) -> bool:
        return self.state is RequestState.PENDING and self.what != "membership"


async def of(family: int) -> list[Step]:
    """Three questions."""
    found = [_request(row) for row in await rows(_REQUESTS, [family, MOST])]
    found += [_document(row) for row in await rows(_DOCUMENTS, [family, MOST])]
    found += [_membership(row) for row in await rows(_MEMBERSHIPS, [family, MOST])]
    return sorted(found, key=lambda one: (one.at, one.what, one.id), reverse=True)


async def last(family: int, number: int) -> Sequence[Step]:
    return (await of(family))[:number]


def _request(row: dict[str, Any]) -> Step:
    kind = RequestKind(row["kind"])
    return Step(
        "request",
        row["id"],
        _about(kind, row["subject"]),
        _title(kind, row),
        row["first_name"] or "",
        _moment(row["made_at"]),
        RequestState(row["state"]),
        row["reason"] or "",
    )


def _about(kind: RequestKind, subject: str) -> About:
    if kind in OF_A_BOOKING:
        return About.BOOKING
    if kind in (RequestKind.ENROLMENT, RequestKind.ENROLMENT_END):
        return About.ENROLMENT
    return About.PERSON if subject.startswith("child:") else About.FAMILY


def _title(kind: RequestKind, row: dict[str, Any]) -> str:
    """« Annulation : Repas de midi, 07/09/2026 », « Nouvelle personne : Léa Petit (enfant) »."""
    said = ASKED[kind][0].upper() + ASKED[kind][1:]
    if kind in OF_A_BOOKING:
        return f"{said}\u00a0: {row['slot']}, {as_date(row['day']):%d/%m/%Y}"
    after = as_json(row["after"])
    if kind is RequestKind.NEW_PERSON:
        return f"{said}\u00a0: {after['first_name']} {after['last_name']} ({ROLES[after['role']]})"
    if kind is RequestKind.ENROLMENT:
        return f"{said}\u00a0: {after['enrolment']}"
    if kind is RequestKind.ENROLMENT_END:
        return (
            f"{said}\u00a0: {after['enrolment']}, dernier jour le {date.fromisoformat(after['end']):%d/%m/%Y}"
        )
    if kind is RequestKind.QUOTIENT:
        return f"{said}\u00a0: {after['value']}"
    if kind is RequestKind.FILE_CHANGE:
        return f"Changement\u00a0: {', '.join(label for name, label in LABELS.items() if name in after)}"
    return said


def _document(row: dict[str, Any]) -> Step:
    about = About.PERSON if row["child_id"] else About.FAMILY
    state, at = RequestState(row["state"]), _moment(row["sent_at"])
    return Step("document", row["id"], about, row["title"], row["first_name"] or "", at, state, row["reason"])


def _membership(row: dict[str, Any]) -> Step:
    """Paid at once, so it is always accepted."""
    title, at = f"Adhésion {row['activity']}", _moment(row["paid_at"])
    return Step(
        "membership", row["id"], About.ENROLMENT, title, row["first_name"], at, RequestState.ACCEPTED, ""
    )


def _moment(kept: Any) -> datetime:
    at = as_instant(kept)
    if at is None:
        raise ValueError(kept)
    return at


_REQUESTS = """
SELECT request.id, request.kind, request.subject, request.after, request.state, request.reason, request.made_at,
  child.first_name, slot.name AS slot, booking.day FROM request
LEFT JOIN booking ON booking.id = request.booking_id LEFT JOIN slot ON slot.id = booking.slot_id
LEFT JOIN child ON child.id = COALESCE(booking.child_id,
  CASE WHEN request.subject LIKE 'child:%' THEN CAST(SUBSTR(request.subject, 7) AS INTEGER) END)
WHERE request.family_id = ? ORDER BY request.id DESC LIMIT ?
"""
_DOCUMENTS = """
SELECT sent_document.id, sent_document.child_id, sent_document.state, sent_document.sent_at, sent_document.reason,
  required_document.name AS title, child.first_name FROM sent_document
JOIN required_document ON required_document.id = sent_document.required_id
LEFT JOIN child ON child.id = sent_document.child_id
WHERE sent_document.family_id = ? ORDER BY sent_document.id DESC LIMIT ?
"""
_MEMBERSHIPS = """
SELECT membership.id, membership.paid_at, activity.name AS activity, child.first_name FROM membership
JOIN activity ON activity.id = membership.activity_id JOIN child ON child.id = membership.child_id
WHERE membership.family_id = ? AND membership.paid_at IS NOT NULL ORDER BY membership.id DESC LIMIT ?
"""
