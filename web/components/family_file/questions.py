"""What a form of the file asks: each question with its words, how its answer is read, what is said when it is wrong."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from starlette.datastructures import FormData

from models.rules.families.contact import is_email, phone_of
from web.http.forms import whole

FIRST_BIRTH, LAST_DAY = date(1900, 1, 1), date(2100, 1, 1)
Choices = tuple[tuple[str, str], ...]  # what is sent, what is read


class Wrong(Exception):
    """What was typed cannot be read; the text says what to type instead."""


@dataclass(frozen=True, slots=True)
class Question:
    name: str
    label: str
    kind: str = "text"  # a key of READ
    hint: str = ""
    missing: str = ""  # what is said where nothing is answered; none: it may be left
    longest: int = 100
    most: int = 99_999  # of a number
    choices: Choices = ()
    autocomplete: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """By the questions' names."""

    typed: Mapping[str, Any] = field(default_factory=dict)  # a text, or a list of texts
    values: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


def read(questions: Iterable[Question], sent: FormData) -> Answers:
    typed: dict[str, Any] = {}
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for one in questions:
        said = typed[one.name] = _typed(one, sent)
        values[one.name] = [] if one.kind == "some" else None
        try:
            if said:
                values[one.name] = READ[one.kind](one, said)
            elif one.missing:
                raise Wrong(one.missing)
        except Wrong as wrong:
            errors[one.name] = str(wrong)
    return Answers(typed, values, errors)


def _typed(one: Question, sent: FormData) -> str | list[str]:
    if one.kind == "some":
        return [str(value) for value in sent.getlist(one.name)]
    lines = str(sent.get(one.name, "")).splitlines()
    return "\n".join(filter(None, (" ".join(line.split()) for line in lines)))


def _text(one: Question, typed: str) -> str:
    if len(typed) > one.longest:
        raise Wrong(f"{one.longest} caractères au maximum.")
    return typed


def _phone(one: Question, typed: str) -> str:
    found = phone_of(typed)
    if found is None or len(found) > 30:
        raise Wrong("Saisissez un numéro de téléphone à 10 chiffres, par exemple 06 12 34 56 78.")
    return found


def _email(one: Question, typed: str) -> str:
    if len(typed) > 254 or not is_email(typed):
        raise Wrong("Saisissez une adresse e-mail complète, par exemple nom@exemple.fr.")
    return typed


def _number(one: Question, typed: str) -> int:
    found = whole("".join(typed.split()))
    if found is None or found > one.most:
        raise Wrong(f"Saisissez un nombre entier, {one.most} au plus.")
    return found


def _day(one: Question, typed: str) -> date:
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            found = datetime.strptime(typed, form).date()  # noqa: DTZ007 (a day has no hour)
        except ValueError:
            continue
        if FIRST_BIRTH <= found <= LAST_DAY:
            return found
    raise Wrong("Saisissez une date, par exemple 03/09/2026.")


def _one(one: Question, typed: str) -> str:
    if typed not in dict(one.choices):
        raise Wrong("Choisissez une réponse de la liste.")
    return typed


def _some(one: Question, typed: list[str]) -> list[str]:
    if not set(typed) <= dict(one.choices).keys():
        raise Wrong("Choisissez des réponses de la liste.")
    return [value for value, _ in one.choices if value in typed]


READ: Mapping[str, Callable[[Question, Any], Any]] = {
    "text": _text,
    "lines": _text,
    "phone": _phone,
    "email": _email,
    "number": _number,
    "day": _day,
    "one": _one,  # of a list
    "radio": _one,
    "some": _some,  # boxes
}
