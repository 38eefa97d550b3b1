"""Which entry does a money fact make? Legs sum to zero, always through the family's account (+ it owes, − credit).

Source: the portal's money model; amounts are cents.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from models.rules.states.payments import PaymentMethod

COUNTER = "counter"  # the provider of what a till takes itself


@dataclass(frozen=True, slots=True)
class LegDraft:
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
    legs: tuple[LegDraft, ...]
    child: str = ""  # of a debt from before the portal: whose, and for what
    activity: str = ""

    def __post_init__(self) -> None:
        if sum(leg.cents for leg in self.legs) != 0 or len(self.legs) < 2:
            raise ValueError(f"unbalanced posting {self.key}")


@dataclass(frozen=True, slots=True)
class FamilyAccount:
    """A family's account at a till."""

    family: int
    till: int

    @property
    def code(self) -> str:
        return f"family:{self.family}:{self.till}"

    def leg(self, cents: int, invoice: int | None = None) -> LegDraft:
        return LegDraft(self.code, cents, self.family, self.till, invoice)


def _posting(key: str, kind: str, label: str, *legs: LegDraft) -> Posting:
    return Posting(key, kind, label, tuple(leg for leg in legs if leg.cents))


def hold_account(order: int) -> str:
    return f"hold:{order}"


def bank_account(provider: str, till: int) -> str:
    return f"bank:{provider}:{till}"


def debit_account(till: int) -> str:
    """What a till's direct debits brought: the bank pays a whole batch at once."""
    return f"debit:{till}"


def credit_held(family_account: FamilyAccount, order: int, cents: int) -> Posting:
    """The credit an order will use is set aside, so that no other order spends it too."""
    hold = LegDraft(hold_account(order), -cents, till=family_account.till)
    return _posting(
        f"hold:{order}", "hold", "Avoir réservé pour un paiement", family_account.leg(cents), hold
    )


def credit_freed(family_account: FamilyAccount, order: int, cents: int) -> Posting:
    hold = LegDraft(hold_account(order), cents, till=family_account.till)
    return _posting(
        f"unhold:{order}",
        "hold",
        "Avoir rendu, le paiement n’a pas eu lieu",
        family_account.leg(-cents),
        hold,
    )


def credit_used(family_account: FamilyAccount, order: int, cents: int) -> Posting:
    """The order is confirmed: what was set aside goes back through the family's account to pay for it."""
    hold = LegDraft(hold_account(order), cents, till=family_account.till)
    return _posting(f"spend:{order}", "hold", "Avoir utilisé", family_account.leg(-cents), hold)


def paid(
    family_account: FamilyAccount,
    provider: str,
    reference: str,
    cents: int,
    invoices: Mapping[int, int] = MappingProxyType({}),
    method: PaymentMethod = PaymentMethod.CARD,
) -> Posting:
    """The money is there: a card was charged, or a debit collected. `invoices`: how much of it each issued one takes,
    in cents."""
    rest = cents - sum(invoices.values())
    debited = method is PaymentMethod.DEBIT
    code = debit_account(family_account.till) if debited else bank_account(provider, family_account.till)
    label = "Prélèvement" if debited else "Paiement par carte"
    bank = LegDraft(code, cents, till=family_account.till)
    paid = [family_account.leg(-part, invoice) for invoice, part in sorted(invoices.items())]
    legs = (bank, family_account.leg(-rest), *paid)
    return _posting(f"pay:{provider}:{reference}", "payment", label, *legs)


def debit_reversed(family_account: FamilyAccount, payment: int, invoice: int, cents: int) -> Posting:
    """The bank took a collected debit back: the invoice is to be paid again."""
    taken = LegDraft(debit_account(family_account.till), -cents, till=family_account.till)
    return _posting(
        f"reverse:{payment}", "reversal", "Prélèvement rejeté", family_account.leg(cents, invoice), taken
    )


def taken(
    family_account: FamilyAccount,
    reference: str,
    method: PaymentMethod,
    cents: int,
    invoices: Mapping[int, int],
    label: str,
) -> Posting:
    """A counter took this. `invoices`: how much of it each issued one takes, in cents."""
    place = LegDraft(counter_account(method, family_account.till), cents, till=family_account.till)
    paid = [family_account.leg(-part, invoice) for invoice, part in sorted(invoices.items())]
    rest = family_account.leg(sum(invoices.values()) - cents)
    return _posting(f"pay:{COUNTER}:{reference}", "payment", label, place, rest, *paid)


def taking_reversed(
    family_account: FamilyAccount,
    payment: int,
    place: str,
    cents: int,
    invoices: Mapping[int, int],
    label: str,
) -> Posting:
    """What `taken` posted, the other way round. `place`: the account that the money lies in now."""
    owed = [family_account.leg(part, invoice) for invoice, part in sorted(invoices.items())]
    rest = family_account.leg(cents - sum(invoices.values()))
    out = LegDraft(place, -cents, till=family_account.till)
    return _posting(f"reverse:{payment}", "reversal", label, out, rest, *owed)


def deposited(till: int, deposit: int, sums: Mapping[PaymentMethod, int], label: str) -> Posting:
    """Taken to the bank: by means, in cents. No family's account moves."""
    legs = [
        LegDraft(counter_account(method, till), -cents, till=till) for method, cents in sorted(sums.items())
    ]
    bank = LegDraft(bank_account(COUNTER, till), sum(sums.values()), till=till)
    return _posting(f"deposit:{deposit}", "deposit", label, bank, *legs)


def transfer_seen(till: int, match: int, cents: int, label: str) -> Posting:
    """The bank shows a transfer that the counter took. No family's account moves."""
    noted = LegDraft(counter_account(PaymentMethod.TRANSFER, till), -cents, till=till)
    bank = LegDraft(bank_account(COUNTER, till), cents, till=till)
    return _posting(f"seen:{match}", "deposit", label, bank, noted)


