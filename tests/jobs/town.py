"""Lens in September 2018, as few rows as a letter needs: the Durands, a canteen, an evening care."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models.activities.activity import Activity
from models.activities.group import Group
from models.activities.opening import Opening
from models.activities.slot import Slot
from models.bookings.booking import Booking
from models.bookings.order import Order, OrderLine
from models.commune.commune import Commune
from models.commune.school_year import SchoolYear
from models.commune.till import Till
from models.families.child import Child
from models.families.enrolment import Enrolment
from models.families.family import Family
from models.families.guardian import Guardian
from models.money.payment import Payment
from models.rules.deadlines import PARIS
from models.storage.paging import Cut
from models.work import work_list
from models.work.work_list import TaskLine

NOW = datetime(2018, 8, 27, 10, 3, tzinfo=PARIS)


async def troubles() -> list[TaskLine]:
    """What the mairie sees of the work that failed."""
    return (await work_list.troubles(Cut("last"))).rows


def september(day: int) -> date:
    return date(2018, 9, day)


@dataclass
class Town:
    till: Till
    family: Family
    children: dict[str, Child]
    slots: dict[str, Slot]
    groups: dict[str, Group]

    async def opening(self, slot: str, day: date, places: int | None = None) -> Opening:
        facts: Any = {"slot_id": self.slots[slot].id, "group_id": self.groups[slot].id, "day": day}
        return (await Opening.get_or_create(**facts, defaults={"places": places}))[0]

    async def booking(self, child: str, slot: str, day: date, state: str, **more: Any) -> Booking:
        enrolment, _ = await Enrolment.get_or_create(
            child_id=self.children[child].id,
            family_id=self.family.id,
            activity_id=self.slots[slot].activity_id,
            defaults={
                "group_id": self.groups[slot].id,
                "start": date(2018, 9, 3),
                "end": date(2019, 7, 5),
            },
        )
        opening = await self.opening(slot, day)
        known: Any = {"cents": 190, **more}
        return await Booking.create(
            child_id=self.children[child].id,
            family_id=self.family.id,
            enrolment_id=enrolment.id,
            slot_id=self.slots[slot].id,
            opening_id=opening.id,
            day=day,
            state=state,
            made_at=NOW,
            changed_at=NOW,
            **known,
        )

    async def order(self, kind: str, **more: Any) -> Order:
        known: Any = {"state": "confirmed", "click": f"{kind}-1", "net": 0, "made_at": NOW}
        return await Order.create(family_id=self.family.id, till_id=self.till.id, kind=kind, **known | more)

    async def line(self, order: Order, booking: Booking, action: str = "add") -> None:
        slot = await Slot.get(id=booking.slot_id)
        await OrderLine.create(
            order_id=order.id,
            child_id=booking.child_id,
            activity_id=slot.activity_id,
            slot_id=slot.id,
            action=action,
            day=booking.day,
            booking_id=booking.id,
            cents=booking.cents if action == "add" else -booking.cents,
        )

    async def payment(self, order: Order, cents: int, **more: Any) -> Payment:
        known: Any = {
            "provider": "demo",
            "reference": f"PF-{order.id}-{await Payment.all().count()}",
            "state": "paid",
            "card": "4970 10XX XXXX 0014",
            "authorisation": "123456",
            "transaction": "DEMO00000001",
            "made_at": NOW,
            "paid_at": NOW,
        }
        return await Payment.create(
            order_id=order.id, family_id=self.family.id, till_id=self.till.id, cents=cents, **known | more
        )


async def build() -> Town:
    await Commune.create(
        id=1,
        name="Ville de Lens",
        insee="62498",
        zone="B",
        phone="03 21 69 86 86",
        email="restauration.scolaire@lens.example",
        address="17 bis place Jean-Jaurès",
    )
    year = await SchoolYear.create(name="2018-2019", starts=date(2018, 9, 3), ends=date(2019, 7, 5))
    till = await Till.create(code="regie", name="Régie", bank_label="VILLE DE LENS RESTAURATION")
    family = await Family.create(number="15")
    people = [("Claire", "claire@durand.example"), ("Paul & <Jo>", "paul@durand.example"), ("Zoé", "")]
    for position, (name, email) in enumerate(people):
        await Guardian.create(
            family_id=family.id,
            first_name=name,
            last_name="Durand",
            email=email,
            username=f"durand{position}",
            position=position,
        )
    children = {
        name: await Child.create(first_name=name, last_name="Durand", born=date(2012, 5, day))
        for day, name in enumerate(("Chloé", "Léo"), start=1)
    }
    town = Town(till, family, children, {}, {})
    for code, name, billing in (("CANTINE", "Repas", "prepaid"), ("GARDERIE", "ACM du Soir", "invoiced")):
        activity = await Activity.create(
            year_id=year.id,
            till_id=till.id,
            code=code,
            name=name,
            kind="meal",
            billing=billing,
            weekdays=[0, 1, 3, 4],
            opens=year.starts,
            closes=year.ends,
        )
        town.slots[name] = await Slot.create(
            activity_id=activity.id, code=code, name=name, starts=720, ends=780
        )
        town.groups[name] = await Group.create(activity_id=activity.id, code="tous", name="Tous")
    return town
