"""What a line of a file of families says: children, parents, a household; or what is wrong with it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.rules.accounts.addresses import is_address
from models.rules.families.classes import LEVELS
from models.rules.families.contact import phone_of
from models.rules.families.household import sex_of
from models.rules.families.letters import fold
from models.rules.files import csv_table
from models.rules.imports.columns import GUARDIANS, Said

OLDEST = 25  # years: nobody older goes to a primary school
LONGEST = 100  # letters of a name
LONGEST_NUMBER = 40
_DAY = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_LEVELS = {
    "toute petite section": "TPS",
    "petite section": "PS",
    "moyenne section": "MS",
    "grande section": "GS",
    "cours preparatoire": "CP",
    "cours elementaire 1": "CE1",
    "cours elementaire 2": "CE2",
    "cours moyen 1": "CM1",
    "cours moyen 2": "CM2",
}


class Flaw(StrEnum):
    NAME = "name"  # a child or a parent without one of its names
    BORN = "born"  # cannot be read
    AGE = "age"  # to come, or too long ago
    LEVEL = "level"
    SCHOOL = "school"  # none has that name
    NO_SCHOOL = "no_school"  # which one is not said
    NOT_TAUGHT = "not_taught"  # that school does not teach that level
    EMAIL = "email"
    PHONE = "phone"
    NOBODY = "nobody"
    UNKNOWN_CHILD = "unknown_child"  # named without its birth, and not there
    SEVERAL = "several"  # children are called so
    ELSEWHERE = "elsewhere"  # the child is of another file already
    LONG = "long"  # a text that no name, number or address has


class WrongLine(ValueError):
    def __init__(self, flaw: Flaw, what: str = "") -> None:
        super().__init__(flaw, what)
        self.flaw, self.what = flaw, what[:80]


@dataclass(frozen=True, slots=True)
class Pupil:
    first: str
    last: str
    born: date | None  # None: only named
    level: str | None
    school: int | None
    sex: str = ""

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"


@dataclass(frozen=True, slots=True)
class Person:
    first: str
    last: str
    contact: Mapping[str, str]  # email, phone, home_phone, work_phone: those that the line says

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"


@dataclass(frozen=True, slots=True)
class Line:
    number: str
    address: str
    pupils: tuple[Pupil, ...]
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """`schools`: each one's id by its folded name and code."""

    places: Mapping[Said, Sequence[int]]
    schools: Mapping[str, int]
    today: date

    def read(self, cells: Sequence[str]) -> Line:
        """Raises WrongLine."""
        pupils = tuple(pupil for n in range(self._times()) if (pupil := self._pupil(cells, n)) is not None)
        people = tuple(one for fields in GUARDIANS if (one := self._person(cells, fields)) is not None)
        if not pupils and not people:
            raise WrongLine(Flaw.NOBODY)
        town = " ".join(filter(None, (self._cell(cells, Said.POSTCODE), self._cell(cells, Said.TOWN))))
        street = self._cell(cells, Said.ADDRESS)
        number = self._cell(cells, Said.NUMBER)
        if len(number) > LONGEST_NUMBER or len(street) + len(town) > 3 * LONGEST:
            raise WrongLine(Flaw.LONG, number or street)
        return Line(number, "\n".join(filter(None, (street, town))) if street else "", pupils, people)

    def _times(self) -> int:
        return max(len(self.places.get(Said.CHILD_LAST, ())), len(self.places.get(Said.CHILD_FIRST, ())))

    def _cell(self, cells: Sequence[str], said: Said, n: int = 0) -> str:
        places = self.places.get(said, ())
        place = places[n] if n < len(places) else None
        return cells[place] if place is not None and place < len(cells) else ""

    def _pupil(self, cells: Sequence[str], n: int) -> Pupil | None:
        last, first = self._cell(cells, Said.CHILD_LAST, n), self._cell(cells, Said.CHILD_FIRST, n)
        born, level = self._cell(cells, Said.BORN, n), self._cell(cells, Said.LEVEL, n)
        if not last and not first and not born:
            return None
        _check_names(last, first)
        sex = sex_of(self._cell(cells, Said.SEX, n))
        return Pupil(first, last, self._birth(born), level_of(level), self._school(cells, n), sex)

    def _birth(self, text: str) -> date | None:
        if Said.BORN not in self.places:
            return None
        born = _day(text.split(" ")[0])
        if born is None:
            raise WrongLine(Flaw.BORN, text)
        if born > self.today or born.year < self.today.year - OLDEST:
            raise WrongLine(Flaw.AGE, text)
        return born

    def _school(self, cells: Sequence[str], n: int) -> int | None:
        text = self._cell(cells, Said.SCHOOL, n)
        if text and fold(text) not in self.schools:
            raise WrongLine(Flaw.SCHOOL, text)
        return self.schools.get(fold(text))

    def _person(self, cells: Sequence[str], fields: Sequence[Said]) -> Person | None:
        last, first, *others = (self._cell(cells, field) for field in fields)
        if not last and not first and not any(others):
            return None
        _check_names(last, first)
        contact = {}
        for field, text in zip(fields[2:], others, strict=True):
            column = field.removeprefix("second_")
            if text:
                contact[column] = _email(text) if column == "email" else _phone(text)
        return Person(first, last, contact)


def _day(text: str) -> date | None:
    """Of any century."""
    found = _DAY.fullmatch(text)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else csv_table.day(text)
    except ValueError:
        return None


def level_of(text: str) -> str | None:
    """« CE1 A » is CE1; None where nothing is said. Raises WrongLine."""
    if not text:
        return None
    plain = fold(text)
    for words, level in _LEVELS.items():
        if plain.startswith(words):
            return level
    found: set[str] = {
        word for word in re.findall(r"[A-Z]+[0-9]?", plain.upper()) if word in (*LEVELS, "ULIS")
    }
    if len(found) != 1:
        raise WrongLine(Flaw.LEVEL, text)
    return found.pop()


def _check_names(last: str, first: str) -> None:
    if not last or not first:
        raise WrongLine(Flaw.NAME, last or first)
    if max(len(last), len(first)) > LONGEST:
        raise WrongLine(Flaw.LONG, last)


def _email(text: str) -> str:
    if not is_address(text):
        raise WrongLine(Flaw.EMAIL, text)
    return text


def _phone(text: str) -> str:
    """A spreadsheet takes the first 0 away."""
    found = phone_of(text) or (phone_of(f"0{text}") if re.fullmatch(r"[1-9][0-9]{8}", text) else None)
    if found is None:
        raise WrongLine(Flaw.PHONE, text)
    return found
