"""A month that is to be invoiced: many families of Alixan whose child eats every school day of September."""

from datetime import date

from models import clock, commune_file
from models.access.member import Member
from models.activities.activity import Activity
from models.activities.group import Group
from models.activities.slot import Slot
from models.commune.till import Till
from models.families.child import Child, Home
from models.families.enrolment import Enrolment
from models.families.family import Family
from models.families.guardian import Guardian
from models.invoicing import drafting, issue
from models.invoicing.campaign import InvoiceCampaign
from models.storage.database import write
from tests.models.invoicing import SEPTEMBER

MEAL = "Cantine d'Alixan"
DAYS = 18  # school days of September 2022 in Alixan


async def load() -> None:
    clock.shift_to(clock.datetime(2022, 9, 30, 17, tzinfo=clock.PARIS))
    await commune_file.load(commune_file.read(commune_file.shipped("alixan")), demo=True)


async def gather(count: int) -> None:
    """So many families, each with a parent, a child and its meals."""
    slot = await Slot.get(name=MEAL)
    activity, group = await Activity.get(id=slot.activity_id), await Group.get(activity_id=slot.activity_id)
    await Family.bulk_create([Family(number=f"month-{n:06d}") for n in range(count)], batch_size=500)
    families = await Family.filter(number__startswith="month-").order_by("id")
    born = date(2014, 1, 1)
    children = [Child(first_name="Léa", last_name=f"Mois{n:06d}", born=born) for n in range(count)]
    await Child.bulk_create(children, batch_size=500)
    pairs = list(
        zip(families, await Child.filter(last_name__startswith="Mois").order_by("last_name"), strict=True)
    )
    await Home.bulk_create([Home(family=family, child=child) for family, child in pairs], batch_size=500)
    await Guardian.bulk_create(
        [
            Guardian(
                family=family, first_name="Claire", last_name=child.last_name, username=family.number,
                email=f"{family.number}@example.org",
            )
            for family, child in pairs
        ],
        batch_size=500,
    )  # fmt: skip
    same = {"activity": activity, "group": group, "start": activity.opens, "end": activity.closes}
    rows = [Enrolment(family=family, child=child, **same) for family, child in pairs]
    await Enrolment.bulk_create(rows, batch_size=500)
    await write(_BOOKED, [slot.id, *SEPTEMBER])
    await write(
        "UPDATE opening SET taken = (SELECT COUNT(*) FROM booking WHERE booking.opening_id = opening.id)"
    )


async def campaign() -> InvoiceCampaign:
    """With its drafts, all of them read and to be issued."""
    made = await begun()
    await drafting.make(made.id, 1, 0, clock.now())
    return made


async def begun() -> InvoiceCampaign:
    """Its drafts are asked for."""
    till, member = await Till.all().first(), await Member.get(username="regie")
    assert till
    return await drafting.begin(till, *SEPTEMBER, SEPTEMBER[1], member.id, clock.now())


async def start(id: int) -> None:
    read = await InvoiceCampaign.get(id=id).select_related("till")
    member = await Member.get(username="regie")
    assert await issue.start(id, member.id, issue.seen(*await issue.to_issue(read), read), clock.now())


_BOOKED = """
INSERT INTO booking (child_id, family_id, enrolment_id, slot_id, opening_id, day, state, cents, billed, reason,
  made_at, changed_at)
SELECT enrolment.child_id, enrolment.family_id, enrolment.id, opening.slot_id, opening.id, opening.day, 'confirmed',
  500, TRUE, 'à l’unité', '2022-07-04 12:00:00+00:00', '2022-07-04 12:00:00+00:00'
FROM enrolment JOIN family ON family.id = enrolment.family_id AND family.number LIKE 'month-%'
JOIN opening ON opening.slot_id = ? AND opening.group_id = enrolment.group_id AND opening.day BETWEEN ? AND ?
"""
