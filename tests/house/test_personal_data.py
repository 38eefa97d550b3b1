"""Each column of each table: it leaves with « Télécharger mes données », or is kept back; it is emptied, or stays."""

import dataclasses
from collections.abc import Iterable, Iterator

from tortoise import Tortoise

from models import NOUNS
from models.personal_data.part import Part
from models.personal_data.register import PARTS
from models.personal_data.words import NAMES, WORDS

_TOWN = "la commune et ses réglages"
_AGENTS = "les agents de la mairie"
_WORKS = "la marche du portail"
_TILLS = "la caisse, sans famille"
_SAID = "ce qui est publié, ou écrit à tous"

# A table that names no family, by what it is about. A column more of one needs no word.
IMPERSONAL = {
    **dict.fromkeys(
        (
            "commune", "till", "closure", "school_year", "shuttle_line", "shuttle_stop", "class_event", "school",
            "town_logo", "activity", "slot", "activity_group", "opening", "deadline", "band", "tariff",
            "required_document", "passage", "department", "topic", "canned_answer", "activity_draft",
        ),
        _TOWN,
    ),
    **dict.fromkeys(("member", "recovery_code", "member_invitation", "letter_run"), _AGENTS),
    **dict.fromkeys(
        ("clock", "heartbeat", "used_challenge", "task", "throttle", "push_key", "event_chain", "family_import",
         "kitchen_list", "roll_closing", "demo_charge"),
        _WORKS,
    ),
    **dict.fromkeys(
        ("number_series", "till_closing", "deposit", "deposited_receipt", "bank_file", "bank_match", "bank_aside",
         "invoice_campaign", "certificate_run"),
        _TILLS,
    ),
    **dict.fromkeys(("mass_message", "news", "published_document", "meal_menu"), _SAID),
}  # fmt: skip

SECRETS = (
    "password",
    "digest",
    "sealed",
    "secret",
    "seed",
    "handle",
    "credential",
    "endpoint",
    "iban",
    "bank_url",
)
OPENED = {("child_health", "sealed")}  # a diet, which is read before it leaves
CURE = "Say it in models/personal_data/parts: `told` (a parent may have it), `kept_back` (a secret, words of others) \
or `plain` (says nothing of anybody); then `emptied` (anonymising writes over it), or `stays` says why it may stay."


def tables() -> dict[str, list[str]]:
    """The columns of each, keys apart."""
    Tortoise.init_models(NOUNS, "models")
    metas = [noun._meta for noun in Tortoise.apps["models"].values()]
    return {one.db_table: [*filter(says_something, one.fields_db_projection.values())] for one in metas}


def says_something(column: str) -> bool:
    """A key says nothing by itself."""
    return column != "id" and not column.endswith("_id")


def flaws(there: dict[str, list[str]], parts: Iterable[Part], impersonal: Iterable[str]) -> Iterator[str]:
    said: dict[str, list[Part]] = {}
    for part in parts:
        said.setdefault(part.table, []).append(part)
    for table, columns in there.items():
        mine = said.get(table, [])
        if bool(mine) == (table in impersonal):
            yield f"{table}: it speaks of families (models/personal_data/parts), or of none (IMPERSONAL, here)."
        for column in columns if mine else []:
            yield from _of_column(table, column, mine)
        for part in mine:
            for gone in sorted(one for one in part.columns - {*columns, "id"} if not one.endswith("_id")):
                yield f"{table}.{gone}: there is no such column any more; take it out of models/personal_data/parts."
    for table in sorted({*said, *impersonal} - there.keys()):
        yield f"{table}: there is no such table any more."


def _of_column(table: str, column: str, parts: list[Part]) -> Iterator[str]:
    if not any(column in part.columns for part in parts):
        yield f"{table}.{column}: nobody says whether it is personal. {CURE}"
    if any(column in part.personal for part in parts):
        emptied = any(column in part.emptied for part in parts)
        if not emptied and not any(part.stays for part in parts):
            yield f"{table}.{column}: an erasure leaves it, and nobody says why. {CURE}"
    secret = any(column.startswith(one) for one in SECRETS) and (table, column) not in OPENED
    if secret and any(column in part.told.split() for part in parts):
        yield f"{table}.{column} is told, and is a secret by its name. {CURE}"


def test_each_column_leaves_or_is_kept_back_is_emptied_or_stays() -> None:
    found = list(flaws(tables(), PARTS, IMPERSONAL))
    assert found == [], "\n".join(found)


def test_a_column_that_nobody_spoke_of_is_found() -> None:
    there = tables()
    there["child"] = [*there["child"], "nickname"]
    there["rumour"] = ["text"]
    [column, table] = flaws(there, PARTS, IMPERSONAL)
    assert "child.nickname" in column and CURE in column and "rumour" in table
    careless = dataclasses.replace(
        next(part for part in PARTS if part.table == "session"), told="digest", kept_back=""
    )
    assert any("session.digest is told" in flaw for flaw in flaws(there, [careless], ()))


def test_what_leaves_has_a_french_word() -> None:
    told = {column for part in PARTS for column in part.told.split()}
    lacking = sorted(told - WORDS.keys() - NAMES.keys())
    assert lacking == [], f"say them in models/personal_data/words.py: {lacking}"
