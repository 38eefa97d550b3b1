"""Files made twice, a school year that turns: for tests."""

from datetime import date, timedelta

from models import clock
from models.access.member import Member
from models.commune.school_year import SchoolYear
from models.commune.till import Till
from models.counter import taking
from models.counter.taking import Taking
from models.families.child import Child, Schooling
from models.families.enrolment import Enrolment
from models.families.family import Family
from models.families.guardian import Guardian
from models.family_file import creating, passing
from models.family_file.creating import NewChild, NewFamily, NewGuardian
from models.family_file.passing import Turn
from models.households import merging
from models.rules.states.payments import PaymentMethod


async def agent() -> int:
    return (await Member.get(username="gestion")).id


async def typed_twice(name: str, born: date, guardian: Guardian, *activities: int) -> Family:
    """The file that an agent made of a family that was there."""
    school = await Schooling.filter(child__first_name=name).order_by("id").first()
    assert school
    said = NewFamily(
        f"again-{name}",
        (NewGuardian(guardian.first_name, guardian.last_name, guardian.email, None),),
        (NewChild(name, guardian.last_name, born, school.school_id, school.level, activities),),
    )
    year = await SchoolYear.all().order_by("id").get()
    return await Family.get(id=await creating.create(said, year.id, await agent(), clock.now()))


async def live() -> None:
    """Mai Nguyen, typed twice, with a cheque in advance; then the file is merged. A child that left."""
    mai, linh = await Child.get(first_name="Mai"), await Guardian.get(username="linh.nguyen")
    closed, till = await typed_twice("Mai", mai.born, linh), await Till.get(code="scolaire")
    cashier = (await Member.get(username="regie")).id
    advance = Taking(closed.id, till.id, (), PaymentMethod.CHEQUE, 500, True, "merged")
    await taking.take(advance, cashier, clock.now())
    assert await merging.merge(closed.id, linh.family_id, await agent(), clock.now())
    year = await SchoolYear.get()
    starts = year.ends + timedelta(days=60)
    after = await SchoolYear.create(name="après", starts=starts, ends=starts + timedelta(days=300))
    await Enrolment.filter(child_id=mai.id, family_id=linh.family_id).update(end=after.ends)
    asked = Turn(year, after, {}, [mai.id], "passage", await agent())
    assert (await passing.turn(asked, clock.now())).left == 1
