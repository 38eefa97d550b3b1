"""What an earlier portal knew of odd payments and of two homes is kept by the migration that made room for it."""

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from models import clock
from models.activities.catalogue import current_catalogue
from models.bookings.booking import Booking
from models.bookings.family_request import FamilyRequest
from models.bookings.order import Order
from models.checkout import memberships, settlement
from models.families.child import Child, Home
from models.families.enrolment import Enrolment
from models.families.family import Family
from models.families.guardian import Guardian
from models.families.membership import Membership
from models.money.anomaly import Anomaly
from models.money.payment import Payment
from models.storage import database
from models.work.audit_log import Event
from models.work.email import Email
from models.work.notice import Notice
from models.work.task import Task
from tests.engines import ON_SQLITE
from tests.portal import Portal
from tests.web.checkout import parent


async def carry_over() -> None:
    migration: Any = import_module("models.migrations.0009_anomalies")
    await migration.carry_over(None, SimpleNamespace(client=database.client()))


@ON_SQLITE
async def test_odd_payments_become_rows_to_look_at(portal: Any) -> None:
    town: Portal = await portal("alixan", now="2022-07-04T14:00:00")
    louis = await Child.get(first_name="Louis")
    family = (await Home.get(child=louis)).family_id
    catalogue = await current_catalogue()
    activity = next(one.id for one in catalogue.activities.values() if one.membership_fee)
    for n in range(3):
        receipt = await memberships.join(catalogue, family, [(louis.id, activity)], clock.now(), f"click-{n}")
        await settlement.give_up(receipt.payments[0].id, clock.now() + timedelta(seconds=n))
    late, odd, refused = await Payment.all().order_by("id")
    await Payment.filter(id=late.id).update(state="paid", anomaly="payé trop tard", paid_at=clock.now())
    await Payment.filter(id=odd.id).update(state="expired", anomaly="montant inattendu", heard=False)
    await Payment.filter(id=refused.id).update(state="refused", heard=False)
    for _ in range(2):
        await Event.note(clock.now(), "bank:demo", "bank.anomaly", "payment:NEVER-GIVEN", reason="unknown")
    await carry_over()
    rows = await Anomaly.all().order_by("id")
    assert [(row.kind, row.key, row.payment_id, row.cents, row.reference) for row in rows] == [
        ("late", f"late:{late.id}", late.id, 1700, late.reference),
        ("amount", f"amount:{odd.id}", odd.id, None, odd.reference),
        ("unknown", "unknown:demo:NEVER-GIVEN", None, None, "NEVER-GIVEN"),
    ]
    after = [(one.anomaly, one.heard) for one in await Payment.all().order_by("id")]
    assert after == [("late", True), (None, False), (None, True)]
    assert await Order.filter(state="held").count() == 0 and town


async def test_the_other_home_is_let_in(portal: Any) -> None:
    await portal("alixan", now="2022-07-04T14:00:00")
    louis = await Child.get(first_name="Louis")
    first = (await Home.get(child=louis)).family_id
    second = await Family.create(number="other-home")
    await Home.create(child=louis, family=second)
    catalogue = await current_catalogue()
    joined = next(one for one in catalogue.activities.values() if one.membership_fee)
    await Membership.create(child=louis, activity_id=joined.id, family_id=first, cents=0)
    same: dict[str, Any] = {"child_id": louis.id, "activity_id": joined.id, "group_id": joined.groups[0].id}
    model = await Enrolment.first()
    assert model
    await Enrolment.create(family_id=first, **same, start=model.start, end=model.end)
    for _ in range(2):
        await carry_over()
        mine = Enrolment.filter(child=louis, activity_id=joined.id).order_by("family_id")
        assert [row.family_id for row in await mine] == sorted([first, second.id])


