"""« Fusionner »: of two files that are one family, one stands and the other is closed.

What lives goes over: parents and their accounts, children, enrolments, days to come, papers, conversations, what is
owed or to be given back. What has happened stays written where it happened, and the closed file says where it went.
"""

from datetime import date, datetime, timedelta
from functools import partial

from tortoise.expressions import Q

from models.bookings.cart import CartLine
from models.families.aid import Aid
from models.families.family import Family
from models.families.file.merge import FamilyMerge, MergedChild
from models.families.quotient import Quotient
from models.households import balances, days, pairs, people
from models.households.days import Desk
from models.households.obstacles import Obstacle, obstacles
from models.households.pairs import Pair, Parents
from models.messages.thread import MessageThread
from models.rules.states.notices import NoticeKind
from models.storage.database import retrying, transaction
from models.work.audit_log import Event
from models.work.notice import Notice

ONE_DAY = timedelta(days=1)


class CannotMerge(Exception):
    """`obstacles`: why."""

    def __init__(self, found: list[Obstacle]) -> None:
        super().__init__(", ".join(one.code for one in found))
        self.obstacles = found


async def merge(closed: int, kept: int, member: int, now: datetime) -> bool:
    """Cannot be taken back. False where it was done already. Raises CannotMerge, and nothing is changed."""
    return await retrying(partial(_merge, closed, kept, member, now))


async def _merge(closed: int, kept: int, member: int, now: datetime) -> bool:
    homes = await people.other_homes([closed, kept])
    async with transaction():
        await Family.lock(closed, kept, *homes)
        if await FamilyMerge.exists(family_id=closed, into_id=kept):
            return False
        found = await obstacles(closed, kept, now.date())
        if found:
            raise CannotMerge(found)
        twins, parents = await pairs.children(closed, kept), await pairs.parents(closed, kept)
        row = await FamilyMerge.create(family_id=closed, into_id=kept, member_id=member, at=now)
        await FamilyMerge.filter(into_id=closed).update(into_id=kept)
        await _move(row, twins, parents, Desk(f"member:{member}", f"merge:{closed}", now))
    return True


async def _move(row: FamilyMerge, twins: list[Pair], parents: Parents, desk: Desk) -> None:
    closed, kept = await Family.get(id=row.family_id), await Family.get(id=row.into_id)
    today, now = desk.now.date(), desk.now
    for pair in twins:
        if pair.closed.id != pair.kept.id:
            await MergedChild.filter(kept_id=pair.closed.id).update(kept_id=pair.kept.id)
            await MergedChild.create(merge_id=row.id, child_id=pair.closed.id, kept_id=pair.kept.id)
    children = [pair.closed.id for pair in twins]
    await people.move_parents(parents, closed.id, kept.id, now)
    child_of = await people.move_children(twins, closed.id, kept.id, today, desk.actor, now)
    enrolments = await people.move_enrolments(closed.id, kept.id, child_of, today, now)
    await people.move_documents(closed.id, kept.id, child_of)
    booked = await days.coming(closed.id, child_of, today)
    await days.give_back(closed.id, booked, desk)
    await balances.carry(closed, kept, desk.actor, now)
    await days.book(kept.id, booked, child_of, enrolments, desk)
    await _move_file(closed, kept, child_of, child_of.keys() - set(children), today)
    await _note(closed, kept, parents, len(children), len(booked), desk)
    await Notice.say(NoticeKind.FILES_MERGED, kept.id, f"family:{closed.id}", now)


async def _move_file(
    closed: Family, kept: Family, child_of: dict[int, int], alone: set[int], today: date
) -> None:
    """What the standing file does not say, the closed one does."""
    said = ("category", "address", "holder", "scheme", "holder_number", "dependants")
    more = {name: getattr(closed, name) for name in said if not getattr(kept, name) and getattr(closed, name)}
    if more:
        await Family.filter(id=kept.id).update(**more)
    await _move_quotients(closed.id, kept.id, today)
    await _move_aids(closed.id, kept.id, child_of, alone, today)
    await MessageThread.filter(family_id=closed.id).update(family_id=kept.id)
    await CartLine.filter(family_id=closed.id).delete()


async def _move_quotients(closed: int, kept: int, today: date) -> None:
    """From when on the standing file says none any more."""
    said = Quotient.filter(family_id=kept)
    if await said.filter(Q(end=None) | Q(end__gte=today)).exists():
        return
    ends = [row.end for row in await said if row.end]
    for row in await Quotient.filter(family_id=closed).order_by("id"):
        start: date = max([row.start, *(end + ONE_DAY for end in ends)])
        if row.end is None or row.end >= start:
            await Quotient.filter(id=row.id).update(family_id=kept, start=start)


async def _move_aids(closed: int, kept: int, child_of: dict[int, int], alone: set[int], today: date) -> None:
    """Those of a child that the closed file `alone` has, and all where the standing file has none that goes on."""
    said = await Aid.filter(Q(end=None) | Q(end__gte=today), family_id=kept).exists()
    for aid in await Aid.filter(family_id=closed).order_by("id"):
        if aid.child_id in alone or (not said and aid.child_id in (None, *child_of)):
            child = child_of[aid.child_id] if aid.child_id else None
            await Aid.filter(id=aid.id).update(family_id=kept, child_id=child)
    await Aid.end_by(today, family_id=closed)


async def _note(closed: Family, kept: Family, parents: Parents, twins: int, booked: int, desk: Desk) -> None:
    """In the journal of each."""
    await Event.note(
        desk.now,
        desk.actor,
        "family.merged",
        f"family:{closed.id}",
        closed.id,
        number=kept.number,
        days=booked,
    )
    await Event.note(
        desk.now, desk.actor, "family.joined", f"family:{kept.id}", kept.id, number=closed.number,
        guardians=[one.name for one in parents.coming], twins=twins, days=booked,
    )  # fmt: skip
