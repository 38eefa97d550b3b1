"""A family's page holds what other rooms know of it: requests, messages, invoices, payments, avoirs."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import pytest

from models import clock
from models.access.member import Member
from models.bookings.family_request import FamilyRequest
from models.commune.till import Till
from models.families.family import Family
from models.families.file.merge import FamilyMerge
from models.messages.thread import MessageThread
from models.money.credit_note import CreditNote
from models.money.invoice import Invoice
from models.money.issued_document import IssuedDocument
from models.money.payment import Payment
from models.rules.states.documents import DocumentKind
from models.rules.states.requests import RequestKind, RequestState
from tests.models.messages import write_to_the_mairie
from tests.portal import Client, Portal
from tests.web.checkout import words

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
ROOMS = ("demandes", "messages", "factures", "paiements", "avoirs")


@pytest.fixture
async def town(portal: Callable[..., Awaitable[Portal]]) -> Portal:
    return await portal("demo", now="2025-09-22T10:00:00")


@pytest.fixture
async def desk(town: Portal) -> Client:
    return await town.client("gestion")


@pytest.fixture
async def moreau(town: Portal) -> int:
    return (await Family.get(number="VF-1002")).id


def place(family: int, room: str = "") -> str:
    return f"/mairie/familles/{family}/{room}".rstrip("/")


async def asked(family: int, address: str, state: str = RequestState.PENDING) -> int:
    over = state != RequestState.PENDING
    row = await FamilyRequest.create(
        family_id=family, kind=RequestKind.FILE_CHANGE, subject=f"family:{family}", state=state,
        before={"address": "1 rue du Lac"}, after={"address": address}, made_at=clock.now(),
        answered_at=clock.now() if over else None, reason="Incomplet" if over else None,
    )  # fmt: skip
    return row.id


async def paid(family: int, cents: int, number: int = 0) -> None:
    till = await Till.all().order_by("id").first()
    assert till
    await Payment.create(
        family_id=family, till_id=till.id, provider="demo", reference=f"salles{family}x{number}", cents=cents,
        state="paid", made_at=clock.now(), paid_at=clock.now(),
    )  # fmt: skip


async def invoiced(family: int, number: str, on: date, rank: int | None = None) -> int:
    """Without a rank it came with the commune's file."""
    till = await Till.all().order_by("id").first()
    assert till
    row = await Invoice.create(
        family_id=family, till_id=till.id, number=number, issued_on=on, cents=1690, before_portal=rank is None,
        rank=rank, series_year=None if rank is None else on.year,
    )  # fmt: skip
    return row.id


async def credited(family: int, rank: int) -> int:
    """A credit note on its newest invoice."""
    bill = await Invoice.filter(family_id=family).order_by("-id").first()
    assert bill
    row = await CreditNote.create(
        family_id=family, till_id=bill.till_id, invoice_id=bill.id, number=f"A-{rank}", series_year=2025, rank=rank,
        issued_on=date(2025, 9, 21), cents=328, applied_cents=0, reason="Grève", rebill=False, recipient="",
    )  # fmt: skip
    return row.id


async def test_each_room_says_what_it_knows_of_the_family(desk: Client, moreau: int) -> None:
    old, new = await asked(moreau, "3 rue Haute", RequestState.REFUSED), await asked(moreau, "5 quai Neuf")
    await write_to_the_mairie(moreau)
    await paid(moreau, 4321)
    old_bill = await invoiced(moreau, "S-2024-1", date(2024, 9, 20))
    bill = await invoiced(moreau, "S-2025-77", date(2025, 9, 20), 7701)
    note = await credited(moreau, 7702)
    requests = await desk.get_page(place(moreau, "demandes"))
    assert requests.index(f'id="demande-{new}"') < requests.index(f'id="demande-{old}"'), "the newest first"
    said = words(requests)
    assert "1 rue du Lac" in said and "5 quai Neuf" in said and "à traiter" in said and "Incomplet" in said
    assert f"/mairie/demandes?demande={new}" in requests
    assert f"/mairie/demandes?etat=traitees&amp;demande={old}" in requests
    thread = await MessageThread.get(family_id=moreau, subject="Menus")
    messages = await desk.get_page(place(moreau, "messages"))
    assert f'href="/mairie/messages/{thread.id}"' in messages and "Répondu" in words(messages)
    assert f"/mairie/messages/nouveau?famille={moreau}" in messages
    invoices = await desk.get_page(place(moreau, "factures"))
    assert f'href="/mairie/factures/{old_bill}"' in invoices, "issued before the portal"
    assert f"/mairie/factures/{old_bill}/pdf" not in invoices, "without a paper"
    assert f"/mairie/factures/{bill}/pdf" in invoices and "16,90 €" in words(invoices)
    assert f"/mairie/regie?famille={moreau}" in invoices
    payments = words(await desk.get_page(place(moreau, "paiements")))
    assert "43,21 €" in payments and "Carte" in payments
    await IssuedDocument.store(DocumentKind.INVOICE, old_bill, moreau, "old.pdf", b"%PDF", clock.now())
    assert f"/mairie/factures/{old_bill}/pdf" in await desk.get_page(place(moreau, "factures")), (
        "it came after all"
    )
    avoirs = await desk.get_page(place(moreau, "avoirs"))
    assert f'id="avoir-{note}"' in avoirs and "Grève" in words(avoirs) and "3,28 €" in words(avoirs)
    assert f'href="/mairie/factures/{bill}"' in avoirs and f"/mairie/regie/familles/{moreau}" in avoirs
    assert f"/mairie/factures/avoirs/{note}/pdf" not in avoirs, "not drawn yet"
    for room, told in zip(ROOMS, ("Incomplet", "Menus", "S-2025-77", "43,21", "A-7702"), strict=True):
        assert told in await desk.get_page(place(moreau, f"{room}?export=csv")), room


