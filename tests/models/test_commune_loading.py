"""A commune file into the database: once, all or nothing, and never at the cost of a booking."""

import tomllib
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
import tomli_w

from models.access import passwords
from models.access.member import Member
from models.activities.group import Group
from models.activities.opening import Opening
from models.bookings.booking import Booking
from models.commune.commune import Commune
from models.commune.till import Till
from models.commune_file import Document, Refused, export, load, parse, read, shift_to_year, shipped
from models.families.child import Child, Home
from models.families.enrolment import Enrolment
from models.families.family import Family
from models.families.guardian import Guardian
from models.families.membership import Membership
from models.money import ledger
from models.money.invoice import Invoice
from models.money.ledger import Entry, Leg
from models.rules import deadlines
from models.rules.deadlines import PARIS
from models.work.audit_log import Event
from tests.engines import ON_SQLITE

ALL = ["lens", "lutins", "lezignan", "alixan", "demo"]
MONDAY = date(2018, 9, 10)


def changed(name: str, change: Callable[[dict[str, Any]], object]) -> Document:
    data = tomllib.loads(shipped(name).read_text(encoding="utf-8"))
    change(data)
    return parse(data, f"{name}.toml")


@pytest.mark.parametrize("name", ALL)
async def test_what_is_exported_loads_as_the_same_commune(db: str, name: str) -> None:
    document = read(shipped(name))
    await load(document, demo=True)
    written = tomli_w.dumps(await export())
    again = parse(tomllib.loads(written), "export.toml")
    assert again == document
    assert not (await load(again, demo=True)).new.total()
    assert parse(await export(), "export.toml") == document


@ON_SQLITE
async def test_the_weekdays_of_school_come_back_as_they_were_written(db: str) -> None:
    def own(data: dict[str, Any]) -> None:
        data["school_year"]["weekdays"] = ["mon", "tue", "wed", "thu", "fri"]
        data["schools"][0]["weekdays"] = ["mon", "tue", "wed"]

    document = changed("demo", own)
    await load(document, demo=True)
    written = await export()
    assert written["school_year"]["weekdays"] == ["mon", "tue", "wed", "thu", "fri"]
    assert [school.get("weekdays") for school in written["schools"]] == [["mon", "tue", "wed"], None]
    assert parse(tomllib.loads(tomli_w.dumps(written)), "export.toml") == document
    await load(read(shipped("demo")), demo=True)  # said no more, it is the default again
    assert parse(await export(), "export.toml") == read(shipped("demo"))


@ON_SQLITE
async def test_loading_twice_posts_and_makes_nothing_twice(db: str) -> None:
    document = read(shipped("demo"))
    report = await load(document, demo=True)
    tables = (Entry, Leg, Opening, Invoice, Enrolment, Child, Home, Guardian, Member, Membership, Group)
    before = [await table.all().count() for table in tables]
    assert report.new["families"] == 8
    again = await load(document, demo=True)
    assert [await table.all().count() for table in tables] == before
    assert again.flags == []


async def test_a_dry_run_writes_nothing(db: str) -> None:
    report = await load(read(shipped("lens")), demo=True, dry_run=True)
    assert (report.new["activities"], report.new["openings"]) == (2, 420)
    assert "rien n’est écrit" in str(report)
    assert await Commune.all().count() == await Opening.all().count() == await Event.all().count() == 0


async def test_every_demo_account_has_the_demo_password(db: str) -> None:
    await load(read(shipped("lens")), demo=True)
    guardian = await Guardian.get(username="famille15")
    assert await passwords.verify(guardian.password, passwords.DEMO_PASSWORD)
    assert guardian.activated_at
    waiting = await Guardian.get(username="delattre17")
    assert (waiting.password, waiting.activated_at) == (None, None)
    roles = {member.username: member.roles for member in await Member.all()}
    assert roles == {
        "mairie": ["administrator"],
        "regie": ["cashier"],
        "cantine": ["kitchen"],
        "animateur": ["leader"],
        "gestion": ["manager"],
        "elu": ["reader"],
    }


async def test_without_demo_nobody_has_a_password(db: str) -> None:
    await load(read(shipped("lens")), demo=False)
    assert await Guardian.filter(password__not_isnull=True).count() == await Member.all().count() == 0


