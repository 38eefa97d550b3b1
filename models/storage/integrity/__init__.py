"""Everything that must be true whatever happened, computed again from the rows. A fault is an incident.

Each check is one SELECT of what breaks it, so that it sees one moment even while the portal serves; the journal alone
is read in pieces. Every fact is told twice, and the two must say the same, both ways: what a parent ordered and what is
booked, the ledger and what explains it, a payment and the bank's own books, what a file brought and the journal.
"""

from models.storage.integrity import (
    bookings,
    certificates,
    counter,
    debits,
    family_file,
    invoices,
    ledger,
    opened,
    orders,
    payments,
    questions,
    refunds,
    roll,
    work,
)
from models.storage.integrity.promises import NAMED, Fault, Promise

PROMISES: tuple[Promise, ...] = (
    *ledger.PROMISES,
    *opened.PROMISES,
    *bookings.PROMISES,
    *counter.PROMISES,
    *refunds.PROMISES,
    *invoices.PROMISES,
    *certificates.PROMISES,
    *orders.PROMISES,
    *payments.PROMISES,
    *debits.PROMISES,
    *questions.PROMISES,
    *family_file.PROMISES,
    *roll.PROMISES,
    *work.PROMISES,
)


async def verify() -> list[Fault]:
    """Every promise that is broken; an empty list is what one hopes for."""
    faults = []
    for promise in PROMISES:
        broken = await promise.broken()
        if broken:
            named = ", ".join(broken[:NAMED]) + ("…" if len(broken) > NAMED else "")
            faults.append(Fault(promise.invariant, f"{promise.what} ({named})"))
    return faults
