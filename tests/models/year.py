"""A school year of a made-up town, by chance: what families book, pay, give back and leave, month after month.

The bank is a word of the test (`settlement.settle`); what it charged is counted beside the portal's books.
"""

import random
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from models import clock
from models.access.member import Member
from models.activities.catalogue import current_catalogue
from models.banks import BankNotice
from models.bookings.booking import Booking
from models.checkout import amounts_due, recap, settlement
from models.checkout.amounts_due import Paying, TooLittle
from models.checkout.commit import commit, expire_holds
from models.checkout.submission import AlreadyPaying, Stale, TooManyTries
from models.commune.commune import Commune
from models.commune.till import Till
from models.families.child import Home
from models.families.enrolment import Enrolment
from models.families.family import Family
from models.invoicing import crediting, drafting, issue
from models.invoicing.campaign import InvoiceCampaign
from models.invoicing.crediting import Correction, NothingToCredit
from models.invoicing.invoiced_booking import InvoicedBooking
from models.money import amounts_due as dues
from models.money.invoice import Invoice
from models.money.payment import Payment
from models.planning import ticks
from models.planning.ticks import Tick
from models.rules.states.campaigns import CampaignState
from models.rules.states.payments import BankState
from models.storage.database import rows
from tests.models import year_money

MONTHS = [date(2025, month, 1) for month in range(9, 13)] + [date(2026, month, 1) for month in range(1, 7)]
START = "2025-09-01T08:00:00"
BOOKED = ("cantine", "periscolaire", "mercredis")
LEVELS = (("PS", "lilas", 2022), ("GS", "lilas", 2020), ("CP", "ferry", 2019), ("CM1", "ferry", 2016))
ANSWERS = [BankState.PAID] * 8 + [BankState.REFUSED, None]


def people(content: dict[str, Any], families: int, chance: random.Random) -> None:
    """So many families in place of those of the demo; tills that invoice every cent."""
    for till in content["commune"]["tills"]:
        till.pop("least_invoice", None)
    content["families"] = [_family(number, chance) for number in range(1, families + 1)]


def _family(number: int, chance: random.Random) -> dict[str, Any]:
    name, children = f"Année{number:04d}", []
    for first in ("Ada", "Bel", "Cléo")[: chance.choice((1, 1, 2, 2, 3))]:
        level, school, born = chance.choice(LEVELS)
        children.append(
            {
                "first_name": first, "last_name": name, "born": date(born, chance.randint(1, 12), 5),
                "level": level, "school": school, "activities": sorted(chance.sample(BOOKED, chance.randint(1, 3))),
            }
        )  # fmt: skip
    made: dict[str, Any] = {
        "number": f"AN-{number:04d}",
        "category": "resident",
        "guardians": [
            {
                "first_name": "Camille", "last_name": name, "email": f"a{number}@example.org",
                "username": f"annee.{number}",
            }
        ],
        "children": children,
    }  # fmt: skip
    if chance.random() < 0.8:
        made["quotient"] = [{"value": chance.randint(0, 1800), "from": date(2025, 9, 1)}]
    if chance.random() < 0.3:
        made["aids"] = [
            {"funder": "CCAS", "cents": 50, "from": date(2025, 9, 1), "activities": ["periscolaire"]}
        ]
    return made


