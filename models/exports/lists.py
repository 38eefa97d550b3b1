"""What spreadsheets are given, row by row: the takings, the invoices with their credit notes, their lines.

Takings are read from the ledger, whatever the means: what moved between an account of money and a family's. So their
sum is what the tills' accounts hold. Each list comes in pieces: memory does not grow with it.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from models.french.spreadsheets import Amount, Cell
from models.rules.deadlines import paris
from models.storage.database import as_date, as_instant, instant, marks, rows

PIECE = 500  # rows of one question
MEANS = {
    "bank": "Carte bancaire",
    "cash": "Espèces",
    "cheque": "Chèque",
    "cesu": "CESU",
    "transfer": "Virement",
    "debit": "Prélèvement",
}  # by kinds of accounts; another kind says its own name
NOT_MONEY = "('family', 'revenue', 'hold', 'opening', 'write_off', 'refund_due')"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """Days from `first` to `last`, both of them in it, of one till or of all."""

    first: date
    last: date
    till: int | None = None


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    width: int = 14  # letters


@dataclass(frozen=True, slots=True)
class ExportList:
    """`questions` are asked one after the other, each with the same columns; `id` orders its rows."""

    name: str  # of the file, and in a form
    label: str
    columns: tuple[Column, ...]
    questions: tuple[str, ...]
    cells: Callable[[Sequence[Row]], Awaitable[list[list[Cell]]]]
    by_moment: bool = False  # the period bounds a moment, and not a day

    async def pieces(self, asked: Asked) -> AsyncIterator[list[list[Cell]]]:
        first, last = asked.first, asked.last + timedelta(days=1)
        period = [instant(paris(first, 0)), instant(paris(last, 0))] if self.by_moment else [first, last]
        for question in self.questions:
            of_till, values = ("", []) if asked.till is None else ("AND till.id = ?", [asked.till])
            sql, after = question.format(of_till=of_till), 0
            while found := await rows(sql, [*period, *values, after, PIECE]):
                after = found[-1]["id"]
                yield await self.cells(found)


async def _takings(found: Sequence[Row]) -> list[list[Cell]]:
    entries = [row["entry"] for row in found]
    families: dict[int, Row] = {}
    numbers: defaultdict[int, list[str]] = defaultdict(list)
    for row in await rows(_FOR_WHAT.format(entries=marks(entries)), entries):
        families[row["entry"]] = row
        if row["invoice"] and row["invoice"] not in numbers[row["entry"]]:
            numbers[row["entry"]].append(row["invoice"])
    return [
        [
            as_instant(row["at"]),
            row["till"],
            MEANS.get(row["kind"], row["kind"]),
            families[row["entry"]]["number"],
            families[row["entry"]]["name"] or "",
            Amount(int(row["cents"])),
            row["label"],
            ", ".join(numbers[row["entry"]]),
            row["reference"] or "",
            row["card"] or "",
            row["authorisation"] or "",
        ]
        for row in found
    ]


async def _invoices(found: Sequence[Row]) -> list[list[Cell]]:
    return [
        [
            row["nature"],
            row["number"],
            as_date(row["issued_on"]),
            row["till"],
            row["family"],
            row["name"] or "",
            _day(row["period_start"]),
            _day(row["period_end"]),
            _day(row["due_on"]),
            Amount(int(row["cents"])),
            None if row["left_to_pay"] is None else Amount(int(row["left_to_pay"])),
            row["about"] or "",
        ]
        for row in found
    ]


async def _lines(found: Sequence[Row]) -> list[list[Cell]]:
    return [
        [
            row["number"],
            as_date(row["issued_on"]),
            row["till"],
            row["family"],
            row["child"],
            row["activity"] or "",
            row["label"],
            _day(row["starts"]),
            _day(row["ends"]),
            int(row["quantity"]),
            Amount(int(row["unit_cents"])),
            Amount(int(row["cents"])),
            Amount(int(row["care_cents"])),
        ]
        for row in found
    ]


def _day(value: date | str | None) -> date | None:
    return None if value is None else as_date(value)


_NAME = """(SELECT guardian.first_name || ' ' || guardian.last_name FROM guardian
  WHERE guardian.family_id = family.id ORDER BY guardian.position, guardian.id LIMIT 1) AS name"""
_TAKINGS = f"""
SELECT leg.id, leg.entry_id AS entry, leg.cents, entry.occurred_at AS at, entry.label, account.kind, till.name AS till,
  payment.reference, payment.card, payment.authorisation
FROM leg JOIN account ON account.id = leg.account_id JOIN entry ON entry.id = leg.entry_id
JOIN till ON till.id = account.till_id
LEFT JOIN payment ON entry.key = 'pay:' || payment.provider || ':' || payment.reference
WHERE account.kind NOT IN {NOT_MONEY} AND entry.occurred_at >= ? AND entry.occurred_at < ? {{of_till}}
  AND EXISTS (SELECT 1 FROM leg AS other JOIN account AS held ON held.id = other.account_id
    WHERE other.entry_id = entry.id AND held.kind = 'family')
  AND leg.id > ? ORDER BY leg.id LIMIT ?
