"""Which entry does a money fact make? Legs sum to zero, always through the family's account (+ it owes, − credit).

Source: the portal's money model; amounts are cents.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LegOf:
    account: str
    cents: int
    family: int | None = None
    till: int | None = None
    invoice: int | None = None


@dataclass(frozen=True, slots=True)
class Posting:
    """An entry to be written. Legs of nothing are left out; the rest must balance."""

    key: str
    kind: str
    label: str
    legs: tuple[LegOf, ...]

    def __post_init__(self) -> None:
        if sum(leg.cents for leg in self.legs) != 0 or len(self.legs) < 2:
            raise ValueError(f"unbalanced posting {self.key}")


@dataclass(frozen=True, slots=True)
class Purse:
    """A family's account at a till."""

    family: int
    till: int

    @property
    def code(self) -> str:
        return f"family:{self.family}:{self.till}"

    def leg(self, cents: int, invoice: int | None = None) -> LegOf:
        return LegOf(self.code, cents, self.family, self.till, invoice)


def _posting(key: str, kind: str, label: str, *legs: LegOf) -> Posting:
    return Posting(key, kind, label, tuple(leg for leg in legs if leg.cents))


def hold_account(order: int) -> str:
    return f"hold:{order}"


def bank_account(provider: str, till: int) -> str:
    return f"bank:{provider}:{till}"


def credit_held(purse: Purse, order: int, cents: int) -> Posting:
    """The credit an order will use is set aside, so that no other order spends it too."""
    hold = LegOf(hold_account(order), -cents, till=purse.till)
    return _posting(f"hold:{order}", "hold", "Avoir réservé pour un paiement", purse.leg(cents), hold)


def credit_freed(purse: Purse, order: int, cents: int) -> Posting:
    hold = LegOf(hold_account(order), cents, till=purse.till)
    return _posting(
        f"unhold:{order}", "hold", "Avoir rendu, le paiement n’a pas eu lieu", purse.leg(-cents), hold
    )


def credit_used(purse: Purse, order: int, cents: int) -> Posting:
    """The order is confirmed: what was set aside goes back through the family's account to pay for it."""
    hold = LegOf(hold_account(order), cents, till=purse.till)
    return _posting(f"spend:{order}", "hold", "Avoir utilisé", purse.leg(-cents), hold)


def paid(purse: Purse, provider: str, reference: str, cents: int) -> Posting:
    """The bank says that the card was charged."""
    bank = LegOf(bank_account(provider, purse.till), cents, till=purse.till)
    return _posting(f"pay:{provider}:{reference}", "payment", "Paiement par carte", bank, purse.leg(-cents))


def sold(purse: Purse, order: int, revenue: Mapping[str, int], label: str) -> Posting | None:
    """What the order's lines cost, by activity code; a cancelled line counts negative. None when it is all zero."""
    legs = [LegOf(f"revenue:{activity}", -cents) for activity, cents in sorted(revenue.items()) if cents]
    if not legs:
        return None
    total = sum(revenue.values())
    if not total:
        return Posting(f"sale:{order}", "sale", label, tuple(legs))
    return Posting(f"sale:{order}", "sale", label, (purse.leg(total), *legs))


def given_back(purse: Purse, key: str, activity: str, cents: int, label: str) -> Posting:
    """A credit for a booking already paid, outside any order (a closure, the mairie's answer)."""
    return _posting(key, "credit", label, LegOf(f"revenue:{activity}", cents), purse.leg(-cents))


def opening_debt(purse: Purse, key: str, cents: int, label: str, invoice: int | None = None) -> Posting:
    """What was owed before this portal."""
    return _posting(
        key,
        "opening",
        label,
        purse.leg(cents, invoice),
        LegOf(f"opening:{purse.till}", -cents, till=purse.till),
    )


def opening_paid(purse: Purse, key: str, cents: int, label: str, invoice: int | None = None) -> Posting:
    """What had been paid of it before this portal."""
    return _posting(
        key,
        "opening",
        label,
        purse.leg(-cents, invoice),
        LegOf(f"opening:{purse.till}", cents, till=purse.till),
    )
