"""Of whom a line speaks: a family by its number, a child by its names and birth."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from models.rules.families.letters import fold
from models.rules.imports.table import Column, Flaw, WrongLine, born_of, word
from models.storage.database import as_date, rows

NUMBER = Column(
    "number", ("dossier", "n dossier", "numero de dossier", "numero dossier", "no dossier", "numero", "n")
)
CHILD = (
    Column("child_last", ("nom eleve", "nom de l enfant", "nom enfant", "nom de famille", "nom")),
    Column("child_first", ("prenom eleve", "prenom de l enfant", "prenom enfant", "prenom")),
    Column("born", ("date de naissance", "date naissance", "naissance", "ne le", "nee le", "ne e le")),
)


@dataclass(frozen=True, slots=True)
class Child:
    id: int
    name: str
    homes: tuple[int, ...]  # the one where it is mostly first


class People:
    """Everybody, in two questions."""

    def __init__(
        self, numbers: Mapping[int, str], children: Mapping[tuple[str, str, date], list[Child]]
    ) -> None:
        self.numbers = numbers
        self._families = {fold(number): id for id, number in numbers.items()}
        self._children = children

    @classmethod
    async def all(cls) -> "People":
        numbers = {row["id"]: row["number"] for row in await rows("SELECT id, number FROM family")}
        homes: defaultdict[int, list[int]] = defaultdict(list)
        for row in await rows("SELECT child_id, family_id FROM home ORDER BY position, id"):
            homes[row["child_id"]].append(row["family_id"])
        children: defaultdict[tuple[str, str, date], list[Child]] = defaultdict(list)
        for row in await rows("SELECT id, first_name, last_name, born FROM child WHERE born IS NOT NULL"):
            key = (word(row["last_name"]), word(row["first_name"]), as_date(row["born"]))
            name = f"{row['first_name']} {row['last_name']}"
            children[key].append(Child(row["id"], name, tuple(homes[row["id"]])))
        return cls(numbers, children)

    def family(self, said: Mapping[str, str]) -> int:
        """By its number, or else by a child that lives there alone. Raises WrongLine."""
        if said.get("number"):
            return self.numbered(said["number"])
        if not said.get("child_last") or not said.get("born"):
            raise WrongLine(Flaw.NOBODY)
        child = self.child(said)
        if len(child.homes) != 1:
            raise WrongLine(Flaw.SEVERAL, child.name)
        return child.homes[0]

    def numbered(self, number: str) -> int:
        found = self._families.get(fold(number))
        if found is None:
            raise WrongLine(Flaw.FAMILY, number)
        return found

    def child(self, said: Mapping[str, str]) -> Child:
        """Raises WrongLine."""
        last, first, typed = (said.get(code, "") for code in ("child_last", "child_first", "born"))
        name = f"{first} {last}".strip()
        if not name or not typed:
            raise WrongLine(Flaw.NOBODY)
        found = self._children.get((word(last), word(first), born_of(typed)), [])
        if not found:
            raise WrongLine(Flaw.CHILD, name)
        if len(found) > 1:
            raise WrongLine(Flaw.SEVERAL, name)
        return found[0]
