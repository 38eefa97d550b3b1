"""Two files that are one family become one: what lives goes over, what is owed is explained, what happened stays."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date

import pytest

from models import clock
from models.access.calendar_feed import CalendarFeed
from models.activities.opening import Opening
from models.bookings.booking import Booking
from models.families.aid import Aid
from models.families.child import Child, Home
from models.families.enrolment import Enrolment
from models.families.family import Family
from models.families.file.contact import ChildContact, NewContact
from models.families.file.health import ChildHealth, set_health
from models.families.file.merge import FamilyMerge, MergedBalance, MergedChild
from models.families.guardian import Guardian
from models.families.quotient import Quotient
from models.households import balances, merging, parting
from models.households.merging import CannotMerge
from models.households.obstacles import in_the_way, obstacles
from models.households.parting import CannotPart, Choice, Parting
from models.money import amounts_due, ledger
from models.personal_data.anonymising import AGAIN
from models.rules import postings
from models.rules.families.health import Health
from models.rules.postings import FamilyAccount
from models.storage.database import transaction
from models.work.audit_log import Event
from tests.engines import ON_SQLITE
from tests.models.merges import agent, typed_twice
from tests.models.test_damages import silent
from tests.portal import Portal
from tests.web.checkout import hear_the_bank, parent

OpenPortal = Callable[..., Awaitable[Portal]]
NOW, MEAL, MORNING = "2025-11-03T10:00", "Repas de midi", "Accueil du matin"
AUNT = NewContact("aunt", "Hoa Nguyen", "tante", "06 00 00 10 44", True, False)


@pytest.fixture
async def town(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> Portal:
    found = await portal("demo", now=NOW)
    hear_the_bank(found, monkeypatch)
    return found


async def owed(family: int) -> int:
    """In cents, at all tills together: less what it has in its favour."""
    due, credit = await amounts_due.of_family(family), await amounts_due.credits_of(family)
    return sum(one.open for one in due) - sum(credit.values())


async def test_a_file_made_twice_becomes_one(town: Portal) -> None:
    linh = await parent(town, "linh.nguyen")
    await linh.tick("Mai", MEAL, "2025-11-24", "2025-11-25")
    await linh.pay()
    await linh.tick("Mai", MORNING, "2025-11-24")
    await linh.click()
    await town.run_jobs()
    mother = await Guardian.get(username="linh.nguyen")
    mai = await Child.get(first_name="Mai")
    await ChildContact.add(mother, mai.id, AUNT, clock.now())
    await set_health(mai.id, linh.family, Health("sans porc"), 0, "member:1", clock.now())
    await CalendarFeed.renew(mother, 0, "seed", "secret", clock.now())
    kept = await typed_twice("Mai", mai.born, mother)
    before, days = await owed(linh.family), await _days(linh.family)
    assert before > 0 and len(days) == 3 and await obstacles(linh.family, kept.id, date(2025, 11, 3)) == []

    assert await merging.merge(linh.family, kept.id, await agent(), clock.now())
    assert not await merging.merge(linh.family, kept.id, await agent(), clock.now()), "once"

    assert (await owed(linh.family), await owed(kept.id)) == (0, before)
    assert (await _days(linh.family), await _days(kept.id)) == ([], days), "the same days, at the same price"
    twin = await Child.get(homes__family_id=kept.id)
    assert twin.id != mai.id and (await MergedChild.get()).kept_id == twin.id
    assert (await ChildHealth.known([twin.id]))[twin.id].diet == "sans porc"
    assert [row.name for row in await ChildContact.of([twin.id])] == ["Hoa Nguyen"]
    assert {row.activity_id for row in await Enrolment.filter(family_id=kept.id, child_id=twin.id)} == {
        row.activity_id for row in await Enrolment.filter(family_id=linh.family)
    }
    assert [row.id for row in await Guardian.filter(family_id=kept.id)] == [mother.id]
    [left] = await Guardian.filter(family_id=linh.family)
    assert left.blocked_at and left.email == "" and left.password is None
    feed = await CalendarFeed.of("secret")
    assert feed and feed.guardian.family_id == kept.id, (
        "the calendar’s address goes on, with the family that stands"
    )
    page = await linh.browser.get_page("/accueil")
    assert "Mai" in page, "who was signed in still is"
    await town.verify()

    assert await silent(DAMAGES) == []
    late = await MergedBalance.filter(invoice_id__isnull=False).first()
    assert late, "of an invoice, what was left to pay"
    account = FamilyAccount(linh.family, late.till_id)
    async with transaction():  # a debit of an old invoice comes back
        await ledger.post(
            postings.opening_debt(account, "opening:late:0", 700, "x"), at=clock.now(), actor="x"
        )
    assert await balances.carry_late(clock.now()) == 1 and await balances.carry_late(clock.now()) == 0
    assert (await owed(linh.family), await owed(kept.id)) == (0, before + 700)


@ON_SQLITE
async def test_two_homes_of_one_child_become_one(town: Portal) -> None:
    julie, thomas = await parent(town, "julie.leroy"), await parent(town, "thomas.leroy")
    await thomas.tick("Zoé", MEAL, "2025-11-24")
    await thomas.pay()
    await town.run_jobs()
    days = await _days(thomas.family)
    assert await merging.merge(thomas.family, julie.family, await agent(), clock.now())
    [home] = await Home.filter(child__first_name="Zoé")
    assert (home.family_id, home.weeks) == (julie.family, "all")
    assert await _days(julie.family) == days and not await MergedChild.exists()
    names = [row.first_name for row in await Guardian.filter(family_id=julie.family).order_by("position")]
    assert names == ["Julie", "Thomas"]
    nora = await Family.get(number="VF-1007")
    assert await merging.merge(julie.family, nora.id, await agent(), clock.now())
    assert {row.into_id for row in await FamilyMerge.all()} == {nora.id}, (
        "the file that stands, whatever came between"
    )
    await town.verify()


async def test_a_household_parts_and_neither_sees_the_other(town: Portal) -> None:
    camille = await parent(town, "camille.durand")
    olivier = await Guardian.get(username="olivier.durand")
    lina, noe = await Child.get(first_name="Lina"), await Child.get(first_name="Noé")
    await ChildContact.add(olivier, noe.id, AUNT, clock.now())
    await camille.tick("Lina", MEAL, "2025-11-24", "2025-12-01")  # weeks 48 and 49
    await camille.tick("Noé", MEAL, "2025-11-24")
    await camille.pay()
    before, paid = await owed(camille.family), await _days(camille.family)
    taken = await Opening.filter(taken__gt=0).count()
    asked = Parting(camille.family, olivier.id, {lina.id: "even", noe.id: "all"}, Choice.KEEP, "click")
    assert [row.child_id for row in await parting.days_of(asked, date(2025, 11, 3))] == [lina.id, noe.id]
    new = await parting.part(asked, await agent(), clock.now())
    assert await parting.part(asked, await agent(), clock.now()) == new, "the form, sent twice"
    homes = {
        (row.child_id, row.family_id): row.weeks for row in await Home.filter(child_id__in=[lina.id, noe.id])
    }
    assert homes == {(lina.id, camille.family): "odd", (lina.id, new): "even", (noe.id, new): "all"}
    assert (len(await _days(camille.family)), len(await _days(new))) == (2, 1), "what is Lina’s is kept"
    assert await owed(camille.family) == before - paid[1][2] and await owed(new) == paid[1][2]
    assert await Opening.filter(taken__gt=0).count() == taken, "the places are theirs still"
    [alone] = await Guardian.filter(family_id=new)
    assert alone.password is None and alone.email == olivier.email and alone.username != olivier.username
    gone = await Guardian.get(id=olivier.id)
    assert gone.blocked_at and gone.email == "" and gone.family_id == camille.family
    await town.verify()
    unsaid = {"nobody knows that the child left": ["DELETE FROM event WHERE action = 'child.left'"]}
    assert await silent({"dossier": unsaid}) == []

    there = await town.client(alone.username)
    seen = await there.get_page("/accueil") + await there.get_page(f"/planning?par=enfant&id={lina.id}")
    assert "Lina" in seen and "Camille" not in seen and "camille@" not in seen
    assert "Noé" not in await camille.browser.get_page("/accueil")
    assert (await camille.browser.get(f"/planning?par=enfant&id={noe.id}")).status_code == 404
    await there.get_page("/factures")
    cancelled = Parting(camille.family, olivier.id, {}, Choice.CANCEL, "again")
    with pytest.raises(CannotPart):
        await parting.part(replace(cancelled, guardian=alone.id), await agent(), clock.now())


async def test_what_a_family_is_helped_with_goes_over(town: Portal) -> None:
    today = date(2025, 11, 3)
    linh, mai = await Guardian.get(username="linh.nguyen"), await Child.get(first_name="Mai")
    closed, kept = linh.family_id, await typed_twice("Mai", mai.born, linh)
    binh = (await Child.create(first_name="Binh", last_name="Nguyen", born=date(2018, 5, 5))).id
    await Home.create(child_id=binh, family_id=closed, weeks="all", position=5)
    await Quotient.filter(family_id__in=[closed, kept.id]).delete()
    await Quotient.create(family_id=kept.id, value=900, start=date(2024, 1, 1), end=date(2025, 8, 31))
    mine = await Quotient.create(family_id=closed, value=300, start=date(2025, 1, 1))
    await Aid.create(family_id=kept.id, funder="CCAS", cents=100, start=date(2025, 9, 1))
    open_, later = [
        await Aid.create(family_id=closed, child_id=mai.id, funder="Aide", cents=200, start=start)
        for start in (date(2025, 9, 1), date(2026, 1, 1))
    ]
    his = await Aid.create(family_id=closed, child_id=binh, funder="Aide", cents=200, start=date(2025, 9, 1))

    assert await merging.merge(closed, kept.id, await agent(), clock.now())

    now = {(row.value, row.start, row.end) for row in await Quotient.filter(family_id=kept.id)}
    assert now == {(900, date(2024, 1, 1), date(2025, 8, 31)), (300, date(2025, 9, 1), None)}
    assert (await Quotient.get(id=mine.id)).family_id == kept.id, "the one of the standing file is over"
    aids = {row.id: (row.family_id, row.end) for row in await Aid.filter(funder="Aide")}
    assert aids == {
        open_.id: (closed, today), later.id: (closed, date(2026, 1, 1)), his.id: (kept.id, None),
    }, "of a twin, the standing file’s holds"  # fmt: skip
    await town.verify()


async def test_a_household_that_parted_may_be_one_again_that_day(town: Portal) -> None:
    camille, olivier = [await Guardian.get(username=f"{name}.durand") for name in ("camille", "olivier")]
    old, noe = camille.family_id, await Child.get(first_name="Noé")
    ends = (None, date(2026, 6, 30))
    starts = (date(2025, 9, 1), date(2026, 1, 1))
    for start, end in zip(starts, ends, strict=True):
        await Aid.create(family_id=old, child_id=noe.id, funder="Aide", cents=200, start=start, end=end)
    new = await parting.part(
        Parting(old, olivier.id, {noe.id: "all"}, Choice.CANCEL, "click"), await agent(), clock.now()
    )
    assert [row.end for row in await Aid.filter(funder="Aide").order_by("id")] == [
        date(2025, 11, 3), date(2026, 1, 1),
    ]  # fmt: skip
    assert await merging.merge(old, new, await agent(), clock.now())
    homes = await Home.filter(family_id=new).select_related("child")
    assert {home.child.first_name for home in homes} == {"Lina", "Noé"}
    await town.verify()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_nobody_merges_a_family_that_was_erased_again(town: Portal) -> None:
    gone, other = [
        (await Guardian.get(username=name)).family_id for name in ("camille.durand", "sophie.moreau")
    ]
    await Event.note(clock.now(), "clock", AGAIN, f"family:{gone}", gone)
    assert "anonymised" in {one.code for one in await obstacles(gone, other, date(2025, 11, 3))}
    assert "anonymised" in {one.code for one in await in_the_way(gone, date(2025, 11, 3))}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_what_may_not_be_merged_is_refused_with_the_reason(town: Portal) -> None:
    camille, sophie = await parent(town, "camille.durand"), await parent(town, "sophie.moreau")
    today = date(2025, 11, 3)
    olivier = await Guardian.get(username="olivier.durand")
    await Guardian.filter(username="sophie.moreau").update(first_name="Olivier", last_name="DURAND")
    lina = await Child.get(first_name="Lina")
    await Child.filter(first_name="Emma").update(first_name="lina", born=lina.born)
    emma = await Child.get(first_name="lina")
    for child, diet in ((lina.id, "sans porc"), (emma.id, "végétarien")):
        family = camille.family if child == lina.id else sophie.family
        await set_health(child, family, Health(diet), 0, "member:1", clock.now())
    await sophie.tick("lina", MEAL, "2025-11-24")
    await sophie.pay()
    await camille.tick("Lina", MEAL, "2025-11-24", "2025-11-25")
    await camille.click()  # and the card is still in the hand
    found = {one.code: one.names for one in await obstacles(camille.family, sophie.family, today)}
    assert found == {
        "payment": "", "unsure": "", "accounts": olivier.name, "twice": "lina", "health": "lina",
    }  # fmt: skip
    with pytest.raises(CannotMerge):
        await merging.merge(camille.family, sophie.family, await agent(), clock.now())
    assert await Home.filter(family_id=camille.family).count() == 2 and not await FamilyMerge.exists()
    await town.verify()


async def _days(family: int) -> list[tuple[str, date, int]]:
    rows = await Booking.filter(family_id=family, state="confirmed").order_by("day", "slot_id")
    return [(row.reason, row.day, row.cents) for row in rows]


MOVED = "(SELECT MIN(id) FROM merged_balance WHERE invoice_id IS NOT NULL)"
DAMAGES = {
    "I3-I7": {
        "a sum that moved is another": [f"UPDATE merged_balance SET cents = cents + 1 WHERE id = {MOVED}"],
        "it was of no invoice": [f"UPDATE merged_balance SET invoice_id = NULL WHERE id = {MOVED}"],
        "nothing moved": [f"DELETE FROM merged_balance WHERE id = {MOVED}"],
        "its entry is lost": [
            f"DELETE FROM leg WHERE entry_id = (SELECT id FROM entry WHERE key = 'merge:' || {MOVED})"
        ],
    },
    "fusions": {
        "the file that stands is closed": [
            "INSERT INTO family_merge (family_id, into_id, member_id, at) SELECT into_id, 1, 1, at FROM family_merge"
        ],
        "somebody can sign in to the closed file": [
            "UPDATE guardian SET blocked_at = NULL WHERE family_id = (SELECT family_id FROM family_merge)"
        ],
        "it has a day again": [
            "UPDATE booking SET state = 'confirmed', made_at = '2027-01-01 00:00:00+00:00' WHERE family_id = "
            "(SELECT family_id FROM family_merge)",
        ],
        "the journal knows nothing of it": ["DELETE FROM event WHERE action = 'family.merged'"],
        "a child lives there": ["DELETE FROM merged_child"],
        "the child that stands is nowhere": [
            "DELETE FROM home WHERE child_id = (SELECT kept_id FROM merged_child)"
        ],
        "an account was merged and its file was not": ["DELETE FROM family_merge"],
    },
    "dossier": {
        "who may fetch a child is another's": [
            "UPDATE child_contact SET child_id = (SELECT MIN(id) FROM child)"
        ],
    },
}
