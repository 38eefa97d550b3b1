"""A month's invoice after the roll was called, to the cent; the same of a certificate and of an account."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest

from models import clock
from models.access.member import Member
from models.activities.activity import Activity
from models.activities.catalogue import current_catalogue
from models.activities.slot import Slot
from models.bookings.booking import Booking
from models.bookings.roll import unbooked
from models.certificates.paid_care import paid_care
from models.commune.till import Till
from models.families.child import Child
from models.families.enrolment import Enrolment
from models.invoicing import draft_list
from models.invoicing.draft import InvoiceDraft
from models.money.invoice import Invoice, InvoiceLine
from tests.engines import ON_SQLITE
from tests.models.invoicing import drafted, issued
from tests.models.roll import DAYS, EVENING, MEAL, NOW, absent, close, meals, say, word
from tests.portal import Portal
from tests.web.checkout import Parent, parent

OpenPortal = Callable[..., Awaitable[Portal]]
MORNING = "Accueil du matin"
OCTOBER = date(2025, 10, 1), date(2025, 10, 31)
EVENINGS = [
    f"2025-{day}"
    for day in ("09-30", "10-02", "10-06", "10-07", "10-09", "10-10", "10-13", "10-14", "10-16", "10-17")
]


def with_absences(file: dict[str, Any]) -> None:
    """The care of morning and evening gives back as the canteen does, half of a trip, and asks more at the door."""
    care = next(one for one in file["activities"] if one["code"] == "periscolaire")
    care["absences"] = [
        {"reason": "sick", "due_days": 1, "proof_hours": 72},
        {"reason": "strike"},
        {"reason": "trip", "credit": 50},
    ]
    care["tariffs"][0]["unbooked"] = "+100"


async def present(day: str, **times: int) -> None:
    said = [await word("Mai", EVENING, day, "presence", "present")]
    said += [await word("Mai", EVENING, day, about, str(at)) for about, at in times.items()]
    assert (await say(*said)).changed == 1


@pytest.fixture
async def linh(portal: OpenPortal, at: Callable[[str], object]) -> Parent:
    """Mai's evenings at 0,60 € a half-hour, 2,40 € as planned, and one morning at 1,20 €; it is the end of October."""
    town = await portal("demo", now=NOW, change=with_absences)
    linh = await parent(town, "linh.nguyen")
    await linh.tick("Mai", EVENING, *EVENINGS)
    await linh.tick("Mai", MORNING, "2025-10-06")
    await linh.click()
    at("2025-10-31T18:00")
    return linh


async def call_the_roll() -> None:
    await absent("Mai", EVENING, "2025-09-30", "sick")
    await absent("Mai", EVENING, "2025-10-02", "sick")
    await say(await word("Mai", EVENING, "2025-10-02", "proved_on", "2025-10-02"), corrects=True)
    await present("2025-10-06", departed=17 * 60 + 35)
    await present("2025-10-07", departed=18 * 60 + 46)
    for day in ("2025-10-09", "2025-10-10", "2025-10-13"):
        await absent("Mai", EVENING, day, "sick")
    await say(await word("Mai", EVENING, "2025-10-09", "proved_on", "2025-10-10"), corrects=True)
    await absent("Mai", EVENING, "2025-10-14", "strike")
    await absent("Mai", EVENING, "2025-10-16", "trip")
    mai, slot = await Child.get(first_name="Mai"), await Slot.get(name=MORNING)
    care = await Activity.get(code="periscolaire")
    enrolled = await Enrolment.get(child=mai, activity=care)
    member = (await Member.get(username="animateur")).id
    there = (enrolled.id, slot.id, date(2025, 10, 7), member, clock.now())
    await unbooked.add(await current_catalogue(), *there)


