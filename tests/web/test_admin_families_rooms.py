"""A family's page holds what other rooms know of it: requests, messages, invoices, payments."""

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
from models.money.invoice import Invoice
from models.money.payment import Payment
from models.rules.states.requests import RequestKind, RequestState
from tests.models.messages import write_to_the_mairie
from tests.portal import Client, Portal
from tests.web.checkout import words

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
ROOMS = ("demandes", "messages", "factures", "paiements")


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


async def invoiced(family: int, number: str, on: date) -> int:
    till = await Till.all().order_by("id").first()
    assert till
    row = await Invoice.create(
        family_id=family, till_id=till.id, number=number, issued_on=on, cents=1690, before_portal=True
    )
    return row.id


async def test_each_room_says_what_it_knows_of_the_family(desk: Client, moreau: int) -> None:
    old, new = await asked(moreau, "3 rue Haute", RequestState.REFUSED), await asked(moreau, "5 quai Neuf")
    await write_to_the_mairie(moreau)
    await paid(moreau, 4321)
    bill = await invoiced(moreau, "S-2025-77", date(2025, 9, 20))
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
    assert f"/mairie/factures/{bill}/pdf" in invoices and "16,90 €" in words(invoices)
    assert f"/mairie/regie?famille={moreau}" in invoices
    payments = words(await desk.get_page(place(moreau, "paiements")))
    assert "43,21 €" in payments and "Carte" in payments
    for room, told in zip(ROOMS, ("Incomplet", "Menus", "S-2025-77", "43,21"), strict=True):
        assert told in await desk.get_page(place(moreau, f"{room}?export=csv")), room


async def test_another_familys_stay_out_and_a_merged_files_come_along(
    town: Portal, desk: Client, moreau: int
) -> None:
    other = await Family.get(number="VF-1001")
    wish = await asked(other.id, "9 impasse Verte")
    bill = await invoiced(other.id, "S-2025-78", date(2025, 9, 20))
    await paid(other.id, 6543)

    async def shown() -> tuple[bool, bool, bool]:
        pages = [await desk.get_page(place(moreau, room)) for room in ("demandes", "factures", "paiements")]
        return f"demande-{wish}" in pages[0], f"facture-{bill}" in pages[1], "65,43" in pages[2]

    assert await shown() == (False, False, False)
    agent = await Member.get(username="gestion")
    await FamilyMerge.create(family_id=other.id, into_id=moreau, member_id=agent.id, at=clock.now())
    assert await shown() == (False, True, True), "the money of the closed file"
    assert "dossier VF-1001" in words(await desk.get_page(place(moreau, "factures")))


async def test_roles_are_those_of_the_rooms(town: Portal, moreau: int) -> None:
    cashier, reader, cook = [await town.client(name) for name in ("regie", "elu", "cantine")]
    await cashier.get_page(place(moreau, "demandes"), status=403)
    for room in ROOMS[1:]:
        await cashier.get_page(place(moreau, room))
    for room in ROOMS:
        await cook.get_page(place(moreau, room), status=403)
        page = await reader.get_page(place(moreau, room))
        assert "/mairie/messages/nouveau" not in page and "/mairie/regie?famille=" not in page
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
    await invoiced(moreau, "S-1", date(2025, 9, 1))
    await questions(ROOMS[0])  # what the portal keeps in mind from its first page on
    few = [await questions(room) for room in ROOMS]
    begun = await MessageThread.get(family_id=moreau, subject="Menus")
    for n in range(50):
        await asked(moreau, str(n))
        await paid(moreau, 1, n + 2)
        await invoiced(moreau, f"S-{n + 2}", date(2025, 9, 1) + timedelta(days=n % 20))
        await MessageThread.create(
            family_id=moreau, guardian_id=begun.guardian_id, department_id=begun.department_id,
            topic_id=begun.topic_id, subject=f"Fil {n}", begun_at=clock.now(), last_at=clock.now(),
        )  # fmt: skip
    assert [await questions(room) for room in ROOMS] == few
    for room in ROOMS:
        assert "Page 1 sur 3" in words(await desk.get_page(place(moreau, room))), room
