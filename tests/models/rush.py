"""Many families who want the same day, made quickly."""

from dataclasses import dataclass
from datetime import date

from models import clock
from models.activities.catalogue import Catalogue, current_catalogue
from models.activities.opening import Opening
from models.activities.slot import Slot
from models.bookings.cart import CartLine
from models.commune.school import School
from models.families.child import Child, Home, Schooling
from models.families.enrolment import Enrolment
from models.families.family import Family

DAY = date(2018, 9, 3)


@dataclass(frozen=True)
class Rush:
    catalogue: Catalogue
    families: list[int]
    opening: int


async def gather_families(count: int, slot_name: str = "Rest Sco Pré Paiement 2018-2019") -> Rush:
    """So many families, each with one child and one meal of DAY in its cart."""
    slot, school = await Slot.get(name=slot_name), await School.all().first()
    model = await Enrolment.filter(activity_id=slot.activity_id).first()
    schooling = await Schooling.all().first()
    assert school and model and schooling
    await Family.bulk_create([Family(number=f"rush-{n}") for n in range(count)])
    await Child.bulk_create(
        [Child(first_name=f"E{n}", last_name="Rush", born=date(2010, 1, 1)) for n in range(count)]
    )
    families = await Family.filter(number__startswith="rush").order_by("id")
    children = await Child.filter(last_name="Rush").order_by("id")
    pairs = list(zip(families, children, strict=True))
    await Home.bulk_create([Home(family=family, child=child) for family, child in pairs])
    await Schooling.bulk_create(
        [Schooling(child=child, year_id=schooling.year_id, school=school, level="CP") for child in children]
    )
    same = {
        "activity_id": model.activity_id,
        "group_id": model.group_id,
        "start": model.start,
        "end": model.end,
    }
    await Enrolment.bulk_create([Enrolment(family=family, child=child, **same) for family, child in pairs])
    now = clock.now()
    wish = {"slot": slot, "day": DAY, "action": "add", "cents": 340, "made_at": now}
    await CartLine.bulk_create([CartLine(family=family, child=child, **wish) for family, child in pairs])
    opening = await Opening.get(slot=slot, day=DAY, group_id=model.group_id)
    return Rush(await current_catalogue(), [family.id for family in families], opening.id)