async def test_a_guardian_who_signed_in_keeps_the_address_given_since(db: str) -> None:
    await load(read(shipped("lens")), demo=True)
    await Guardian.filter(username="famille15").update(email="new@famille.example")
    await load(read(shipped("lens")), demo=True)
    assert (await Guardian.get(username="famille15")).email == "new@famille.example"


async def test_old_debts_and_invoices_are_in_the_books(db: str) -> None:
    await load(read(shipped("lezignan")), demo=True)
    family = await Family.get(number="09615")
    till = await Till.get(implicit=True)
    assert (till.code, till.name) == ("principale", "Régie principale")
    assert till.bank_label == "Commune de Lézignan-la-Cèbe"
    assert await ledger.standing(family.id, till.id) == 3500 + 1300


async def test_an_old_invoice_is_owed_apart(db: str) -> None:
    await load(read(shipped("demo")), demo=True)
    family = await Family.get(number="VF-1004")
    assert not any((await ledger.standings(family.id)).values())
    due = {
        invoice.number: sum(await Leg.filter(invoice_id=invoice.id).values_list("cents", flat=True))  # type: ignore[arg-type]
        for invoice in await Invoice.filter(family_id=family.id)
    }
    assert due == {"PERI-0412": 0, "PERI-0498": 1880, "LOIS-0077": 6000}


async def test_one_child_in_two_families_is_one_row(db: str) -> None:
    await load(read(shipped("demo")), demo=True)
    zoe = await Child.get(first_name="Zoé")
    homes = await Home.filter(child_id=zoe.id).order_by("id").values_list("weeks", flat=True)
    assert [str(weeks) for weeks in homes] == ["even", "odd"]
    paid_by = await Enrolment.filter(child_id=zoe.id, activity__code="cantine").values_list(
        "family__number", flat=True
    )
    assert sorted(map(str, paid_by)) == ["VF-1005", "VF-1006"]


async def test_a_closure_of_one_school_leaves_the_day_to_the_others(db: str) -> None:
    await load(read(shipped("demo")), demo=True)
    assert await Opening.filter(day=date(2026, 3, 10), slot__activity__code="cantine").count() == 2
    assert not await Opening.filter(day=date(2026, 6, 11)).exclude(slot__activity__code="aines").exists()


async def test_loading_tells_every_process(db: str) -> None:
    await load(read(shipped("lens")), demo=True)
    before = (await Commune.get(id=1)).revision
    await load(read(shipped("lens")), demo=True)
    assert (await Commune.get(id=1)).revision > before


async def test_another_commune_is_refused(db: str) -> None:
    await load(read(shipped("lens")), demo=True)
    with pytest.raises(Refused, match="Ville de Lens"):
        await load(read(shipped("alixan")), demo=True)


# What would break bookings


async def book(day: date, state: str = "confirmed") -> Booking:
    """A meal of the first child enrolled."""
    opening = await Opening.get(day=day, slot__activity__code="restauration").select_related("slot")
    enrolment = await Enrolment.filter(activity_id=opening.slot.activity_id).order_by("id").first()
    assert enrolment
    moment = datetime(2018, 8, 27, 10, tzinfo=PARIS)
    if state == "confirmed":
        assert await Opening.take(opening.id)
    return await Booking.create(
        child_id=enrolment.child_id,
        family_id=enrolment.family_id,
        enrolment_id=enrolment.id,
        slot_id=opening.slot_id,
        opening_id=opening.id,
        day=day,
        state=state,
        cents=340,
        made_at=moment,
        changed_at=moment,
    )


def close_monday(data: dict[str, Any]) -> None:
    data["school_year"]["closures"] = [{"from": MONDAY, "to": MONDAY, "reason": "Grève"}]
    data["commune"]["name"] = "Autre nom"


async def test_a_day_with_bookings_cannot_be_closed_and_nothing_is_half_applied(db: str) -> None:
    await load(read(shipped("lens")), demo=True)
    await book(MONDAY)
    with pytest.raises(Refused, match=r"ferme le 10/09/2018, qui est réservé \(1\u00a0réservation\)"):
        await load(changed("lens", close_monday), demo=True)
    assert (await Commune.get(id=1)).name == "Ville de Lens"
    assert parse(await export(), "x") == read(shipped("lens"))


