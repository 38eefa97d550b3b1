"""A table of another program that somebody brings: taken from its form, and said; `brought.html` draws it."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.datastructures import UploadFile

from models.family_imports.reading import FileFlaw
from models.french import word
from models.rules.files.mistakes import WrongFile
from web.components.admin.kit.form import Filled, OneOf, fill
from web.http.auth import StaffRequest
from web.http.forms import plain_key
from web.http.uploads import sent

NO_FILE = "Choisissez un fichier CSV ou XLSX."
TOO_LONG = "Ce fichier est trop lourd\u00a0: 8 Mo au maximum. Faites-en plusieurs."
FLAWS: Mapping[str, str] = {
    FileFlaw.EMPTY: "Ce fichier n’a aucune ligne sous ses titres de colonnes.",
    FileFlaw.TABLE: "Ce fichier n’est ni un tableau CSV, ni un classeur XLSX.",
    FileFlaw.LINES: "Ce fichier est trop grand. Faites-en plusieurs.",
}
DONE = {
    "repris": "Le fichier est repris.",
    "annule": "La reprise est annulée.",
    "ecarte": "Le fichier est écarté, rien n’a changé.",
    "trop-tard": "Cette reprise ne s’annule plus.",
    "colonnes": "Les colonnes sont enregistrées.",
}


@dataclass(frozen=True, slots=True)
class Taken:
    """`click` is the form's own: sent twice, it is one file."""

    filled: Filled
    click: str
    name: str
    content: bytes

    @property
    def errors(self) -> dict[str, str]:
        return {**self.filled.errors, **({} if self.content else {"fichier": NO_FILE})}


async def taken(request: StaffRequest, asked: Sequence[OneOf]) -> Taken:
    """Raises TooLong."""
    async with sent(request) as fields:
        file, click = fields.get("fichier"), plain_key(fields, "click") or secrets.token_hex(8)
        if not isinstance(file, UploadFile):
            return Taken(fill(asked, fields), click, "", b"")
        return Taken(fill(asked, fields), click, file.filename or "", await file.read())


def done(request: StaffRequest) -> str | None:
    """What was just done with a file."""
    return DONE.get(request.query_params.get("fait", ""))


def wrong_file(wrong: WrongFile) -> str:
    return FLAWS[wrong.mistakes[0].flaw]


def sums(numbers: Sequence[int], same: tuple[str, str], wrong: tuple[str, str]) -> list[tuple[int, str]]:
    """How many lines were created, changed, the same, wrong, and what they are called."""
    names = (("ligne créée", "lignes créées"), ("ligne modifiée", "lignes modifiées"), same, wrong)
    return [(number, word(number, *name)) for number, name in zip(numbers, names, strict=True)]


def capital(text: str) -> str:
    """Its first letter; the names in it stay as they are."""
    return text[:1].upper() + text[1:]