async def test_an_invoice_says_what_the_roll_call_found(linh: Parent) -> None:
    await call_the_roll()
    till = await Till.get(code="scolaire")
    campaign = await drafted(linh.town, *OCTOBER, till)
    [draft] = await InvoiceDraft.all()
    days = {
        (day["day"], line["label"]): (day["cents"], day["what"].rpartition(" · ")[2])
        for line in draft.lines
        for day in line["days"]
    }
    assert {day: said for (day, label), said in days.items() if label == EVENING} == {
        "2025-10-02": (
            0,
            "absence non facturée",
        ),  # the illness began in September: its first day was due there
        "2025-10-06": (180, "3 × 30\u00a0min"),
        "2025-10-07": (1240, "retard\u00a0: 10,00\u00a0€"),  # 2,40 €, and two quarters begun
        "2025-10-09": (240, "absence facturée"),
        "2025-10-10": (0, "absence non facturée"),
        "2025-10-13": (0, "absence non facturée"),
        "2025-10-14": (0, "absence non facturée"),
        "2025-10-16": (120, "absence facturée en partie"),
        "2025-10-17": (240, "4 × 30\u00a0min"),  # nobody called it
    }
    assert {day: said[0] for (day, label), said in days.items() if label == MORNING} == {
        "2025-10-06": 120,
        "2025-10-07": 220,
    }
    assert draft.cents == 2360
    counted = await draft_list.counts(campaign.id)
    assert (counted["pointage"], counted["sans-reservation"]) == (0, 1)
    await issued(linh.town, campaign)
    invoice = await Invoice.get(before_portal=False)
    lines = await InvoiceLine.filter(invoice_id=invoice.id).order_by("position")
    assert sorted((line.quantity, line.unit_cents, line.cents) for line in lines) == [
        (1, 120, 120), (1, 120, 120), (1, 220, 220), (1, 1240, 1240), (4, 0, 0), (11, 60, 660)
    ]  # fmt: skip
    assert invoice.cents == 2360
    await linh.town.verify()


async def test_a_day_that_the_roll_forgot_is_to_be_checked(linh: Parent) -> None:
    sophie = await parent(linh.town, "sophie.moreau")
    clock.shift_to(clock.datetime(2025, 10, 10, 8, tzinfo=clock.PARIS))
    await sophie.tick("Hugo", EVENING, "2025-10-17")
    await sophie.click()
    clock.shift_to(clock.datetime(2025, 10, 31, 18, tzinfo=clock.PARIS))
    assert (await say(await word("Hugo", EVENING, "2025-10-17", "presence", "present"))).changed
    campaign = await drafted(linh.town, *OCTOBER, await Till.get(code="scolaire"))
    assert (await draft_list.counts(campaign.id))["pointage"] == 1


@ON_SQLITE
async def test_a_word_after_the_drafts_is_read_before_they_leave(linh: Parent) -> None:
    campaign = await drafted(linh.town, *OCTOBER, await Till.get(code="scolaire"))
    assert (await InvoiceDraft.get()).cents == 9 * 240 + 120
    await absent("Mai", EVENING, "2025-10-14", "strike")
    await issued(linh.town, campaign)
    draft = await InvoiceDraft.get()
    assert draft.cents == 8 * 240 + 120 and draft.changed_at and not await Invoice.exists(before_portal=False)


async def test_what_came_back_is_not_certified_as_paid(
    portal: OpenPortal, monkeypatch: pytest.MonkeyPatch, at: Callable[[str], object]
) -> None:
    """Of each meal 0,50 € are care: of the three, one was eaten, one is due though nobody came, one came back."""
    town = await portal("demo", now=NOW)
    sophie = await meals(town, monkeypatch)
    at("2025-10-10T17:00")
    assert sum((await paid_care([sophie.family], 2025))[sophie.family].care.values()) == 150
    await say(await word("Emma", MEAL, DAYS[0], "presence", "present"))
    await absent("Emma", MEAL, DAYS[1], "sick")
    await absent("Emma", MEAL, DAYS[2], "strike")
    await close(MEAL, *DAYS)
    assert sum((await paid_care([sophie.family], 2025))[sophie.family].care.values()) == 50
    assert await Booking.filter(state="confirmed").count() == 3
    await town.verify()
