"""What a column of a file of families may say, and how other programs head it.

ONDE heads its lists of pupils and of guardians in ways that vary with its version; spreadsheets in any way at all.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from models.rules.families.letters import fold


class Said(StrEnum):
    """What is read of a file. `second_…`: of another parent on the same line."""

    CHILD_LAST = "child_last"
    CHILD_FIRST = "child_first"
    BORN = "born"
    SEX = "sex"
    LEVEL = "level"
    SCHOOL = "school"
    NUMBER = "number"
    ADDRESS = "address"
    POSTCODE = "postcode"
    TOWN = "town"
    LAST = "last"
    FIRST = "first"
    EMAIL = "email"
    PHONE = "phone"
    HOME_PHONE = "home_phone"
    WORK_PHONE = "work_phone"
    SECOND_LAST = "second_last"
    SECOND_FIRST = "second_first"
    SECOND_EMAIL = "second_email"
    SECOND_PHONE = "second_phone"


GUARDIANS = (
    (Said.LAST, Said.FIRST, Said.EMAIL, Said.PHONE, Said.HOME_PHONE, Said.WORK_PHONE),
    (Said.SECOND_LAST, Said.SECOND_FIRST, Said.SECOND_EMAIL, Said.SECOND_PHONE),
)
# As heads are compared, the likeliest first.
_HEADS: Mapping[Said, tuple[str, ...]] = {
    Said.CHILD_LAST: ("nom eleve", "nom de famille enfant", "nom de l enfant", "nom enfant", "nom"),
    Said.CHILD_FIRST: ("prenom eleve", "prenom de l enfant", "prenom enfant", "prenom"),
    Said.BORN: ("date naissance", "date de naissance", "naissance", "ne le", "nee le", "ne e le"),
    Said.SEX: ("sexe", "sexe eleve", "genre"),
    Said.LEVEL: ("niveau", "classe", "classes enfants", "libelle classe"),
    Said.SCHOOL: ("ecole", "etablissement"),
    Said.NUMBER: ("dossier", "n dossier", "numero de dossier", "numero dossier", "no dossier"),
    Said.ADDRESS: ("adresse1", "adresse 1", "adresse responsable", "adresse", "rue"),
    Said.POSTCODE: ("cp1", "cp 1", "cp responsable", "code postal", "cp"),
    Said.TOWN: ("commune1", "commune 1", "commune responsable", "commune", "ville"),
    Said.LAST: ("nom responsable", "nom responsable 1", "nom du responsable", "nom parent 1", "nom parent"),
    Said.FIRST: (
        "prenom responsable",
        "prenom responsable 1",
        "prenom du responsable",
        "prenom parent 1",
        "prenom parent",
    ),
    Said.EMAIL: (
        "courriel",
        "courriel responsable",
        "courriel 1",
        "courriel parent 1",
        "e mail",
        "email",
        "mail",
    ),
    Said.PHONE: (
        "telephone portable",
        "telephone mobile",
        "portable",
        "mobile",
        "telephone",
        "telephone 1",
        "tel",
    ),
    Said.HOME_PHONE: ("telephone domicile", "domicile", "telephone fixe"),
    Said.WORK_PHONE: ("telephone travail", "telephone professionnel", "travail"),
    Said.SECOND_LAST: ("nom responsable 2", "nom parent 2"),
    Said.SECOND_FIRST: ("prenom responsable 2", "prenom parent 2"),
    Said.SECOND_EMAIL: ("courriel 2", "courriel responsable 2", "courriel parent 2"),
    Said.SECOND_PHONE: ("telephone 2", "telephone portable 2", "portable 2"),
}
Columns = Mapping[Said, str]  # by what it says, the head of its column as the file writes it


def plain(head: str) -> str:
    """« Nom d’usage élève » is « nom d usage eleve »."""
    return " ".join(re.findall(r"[a-z0-9]+", fold(head)))


def guess(heads: Sequence[str]) -> dict[Said, str]:
    """What each column most likely says; a head is taken once."""
    known = {plain(head): head for head in reversed(heads) if head}
    found: dict[Said, str] = {}
    for said, words in _HEADS.items():
        head = next((known[word] for word in words if word in known), None)
        if head is not None and head not in found.values():
            found[said] = head
    return found


def places(heads: Sequence[str], mapping: Columns) -> dict[Said, tuple[int, ...]]:
    """Where each of them stands: several times, where a guardian's line names several children."""
    return {
        said: tuple(place for place, head in enumerate(heads) if head == wanted)
        for said, wanted in mapping.items()
        if wanted in heads
    }


def lacking(mapping: Columns) -> bool:
    """Nothing can be read: neither a child by its names nor a parent by theirs."""
    child = {Said.CHILD_LAST, Said.CHILD_FIRST} <= mapping.keys()
    return not child and not {Said.LAST, Said.FIRST} <= mapping.keys()


def key_of(heads: Sequence[str]) -> str:
    """Of files that are headed alike: what was said of one goes for the next."""
    return hashlib.sha256("\n".join(map(plain, heads)).encode()).hexdigest()