def transfer_unseen(till: int, match: int, cents: int, label: str) -> Posting:
    """It was another one that the bank showed: the transfer is awaited again. No family's account moves."""
    noted = LegDraft(counter_account(PaymentMethod.TRANSFER, till), cents, till=till)
    bank = LegDraft(bank_account(COUNTER, till), -cents, till=till)
    return _posting(f"unseen:{match}", "deposit", label, bank, noted)


def written_off(
    family_account: FamilyAccount, write_off: int, cents: int, invoice: int | None, label: str
) -> Posting:
    """The till gives this up: nobody owes it any more."""
    given_up = LegDraft(f"write_off:{family_account.till}", cents, till=family_account.till)
    return _posting(
        f"writeoff:{write_off}", "write_off", label, given_up, family_account.leg(-cents, invoice)
    )


def refund_account(till: int) -> str:
    return f"refund_due:{till}"


def counter_account(method: PaymentMethod, till: int) -> str:
    """Where money of this means lies once a counter took it: a card's is at the bank at once."""
    return bank_account(COUNTER, till) if method is PaymentMethod.CARD else f"{method}:{till}"


def credit_applied(family_account: FamilyAccount, use: int, invoice: int, cents: int) -> Posting:
    """A credit pays some of an issued invoice: it moves inside the family's account, from no invoice to that one."""
    legs = (family_account.leg(cents), family_account.leg(-cents, invoice))
    return _posting(f"apply:{use}", "apply", "Avoir déduit d’une facture", *legs)


def overpaid(family_account: FamilyAccount, payment: int, invoice: int, cents: int) -> Posting:
    """An invoice was paid by more than was left of it (twice, for one): the rest is a credit of the account."""
    legs = (family_account.leg(cents, invoice), family_account.leg(-cents))
    return _posting(f"over:{payment}:{invoice}", "apply", "Payé en trop, porté à l’avoir", *legs)


def merged(
    closed: FamilyAccount, kept: FamilyAccount, balance: int, cents: int, invoice: int | None, label: str
) -> Posting:
    """What a closed file's account owes (+) or has (−), of an issued invoice or of none, is the other file's now."""
    return _posting(f"merge:{balance}", "merge", label, closed.leg(-cents, invoice), kept.leg(cents))


def sold(family_account: FamilyAccount, order: int, revenue: Mapping[str, int], label: str) -> Posting | None:
    """What the order's lines cost, by activity code; a cancelled line counts negative. None when it is all zero."""
    legs = [LegDraft(f"revenue:{activity}", -cents) for activity, cents in sorted(revenue.items()) if cents]
    if not legs:
        return None
    total = sum(revenue.values())
    if not total:
        return Posting(f"sale:{order}", "sale", label, tuple(legs))
    return Posting(f"sale:{order}", "sale", label, (family_account.leg(total), *legs))


def invoiced(
    family_account: FamilyAccount, number: str, invoice: int, revenue: Mapping[str, int], label: str
) -> Posting:
    """An issued invoice: the family owes it. `revenue`: cents by activity code."""
    legs = [LegDraft(f"revenue:{activity}", -cents) for activity, cents in sorted(revenue.items())]
    due = family_account.leg(sum(revenue.values()), invoice)
    return _posting(f"inv:{family_account.till}:{number}", "invoice", label, due, *legs)


def credited(
    family_account: FamilyAccount,
    number: str,
    invoice: int,
    applied: int,
    revenue: Mapping[str, int],
    label: str,
) -> Posting:
    """A credit note: `applied` cents lower what is left to pay of the invoice, the rest is an avoir."""
    legs = [LegDraft(f"revenue:{activity}", cents) for activity, cents in sorted(revenue.items())]
    rest = sum(revenue.values()) - applied
    family = (family_account.leg(-applied, invoice), family_account.leg(-rest))
    return _posting(f"credit:{family_account.till}:{number}", "credit_note", label, *family, *legs)


def given_back(family_account: FamilyAccount, key: str, activity: str, cents: int, label: str) -> Posting:
    """A credit for a booking already paid, outside any order (a closure, the mairie's answer)."""
    return _posting(key, "credit", label, LegDraft(f"revenue:{activity}", cents), family_account.leg(-cents))


def booked_again(family_account: FamilyAccount, key: str, activity: str, cents: int, label: str) -> Posting:
    """What `given_back` gave is due again: the day is booked as before."""
    return _posting(key, "sale", label, family_account.leg(cents), LegDraft(f"revenue:{activity}", -cents))


def called(family_account: FamilyAccount, charge: int, activity: str, cents: int, label: str) -> Posting:
    """What the roll call adds to a day that was paid already (+), or gives back of it (−)."""
    revenue = LegDraft(f"revenue:{activity}", -cents)
    return _posting(
        f"roll:{charge}", "sale" if cents > 0 else "credit", label, family_account.leg(cents), revenue
    )


def opening_debt(
    family_account: FamilyAccount, key: str, cents: int, label: str, invoice: int | None = None
) -> Posting:
    """What was owed before this portal."""
    return _posting(
        key,
        "opening",
        label,
        family_account.leg(cents, invoice),
        LegDraft(f"opening:{family_account.till}", -cents, till=family_account.till),
    )


def opening_paid(
    family_account: FamilyAccount, key: str, cents: int, label: str, invoice: int | None = None
) -> Posting:
    """What had been paid of it before this portal."""
    return _posting(
        key,
        "opening",
        label,
        family_account.leg(-cents, invoice),
        LegDraft(f"opening:{family_account.till}", cents, till=family_account.till),
    )
