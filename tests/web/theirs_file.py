"""What the Durands have in their file, for the Petits to ask for; and its pages that are each family's own."""

from collections.abc import Awaitable, Callable
from datetime import date

from models import clock
from models.bookings.family_request import FamilyRequest
from models.certificates import enrolment
from models.families.enrolment import Enrolment
from models.families.file.contact import ChildContact, NewContact
from models.families.file.required_document import RequiredDocument
from models.families.file.sent_document import NewPaper, SentDocument
from models.family_file.parents import asking
from models.money.issued_document import IssuedDocument
from models.personal_data.data_copy import DataCopy
from models.rules.states.documents import DocumentKind
from models.work.audit_log import Event
from tests.town import People
from tests.web import theirs


def file_of(page: str) -> Callable[[People], Awaitable[str]]:
    """A page of their child's file, where somebody may fetch it."""

    async def address(people: People) -> str:
        said = NewContact("click", "Odile", "voisine", "06 00 00 10 33", True, False)
        await ChildContact.add(people.durand, people.chloe.id, said, clock.now())
        row = await ChildContact.get()
        return f"/dossier/enfants/{people.chloe.id}/{page.format(contact=row.id)}"

    return address


def paper(page: str, place: str = "/dossier/pieces") -> Callable[[People], Awaitable[str]]:
    """A paper that they sent for their child."""

    async def address(people: People) -> str:
        required = await RequiredDocument.create(code="x", name="Assurance", per="child")
        said = NewPaper("click", "a.pdf", "application/pdf", b"%PDF")
        await SentDocument.send(people.durand, required, people.chloe.id, said, clock.now())
        row = await SentDocument.get()
        return f"{place}/{page.format(required=required.id, child=people.chloe.id, sent=row.id)}"

    return address


async def file_request(people: People) -> str:
    """A change of address that they asked for."""
    await asking.household(people.durand, {"address": "3 rue Neuve"}, "click", clock.now())
    return f"/demarches/{(await FamilyRequest.get()).id}/suppression"


async def attested(people: People) -> str:
    """A certificate of enrolment that they asked for, drawn."""
    about, family = f"child:{people.chloe.id}", people.durand.family_id
    await Event.note(clock.now(), people.durand.actor, enrolment.ATTESTED, about, family, facts={})
    row = await Event.get(action=enrolment.ATTESTED)
    await IssuedDocument.store(DocumentKind.ENROLMENT, row.id, family, "a.pdf", b"%PDF", clock.now())
    return f"/dossier/documents/{row.id}"


async def enrolled(people: People) -> str:
    """The end of their child's enrolment."""
    booking = await theirs.booked(people, "confirmed")
    await Enrolment.filter(id=booking.enrolment_id).update(end=date.max)
    return f"/inscriptions/{booking.enrolment_id}/fin"


def data_copy(page: str) -> Callable[[People], Awaitable[str]]:
    """The paper of their data, drawn."""

    async def address(people: People) -> str:
        made = await DataCopy.begin(people.durand.id, clock.now())
        await made.keep(b"%PDF")
        return f"/compte/donnees/{made.id}{page}"

    return address


OWN: dict[str, tuple[int, ...]] = {  # what each answers to an empty form
    "GET /dossier": (200,),
    "GET /compte/donnees": (200,),
    "POST /compte/donnees": (422,),
    "GET /compte/suppression": (200,),
    "POST /compte/suppression": (422,),
    "POST /dossier/confirmation": (404,),  # there is no school year in that town
    "GET /demarches": (200,),
    "GET /dossier/documents": (200,),
    "POST /dossier/telephones": (303,),
    **{
        f"POST /dossier/{one}": (422,)
        for one in ("factures", "adresse", "allocataire", "personne", "quotient")
    },
    **{
        f"GET /dossier/{one}": (200,)
        for one in ("telephones", "factures", "adresse", "allocataire", "personne", "quotient")
    },
}
_REQUIRED = "{required}?enfant={child}"
THEIRS: dict[str, Callable[[People], Awaitable[str]]] = {
    **{
        f"{method} /dossier/enfants/{{id:int}}/{sheet}": file_of(sheet)
        for sheet in ("repas", "personnes", "autorisations")
        for method in ("GET", "POST")
    },
    "POST /dossier/enfants/{id:int}/personnes/{personne:int}/retrait": file_of("personnes/{contact}/retrait"),
    "POST /dossier/enfants/{id:int}/attestation": file_of("attestation"),
    "GET /dossier/documents/{id:int}": attested,
    "GET /compte/donnees/{id:int}": data_copy(""),
    "GET /compte/donnees/{id:int}/fichier": data_copy("/fichier"),
    "GET /dossier/pieces/{piece:int}": paper(_REQUIRED),
    "POST /dossier/pieces/{piece:int}": paper(_REQUIRED),
    "GET /dossier/pieces/envoyees/{id:int}": paper("envoyees/{sent}"),
    "GET /inscriptions/{id:int}/fin": enrolled,
    "POST /inscriptions/{id:int}/fin": enrolled,
    "POST /demarches/{id:int}/suppression": file_request,
    "POST /demarches/pieces/{id:int}/suppression": paper("{sent}/suppression", "/demarches/pieces"),
}