def close_school(data: dict[str, Any]) -> None:
    close_monday(data)
    data["school_year"]["closures"][0]["schools"] = ["jean-mace"]


async def test_nor_can_the_child_s_school(db: str) -> None:
    await load(read(shipped("lens")), demo=True)
    await book(MONDAY)
    with pytest.raises(Refused, match="10/09/2018"):
        await load(changed("lens", close_school), demo=True)


@ON_SQLITE
async def test_a_day_that_nobody_booked_closes(db: str) -> None:
    await load(read(shipped("lens")), demo=True)
    await book(MONDAY, "cancelled")
    await load(changed("lens", close_monday), demo=True)
    left = await Opening.filter(day=MONDAY).values_list("places", flat=True)
    assert [str(places) for places in left] == [
        "0"
    ]  # the one that was booked once keeps its history, without places
    await load(read(shipped("lens")), demo=True)
    assert await Opening.filter(day=MONDAY, places=None).count() == 3


async def test_a_booked_slot_or_group_cannot_be_taken_away(db: str) -> None:
    await load(read(shipped("lens")), demo=True)
    await book(MONDAY)

    def other_slot(data: dict[str, Any]) -> None:
        data["activities"][1]["slots"][0]["code"] = "midi"

    def groups(data: dict[str, Any]) -> None:
        data["activities"][1]["groups"] = [{"code": "tous", "name": "Tous", "places": 100}]

    for change in (other_slot, groups):
        with pytest.raises(Refused, match="n’est plus dans le fichier"):
            await load(changed("lens", change), demo=True)


async def test_what_is_booked_is_paid_as_it_was_when_it_was_booked(db: str) -> None:
    """Of a day that waits for its month's invoice a cancellation would give back what nobody paid."""

    def invoiced(data: dict[str, Any]) -> None:
        data["activities"][1]["billing"] = "invoiced"

    await load(read(shipped("lens")), demo=True)
    row = await book(MONDAY)
    with pytest.raises(Refused, match="la facturation ne peut plus changer, des jours sont réservés"):
        await load(changed("lens", invoiced), demo=True)
    assert parse(await export(), "x") == read(shipped("lens"))
    await Booking.filter(id=row.id).update(state="cancelled")
    await load(changed("lens", invoiced), demo=True)


async def test_a_slot_nobody_booked_is_kept_without_days(db: str) -> None:
    await load(read(shipped("lens")), demo=True)

    def without_evening(data: dict[str, Any]) -> None:
        data["activities"][0]["slots"].pop(1)
        data["activities"][0]["tariffs"].pop(1)

    report = await load(changed("lens", without_evening), demo=True)
    assert ["soir" in flag for flag in report.flags] == [True]
    assert not await Opening.filter(slot__code="soir").exists()


async def test_fewer_places_than_taken_is_accepted_and_told(db: str) -> None:
    await load(read(shipped("lens")), demo=True)
    booking = await book(MONDAY)
    report = await load(changed("lens", lambda data: data["activities"][1].update(places=0)), demo=True)
    assert [flag.replace("\u00a0", " ") for flag in report.flags] == [
        "« RESTAURATION SCOLAIRE 2018-2019 », 10/09/2018 : 1 places prises sur 0."
    ]
    opening = await Opening.get(id=booking.opening_id)
    assert (opening.places, opening.taken, opening.overrun, opening.overrun_by) == (0, 1, 1, "command")
    assert not await Opening.take(opening.id)


@ON_SQLITE
async def test_a_new_year_stands_beside_the_old_one(db: str) -> None:
    document = read(shipped("demo"))
    await load(document, demo=True)
    following = shift_to_year(document, date(2026, 9, 1))
    await load(following, demo=True)
    assert parse(await export(), "x").year == following.year
    assert await Opening.filter(day__lt=date(2026, 8, 1)).exists()


async def test_a_dry_run_builds_what_it_would_load(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind of rule that the file's reader takes and the planning cannot read."""
    monkeypatch.setattr(deadlines, "deadline_of", lambda line: deadlines.KINDS["unknown"])
    with pytest.raises(KeyError):
        await load(read(shipped("lens")), demo=True, dry_run=True)