async def test_what_was_still_to_be_told_becomes_notices(portal: Any) -> None:
    """A portal of the version before, stopped while four tasks wait: an answer, two places, a password."""
    town: Portal = await portal("demo", now="2025-11-03T10:00")
    await busy_with_answers(town)
    answer, told = await FamilyRequest.filter(state="refused").order_by("id")
    booking = await Booking.get(id=answer.booking_id)
    await Task.all().delete()
    await Notice.all().delete()
    await database.write("CREATE TABLE request_before AS SELECT *, answered_at AS told_at FROM request", [])
    await database.write("UPDATE request_before SET told_at = NULL WHERE id = ?", [answer.id])
    guardian, at = await Guardian.get(username="camille.durand"), clock.now().isoformat()
    for name, args, key in (
        ("write_answer", [answer.id], f"answer:{answer.id}"),
        ("write_waiting", [booking.id, "confirmed"], f"served:{booking.id}"),
        ("write_waiting", [told.booking_id, "offered"], f"offered:{told.booking_id}"),
        ("write_password_changed", [guardian.id, at], f"password:{guardian.id}:{at}"),
    ):
        await Task.later(name, *args, key=key)
    migration: Any = import_module("models.migrations.0013_family_request")
    await migration.carry_notices(None, SimpleNamespace(client=database.client()))
    notices = {notice.id: notice for notice in await Notice.all()}
    waiting = [notices[task.args[0]] for task in await Task.filter(name="tell").order_by("id")]
    assert [(notice.kind, notice.about) for notice in waiting] == [
        ("request_answered", f"request:{answer.id}"),
        ("place_confirmed", f"booking:{booking.id}"),
        ("place_offered", f"booking:{told.booking_id}"),
        ("password_changed", f"guardian:{guardian.id}"),
    ]
    assert all(notice.told_at is None for notice in waiting) and waiting[3].guardian_id == guardian.id
    assert waiting[3].at.isoformat() == at
    assert [notice.about for notice in notices.values() if notice.told_at] == [f"request:{told.id}"]
    await town.run_jobs()
    emails = await Email.filter(recipient=guardian.email).order_by("id")
    assert [email.subject for email in emails] == [
        "Votre demande est refusée\u00a0: Complet",
        "Votre mot de passe a été changé",
    ]


@ON_SQLITE
async def test_receipts_and_confirmations_still_to_be_told_become_notices(portal: Any) -> None:
    """A portal of the version before, stopped while three tasks wait; the fourth was done."""
    town: Portal = await portal("alixan", now="2022-07-04T14:00:00")
    louis = await Child.get(first_name="Louis")
    family, catalogue = (await Home.get(child=louis)).family_id, await current_catalogue()
    activity = next(one.id for one in catalogue.activities.values() if one.membership_fee)
    for n in range(2):
        click = await memberships.join(catalogue, family, [(louis.id, activity)], clock.now(), f"click-{n}")
        await settlement.give_up(click.payments[0].id, clock.now() + timedelta(seconds=n))
    paid, late = await Payment.all().order_by("id")
    await Payment.filter(id=late.id).update(anomaly="late")
    await Task.all().delete()
    for name, about, key in (
        ("write_receipt", paid, "receipt"),
        ("write_late_payment", late, "receipt"),
        ("write_confirmation", await Order.get(id=paid.order_id), "confirmation"),
        ("write_confirmation", await Order.get(id=late.order_id), "confirmation"),
    ):
        await Task.later(name, about.id, key=f"{key}:{about.id}")
    await Task.filter(key=f"confirmation:{late.order_id}").update(state="done")
    third = await memberships.join(catalogue, family, [(louis.id, activity)], clock.now(), "click-3")
    told = third.payments[0].id
    await Payment.filter(id=told).update(state="paid", paid_at=clock.now())
    migration: Any = import_module("models.migrations.0015_preferences_and_notices")
    await migration.carry_notices(None, SimpleNamespace(client=database.client()))
    assert [
        (notice.kind, notice.about, notice.family_id) for notice in await Notice.all().order_by("kind")
    ] == [
        ("order_confirmed", f"order:{paid.order_id}", family),
        ("payment_late", f"payment:{late.id}", family),
        ("payment_received", f"payment:{paid.id}", family),
        ("payment_received", f"payment:{told}", family),
    ]
    assert [notice.about for notice in await Notice.exclude(told_at=None)] == [f"payment:{told}"]
    telling = {task.key: task.args for task in await Task.filter(name="tell")}
    assert telling == {notice.task: [notice.id] for notice in await Notice.filter(told_at=None)}
    await town.run_jobs()
    subjects = {email.subject for email in await Email.all()}
    assert subjects == {
        "Adhésion enregistrée",
        "Payé trop tard\u00a0: 17,00\u00a0€ portés à votre avoir",
        "Reçu de paiement\u00a0: 17,00\u00a0€",
    }


async def busy_with_answers(town: Portal) -> None:
    camille = await parent(town, "camille.durand")
    await camille.tick("Lina", "Atelier", "2025-11-25", "2025-11-27")
    await camille.click()
    for request in await FamilyRequest.all():
        await FamilyRequest.refuse(request.id, 1, "Complet", clock.now())
