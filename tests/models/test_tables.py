"""Quotients, takings and enrolments from a table: compared, written as one, never twice, taken back within a day."""

from collections.abc import Awaitable, Callable
from datetime import date

import pytest

from models import clock
from models.counter import closing, reversal
from models.counter.closing import Count
from models.counter.receipt import Receipt
from models.counter.reversal import Reversal
from models.families.child import Child
from models.families.enrolment import Enrolment
from models.families.family import Family
from models.families.file.passage import Passage, PassedEnrolment
from models.families.quotient import Quotient
from models.family_file import editing
from models.family_imports.family_import import FamilyImport, ImportLine
from models.family_imports.undoing import TooLate
from models.imports.quotients import Quotients
from models.money import ledger
from models.money.payment import Payment
from models.rules.files.mistakes import WrongFile
from models.storage.integrity import verify
from tests.engines import ON_SQLITE
from tests.models.counter import NOW, payer
from tests.models.tables import agent, bring, counts, preview, refused, undo, write
from tests.portal import Portal
from tests.web.checkout import parent

OpenPortal = Callable[..., Awaitable[Portal]]
START = date(2026, 1, 1)


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    return await portal("demo", now=NOW)


async def spans() -> list[tuple[int, int, date, date | None]]:
    rows = await Quotient.all().order_by("family_id", "start")
    return [(row.family_id, row.value, row.start, row.end) for row in rows]


@ON_SQLITE
async def test_quotients_by_number_or_by_child_and_the_way_back(town: Portal) -> None:
    first, second, third = (await Family.all().order_by("id"))[:3]
    child = await Child.filter(homes__family_id=second.id).order_by("id").first()
    assert child and child.born
    home = "" if await Family.filter(homes__child_id=child.id).count() == 1 else second.number
    await editing.set_quotient(third.id, 640, date(2025, 9, 1), None, 1, clock.now())
    before = await spans()
    file = await bring(
        "quotients",
        "Nom;Prénom;Date de naissance;N° dossier;Quotient familial;À partir du",
        f";;;{first.number};1 045,00;01/01/2026",
        f"{child.last_name.upper()};{child.first_name};{child.born:%d/%m/%Y};{home};0;2026-01-01",
        f";;;{third.number};640;01/01/2026",
        ";;;VF-nobody;600;01/01/2026",
        f";;;{first.number};700;01/01/2026",
        f";;;{third.number};600,50;",
        ";;;;600;",
        f"{child.last_name};{child.first_name};31/12/1999;;600;",
    )
    wanted = {5: "family VF-nobody", 6: f"twice {first.number}", 7: "value 600,50", 8: "nobody"}
    assert (await preview(file)).counts.total() == 8 and await spans() == before
    file = await write(file)
    reasons = await refused(file)
    assert reasons.pop(9).startswith("child ") and reasons == wanted
    assert sum(counts(file)) == 8 and counts(file)[2] == 1
    assert (
        await editing.quotient_on(first.id, START) == 1045
        and await editing.quotient_on(second.id, START) == 0
    )
    assert await verify() == []
    await undo(file)
    assert await spans() == before
    with pytest.raises(TooLate):
        await undo(file)


async def test_a_quotient_that_somebody_changed_since_stays(town: Portal) -> None:
    first, second = (await Family.all().order_by("id"))[:2]
    lines = [f"{one.number};777;01/01/2026" for one in (first, second)]
    file = await write(await bring("quotients", "dossier;qf;date", *lines))
    await editing.set_quotient(first.id, 888, START, None, 1, clock.now())
    await undo(file)
    assert await editing.quotient_on(first.id, START) == 888
    assert await editing.quotient_on(second.id, START) != 777
    assert [line.line for line in await ImportLine.filter(file_id=file.id, kept=True)] == [2]
    assert await verify() == []


