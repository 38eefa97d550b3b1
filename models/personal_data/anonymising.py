"""« Anonymiser »: of a family that has left, nobody is named any more; invoices, ledger, who did what when stay."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from models.accounts.closing import end_access
from models.certificates.certificate import Certificate
from models.families.child import Child
from models.families.family import Family
from models.families.file.health import ChildHealth, sealed
from models.families.file.merge import FamilyMerge
from models.families.guardian import Guardian
from models.family_file import overview
from models.personal_data.part import ONLY_HERE, Part
from models.personal_data.register import PARTS
from models.personal_data.tries import forget_tries
from models.rules.booking import LIVE
from models.rules.families.enrolling import WaitState
from models.rules.families.health import NOTHING
from models.rules.states.debits import MandateState
from models.rules.states.orders import Billing
from models.rules.states.payments import PaymentState
from models.rules.states.threads import ThreadState
from models.storage.database import as_json, retrying, rows, sql_list, transaction, write
from models.work.audit_log import Event
from models.work.notice import Notice

DONE, AGAIN = "family.anonymised", "family.anonymised_again"  # of the journal; after a restore


class NotYet(Exception):
    """Something of the family is still under way, or it is done already: see `obstacles`."""


async def obstacles(family: int, today: date) -> list[str]:
    """What stands in the way, as a code each: debt, credit, days, uninvoiced, enrolled, waits, requests, threads,
    anomalies, mandate, payment; done, where nobody is named any more."""
    if await Event.exists(action__in=(DONE, AGAIN), family_id=family):
        return ["done"]
    tills, waiting = await overview.tills(family, today), await overview.waiting(family)
    found = {
        "debt": any(till.owed for till in tills),
        "credit": any(till.credit for till in tills),
        "requests": waiting.requests,
        "anomalies": waiting.anomalies,
    }
    for code, sql in _UNDER_WAY.items():
        [row] = await rows(sql, [family, today] if sql.count("?") > 1 else [family])
        found[code] = row["number"]
    return [code for code, is_there in found.items() if is_there]


async def anonymise(family: int, actor: str, now: datetime) -> None:
    """Cannot be taken back. `actor` as the journal names them. Raises NotYet."""
    await retrying(partial(_anonymise, family, actor, now))


async def _anonymise(family: int, actor: str, now: datetime) -> None:
    absorbed = await _absorbed(family)
    async with transaction():
        await Family.lock(family, *absorbed)
        if await obstacles(family, now.date()) or absorbed != await _absorbed(family):
            raise NotYet
        for one in [*absorbed, family]:
            await erase(one, actor, DONE, now)


async def _absorbed(family: int) -> list[int]:
    return [merged.id for merged in await FamilyMerge.absorbed(family)]


async def erase(family: int, actor: str, action: str, now: datetime) -> None:
    """Whatever is under way; inside a transaction, after Family.lock."""
    for guardian in await Guardian.filter(family_id=family).order_by("id"):
        await end_access(guardian, now)
    await Notice.filter(family_id=family, told_at=None).update(told_at=now)  # nobody is left to be told
    await _empty_health(family, actor, now)
    await _empty_requests(family)
    await _empty_certificates(family)
    await forget_tries(family)
    for part in reversed(PARTS):  # who they are comes last: e-mails are found by their address
        await _empty(part, family)
    await _rename(family, now)
    await Event.note(now, actor, action, f"family:{family}", family)
    await Event.empty(family, now)


async def _empty(part: Part, family: int) -> None:
    """All its columns at once, as the guards ask. A sentence that stands there is replaced, none is put elsewhere."""
    if part.emptied:
        columns = ", ".join(map(_emptied, part.emptied, part.emptied.values()))
        kept = [json.dumps(value) if isinstance(value, dict) else value for value in part.emptied.values()]
        await write(f'UPDATE "{part.table}" SET {columns} WHERE {part.of.format(family=family)}', kept)  # noqa: S608


def _emptied(column: str, value: Any) -> str:
    if isinstance(value, str):
        own = "REPLACE(?, '{id}', CAST(id AS TEXT))" if "{id}" in value else "?"
        return f'"{column}" = CASE WHEN "{column}" <> \'\' THEN {own} ELSE "{column}" END'
    return f'"{column}" = ?'


async def _empty_health(family: int, actor: str, now: datetime) -> None:
    for row in await rows(_HEALTH.format(family=family)):
        await ChildHealth.write(row["child_id"], family, NOTHING, row["version"], actor, now)


async def _empty_requests(family: int) -> None:
    """Which columns were asked for stays; what they said does not."""
    for row in await rows('SELECT id, before, after FROM "request" WHERE family_id = ?', [family]):
        for side in ("before", "after"):
            if (said := as_json(row[side])) is not None:
                blank = json.dumps(_blank(said))
                await write(f'UPDATE "request" SET "{side}" = ? WHERE id = ?', [blank, row["id"]])  # noqa: S608


async def _empty_certificates(family: int) -> None:
    """What each child's care cost stays, and not which child's."""
    for one in await Certificate.filter(family_id=family).order_by("id"):
        children = [{**child, "name": "", "born": f"{child['born'][:4]}-01-01"} for child in one.children]
        await Certificate.filter(id=one.id).update(children=children)


def _blank(said: Any) -> Any:
    if isinstance(said, Mapping):
        return {key: sealed(NOTHING) if key == "sealed" else _blank(value) for key, value in said.items()}
    if isinstance(said, list):
        return [_blank(value) for value in said]
    return "" if isinstance(said, str) else said


async def _rename(family: int, now: datetime) -> None:
    for guardian in await Guardian.filter(family_id=family).order_by("id"):
        await Guardian.filter(id=guardian.id).update(username=f"anonyme-{guardian.id}", blocked_at=now)
    for row in await rows(_CHILDREN.format(family=family)):
        child = await Child.get(id=row["id"])
        await Child.filter(id=child.id).update(born=date(child.born.year, 1, 1))
    await write("UPDATE family SET facts = facts + 1 WHERE id = ?", [family])


_HEALTH = f"SELECT child_id, version FROM child_health WHERE child_id {ONLY_HERE} ORDER BY child_id"  # noqa: S608
_CHILDREN = f"SELECT id FROM child WHERE id {ONLY_HERE} ORDER BY id"  # noqa: S608
_TO_ANSWER = (ThreadState.OPEN, ThreadState.SET_ASIDE)
_UNDER_WAY = {
    "days": f"SELECT COUNT(*) AS number FROM booking WHERE family_id = ? AND day >= ? AND state IN {sql_list(LIVE)}",  # noqa: S608
    "uninvoiced": f"""
