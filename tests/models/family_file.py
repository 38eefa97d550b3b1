"""A family whose file everything has happened to: health, contacts, answers, papers; asked, accepted, refused."""

from datetime import date, datetime

from models import clock
from models.access.member import Member
from models.bookings.family_request import FamilyRequest
from models.commune.school_year import SchoolYear
from models.families.child import Child
from models.families.family import Family
from models.families.file import health as child_health
from models.families.file.consent import ConsentAnswer
from models.families.file.contact import ChildContact, NewContact
from models.families.file.required_document import RequiredDocument
from models.families.file.sent_document import NewPaper, SentDocument
from models.families.guardian import Guardian
from models.family_file import request_answers
from models.family_file.parents import asking
from models.family_file.parents.asking import NewPerson
from models.family_imports import bringing, writing
from models.family_imports.bringing import Brought
from models.family_imports.family_import import FamilyImport
from models.imports import writing as tables
from models.imports.kinds import KINDS
from models.rules.families.health import Health
from models.rules.imports.table import guess

NOW = "2025-11-03T10:00"
GRANDMOTHER = NewContact("click", "Odile Moreau", "grand-mère", "06 00 00 10 33", True, False)


def paper(click: str = "paper") -> NewPaper:
    return NewPaper(click, "attestation.pdf", "application/pdf", b"%PDF-1.4\n%%EOF\n")


async def sophie() -> Guardian:
    return await Guardian.get(username="sophie.moreau")


async def emma() -> Child:
    return await Child.get(first_name="Emma")


async def member() -> int:
    return (await Member.get(username="mairie")).id


async def known_meals() -> None:
    """What the mairie knew of Emma already."""
    child, mother = await emma(), await sophie()
    said = Health("sans porc", ("arachide", "lait"))
    assert await child_health.set_health(child.id, mother.family_id, said, 0, "member:1", clock.now())


async def live() -> None:
    """In the demo's town: one of each."""
    mother, child, now = await sophie(), await emma(), clock.now()
    await ChildContact.add(mother, child.id, GRANDMOTHER, now)
    [row] = await ChildContact.of([child.id])
    await row.remove(mother, now)
    await ChildContact.add(mother, child.id, GRANDMOTHER, now)  # the same form: nothing
    await ConsentAnswer.answer(mother, child.id, {"photo": True, "outings": False}, now)
    await asking.health(
        mother, child.id, Health("sans porc", ("lait",), True, date(2026, 7, 3)), "health", now
    )
    await asking.quotient(mother, 700, date(2026, 2, 1), paper("proof"), "quotient", now)
    await asking.household(mother, {"address": "3 rue Neuve\n38999 Val-Fleuri"}, "address", now)
    person = NewPerson("child", "Rose", "Moreau", date(2023, 1, 5))
    await asking.person(mother, person, "person", now)
    for request in await FamilyRequest.filter(family_id=mother.family_id).order_by("id"):
        await request_answers.accept(request.id, await member(), now)
    insurance = await RequiredDocument.get(code="assurance")
    await SentDocument.send(mother, insurance, child.id, paper("first"), now)
    first = await SentDocument.get(click="first")
    await first.refuse("Illisible", f"member:{await member()}", now)
    await SentDocument.send(mother, insurance, child.id, paper("second"), now)
    second = await SentDocument.get(click="second")
    await second.accept(f"member:{await member()}", now)
    await a_file(now)


async def a_file(now: datetime) -> None:
    """Of families: somebody new, and a line that cannot be read; then a taking of the day before this town’s."""
    heads = "Nom;Prénom;Naissance;Nom responsable;Prénom responsable\n"
    content = f"{heads}Roy;Mia;01/02/2019;Roy;Anne\nRoy;Zoé;hier;;\n".encode()
    said = Brought("file", "familles.csv", content, (await SchoolYear.get()).id, None)
    id = await bringing.bring(said, await member(), now)
    await writing.write(await FamilyImport.get(id=id), await member(), now)
    family = await Family.all().order_by("id").first()
    assert family
    lines = f"Date;Dossier;Moyen;Montant;Référence;Régie\n03/11/2025;{family.number};CB;9;CB-1;scolaire\n"
    year = (await SchoolYear.get()).id
    table = Brought("table", "recettes.csv", lines.encode(), year, None, "takings")
    columns = KINDS["takings"].columns
    id = await bringing.bring(table, await member(), now, lambda heads: guess(columns, heads))
    await tables.write(KINDS["takings"], id, await member(), now)
