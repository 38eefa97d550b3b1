"""What is left to pay of a period's invoices, as the public accountant's PES V2 ORMC file. « À valider avec la
trésorerie » : models.rules.papers.pes says what is open."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models.rules.papers.pes import LEAST, Debt
from models.storage.database import as_date, rows


@dataclass
class Debts:
    ready: list[Debt] = field(default_factory=list)
    small: int = 0  # debts under the least that is recovered
    placeless: list[str] = field(
        default_factory=list
    )  # numbers of families whose address the accountant would refuse

    @property
    def cents(self) -> int:
        return sum(debt.cents for debt in self.ready)


async def debts_of(till: int, first: date, last: date) -> Debts:
    """Of the till's invoices of this portal that were issued in the period."""
    found = Debts()
    for row in await rows(_LEFT, [till, first, last]):
        debt = _debt(row, till)
        if debt.cents < LEAST:
            found.small += 1
            continue
        try:
            _ = debt.place
        except ValueError:
            found.placeless.append(row["family"])
        else:
            found.ready.append(debt)
    return found


def file_name(till: int, on: date, bordereau: str) -> str:
    """Letters and digits alone, as the accountant asks."""
    return f"PESORMC{on:%Y%m%d}R{till}B{bordereau}.xml"


def _debt(row: dict[str, Any], till: int) -> Debt:
    issued_on: date = as_date(row["issued_on"])
    end = as_date(row["period_end"]) if row["period_end"] else issued_on
    return Debt(
        number=int(f"{issued_on.year:04d}{till % 1000:03d}{row['rank'] % 10**6:06d}"),
        invoice=row["number"],
        month=end.month,
        cents=int(row["left_to_pay"]),
        last_name=row["last_name"] or row["family"],
        first_name=row["first_name"] or "",
        address=row["address"],
    )


def refused(families: Sequence[str], most: int = 5) -> str:
    """« VF-1001, VF-1002… »"""
    return ", ".join(families[:most]) + ("…" if len(families) > most else "")


_PARENT = """(SELECT guardian.{what} FROM guardian WHERE guardian.family_id = family.id
  ORDER BY guardian.position, guardian.id LIMIT 1)"""
_LEFT = f"""
SELECT invoice.number, invoice.rank, invoice.issued_on, invoice.period_end, family.number AS family, family.address,
  {_PARENT.format(what="last_name")} AS last_name, {_PARENT.format(what="first_name")} AS first_name,
  SUM(leg.cents) AS left_to_pay
FROM invoice JOIN family ON family.id = invoice.family_id JOIN leg ON leg.invoice_id = invoice.id
WHERE invoice.till_id = ? AND NOT invoice.before_portal AND invoice.issued_on BETWEEN ? AND ?
GROUP BY invoice.id, invoice.number, invoice.rank, invoice.issued_on, invoice.period_end, family.id, family.number,
  family.address
HAVING SUM(leg.cents) > 0 ORDER BY invoice.rank, invoice.id
"""  # noqa: S608
