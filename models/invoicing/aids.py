"""What third parties (CAF, CCAS) still pay for families: their aids, less what earlier invoices used of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from models.families.aid import Aid
from models.rules.pricing import aids
from models.rules.pricing.aids import AidedLine, Deduction, Spent
from models.storage.database import as_json, marks, rows


@dataclass
class Helped:
    """The aids of a family, the oldest first, and what was used of each."""

    rules: list[aids.Aid] = field(default_factory=list)
    funders: dict[int, str] = field(default_factory=dict)
    spent: dict[int, Spent] = field(default_factory=dict)

    def deduct(self, lines: Iterable[AidedLine]) -> list[Deduction]:
        return aids.deduct(self.rules, lines, self.spent)


async def aids_of(families: Sequence[int]) -> defaultdict[int, Helped]:
    found: defaultdict[int, Helped] = defaultdict(Helped)
    for aid in await Aid.filter(family_id__in=list(families)).order_by("start", "id"):
        helped = found[aid.family_id]
        helped.rules.append(aid.as_rule())
        helped.funders[aid.id] = aid.funder
    for family, spent in (await _spent(list(found))).items():
        found[family].spent = spent
    return found


async def _spent(families: Sequence[int]) -> defaultdict[int, dict[int, Spent]]:
    """By family and aid: what issued invoices took, less the days that a credit note took off again."""
    found: defaultdict[int, dict[int, Spent]] = defaultdict(dict)
    if not families:
        return found
    freed = await rows(_FREED.format(marks=marks(families)), families)
    off = {(row["invoice_id"], row["booking_id"]) for row in freed}
    for row in await rows(_SPENT.format(marks=marks(families)), families):
        kept = [day for day in as_json(row["days"]) if (row["id"], day["booking"]) not in off]
        before = found[row["family_id"]].get(row["aid_id"], Spent())
        found[row["family_id"]][row["aid_id"]] = Spent(
            before.cents - sum(day["cents"] for day in kept),
            before.days | {(row["child_row_id"], date.fromisoformat(day["day"])) for day in kept},
        )
    return found


_SPENT = """
SELECT invoice.family_id, invoice.id, line.aid_id, line.child_row_id, line.days
FROM invoice JOIN invoice_line AS line ON line.invoice_id = invoice.id
WHERE line.aid_id IS NOT NULL AND invoice.family_id IN ({marks}) ORDER BY invoice.id, line.position
"""
_FREED = """
SELECT invoiced_booking.invoice_id, invoiced_booking.booking_id
FROM invoiced_booking JOIN invoice ON invoice.id = invoiced_booking.invoice_id
WHERE invoiced_booking.credit_note_id IS NOT NULL AND invoice.family_id IN ({marks})
"""