SELECT COUNT(*) AS number FROM booking JOIN slot ON slot.id = booking.slot_id
JOIN activity ON activity.id = slot.activity_id
WHERE booking.family_id = ? AND booking.day < ? AND activity.billing = '{Billing.INVOICED}' AND booking.billed
  AND booking.cents > 0 AND booking.state IN {sql_list(LIVE)}
  AND NOT EXISTS (SELECT 1 FROM invoiced_booking WHERE invoiced_booking.booking_id = booking.id)
""",  # noqa: S608
    "enrolled": 'SELECT COUNT(*) AS number FROM enrolment WHERE family_id = ? AND "end" >= ?',
    "waits": f"SELECT COUNT(*) AS number FROM enrolment_wait WHERE family_id = ? AND state = '{WaitState.WAITING}'",  # noqa: S608
    "threads": f"SELECT COUNT(*) AS number FROM message_thread WHERE family_id = ? AND state IN {sql_list(_TO_ANSWER)}",  # noqa: S608
    "mandate": f"SELECT COUNT(*) AS number FROM mandate WHERE family_id = ? AND state = '{MandateState.ACTIVE}'",  # noqa: S608
    "payment": f"SELECT COUNT(*) AS number FROM payment WHERE family_id = ? AND state = '{PaymentState.REDIRECTED}'",  # noqa: S608
}