@dataclass
class Year:
    chance: random.Random
    paid: Counter[tuple[int, int]] = field(
        default_factory=Counter
    )  # by family and till, as the bank charged it
    clicks: int = 0
    did: Counter[str] = field(default_factory=Counter)

    async def open(self) -> None:
        await Commune.all().update(part_payment=True)
        self.member = (await Member.get(username="regie")).id
        self.families = [family.id for family in await Family.all().order_by("id")]
        catalogue = await current_catalogue()
        self.slots = {
            id: [slot.id for slot in catalogue.slots.values() if slot.activity == id]
            for id in catalogue.activities
        }
        self.children = {
            family: [home.child_id for home in await Home.filter(family_id=family)]
            for family in self.families
        }
        self.enrolled = {
            child: [one.activity_id for one in await Enrolment.filter(child_id=child)]
            for children in self.children.values()
            for child in children
        }
        self.did["mandates"] += await year_money.sign(self.families, self.chance)

    async def month(self, first: date) -> None:
        """Booked on the 1st, changed on the 12th, invoiced on the 2nd of the next, paid, corrected."""
        last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        self._at(first, 8)
        for family in self.families:
            await self._book(family, first, last)
        self._at(first.replace(day=12), 21)
        await expire_holds(clock.now())
        batches = await year_money.prepare(self.member, self.chance, self.did)
        for family in self.families:
            await self._give_back(family, first.replace(day=13), last)
        self._at(first.replace(day=20), 9)
        await year_money.settle(batches, self.member, self.chance, self.did, self.paid)
        self._at(last + timedelta(days=2), 9)
        await expire_holds(clock.now())
        for till in await Till.all().order_by("id"):
            await self._invoice(till, first, last)
        self._at(last + timedelta(days=3), 9)
        for family in self.families:
            if self.chance.random() < 0.3:
                told = await year_money.hand_over(family, self.member, self._click(), self.chance, self.paid)
                self.did[told] += 1
            else:
                await self._pay(family)
        self._at(last + timedelta(days=4), 9)
        await self._correct(first, last)
        for family in self.families:
            if self.chance.random() < 0.3:
                told = await year_money.give_back(family, self.member, self._click(), self.chance, self.paid)
                self.did[told] += 1

    async def banked(self) -> Counter[tuple[int, int]]:
        """By family and till, as the ledger has it: what the entries of money took from each account."""
        found = await rows(_BANKED)
        return Counter({(row["family"], row["till"]): int(row["cents"]) for row in found})

    def _at(self, day: date, hour: int) -> None:
        clock.shift_to(clock.datetime(day.year, day.month, day.day, hour, tzinfo=clock.PARIS))

    async def _book(self, family: int, first: date, last: date) -> None:
        ops = []
        for child in self.children[family]:
            for activity in self.enrolled[child]:
                slot = self.chance.choice(self.slots[activity])
                days = [first + timedelta(days=n) for n in range(7, (last - first).days + 1)]
                ops += [Tick(child, slot, day, True) for day in sorted(self.chance.sample(days, 6))]
        await self._validate(family, ops)

    async def _give_back(self, family: int, first: date, last: date) -> None:
        """Some days, in time or too late; sometimes another one in their place."""
        booked = await Booking.filter(
            family_id=family, state="confirmed", day__gte=first, day__lte=last
        ).order_by("id")
        some = [row for row in booked if self.chance.random() < 0.2]
        ops = [Tick(row.child_id, row.slot_id, row.day, False) for row in some]
        if some and self.chance.random() < 0.5:
            day = some[0].day + timedelta(days=self.chance.choice((1, 7)))
            if day <= last:
                ops.append(Tick(some[0].child_id, some[0].slot_id, day, True))
        self.did["given back"] += len(some)
        await self._validate(family, ops)

    async def _validate(self, family: int, ops: list[Tick]) -> None:
        """Ticks, « Payer », and what the bank says of each charge."""
        if not ops:
            return
        catalogue = await current_catalogue()
        await ticks.apply_ticks(catalogue, family, ops, clock.now())
        shown = await recap.read(catalogue, family, clock.now())
        if shown.empty:
            return
        with suppress(Stale, AlreadyPaying, TooManyTries):
            placed = await commit(catalogue, family, clock.now(), self._click(), shown.seen)
            self.did["orders"] += len(placed.orders)
            for payment in placed.payments:
                await self._answer(payment)

    async def _answer(self, payment: Payment) -> None:
        """Sometimes the bank says it twice."""
        state = self.chance.choice(ANSWERS)
        if state is None:
            return
        notice = BankNotice("demo", payment.reference, state, payment.cents, "4970", "A", "T")
        for _ in range(self.chance.choice((1, 1, 2))):
            await settlement.settle(notice, clock.now())
        self.did[state] += 1
        if state == BankState.PAID:
            self.paid[payment.family_id, payment.till_id] += payment.cents

    async def _invoice(self, till: Till, first: date, last: date) -> None:
        campaign = await drafting.begin(till, first, last, clock.now().date(), self.member, clock.now())
        await drafting.make(campaign.id, 1, 0, clock.now())
        read = await InvoiceCampaign.get(id=campaign.id).select_related("till")
        seen = issue.seen(*await issue.to_issue(read), read)
        assert await issue.start(campaign.id, self.member, seen, clock.now())
        for turn in range(100):
            await issue.issue(campaign.id, turn, clock.now())
            if (await InvoiceCampaign.get(id=campaign.id)).state == CampaignState.ISSUED:
                return
        raise AssertionError("the campaign never ends")

    async def _pay(self, family: int) -> None:
        """All that is open, some of it, or nothing; an avoir first."""
        open_ = await dues.of_family(family)
        chosen = {
            due.key: None if self.chance.random() < 0.6 else self.chance.randint(1, due.open)
            for due in open_
            if self.chance.random() < 0.8
        }
        with suppress(Stale, Paying, TooLittle, TooManyTries):
            shown = {bill.till.id: bill.due for bill in await amounts_due.bills(family, chosen)}
            payments = await amounts_due.pay(family, chosen, shown, clock.now(), self._click())
            self.did["invoices paid"] += len(chosen)
            for payment in payments:
                await self._answer(payment)

    async def _correct(self, first: date, last: date) -> None:
        """Some invoices of the month, whole or some days of them."""
        for invoice in await Invoice.filter(period_start=first, period_end=last).order_by("id"):
            if self.chance.random() > 0.1:
                continue
            held = await InvoicedBooking.filter(invoice_id=invoice.id, credit_note_id=None).order_by("id")
            some = [row.booking_id for row in held if self.chance.random() < 0.5]
            with suppress(NothingToCredit):
                correction = Correction(frozenset(some), "Erreur de saisie", self.chance.random() < 0.5)
                await crediting.credit(invoice.id, correction, self.member, clock.now())
                self.did["credit notes"] += 1

    def _click(self) -> str:
        self.clicks += 1
        return f"year-{self.clicks}"


_BANKED = """
SELECT held.family_id AS family, held.till_id AS till, SUM(leg.cents) AS cents
FROM leg JOIN account ON account.id = leg.account_id AND account.kind NOT IN ('family', 'revenue', 'hold', 'opening')
JOIN (SELECT DISTINCT leg.entry_id, account.family_id, account.till_id FROM leg
  JOIN account ON account.id = leg.account_id AND account.kind = 'family') AS held ON held.entry_id = leg.entry_id
GROUP BY held.family_id, held.till_id
"""
