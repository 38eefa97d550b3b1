"""What is older than the commune keeps it goes by itself. Invoices, ledger and journal stay: the law keeps them."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, time

from models.commune.commune import Commune
from models.families.child import Home
from models.families.family import Family
from models.families.file.health import ChildHealth, set_health
from models.families.file_change import FileChanged
from models.personal_data.anonymising import AGAIN, DONE, NotYet, anonymise
from models.rules.deadlines import PARIS
from models.rules.families.health import NOTHING
from models.rules.families.retention import (
    DAYS,
    HEALTH,
    INACTIVE,
    MESSAGES,
    SESSIONS,
    Duration,
    earlier,
    ended_years,
    kept,
)
from models.rules.states.threads import ThreadState
from models.storage.database import instant, rows, sql_list, transaction, write
from models.work.audit_log import Event

BATCH = 200  # of each kind at once; the rest waits for the next night
ACTOR = "clock"
SUBJECT = "Conversation effacée"
WORDS = "Message effacé\u00a0: la mairie ne garde pas les messages plus longtemps."


async def session_days() -> int:
    """How many days what let somebody in is kept after its end."""
    town = await Commune.all().first()
    return DAYS * kept(town.retention if town else None)[SESSIONS.code]


async def apply_retention(now: datetime) -> dict[str, int]:
    """How many of each kind went: conversations, what was said of a child's health, families.

    Each in its own transaction: what is interrupted goes on the next time.
    """
    town = await Commune.all().first()
    if town is None:
        return {}
    months, done = kept(town.retention), {}
    for duration, work in _WORK:
        done[duration.code] = await work(earlier(now.date(), months[duration.code]), now)
    if any(done.values()):
        after = {f"erased_{code}": number for code, number in done.items() if number}
        async with transaction():
            await Event.note(now, ACTOR, "retention.applied", "commune:1", None, after=after)
    return done


async def _empty_threads(before: date, now: datetime) -> int:
    old = await rows(_THREADS, [instant(_midnight(ended_years(before))), BATCH])
    for row in old:
        async with transaction():
            await Family.lock(row["family_id"])
            await write(_EMPTY_MESSAGES, [WORDS, row["id"]])
            await write("UPDATE message_thread SET subject = ? WHERE id = ?", [SUBJECT, row["id"]])
    return len(old)


async def _empty_health(before: date, now: datetime) -> int:
    done = 0
    for row in await rows(_HEALTH, [before] * 3):
        [family, *_] = sorted(await Home.families([row["child_id"]]))
        version, _ = await ChildHealth.version_of(row["child_id"])
        try:
            done += await set_health(row["child_id"], family, NOTHING, version, ACTOR, now)
        except FileChanged:
            continue  # somebody is writing it: it is not so old
        if done == BATCH:
            break
    return done


async def _anonymise_families(before: date, now: datetime) -> int:
    """Where nothing is under way: no debt, no credit, no mandate, no day to invoice."""
    done = 0
    since = _midnight(before)
    for row in await rows(_INACTIVE, [*[before] * 4, instant(since), since.timestamp()]):
        try:
            await anonymise(row["id"], ACTOR, now)
        except NotYet:
            continue
        done += 1
        if done == BATCH:
            break
    return done


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), PARIS)


_WORK: tuple[tuple[Duration, Callable[[date, datetime], Awaitable[int]]], ...] = (
    (MESSAGES, _empty_threads),
    (HEALTH, _empty_health),
    (INACTIVE, _anonymise_families),
)
_THREADS = f"""
SELECT id, family_id FROM message_thread WHERE last_at < ? AND subject NOT IN ('{SUBJECT}', 'Conversation anonymisée')
  AND state NOT IN {sql_list((ThreadState.OPEN, ThreadState.SET_ASIDE))} ORDER BY id LIMIT ?
"""  # noqa: S608
# The mairie's words to many name nobody.
_EMPTY_MESSAGES = "UPDATE message SET text = ? WHERE thread_id = ? AND \"key\" NOT LIKE 'mass_recipient:%'"
_AT_SCHOOL = "FROM schooling JOIN school_year ON school_year.id = schooling.year_id"
_HEALTH = f"""
SELECT child_id FROM child_health
WHERE EXISTS (SELECT 1 {_AT_SCHOOL} WHERE schooling.child_id = child_health.child_id)
  AND NOT EXISTS (SELECT 1 {_AT_SCHOOL} WHERE schooling.child_id = child_health.child_id AND school_year.ends >= ?)
  AND NOT EXISTS (SELECT 1 FROM enrolment WHERE enrolment.child_id = child_health.child_id AND enrolment."end" >= ?)
  AND NOT EXISTS (SELECT 1 FROM booking WHERE booking.child_id = child_health.child_id AND booking.day >= ?)
ORDER BY child_id
"""  # noqa: S608
_OF_HOMES = f"{_AT_SCHOOL} JOIN home ON home.child_id = schooling.child_id WHERE home.family_id = family.id"
# A closed file goes with the one that stands for it.
# One of whom nothing at all is known, not even a day gone by, is new: nobody knows since when it sleeps.
_INACTIVE = f"""
SELECT id FROM family
WHERE (EXISTS (SELECT 1 {_OF_HOMES}) OR EXISTS (SELECT 1 FROM booking WHERE booking.family_id = family.id))
  AND NOT EXISTS (SELECT 1 FROM family_merge WHERE family_merge.family_id = family.id)
  AND NOT EXISTS (SELECT 1 {_OF_HOMES} AND school_year.ends >= ?)
  AND NOT EXISTS (SELECT 1 FROM booking WHERE booking.family_id = family.id AND booking.day >= ?)
  AND NOT EXISTS (SELECT 1 FROM enrolment WHERE enrolment.family_id = family.id AND enrolment."end" >= ?)
  AND NOT EXISTS (SELECT 1 FROM invoice WHERE invoice.family_id = family.id AND invoice.issued_on >= ?)
  AND NOT EXISTS (SELECT 1 FROM event WHERE event.family_id = family.id
                  AND (event.action IN {sql_list((DONE, AGAIN))} OR (event.actor <> '{ACTOR}' AND event.at >= ?)))
  AND NOT EXISTS (SELECT 1 FROM session JOIN guardian ON guardian.id = session.guardian_id
                  WHERE guardian.family_id = family.id AND session.created >= ?)
ORDER BY id
"""  # noqa: S608
