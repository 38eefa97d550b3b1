"""A file of families beside what is known: line by line, who is there already, who is new, what is not the same.

The register knows the households that the file speaks of; each line changes it as it will change the database. So a
child that comes twice is new once, and what is shown is what is done. Of two lines that contradict each other about an
address, a telephone or a class, the first one counts.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from models.rules.families.letters import fold
from models.rules.imports.lines import Flaw, Line, Person, Pupil, WrongLine


class What(StrEnum):
    FAMILY = "family"
    PARENT = "parent"
    CHILD = "child"
    CONTACT = "contact"
    ADDRESS = "address"
    CLASS = "class"


class Did(StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    SAME = "same"
    WRONG = "wrong"


NEW = frozenset({What.FAMILY, What.PARENT, What.CHILD})


@dataclass(eq=False, slots=True)
class Kid:
    id: int | None  # None: new
    first: str
    last: str
    born: date
    school: int | None = None
    level: str | None = None
    class_said: bool = False  # by a line of this file
    sex: str = ""

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"


@dataclass(eq=False, slots=True)
class Parent:
    id: int | None
    first: str
    last: str
    contact: dict[str, str]
    said: set[str] = field(default_factory=set)  # columns, by a line of this file

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"


@dataclass(eq=False, slots=True)
class Household:
    id: int | None
    number: str  # "": it gets one
    address: str
    kids: list[Kid] = field(default_factory=list)
    parents: list[Parent] = field(default_factory=list)
    address_said: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    what: What
    household: Household
    kid: Kid | None = None
    parent: Parent | None = None
    before: Mapping[str, object] = field(default_factory=dict)
    after: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    line: int
    name: str
    changes: tuple[Change, ...] = ()
    flaw: Flaw | None = None
    said: str = ""  # what is wrong, as the file says it

    @property
    def did(self) -> Did:
        if self.flaw:
            return Did.WRONG
        if not self.changes:
            return Did.SAME
        return Did.CREATED if any(one.what in NEW for one in self.changes) else Did.CHANGED


class Register:
    def __init__(self, taught: Mapping[int, Sequence[str]], usual: int | None) -> None:
        """`taught`: the levels of each school; `usual`: the school of a child whose line says none."""
        self._taught, self._usual = taught, usual
        self.known: dict[int, Household] = {}
        self._numbers: dict[str, Household] = {}
        self._emails: dict[str, Household] = {}
        self._alike: dict[str, Household] = {}  # of this file, who has neither number nor e-mail
        self._born: dict[tuple[date, str], list[tuple[Kid, Household]]] = {}
        self._called: dict[str, list[tuple[Kid, Household]]] = {}

    def learn(self, households: Iterable[Household]) -> None:
        """Of the database; a child of two homes is learned with its first one."""
        there = {kid.id for found in self._born.values() for kid, _ in found}
        for one in households:
            if one.id is not None:
                self.known[one.id] = one
            self._file(one)
            for kid in one.kids:
                if kid.id not in there:
                    self._file_kid(kid, one)

    def adopt(self, id: int, household: Household) -> None:
        """A family that was new and has its number now."""
        household.id = id
        self.known[id] = household
        self._numbers[fold(household.number)] = household

    def take(self, number: int, line: Line) -> Outcome:
        """What a line would do, and the register as if it were done. Raises WrongLine, and nothing is."""
        found = [self._find(pupil, line) for pupil in line.pupils]
        household = self._home(line, [one for one in found if one is not None])
        classes = [
            self._class_of(pupil, one[0] if one else None)
            for pupil, one in zip(line.pupils, found, strict=True)
        ]
        changes: list[Change] = []
        if household is None:
            household = Household(None, line.number, line.address, address_said=True)
            changes.append(Change(What.FAMILY, household))
        elif line.address and not household.address_said:
            household.address_said = True
            if _plain(household.address) != _plain(line.address):
                before, household.address = household.address, line.address
                changes.append(
                    Change(
                        What.ADDRESS, household, before={"address": before}, after={"address": line.address}
                    )
                )
        changes += [change for one in line.people for change in self._parent(household, one)]
        for pupil, known, wanted in zip(line.pupils, found, classes, strict=True):
            changes += self._kid(household, pupil, known[0] if known else None, wanted)
        self._file(household)
        for key in _alike(line):
            self._alike.setdefault(key, household)
        names = [*(pupil.name for pupil in line.pupils), *(one.name for one in line.people)]
        return Outcome(number, names[0], tuple(changes))

    def _find(self, pupil: Pupil, line: Line) -> tuple[Kid, Household] | None:
        found = (
            self._called.get(_words(pupil.name), [])
            if pupil.born is None
            else self._born.get((pupil.born, _words(pupil.name)), [])
        )
        if pupil.born is None and len(found) > 1 and pupil.level:
            found = [one for one in found if one[0].level == pupil.level] or found
        if len(found) > 1:
            found = [one for one in found if line.number and one[1].number == line.number]
            if len(found) != 1:
                raise WrongLine(Flaw.SEVERAL, pupil.name)
        if not found and pupil.born is None:
            raise WrongLine(Flaw.UNKNOWN_CHILD, pupil.name)
        return found[0] if found else None

    def _home(self, line: Line, found: Sequence[tuple[Kid, Household]]) -> Household | None:
        """Whose line it is; None: a family that is new."""
        if line.number:
            household = self._numbers.get(fold(line.number))
            for kid, other in found:
                if other is not household:
                    raise WrongLine(Flaw.ELSEWHERE, f"{kid.name}, {other.number}")
            return household
        if found:
            return found[0][1]
        emails = (self._emails.get(fold(one.contact.get("email", ""))) for one in line.people)
        alike = (self._alike.get(key) for key in _alike(line))
        return next((household for household in (*emails, *alike) if household is not None), None)

    def _class_of(self, pupil: Pupil, kid: Kid | None) -> tuple[int, str] | None:
        """Raises WrongLine where the level has no school, or the school does not teach it."""
        if pupil.level is None or pupil.born is None:  # only named: it is not about the child
            return None
        teaching = [id for id, levels in self._taught.items() if pupil.level in levels]
        if pupil.school is not None and pupil.school not in teaching:
            raise WrongLine(Flaw.NOT_TAUGHT, pupil.level)
        wanted = (pupil.school, kid.school if kid else None, self._usual, *teaching[: len(teaching) == 1])
        school = next((id for id in wanted if id in teaching), None)
        if school is None:
            raise WrongLine(Flaw.NO_SCHOOL, pupil.level)
        return school, pupil.level

    def _parent(self, household: Household, said: Person) -> list[Change]:
        email = fold(said.contact.get("email", ""))
        known = next(
            (one for one in household.parents if _words(one.name) == _words(said.name)), None
        ) or next(
            (
                one
                for one in household.parents
                if email
                and fold(one.contact.get("email", "")) == email
                and fold(one.first) == fold(said.first)
            ),
            None,
        )
        if known is None:
            made = Parent(None, said.first, said.last, dict(said.contact), set(said.contact))
            household.parents.append(made)
            return [Change(What.PARENT, household, parent=made)]
        after = {
            column: text
            for column, text in said.contact.items()
            if column not in known.said and fold(known.contact.get(column, "")) != fold(text)
        }
        known.said |= said.contact.keys()
        if not after:
            return []
        before = {column: known.contact.get(column) for column in after}
        known.contact.update(after)
        return [Change(What.CONTACT, household, parent=known, before=before, after=after)]

    def _kid(
        self, household: Household, pupil: Pupil, kid: Kid | None, wanted: tuple[int, str] | None
    ) -> list[Change]:
        school, level = wanted or (None, None)
        if kid is None:
            if pupil.born is None:
                return []
            made = Kid(
                None, pupil.first, pupil.last, pupil.born, school, level, class_said=True, sex=pupil.sex
            )
            household.kids.append(made)
            self._file_kid(made, household)
            return [Change(What.CHILD, household, kid=made)]
        if level is None or kid.class_said:
            return []
        kid.class_said = True
        if (kid.school, kid.level) == (school, level):
            return []
        before = {"school": kid.school, "level": kid.level}
        kid.school, kid.level = school, level
        return [
            Change(What.CLASS, household, kid=kid, before=before, after={"school": school, "level": level})
        ]

    def _file(self, household: Household) -> None:
        if household.number:
            self._numbers[fold(household.number)] = household
        for parent in household.parents:
            if email := parent.contact.get("email"):
                self._emails.setdefault(fold(email), household)

    def _file_kid(self, kid: Kid, household: Household) -> None:
        self._born.setdefault((kid.born, _words(kid.name)), []).append((kid, household))
        self._called.setdefault(_words(kid.name), []).append((kid, household))


def _alike(line: Line) -> list[str]:
    """Brothers and sisters on other lines: the same parent, or without one the same name, at the same address."""
    if not line.address:
        return []
    names = [one.name for one in line.people] or [pupil.last for pupil in line.pupils]
    return [f"{_words(name)}|{_plain(line.address)}" for name in names]


def _words(name: str) -> str:
    """The same words, in whatever order."""
    return " ".join(sorted(re.findall(r"[a-z0-9]+", fold(name))))


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", fold(text)))