"""  # noqa: S608
_FOR_WHAT = f"""
SELECT leg.entry_id AS entry, family.number, {_NAME}, invoice.number AS invoice FROM leg
JOIN account ON account.id = leg.account_id AND account.kind = 'family' JOIN family ON family.id = account.family_id
LEFT JOIN invoice ON invoice.id = leg.invoice_id WHERE leg.entry_id IN ({{entries}}) ORDER BY leg.id
"""  # noqa: S608
_INVOICES = f"""
SELECT invoice.id, 'Facture' AS nature, invoice.number, invoice.issued_on, till.name AS till, family.number AS family,
  {_NAME}, invoice.period_start, invoice.period_end, invoice.due_on, invoice.cents,
  (SELECT COALESCE(SUM(leg.cents), 0) FROM leg WHERE leg.invoice_id = invoice.id) AS left_to_pay, '' AS about
FROM invoice JOIN till ON till.id = invoice.till_id JOIN family ON family.id = invoice.family_id
WHERE invoice.issued_on >= ? AND invoice.issued_on < ? {{of_till}} AND invoice.id > ? ORDER BY invoice.id LIMIT ?
"""  # noqa: S608
_CREDIT_NOTES = f"""
SELECT credit_note.id, 'Avoir' AS nature, credit_note.number, credit_note.issued_on, till.name AS till,
  family.number AS family, {_NAME}, invoice.period_start, invoice.period_end, NULL AS due_on,
  -credit_note.cents AS cents, NULL AS left_to_pay, invoice.number AS about
FROM credit_note JOIN invoice ON invoice.id = credit_note.invoice_id JOIN till ON till.id = credit_note.till_id
JOIN family ON family.id = credit_note.family_id
WHERE credit_note.issued_on >= ? AND credit_note.issued_on < ? {{of_till}} AND credit_note.id > ?
ORDER BY credit_note.id LIMIT ?
"""  # noqa: S608
_INVOICE_LINES = """
SELECT line.id, paper.number, paper.issued_on, till.name AS till, family.number AS family, line.child,
  activity.name AS activity, line.label, line.starts, line.ends, line.quantity, line.unit_cents AS unit_cents,
  line.cents AS cents, line.care_cents AS care_cents
FROM invoice_line AS line JOIN invoice AS paper ON paper.id = line.invoice_id
JOIN till ON till.id = paper.till_id JOIN family ON family.id = paper.family_id
LEFT JOIN activity ON activity.id = line.activity_id
WHERE paper.issued_on >= ? AND paper.issued_on < ? {of_till} AND line.id > ? ORDER BY line.id LIMIT ?
"""
_TAKEN_BACK = (
    _INVOICE_LINES.replace("invoice_line", "credit_note_line")
    .replace(
        "invoice AS paper ON paper.id = line.invoice_id",
        "credit_note AS paper ON paper.id = line.credit_note_id",
    )
    .replace("line.unit_cents AS", "-line.unit_cents AS")
    .replace("line.cents AS", "-line.cents AS")
    .replace("line.care_cents AS", "-line.care_cents AS")
)

LISTS = (
    ExportList(
        "encaissements",
        "Encaissements",
        (
            Column("Encaissé le", 17),
            Column("Régie", 24),
            Column("Moyen", 16),
            Column("Dossier"),
            Column("Famille", 28),
            Column("Montant", 12),
            Column("Libellé", 32),
            Column("Factures", 24),
            Column("Référence", 22),
            Column("Carte", 20),
            Column("Autorisation"),
        ),
        (_TAKINGS,),
        _takings,
        by_moment=True,
    ),
    ExportList(
        "factures",
        "Factures et avoirs",
        (
            Column("Nature", 10),
            Column("Numéro", 18),
            Column("Émis le", 12),
            Column("Régie", 24),
            Column("Dossier"),
            Column("Famille", 28),
            Column("Période du", 12),
            Column("au", 12),
            Column("Échéance", 12),
            Column("Montant", 12),
            Column("Reste à payer", 14),
            Column("Facture corrigée", 18),
        ),
        (_INVOICES, _CREDIT_NOTES),
        _invoices,
    ),
    ExportList(
        "lignes-de-factures",
        "Lignes des factures et des avoirs",
        (
            Column("Numéro", 18),
            Column("Émis le", 12),
            Column("Régie", 24),
            Column("Dossier"),
            Column("Enfant", 24),
            Column("Activité", 28),
            Column("Libellé", 32),
            Column("Du", 12),
            Column("Au", 12),
            Column("Quantité", 10),
            Column("Prix unitaire", 12),
            Column("Montant", 12),
            Column("dont garde", 12),
        ),
        (_INVOICE_LINES, _TAKEN_BACK),
        _lines,
    ),
)
