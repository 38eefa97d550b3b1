"""How much of what was paid is care: what a tax certificate may say.

Source: CGI art. 200 quater B; BOI-IR-RICI-300 (sums really paid in the civil year, without food, penalties and
exceptional extras, net of aids). Several debts are paid as the code civil says (art. 1342-10): what the payer names,
else the oldest first; the parts of one debt in proportion. Amounts are cents.

A certificate is a difference of two states: what of all that is owed had been paid for care when the year ended, less
what had been when it began. So a credit note or a day given back takes away what was counted, in the year in which it
happens; what an avoir pays counts in the year in which it pays; and years together never count more than was paid.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from models.rules.money import add_percent
from models.rules.pricing.surcharge import surcharge_of

Key = tuple[int, int]  # child, activity


@dataclass(frozen=True, slots=True)
class Charge:
    """An invoice or an order as it stands at a moment, aids and credit notes taken off; how much of it is paid."""

    total: int
    care: Mapping[Key, int]
    paid: int


def care_paid(charge: Charge) -> Counter[Key]:
    """Of a charge paid in part each care part counts in proportion, rounded down: nobody is certified more than was
    paid, and paid in full it counts to the cent."""
    care = {key: cents for key, cents in charge.care.items() if cents > 0}
    total = max(charge.total, sum(care.values()))
    paid = min(charge.paid, total)
    found = {key: cents * paid // total for key, cents in care.items()} if paid > 0 else {}
    return Counter({key: cents for key, cents in found.items() if cents})


def care_in_year(before: Iterable[Charge], after: Iterable[Charge]) -> dict[Key, int]:
    """What was paid for care between two moments: below nothing where more was given back than paid."""
    found: Counter[Key] = Counter()
    for charge in after:
        found.update(care_paid(charge))
    for charge in before:
        found.subtract(care_paid(charge))
    return {key: cents for key, cents in found.items() if cents}


def paid_of_orders(totals: Sequence[int], owed: int, other: int) -> list[int]:
    """How much of each order is paid, the oldest first.

    `owed`: what the account owes outside invoices; `other`: debts there that are no order of days (from before the
    portal, memberships). An order takes effect when it is paid, so what is owed is those first, then the newest orders.
    """
    left, paid = max(0, owed - max(0, other)), list(totals)
    for place in reversed(range(len(paid))):
        unpaid = min(left, paid[place])
        paid[place] -= unpaid
        left -= unpaid
    return paid


def care_of_price(cents: int, care_part: int | None, wholly_care: bool) -> int:
    """Of what a day costs: the part that the commune says is care, else all of it or nothing."""
    if care_part is not None:
        return min(care_part, cents)
    return cents if wholly_care else 0


def care_of_day(cents: int, care: int, *, absent: bool, late: str | None) -> int:
    """What counts of a day's care: nothing where an absence is billed; not what booking late added to it.

    `late`: the surcharge as the tariff writes it, of a day that was booked late. A price of its own says not what of it
    is extra: nothing counts. Where care is but a part of the price, that part is without the extra already.
    """
    if absent:
        return 0
    if late is None or care != cents or cents <= 0:
        return care
    surcharge = surcharge_of(late)
    if surcharge.instead is not None:
        return 0
    if surcharge.cents is not None:
        return max(0, care - surcharge.cents)
    return _before(care, surcharge.percent or 0)


def _before(cents: int, percent: int) -> int:
    """The price that is `cents` with so many percent more."""
    found = cents * 100 // (100 + percent)
    while add_percent(found, percent) < cents:
        found += 1
    return found
