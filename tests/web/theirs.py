"""What the Durands have on the way to the bank, for the Petits to ask for."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

from models import clock
from models.access.session import Session
from models.activities.activity import Activity
from models.activities.deadline import Deadline
from models.activities.group import Group
from models.activities.opening import Opening
from models.activities.slot import Slot
from models.bookings.absence import Absence
from models.bookings.booking import Booking
from models.bookings.cart import Batch, CartLine
from models.bookings.order import Order
from models.certificates.certificate import Certificate
from models.certificates.run import CertificateRun
from models.commune.school_year import SchoolYear
from models.commune.till import Till
from models.direct_debit.mandate import Mandate
from models.families.enrolment import Enrolment
from models.money.invoice import Invoice
from models.money.issued_document import IssuedDocument
from models.money.payment import Payment
from models.rules.states.documents import DocumentKind
from tests.town import People

MONDAY = date(2018, 9, 3)


async def line(people: People) -> str:
    """A line of their cart."""
    row = await CartLine.create(
        family_id=people.durand.family_id,
        child=people.chloe,
        slot=await _slot(),
        day=MONDAY,
        action="add",
        cents=340,
        made_at=clock.now(),
    )
    return f"/planning/brouillon/{row.id}/suppression"


async def offer(people: People) -> str:
    """A place that is kept for their child."""
    return f"/planning/places/{(await booked(people, 'offered')).id}/abandon"


def invoice(page: str = "") -> Callable[[People], Awaitable[str]]:
    """One of theirs, with its paper."""

    async def address(people: People) -> str:
        till = await Till.first() or await Till.create(code="x", name="Régie", bank_label="REGIE")
        row = await Invoice.create(
            family_id=people.durand.family_id,
            till=till,
            number="1",
            issued_on=MONDAY,
            cents=5,
            before_portal=True,
        )
        await IssuedDocument.store(DocumentKind.INVOICE, row.id, row.family_id, "f.pdf", b"%PDF", clock.now())
        return f"/factures/{row.id}{page}"

    return address


async def certificate(people: People) -> str:
    """The paper of one of theirs."""
    family, now = people.durand.family_id, clock.now()
    run = await CertificateRun.create(year=2017, made_at=now, prepared_at=now, issuing_at=now, issued_at=now)
    row = await Certificate.create(
        run_id=run.id, family_id=family, year=2017, cents=5, children=[], tills=[], payer="x", recipient="x",
        issued_on=MONDAY,
    )  # fmt: skip
    await IssuedDocument.store(DocumentKind.CERTIFICATE, row.id, family, "a.pdf", b"%PDF", now)
    return f"/factures/attestations/{row.id}/pdf"


async def mandate(people: People) -> str:
    """One of theirs."""
    till = await Till.first() or await Till.create(code="x", name="Régie", bank_label="REGIE")
    row = await Mandate.create(
        family_id=people.durand.family_id, till_id=till.id, rum="X-1", holder="D", iban=b"x", last_four="0189",
        signed_on=MONDAY, made_at=clock.now(), made_by="guardian:1",
    )  # fmt: skip
    return f"/factures/prelevements/{row.id}/revocation"


async def collectable(people: People) -> str:
    """One of their invoices, to be collected."""
    return (await invoice()(people)).replace("/factures/", "/factures/prelevements/factures/")


async def device(people: People) -> str:
    """Where they are signed in."""
    await Session.open(guardian=people.durand.id)
    row = await Session.filter(guardian_id=people.durand.id).get()
    return f"/compte/appareils/{row.id}/deconnexion"


async def child(people: People) -> str:
    return f"/planning?par=enfant&id={people.chloe.id}"


async def weeks(people: People) -> str:
    return f"/planning/semaines?par=enfant&id={people.chloe.id}&vue=semaine"


async def live(people: People) -> str:
    return f"/planning/direct/jours?par=enfant&id={people.chloe.id}&vue=semaine"


async def cell(people: People) -> str:
    slot = await _slot()
    return f"/planning/case?case={people.chloe.id}-{slot.id}-{MONDAY}"


async def like(people: People) -> str:
    return "/planning/comme"


def like_previous_week(people: People) -> dict[str, str]:
    return {"par": "enfant", "id": str(people.chloe.id), "vue": "semaine", "comme": "avant:2018-09-10"}


async def type_week(people: People) -> str:
    return f"/planning/semaine-type?enfant={people.chloe.id}"


def their_child(people: People) -> dict[str, str]:
    return {"enfant": str(people.chloe.id)}


async def batch(people: People) -> str:
    """A change of many days that they can take back."""
    back = f"{people.chloe.id}-1-{MONDAY}"
    family = people.durand.family_id
    await Batch.create(family_id=family, key="theirs", applied_at=clock.now(), back=back)
    return "/planning/semaine-type/annuler"


def at(path: str) -> Callable[[People], Awaitable[str]]:
    """An address that names nothing: the form does."""

    async def address(people: People) -> str:
        return path

    return address


def tick(people: People) -> dict[str, str]:
    return {"op": f"{people.chloe.id}-1-{MONDAY}:1"}


async def operations(people: People) -> str:
    await _slot()
    return "/planning/operations"


async def whole_form(people: People) -> str:
    await _slot()
    return "/planning"


def changed(people: People) -> dict[str, str]:
    return {"cases": f"{people.chloe.id}-1-{MONDAY}", "op": f"{people.chloe.id}-1-{MONDAY}:1"}


async def click(people: People) -> str:
    return f"/planning/confirmation/{(await _order(people)).click}"


def payment(tail: str = "") -> Callable[[People], Awaitable[str]]:
    async def address(people: People) -> str:
        order = await _order(people)
        row = await Payment.create(
            order=order,
            family_id=order.family_id,
            till_id=order.till_id,
            provider="demo",
            reference="PF-1",
            cents=340,
            made_at=clock.now(),
        )
        return f"/paiement/{row.id}{tail}"

    return address


async def membership(people: People) -> str:
    slot = await _slot()
    return f"{people.chloe.id}-{slot.activity_id}"


def asking(path: str) -> Callable[[People], Awaitable[str]]:
    """A page whose address says which child joins."""

    async def address(people: People) -> str:
        return f"{path}?inscription={await membership(people)}"

    return address


async def absent_child(people: People) -> str:
    return f"/absences/nouvelle?enfant={people.chloe.id}&jour={MONDAY}"


async def absent_form(people: People) -> str:
    await _slot()
    return "/absences/nouvelle"


def absent(people: People) -> dict[str, str]:
    return {"jour": f"{people.chloe.id}-1-{MONDAY}:kept:0", "motif": "sick"}


async def absence(people: People) -> str:
    booking = await booked(people, "confirmed")
    row = await Absence.create(
        family_id=booking.family_id, booking=booking, reason="sick", billed=True, told_at=clock.now()
    )
    return f"/absences/{row.id}"


async def booked(people: People, state: str) -> Booking:
    slot = await _slot()
    group = await Group.create(activity_id=slot.activity_id, code="tous", name="Tous")
    opening = await Opening.create(slot=slot, group=group, day=MONDAY, taken=1)
    whose: dict[str, Any] = {"child": people.chloe, "family_id": people.durand.family_id}
    enrolment = await Enrolment.create(
        activity_id=slot.activity_id, group=group, start=MONDAY, end=MONDAY, **whose
    )
    return await Booking.create(
        slot=slot, opening=opening, enrolment=enrolment, day=MONDAY, state=state, cents=340,
        made_at=clock.now(), changed_at=clock.now(), **whose,
    )  # fmt: skip


async def _order(people: People) -> Order:
    return await Order.create(
        family_id=people.durand.family_id,
        till=await _till(),
        kind="prepaid",
        state="held",
        click="theirs",
        net=340,
        due=340,
        made_at=clock.now(),
    )


async def _till() -> Till:
    return await Till.create(code="acm", name="Régie", bank_label="ACM")


async def _slot() -> Slot:
    year = await SchoolYear.create(name="2018-2019", starts=MONDAY, ends=date(2019, 7, 5))
    activity = await Activity.create(
        code="cantine",
        name="Cantine",
        kind="meal",
        billing="prepaid",
        acceptance="automatic",
        enrolment="online",
        membership_fee=1700,
        late_cancel="refused",
        on_days="school_days",
        weekdays=[0, 1, 3, 4],
        opens=MONDAY,
        closes=date(2019, 7, 5),
        year=year,
        till=await _till(),
    )
    for action in ("book", "cancel"):
        rule = {"rule": "week_before", "weekday": "thu", "at": "12:00"}
        await Deadline.create(activity=activity, action=action, position=0, rule=rule)
    return await Slot.create(activity=activity, code="repas", name="Repas", starts=705, ends=810)
