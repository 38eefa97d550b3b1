"""The whole ledger as a Beancount journal: a second program adds it up again and says whether it agrees.

Every account is opened with its code, every entry is one transaction with its key, and every account ends in a balance
that the database added up by itself: `bean-check` compares the two, to the cent.
"""

import re
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, cast

from models.storage.database import as_instant, rows, snapshot

PIECE = 1000  # entries of one question
CURRENCY = "EUR"
# By the first part of an account's code. What is not here is told apart under OTHER, and balances all the same.
ROOTS = {
    "family": "Assets:Familles",  # + it owes
    "bank": "Assets:Banque",
    "cash": "Assets:Especes",
    "cheque": "Assets:Cheques",
    "cesu": "Assets:Cesu",
    "transfer": "Assets:Virements",
    "debit": "Assets:Prelevements",
    "write_off": "Expenses:AdmissionsEnNonValeur",
    "refund_due": "Liabilities:RemboursementsDus",
    "hold": "Liabilities:AvoirsReserves",
    "revenue": "Income:Activites",
    "opening": "Equity:Reprise",
}
OTHER = "Equity:Autres"
NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9-]+")


@dataclass
class Names:
    """Beancount's names of the portal's accounts, each its own. Codes are given in the order of their ids."""

    _taken: set[str] = field(default_factory=set)

    def of(self, code: str) -> str:
        """« Assets:Banque:Demo:1 » for « bank:demo:1 »."""
        kind, *rest = code.split(":")
        root = ROOTS.get(kind, f"{OTHER}:{_part(kind)}")
        name = ":".join([root, *map(_part, rest)])
        number = 2
        while name.casefold() in self._taken:
            name, number = f"{name}-{number}", number + 1
        self._taken.add(name.casefold())
        return name


async def journal() -> AsyncIterator[str]:
    """Texts whose concatenation is the journal, some entries each: memory does not grow with the ledger.

    What is posted while it is written is not in it. Not inside a transaction.
    """
    async with snapshot():
        bounds = (await rows(_BOUNDS))[0]
        yield _head()
        if bounds["last"] is None:
            return
        names = Names()
        opened = await rows(_ACCOUNTS)
        accounts = {row["id"]: names.of(row["code"]) for row in opened}
        yield from_lines(_opened(opened, accounts, _day(bounds["first_at"])))
        after = 0
        while piece := await rows(_ENTRIES, [after, bounds["last"], PIECE]):
            after = piece[-1]["id"]
            yield from_lines(_transactions(piece, accounts))
        balances = await rows(_BALANCES, [bounds["last"]])
        yield from_lines(_balances(balances, accounts, _day(bounds["last_at"]) + timedelta(days=1)))


def amount(cents: int) -> str:
    """« -16.90 EUR »."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d} {CURRENCY}"


def text(words: str) -> str:
    """A string of Beancount, on one line."""
    told = " ".join(words.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{told}"'


def from_lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _part(word: str) -> str:
    """A part of a name: it begins with a capital or a digit, and holds letters, digits and hyphens alone."""
    plain = NOT_IN_NAMES.sub("-", word).strip("-")
    return plain[:1].upper() + plain[1:] or "X"


def _head() -> str:
    return from_lines(
        [f'option "title" {text("Portail Famille")}', f'option "operating_currency" "{CURRENCY}"']
    )


def _opened(found: Iterable[Mapping[str, Any]], accounts: Mapping[int, str], first: date) -> Iterator[str]:
    yield ""
    for row in found:
        yield f"{first} open {accounts[row['id']]} {CURRENCY}"
        yield f"  code: {text(row['code'])}"
        if row["number"]:
            yield f"  dossier: {text(row['number'])}"
        if row["till"]:
            yield f"  regie: {text(row['till'])}"


def _transactions(piece: Iterable[Mapping[str, Any]], accounts: Mapping[int, str]) -> Iterator[str]:
    for _, legs in groupby(piece, lambda row: row["id"]):
        entry, *others = legs
        yield ""
        yield f"{_day(entry['occurred_at'])} * {text(entry['label'])}"
        yield f"  cle: {text(entry['key'])}"
        yield f"  nature: {text(entry['kind'])}"
        for leg in (entry, *others):
            yield f"  {accounts[leg['account_id']]}  {amount(int(leg['cents']))}"
            if leg["invoice"]:
                yield f"    facture: {text(leg['invoice'])}"


def _balances(found: Iterable[Mapping[str, Any]], accounts: Mapping[int, str], day: date) -> Iterator[str]:
    """At the beginning of the day after the last entry. Beancount would overlook a cent: « ~ 0 » does not."""
    yield ""
    for row in found:
        sum, _, currency = amount(int(row["total"])).partition(" ")
        yield f"{day} balance {accounts[row['account_id']]}  {sum} ~ 0 {currency}"


def _day(moment: datetime | str) -> date:
    return cast(datetime, as_instant(moment)).date()


# Bounded by the last entry of the moment: on SQLite nothing else keeps later ones out.
_BOUNDS = "SELECT MAX(id) AS last, MIN(occurred_at) AS first_at, MAX(occurred_at) AS last_at FROM entry"
_ACCOUNTS = """
SELECT account.id, account.code, family.number AS number, till.name AS till FROM account
LEFT JOIN family ON family.id = account.family_id LEFT JOIN till ON till.id = account.till_id ORDER BY account.id
"""
_ENTRIES = """
SELECT entry.id, entry.key, entry.kind, entry.label, entry.occurred_at, leg.account_id, leg.cents,
  invoice.number AS invoice
FROM (SELECT * FROM entry WHERE id > ? AND id <= ? ORDER BY id LIMIT ?) AS entry
JOIN leg ON leg.entry_id = entry.id LEFT JOIN invoice ON invoice.id = leg.invoice_id ORDER BY entry.id, leg.id
"""
_BALANCES = """
SELECT account_id, SUM(cents) AS total FROM leg WHERE entry_id <= ? GROUP BY account_id ORDER BY account_id
"""
