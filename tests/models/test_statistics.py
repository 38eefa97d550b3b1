"""Hours for the CAF and meals at 1 €: what SQL counts is what a hand counts, on both databases."""

from collections.abc import Awaitable, Callable
from datetime import date

from models import clock
from models.access.member import Member
from models.activities.opening import Opening
from models.activities.slot import Slot
from models.activities.tariff import Tariff
from models.bookings.booking import Booking
from models.bookings.roll.attendance import Attendance
from models.families.child import Child
from models.families.enrolment import Enrolment
from models.families.family import Family
from models.families.quotient import Quotient
from models.french.spreadsheets import plain
from models.statistics import care, meals
from models.statistics.table import Figures, Period, four_months
from tests.portal import Portal

OpenPortal = Callable[..., Awaitable[Portal]]
AUTUMN = Period(date(2025, 9, 1), date(2025, 12, 31))


async def book(first_name: str, slot: str, day: str, cents: int, state: str = "confirmed") -> Booking:
    child = await Child.get(first_name=first_name)
    row = await Slot.get(name=slot)
    enrolment = await Enrolment.get(child=child, activity_id=row.activity_id)
    tariff = await Tariff.filter(activity_id=row.activity_id, method="brackets").order_by("id").first()
    opening = await Opening.get(slot=row, group_id=enrolment.group_id, day=date.fromisoformat(day))
    return await Booking.create(
        child=child, family_id=enrolment.family_id, enrolment=enrolment, slot=row, opening=opening,
        day=opening.day, state=state, cents=cents, tariff=tariff, made_at=clock.now(), changed_at=clock.now(),
    )  # fmt: skip


async def call(booking: Booking, state: str, *between: int) -> None:
    arrived, departed = between or (None, None)
    noted_by = await Member.get(username="animateur")
    await Attendance.create(
        booking=booking,
        state=state,
        arrived=arrived,
        departed=departed,
        noted_by=noted_by,
        noted_at=clock.now(),
    )


def shown(figures: Figures) -> list[str]:
    return [";".join(plain(cell) for cell in line) for line in figures.lines]


async def test_what_is_counted_is_what_a_hand_counts(portal: OpenPortal) -> None:
    """Mai, six on the 30th of September, and Lina, in another family."""
    await portal("demo", now="2025-11-03T10:00")
    mai, lina = await Child.get(first_name="Mai"), await Child.get(first_name="Lina")
    hers, other = [
        (await Enrolment.filter(child=one).first() or Enrolment()).family_id for one in (mai, lina)
    ]
    await Family.filter(id=hers).update(scheme="caf")
    await Family.filter(id=other).update(scheme="msa")
    await Quotient.filter(family_id__in=[hers, other]).delete()
    await Quotient.create(family_id=hers, value=420, start=date(2025, 9, 1))
    await Booking.all().delete()

    await call(await book("Mai", "Repas de midi", "2025-09-29", 100), "present")
    await call(await book("Mai", "Repas de midi", "2025-09-30", 0), "present")
    await call(await book("Mai", "Repas de midi", "2025-10-02", 100), "absent")
    await book("Mai", "Repas de midi", "2025-10-03", 280)
    await book("Mai", "Repas de midi", "2025-10-06", 100, "cancelled")
    await book("Lina", "Repas de midi", "2025-10-02", 100)
    await call(await book("Mai", "Accueil du soir", "2025-09-29", 240), "present", 16 * 60 + 40, 17 * 60 + 40)
    await call(await book("Mai", "Accueil du soir", "2025-09-30", 240), "present", 16 * 60, 19 * 60)

    lunch, evening = "Restaurant scolaire;restauration", "Accueil périscolaire;périscolaire"
    assert shown(await care.hours(AUTUMN)) == [
        f"{lunch};09/2025;moins de 6 ans;CAF;1;1,75;1;1,75;1",
        f"{lunch};09/2025;6 ans et plus;CAF;1;1,75;1;1,75;1",
        f"{lunch};10/2025;6 ans et plus;CAF;2;3,50;0;0,00;1",
        f"{lunch};10/2025;6 ans et plus;MSA;1;1,75;0;0,00;1",
        f"{evening};09/2025;moins de 6 ans;CAF;1;2,00;1;1,00;1",
        f"{evening};09/2025;6 ans et plus;CAF;1;2,00;1;2,00;1",
    ]
    assert shown(await care.children(AUTUMN)) == [f"{lunch};4;2;1;1", f"{evening};2;1;1;1"]
    service = "Restaurant scolaire"
    assert shown(await meals.meals(AUTUMN)) == [
        f"{service};09/2025;jusqu’à 450;0,00;1;1;1",
        f"{service};09/2025;jusqu’à 450;1,00;1;1;1",
        f"{service};10/2025;quotient inconnu;1,00;1;1;1",
    ]
    assert shown(await meals.families(AUTUMN)) == [f"{service};4;3;1;2;1"]
    assert shown(await meals.meals(Period(date(2026, 1, 1), date(2026, 4, 30)))) == []


def test_four_months_as_the_asp_counts_them() -> None:
    found = four_months(date(2025, 11, 3), 4)
    assert [(str(one.first), str(one.last)) for one in found] == [
        ("2025-09-01", "2025-12-31"),
        ("2025-05-01", "2025-08-31"),
        ("2025-01-01", "2025-04-30"),
        ("2024-09-01", "2024-12-31"),
    ]