@ON_SQLITE
async def test_takings_pay_once_and_are_reversed(town: Portal) -> None:
    linh = await payer("linh.nguyen")
    number = (await Family.get(id=linh.family)).number
    invoice = next(due for due in linh.dues if due.key.startswith("facture"))
    heads = "Date;Dossier;Moyen;Montant;Référence;Objet;Régie"
    lines = (
        heads,
        f"31/10/2025;{number};Virement;3,40;VIR-1;{invoice.label};",
        f"31/10/2025;{number};Espèces;2;ESP-1;;{linh.till.name}",
        f"03/11/2025;{number};CB;9,00;CB-1;avance;{linh.till.code}",
        f"31/10/2025;{number};Virement;3.40;vir 1;{invoice.label};",
        f"04/11/2025;{number};CB;9,00;CB-2;;{linh.till.code}",
        f"03/11/2025;{number};Troc;9,00;T-1;;{linh.till.code}",
        f"03/11/2025;{number};CB;0;CB-3;;{linh.till.code}",
        f"03/11/2025;{number};CB;9;;;{linh.till.code}",
        f"03/11/2025;VF-nobody;CB;9;CB-4;;{linh.till.code}",
        f"03/11/2025;{number};CB;9;CB-5;;",
    )
    left, credit, there = await linh.left(), await linh.credit(), await Payment.all().count()
    file = await write(await bring("takings", *lines))
    assert counts(file) == (3, 0, 1, 6)
    assert await refused(file) == {
        6: "future 04/11/2025", 7: "means Troc", 8: "sum 0", 9: "missing reference", 10: "family VF-nobody",
        11: "no_till",
    }  # fmt: skip
    assert await linh.left() == left - 540 and await linh.credit() == credit + 900
    days = await Receipt.filter(till_id=linh.till.id).order_by("-id").limit(3).values_list("day", flat=True)
    assert list(days) == [date(2025, 11, 3), date(2025, 10, 31), date(2025, 10, 31)]
    again = await write(await bring("takings", *lines))
    assert counts(again)[:3] == (0, 0, 4) and await Payment.all().count() == there + 3
    assert await verify() == []

    await undo(file)
    assert await Reversal.all().count() == 3 and await Payment.all().count() == there + 3, (
        "nothing is deleted"
    )
    assert await linh.left() == left and await linh.credit() == credit
    assert await ledger.balance([f"cash:{linh.till.id}"]) == 0 and await verify() == []
    once_more = await write(await bring("takings", *lines))
    assert counts(once_more)[:3] == (3, 0, 1), "what was taken back may come again"


@ON_SQLITE
async def test_one_reference_of_two_families_is_two_takings(town: Portal) -> None:
    linh = await payer("linh.nguyen")
    numbers = [one.number for one in await Family.all().order_by("id").limit(2)]
    lines = [f"03/11/2025;{number};Espèces;3;espèces;avance;{linh.till.code}" for number in numbers]
    heads = "Date;Dossier;Moyen;Montant;Référence;Objet;Régie"
    assert counts(await write(await bring("takings", heads, *lines))) == (2, 0, 0, 0)
    assert counts(await write(await bring("takings", heads, *lines))) == (0, 0, 2, 0)


