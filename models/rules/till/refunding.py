"""Which entries does an avoir make that is given back? Amounts are cents.

Source: the portal's money model. What is asked for lies in the till's `refund_due` until it leaves, or is the family's
again.
"""

from models.rules.postings import FamilyAccount, LegDraft, Posting, refund_account


def asked(family_account: FamilyAccount, refund: int, cents: int, label: str) -> Posting:
    """An avoir is to be given back: the family cannot spend it any more."""
    due = LegDraft(refund_account(family_account.till), -cents, till=family_account.till)
    return Posting(f"refund:{refund}", "refund", label, (family_account.leg(cents), due))


def sent(till: int, refund: int, cents: int, place: str, label: str) -> Posting:
    """It left `place`, the account that the money lay in. No family's account moves."""
    out = LegDraft(place, -cents, till=till)
    legs = (LegDraft(refund_account(till), cents, till=till), out)
    return Posting(f"refund-sent:{refund}", "refund", label, legs)


def refused(family_account: FamilyAccount, refund: int, cents: int, label: str) -> Posting:
    """It is an avoir again."""
    due = LegDraft(refund_account(family_account.till), cents, till=family_account.till)
    return Posting(f"refund-refused:{refund}", "refund", label, (family_account.leg(-cents), due))
