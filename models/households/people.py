"""Parents and children who go over to the file that stands, with what is known of them.

Each is called inside a transaction, after Family.lock of every home.
"""

from collections.abc import Sequence
from datetime import date, datetime

from models.accounts.closing import end_access
from models.families.child import Child, Home, Schooling
from models.families.child_stop import ChildStop
from models.families.enrolment import Enrolment
from models.families.enrolment_wait import EnrolmentWait
from models.families.file.contact import ChildContact
from models.families.file.health import ChildHealth
from models.families.file.sent_document import SentDocument
from models.families.guardian import Guardian
from models.families.membership import Membership
from models.family_file import writer
from models.households.pairs import Pair, Parents
from models.rules.families.enrolling import WaitState
from models.rules.families.health import NOTHING
from models.storage.database import rows

Enrolments = dict[tuple[int, int], Enrolment]  # by child and activity


async def move_parents(who: Parents, closed: int, kept: int, now: datetime) -> None:
    last = await Guardian.filter(family_id=kept).count()
    for n, one in enumerate(who.coming):
        await Guardian.filter(id=one.id).update(family_id=kept, position=last + n)
    for one in who.leaving:
        await Guardian.filter(id=one.id).update(family_id=closed)
    for one in (*who.staying, *who.leaving):
        await shut_out(one, now)


async def shut_out(one: Guardian, now: datetime) -> None:
    """They stay in the file, as what they did there needs, and are told nothing any more."""
    await end_access(one, now)
    await Guardian.filter(id=one.id).update(
        username=f"compte-clos-{one.id}", password=None, email="", refused_at=None, refused_email=None,
        blocked_at=now,
    )  # fmt: skip


async def move_children(
    pairs: Sequence[Pair], closed: int, kept: int, today: date, actor: str, now: datetime
) -> dict[int, int]:
    """By a child's row in the closed file, its row in the other. Who was entered twice keeps a home in the first."""
    twins = {pair.closed.id: pair.kept for pair in pairs}
    last, child_of = await Home.filter(family_id=kept).count(), {}
    for home in await Home.filter(family_id=closed).order_by("position", "id"):
        twin = twins.get(home.child_id)
        child_of[home.child_id] = twin.id if twin else home.child_id
        if twin is None:
            await Home.filter(id=home.id).update(family_id=kept, position=last)
            last += 1
        elif twin.id == home.child_id:  # both homes of one child are this one
            await Home.filter(id=home.id).delete()
            await Home.filter(child_id=twin.id, family_id=kept).update(weeks="all")
        else:
            await _become_one(home.child_id, twin, kept, today, actor, now)
    return child_of


async def _become_one(gone: int, kept: Child, family: int, today: date, actor: str, now: datetime) -> None:
    """Of what is said twice, the standing file's is kept."""
    classes = {row.year_id for row in await Schooling.filter(child_id=kept.id)}
    for row in await Schooling.filter(child_id=gone, year__ends__gte=today):
        if row.year_id in classes:
            await Schooling.filter(id=row.id).delete()
        else:
            await Schooling.filter(id=row.id).update(child_id=kept.id)
    known = await ChildHealth.known([gone, kept.id])
    if known.get(gone, NOTHING) != NOTHING and known.get(kept.id, NOTHING) == NOTHING:
        version, _ = await ChildHealth.version_of(kept.id)
        await ChildHealth.write(kept.id, family, known[gone], version, actor, now)
    await ChildContact.filter(child_id=gone, removed_at=None).update(child_id=kept.id)
    rides = {row.line_id for row in await ChildStop.filter(child_id=kept.id, ended_at=None)}
    for stop in await ChildStop.filter(child_id=gone, ended_at=None).order_by("id"):
        await ChildStop.filter(id=stop.id).update(ended_at=now)
        if stop.line_id not in rides:
            await ChildStop.create(child_id=kept.id, line_id=stop.line_id, stop_id=stop.stop_id, made_at=now)
    joined = [row.activity_id for row in await Membership.filter(child_id=kept.id)]
    for paid in await Membership.filter(child_id=gone).exclude(activity_id__in=joined).order_by("id"):
        await Membership.create(
            child_id=kept.id, activity_id=paid.activity_id, family_id=family, cents=0, paid_at=None
        )


async def move_enrolments(
    closed: int, kept: int, child_of: dict[int, int], today: date, now: datetime
) -> Enrolments:
    """They end today in the closed file and go on in the other, in the same groups; who waited waits there."""
    found: Enrolments = {
        (row.child_id, row.activity_id): row for row in await Enrolment.filter(family_id=kept)
    }
    mine = await Enrolment.filter(family_id=closed, child_id__in=list(child_of), end__gte=today).order_by(
        "position", "id"
    )
    for row in mine:
        place = child_of[row.child_id], row.activity_id
        there = found.get(place)
        made = Enrolment(
            child_id=place[0],
            family_id=kept,
            activity_id=row.activity_id,
            group_id=row.group_id,
            category=there.category if there else row.category,
            start=min(there.start, max(row.start, today)) if there else max(row.start, today),
            end=max(there.end, row.end) if there else row.end,
            position=there.position if there else len(found),
        )
        await writer.write_enrolments([made])
        found[place] = await Enrolment.get(child_id=place[0], family_id=kept, activity_id=row.activity_id)
    await Enrolment.filter(id__in=[row.id for row in mine]).update(end=today)
    await Enrolment.filter(id__in=[row.id for row in mine], start__gt=today).update(start=today)
    await _move_waits(closed, kept, child_of, found, now)
    return found


async def _move_waits(
    closed: int, kept: int, child_of: dict[int, int], enrolled: Enrolments, now: datetime
) -> None:
    """With the rank that they have; one that the other file has too is left."""
    waits = await EnrolmentWait.filter(family_id=kept, state=WaitState.WAITING)
    there = {(row.child_id, row.activity_id) for row in waits} | set(enrolled)
    for row in await EnrolmentWait.filter(family_id=closed, state=WaitState.WAITING).order_by("id"):
        child = child_of[row.child_id]
        mine = EnrolmentWait.filter(id=row.id)
        if (child, row.activity_id) in there:
            await mine.update(state=WaitState.LEFT, ended_at=now)
        else:
            await mine.update(child_id=child, family_id=kept)


async def move_documents(closed: int, kept: int, child_of: dict[int, int]) -> None:
    """The papers that the commune asks for; the proofs of answered requests stay with them."""
    for row in await SentDocument.filter(family_id=closed, required_id__isnull=False).order_by("id"):
        if row.child_id is None or row.child_id in child_of:  # not of one that has left the home
            child = child_of[row.child_id] if row.child_id else None
            await SentDocument.filter(id=row.id).update(family_id=kept, child_id=child)


async def other_homes(families: Sequence[int]) -> set[int]:
    """Where else their children live: to be locked with them."""
    children = {row["child_id"] for family in families for row in await rows(_THEIRS, [family])}
    return await Home.families(children) if children else set()


_THEIRS = "SELECT child_id FROM home WHERE family_id = ?"