async def test_nothing_of_a_file_that_is_too_long(town: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (await Family.all().order_by("id"))[:2]
    monkeypatch.setattr(Quotients, "most", 1)
    before = await spans()
    file = await bring(
        "quotients", "dossier;qf;date", *[f"{one.number};777;01/01/2026" for one in (first, second)]
    )
    with pytest.raises(WrongFile):
        await write(file)
    assert await spans() == before and (await FamilyImport.get(id=file.id)).is_open


async def test_a_closed_day_takes_nothing_and_the_rest_is_whole(town: Portal) -> None:
    linh = await payer("linh.nguyen")
    number = (await Family.get(id=linh.family)).number
    heads = "Date;Dossier;Moyen;Montant;Référence;Régie"
    line = f"03/11/2025;{number};Espèces;3;ESP-9;{linh.till.code}"
    file = await bring("takings", heads, line)
    await closing.close(linh.till.id, date(2025, 11, 3), Count(0, 0), linh.cashier, clock.now())
    assert counts(await write(file)) == (0, 0, 0, 1) and await refused(file) == {2: "closed 03/11/2025"}
    earlier = await write(await bring("takings", heads, line.replace("03/11", "31/10")))
    assert await refused(earlier) == {2: "closed 31/10/2025"}, "its cash was counted with the day after"
    assert not await Receipt.filter(till_id=linh.till.id, day__lte=date(2025, 11, 3)).exists()


async def test_what_was_reversed_by_hand_stays_so(town: Portal) -> None:
    linh = await payer("linh.nguyen")
    number = (await Family.get(id=linh.family)).number
    heads, till = "Date;Dossier;Moyen;Montant;Référence;Régie", linh.till.code
    lines = [f"03/11/2025;{number};Chèque;3;CHQ-{n};{till}" for n in (1, 2)]
    file = await write(await bring("takings", heads, *lines))
    receipt = await Receipt.get(paper_number="CHQ-1")
    await reversal.reverse(receipt, "Chèque sans signature", await agent(), clock.now())
    await undo(file)
    assert await Reversal.all().count() == 2 and await verify() == []
    assert [line.line for line in await ImportLine.filter(file_id=file.id, kept=True)] == [2]


async def test_enrolments_with_their_dates_and_the_way_back(town: Portal) -> None:
    linh = await parent(town, "linh.nguyen")
    await linh.tick("Mai", "Accueil du matin", "2025-12-01")
    await linh.click()
    mai = await Child.get(first_name="Mai", last_name="Nguyen")
    before = await Enrolment.filter(child_id=mai.id).count()
    code = "ateliers"
    assert not await Enrolment.exists(child_id=mai.id, activity__code=code)
    file = await bring(
        "enrolments",
        "Nom;Prénom;Né(e) le;Activité;Du;Au;Dossier",
        f"NGUYEN;Mai;30/09/2019;{code};10/11/2025;19/12/2025;",
        f"Nguyen;Mai;30/09/2019;{code};01/12/2025;;",
        "Nguyen;Mai;30/09/2019;Natation;10/11/2025;;",
        f"Nguyen;Mai;30/09/2019;{code};10/11/2025;01/11/2025;",
        f"Nguyen;Mia;30/09/2019;{code};10/11/2025;;",
        "Nguyen;Mai;30/09/2019;periscolaire;02/12/2025;;",
    )
    file = await write(file)
    reasons = await refused(file)
    assert reasons.pop(7, "") == "booked 01/12/2025"
    assert reasons == {
        3: "twice Mai Nguyen",
        4: "activity Natation",
        5: "backwards 01/11/2025",
        6: "child Mia Nguyen",
    }
    made = await Enrolment.get(child_id=mai.id, activity__code=code)
    assert (made.start, made.end) == (date(2025, 11, 10), date(2025, 12, 19))
    longer = await write(
        await bring("enrolments", "nom;prenom;ne le;activite;du", f"Nguyen;Mai;30/09/2019;{code};10/11/2025")
    )
    assert counts(longer) == (0, 1, 0, 0)
    await undo(file)
    assert await Enrolment.filter(child_id=mai.id).count() == before + 1, "its dates are others by now"
    await undo(longer)
    made = await Enrolment.get(id=made.id)
    assert made.end == date(2025, 12, 19) and await verify() == []


async def test_an_enrolment_that_a_passage_ended_stays(town: Portal) -> None:
    heads = "nom;prenom;ne le;activite;du"
    file = await write(await bring("enrolments", heads, "Nguyen;Mai;30/09/2019;ateliers;10/11/2025"))
    [made] = await Enrolment.filter(child__first_name="Mai", activity__code="ateliers")
    passage = await Passage.create(
        year_id=file.year_id, following_id=file.year_id, click="passage", member_id=1, at=clock.now()
    )
    await PassedEnrolment.create(passage=passage, enrolment=made, before=made.end)
    await undo(file)
    assert await Enrolment.exists(id=made.id)
    assert await ImportLine.filter(file_id=file.id, kept=True).count() == 1
