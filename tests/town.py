"""A handful of people, without a commune file: the Durands, the Petits and the mairie."""

from dataclasses import dataclass
from datetime import date

from models.access import passwords
from models.access.member import Member
from models.commune.commune import Commune
from models.families.child import Child, Home
from models.families.family import Family
from models.families.guardian import Guardian

PASSWORD = "mot de passe de Léa"
_hashed: list[str] = []  # made once: it takes long on purpose


@dataclass(frozen=True)
class People:
    durand: Guardian
    petit: Guardian
    cook: Member
    administrator: Member
    chloe: Child  # a Durand
    hugo: Child  # a Petit


async def settle() -> People:
    await Commune.create(
        id=1,
        name="Lens",
        insee="62498",
        zone="B",
        phone="03 21 69 86 86",
        email="mairie@lens.example",
        address="17 bis place Jean-Jaurès",
    )
    if not _hashed:
        _hashed.append(await passwords.hash(PASSWORD))
    hashed = _hashed[0]
    durand, chloe = await _household("15", "Léa", "Durand", "Chloé", hashed)
    petit, hugo = await _household("17", "Paul", "Petit", "Hugo", hashed)
    cook = await Member.create(username="cantine", name="Nora Cuisine", password=hashed, roles=["kitchen"])
    administrator = await Member.create(
        username="mairie", name="Anne Mairie", password=hashed, roles=["administrator"]
    )
    return People(durand, petit, cook, administrator, chloe, hugo)


async def _household(number: str, first: str, last: str, child: str, hashed: str) -> tuple[Guardian, Child]:
    family = await Family.create(number=number)
    guardian = await Guardian.create(
        family=family,
        first_name=first,
        last_name=last,
        email=f"{first.lower()}@{last.lower()}.example",
        username=f"{last.lower()}{number}",
        password=hashed,
    )
    row = await Child.create(first_name=child, last_name=last, born=date(2010, 5, 1))
    await Home.create(child=row, family=family)
    return guardian, row
