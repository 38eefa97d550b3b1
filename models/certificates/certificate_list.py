"""Certificates as the mairie and the families read them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from models.certificates.certificate import Certificate
from models.certificates.run import CertificateRun
from models.families.file.merge import FamilyMerge
from models.money.issued_document import IssuedDocument, document_key
from models.rules.states.documents import DocumentKind
from models.storage.database import as_date, as_json, marks, rows
from models.storage.paging import Cut, Listing, Name, Page, Where

FIRST_YEAR = 3  # years back that can be corrected: what one may still claim (LPF L190)


@dataclass(frozen=True, slots=True)
class CertificateRow:
    id: int
    family: str  # its number
    payer: str
    children: list[dict[str, Any]]
    cents: int
    issued_on: date | None
    replaces: bool
    replaced: bool
    drawn: bool


async def page(cut: Cut, year: int, *, search: str = "") -> Page[CertificateRow]:
    """Of a year: those that are prepared, and those that were issued."""
    where = Where().and_also("one.year = ?", year)
    return await _LISTING.page(where.containing(search, "family.number", "one.payer"), cut)


@dataclass(frozen=True, slots=True)
class Progress:
    prepared: int
    issued: int
    drawn: int

    @property
    def all(self) -> int:
        return self.prepared + self.issued


async def progress(run: int) -> Progress:
    found = (await rows(_PROGRESS, [run]))[0]
    return Progress(int(found["prepared"] or 0), int(found["issued"] or 0), int(found["drawn"] or 0))


async def runs(year: int) -> list[tuple[CertificateRun, bool]]:
    """The newest first, each with whether its papers are one file by now."""
    found = await CertificateRun.filter(year=year).select_related("made_by", "issued_by").order_by("-id")
    keys = [document_key(DocumentKind.CERTIFICATES, run.id) for run in found]
    there = {one.key for one in await IssuedDocument.filter(key__in=keys).only("id", "key")}
    return [(run, document_key(DocumentKind.CERTIFICATES, run.id) in there) for run in found]


@dataclass(frozen=True, slots=True)
class OfFamily:
    id: int
    year: int
    cents: int
    issued_on: date
    size: int | None  # of its paper, in bytes; None while it is drawn
    old_file: str  # the number of the closed file it was issued to; "" for the family's own


async def of_family(family: int) -> list[OfFamily]:
    """Those that stand, of the files that were merged into it too, the newest year first: one that was replaced
    is not offered any more.
    """
    files = await FamilyMerge.files_of(family)
    found = await rows(_OF_FAMILY.format(marks=marks(files)), [family, *files])
    return [OfFamily(**{**row, "issued_on": as_date(row["issued_on"])}) for row in found]


async def one_of_family(family: int, id: int) -> Certificate | None:
    """Of its file, or of one that was merged into it."""
    files = await FamilyMerge.files_of(family)
    return await Certificate.get_or_none(id=id, family_id__in=files, issued_on__not_isnull=True)


def _row(row: dict[str, Any]) -> CertificateRow:
    on = row["issued_on"]
    flags = {name: bool(row[name]) for name in ("replaces", "replaced", "drawn")}
    told = {"children": as_json(row["children"]), "issued_on": None if on is None else as_date(on)}
    return CertificateRow(**{**row, **flags, **told})


_PAPER = f"'{DocumentKind.CERTIFICATE}:' || one.id"
_NEWER = """SELECT 1 FROM tax_certificate AS newer
  WHERE newer.replaces_id = one.id AND newer.issued_on IS NOT NULL"""
_LISTING = Listing(
    columns=f"""
one.id, family.number AS family, one.payer, one.children, one.cents, one.issued_on,
  one.replaces_id IS NOT NULL AS replaces,
  EXISTS ({_NEWER}) AS replaced,
  EXISTS (SELECT 1 FROM issued_document WHERE issued_document.key = {_PAPER}) AS drawn""",  # noqa: S608
    source="tax_certificate AS one JOIN family ON family.id = one.family_id",
    orders={
        "family": (Name("one.payer"), "one.id"),
        "cents": ("one.cents", "one.id"),
        "issued": ("one.issued_on", "one.id"),
    },
    row=_row,
)
_PROGRESS = f"""
SELECT SUM(CASE WHEN one.issued_on IS NULL THEN 1 ELSE 0 END) AS prepared,
  SUM(CASE WHEN one.issued_on IS NULL THEN 0 ELSE 1 END) AS issued,
  SUM(CASE WHEN EXISTS (SELECT 1 FROM issued_document WHERE issued_document.key = {_PAPER}) THEN 1 ELSE 0 END) AS drawn
FROM tax_certificate AS one WHERE one.run_id = ?
"""  # noqa: S608
_OF_FAMILY = f"""
SELECT one.id, one.year, one.cents, one.issued_on, issued_document.size,
  CASE WHEN one.family_id = ? THEN '' ELSE family.number END AS old_file
FROM tax_certificate AS one JOIN family ON family.id = one.family_id
LEFT JOIN issued_document ON issued_document.key = {_PAPER}
WHERE one.family_id IN ({{marks}}) AND one.issued_on IS NOT NULL
  AND NOT EXISTS ({_NEWER})
ORDER BY one.year DESC, one.id DESC
"""  # noqa: S608