async def test_another_familys_stay_out_and_a_merged_files_come_along(
    town: Portal, desk: Client, moreau: int
) -> None:
    other = await Family.get(number="VF-1001")
    wish = await asked(other.id, "9 impasse Verte")
    bill = await invoiced(other.id, "S-2025-78", date(2025, 9, 20))
    await paid(other.id, 6543)
    note = await credited(other.id, 7801)

    async def shown() -> tuple[bool, ...]:
        told = (f"demande-{wish}", f"facture-{bill}", "65,43", f"avoir-{note}")
        rooms = ("demandes", "factures", "paiements", "avoirs")
        return tuple(
            [mark in await desk.get_page(place(moreau, room)) for mark, room in zip(told, rooms, strict=True)]
        )

    assert await shown() == (False, False, False, False)
    agent = await Member.get(username="gestion")
    await FamilyMerge.create(family_id=other.id, into_id=moreau, member_id=agent.id, at=clock.now())
    assert await shown() == (False, True, True, True), "the money of the closed file"
    assert "dossier VF-1001" in words(await desk.get_page(place(moreau, "factures")))


async def test_roles_are_those_of_the_rooms(town: Portal, moreau: int) -> None:
    cashier, reader, cook = [await town.client(name) for name in ("regie", "elu", "cantine")]
    await cashier.get_page(place(moreau, "demandes"), status=403)
    for room in ROOMS[1:]:
        await cashier.get_page(place(moreau, room))
    for room in ROOMS:
        await cook.get_page(place(moreau, room), status=403)
        page = await reader.get_page(place(moreau, room))
        assert (
            "/mairie/messages/nouveau" not in page
            and "/mairie/regie?famille=" not in page
            and "/mairie/regie/familles/" not in page.split("<h1")[1]
        ), room
    summary = await reader.get_page(place(moreau))
    assert "Encaisser" not in words(summary) and "Fusionner" not in words(summary)


async def test_fifty_rows_are_as_many_questions_as_one(
    desk: Client, moreau: int, count_queries: Callable[[], int]
) -> None:
    async def questions(room: str) -> int:
        before = count_queries()
        await desk.get_page(place(moreau, room))
        return count_queries() - before

    await asked(moreau, "x")
    await write_to_the_mairie(moreau)
    await paid(moreau, 1, 1)
    await invoiced(moreau, "S-1", date(2025, 9, 1), 9000)
    await credited(moreau, 9000)
    await questions(ROOMS[0])  # what the portal keeps in mind from its first page on
    few = [await questions(room) for room in ROOMS]
    begun = await MessageThread.get(family_id=moreau, subject="Menus")
    for n in range(50):
        await asked(moreau, str(n))
        await paid(moreau, 1, n + 2)
        await invoiced(moreau, f"S-{n + 2}", date(2025, 9, 1) + timedelta(days=n % 20))
        await credited(moreau, n + 9001)
        await MessageThread.create(
            family_id=moreau, guardian_id=begun.guardian_id, department_id=begun.department_id,
            topic_id=begun.topic_id, subject=f"Fil {n}", begun_at=clock.now(), last_at=clock.now(),
        )  # fmt: skip
    assert [await questions(room) for room in ROOMS] == few
    for room in ROOMS:
        assert "Page 1 sur 3" in words(await desk.get_page(place(moreau, room))), room
