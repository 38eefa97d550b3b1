"""What a form of the mairie asks: each field with its words, how its text is read, and what is said when it is wrong.

What was typed is kept as it was typed. `kit/form.html` draws the fields, `frame/macros.html` the summary of errors.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, ClassVar, Generic, TypeVar, cast

from models.rules import money
from models.rules.families.contact import is_email, phone_of
from models.storage.folding import fold

T = TypeVar("T")
_SHARE = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{1,4})?")
BACKWARDS = "La période se termine avant de commencer."  # of two days
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2200, 1, 1)
FIRST_BIRTH = 1900


class Wrong(Exception):
    """What somebody typed cannot be read; the text says what to type instead."""


@dataclass(frozen=True, slots=True)
class Choice:
    value: str  # "" is not written into an address
    label: str


@dataclass(frozen=True, slots=True)
class Field(ABC, Generic[T]):
    name: str
    label: str
    hint: str = ""
    missing: str = ""  # what is said when it is left empty; none: it may be

    drawn: ClassVar[str]  # how kit/form.html draws it

    def typed(self, sent: Mapping[str, Any]) -> str:
        """What was sent under its name, as it is kept and drawn again."""
        return " ".join(str(sent.get(self.name, "")).split())

    @abstractmethod
    def read(self, typed: str) -> T:
        """Of a text that is not empty. Raises Wrong."""

    def written(self, value: T) -> str:
        """As `read` reads it again: what an address says."""
        return str(value)


@dataclass(frozen=True, slots=True)
class Text(Field[str]):
    longest: int = 200

    drawn = "text"

    def read(self, typed: str) -> str:
        if len(typed) > self.longest:
            raise Wrong(f"{self.longest} caractères au maximum.")
        return typed


@dataclass(frozen=True, slots=True)
class Email(Text):
    longest: int = 254

    def read(self, typed: str) -> str:
        if not is_email(Text.read(self, typed)):
            raise Wrong("Saisissez une adresse e-mail, par exemple prenom@exemple.fr.")
        return typed


@dataclass(frozen=True, slots=True)
class Phone(Text):
    """As the file keeps it: « 06 00 00 10 03 »."""

    longest: int = 30

    def read(self, typed: str) -> str:
        phone = phone_of(Text.read(self, typed))
        if phone is None:
            raise Wrong("Saisissez un numéro de téléphone, par exemple 06 12 34 56 78.")
        return phone


@dataclass(frozen=True, slots=True)
class Lines(Field[str]):
    """A text of several lines."""

    longest: int = 2000
    rows: int = 4  # as high as it is drawn

    drawn = "lines"

    def typed(self, sent: Mapping[str, Any]) -> str:
        lines = str(sent.get(self.name, "")).splitlines()
        return "\n".join(" ".join(line.split()) for line in lines).strip("\n")

    def read(self, typed: str) -> str:
        if len(typed) > self.longest:
            raise Wrong(f"{self.longest} caractères au maximum.")
        return typed


@dataclass(frozen=True, slots=True)
class Whole(Field[int]):
    """A number of something, without decimals."""

    least: int = 0
    most: int = 9999
    unit: str = ""  # what is written behind it: « places »

    drawn = "whole"

    def read(self, typed: str) -> int:
        digits = "".join(typed.split())
        if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
            raise Wrong(f"Saisissez un nombre entier, par exemple {max(self.least, 1)}.")
        if not self.least <= int(digits) <= self.most:
            raise Wrong(f"De {self.least} à {self.most}.")
        return int(digits)


@dataclass(frozen=True, slots=True)
class Word(Field[str]):
    """A word that has to be typed before something that cannot be taken back: « ÉMETTRE »."""

    word: str = ""

    drawn = "text"
    longest: ClassVar[int] = 40

    def read(self, typed: str) -> str:
        if fold(typed) != fold(self.word):
            raise Wrong(f"Écrivez {self.word} pour confirmer.")
        return self.word


@dataclass(frozen=True, slots=True)
class Money(Field[int]):
    """A sum in euros, above 0: cents."""

    drawn = "money"

    def read(self, typed: str) -> int:
        try:
            return money.cents(typed)
        except ValueError:
            raise Wrong("Saisissez une somme, par exemple 16,90\u00a0€.") from None

    def written(self, value: int) -> str:
        return f"{value // 100},{value % 100:02d}"


@dataclass(frozen=True, slots=True)
class Percent(Field[str]):
    """A share with its decimals, exact: « 0,36 » is "0.36"."""

    longest: int = 10

    drawn = "text"

    def read(self, typed: str) -> str:
        found = _SHARE.fullmatch(typed.replace("%", "").strip())
        if found is None:
            raise Wrong("Saisissez un pourcentage, par exemple 0,36.")
        return found[0].replace(",", ".")

    def written(self, value: str) -> str:
        return value.replace(".", ",")


@dataclass(frozen=True, slots=True)
class Day(Field[date]):
    """As a browser sends it, « 2026-09-03 », or as one writes it where it has no calendar, « 03/09/2026 »."""

    drawn = "date"

    def read(self, typed: str) -> date:
        return min(max(_day(typed), FIRST_DAY), LAST_DAY)


@dataclass(frozen=True, slots=True)
class Birth(Day):
    def read(self, typed: str) -> date:
        day = _day(typed)
        if day.year < FIRST_BIRTH:
            raise Wrong("Vérifiez l’année de naissance.")
        return day


def _day(typed: str) -> date:
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(typed, form).date()  # noqa: DTZ007 (a day has no hour)
        except ValueError:
            continue
    raise Wrong("Saisissez une date, par exemple 03/09/2026.")


@dataclass(frozen=True, slots=True)
class OneOf(Field[str]):
    choices: tuple[Choice, ...] = ()

    drawn = "choice"

    def read(self, typed: str) -> str:
        if typed not in [choice.value for choice in self.choices]:
            raise Wrong("Choisissez une réponse de la liste.")
        return typed


@dataclass(frozen=True, slots=True)
class AnyOf(Field[tuple[str, ...]]):
    """Any number of choices, whose values hold no space."""

    choices: tuple[Choice, ...] = ()

    drawn = "several"

    def typed(self, sent: Mapping[str, Any]) -> str:
        every = getattr(sent, "getlist", None)
        return " ".join(every(self.name)) if every else str(sent.get(self.name, ""))

    def read(self, typed: str) -> tuple[str, ...]:
        chosen = typed.split()
        if not set(chosen) <= {choice.value for choice in self.choices}:
            raise Wrong("Choisissez des réponses de la liste.")
        return tuple(choice.value for choice in self.choices if choice.value in chosen)

    def written(self, value: tuple[str, ...]) -> str:
        return " ".join(value)


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was sent: by the names of its fields."""

    typed: Mapping[str, str]
    values: Mapping[str, Any]  # of the fields that were filled in, and rightly
    errors: Mapping[str, str]

    def of(self, field: Field[T]) -> T | None:
        return cast(T | None, self.values.get(field.name))


NOTHING = Filled({}, {}, {})  # a form that nobody has sent


def fill(fields: Iterable[Field[Any]], sent: Mapping[str, Any]) -> Filled:
    typed: dict[str, str] = {}
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for field in fields:
        text = typed[field.name] = field.typed(sent)
        try:
            if text:
                values[field.name] = field.read(text)
            elif field.missing:
                raise Wrong(field.missing)
        except Wrong as wrong:
            errors[field.name] = str(wrong)
    return Filled(typed, values, errors)


def in_order(filled: Filled, first: Day, last: Day) -> Filled:
    """The same, with what is wrong at the last of two days where it lies before the first."""
    starts, ends = filled.of(first), filled.of(last)
    if starts and ends and ends < starts:
        return replace(filled, errors={**filled.errors, last.name: BACKWARDS})
    return filled
