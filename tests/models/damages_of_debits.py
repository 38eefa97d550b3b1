"""Damages to mandates, collections and their batches: what tells it, then each damage and its statements.

In a town where Camille's collection was paid, Sophie's was paid and then taken back.
"""

from tests.models.damage_sql import (
    LEISURE,
    MOMENT,
    PETIT,
    Damage,
    account,
    change,
    copied,
    entry,
    leg,
    moved,
    posted,
)

CAMILLE = "(SELECT family_id FROM mandate WHERE holder = 'Camille Durand')"
SOPHIE = "(SELECT family_id FROM mandate WHERE holder = 'Sophie Moreau')"
HERS = "(SELECT id FROM mandate WHERE holder = 'Camille Durand')"
OTHERS = "(SELECT id FROM mandate WHERE holder = 'Sophie Moreau')"
PAID = f"(SELECT id FROM direct_debit WHERE mandate_id = {HERS})"
REJECTED = f"(SELECT id FROM direct_debit WHERE mandate_id = {OTHERS})"
PAYMENT = f"(SELECT payment_id FROM direct_debit WHERE id = {PAID})"
BATCH = "(SELECT id FROM debit_batch)"
TILL = "(SELECT id FROM till WHERE code = 'scolaire')"
PURSE = f"'family:' || {CAMILLE} || ':' || {TILL}"
OTHER_PURSE = f"'family:' || {SOPHIE} || ':' || {TILL}"
TAKEN = f"'debit:' || {TILL}"
REVERSAL = "(SELECT id FROM entry WHERE kind = 'reversal')"

DEBITS: dict[str, dict[str, Damage]] = {
    "prélèvements": {
        "an account that no key opens": [change("mandate", HERS, "iban = 'FR7630006000011234567890189'")],
        "another family's account": [
            change("mandate", HERS, f"iban = (SELECT iban FROM mandate WHERE id = {OTHERS})")
        ],
        "another end than the account's": [change("mandate", HERS, "last_four = '0000'")],
        "a mandate of another family": [change("mandate", HERS, f"family_id = {PETIT}")],
        "a mandate of another till": [change("mandate", HERS, f"till_id = {LEISURE}")],
        "another mandate than the file's": [change("mandate", HERS, "rum = 'X'")],
        "a file that was changed": [change("debit_batch", BATCH, "file = 'x'")],
        "a file that is another one": [change("debit_batch", BATCH, "sha256 = 'x'")],
        "a file taken away": [change("debit_batch", BATCH, "file = NULL")],
        "a collection taken away": [f"DELETE FROM direct_debit WHERE id = {PAID}"],
        "a collection and its sum taken from the batch": [
            change("debit_batch", BATCH, f"number = 1, cents = (SELECT cents FROM direct_debit WHERE id = {REJECTED})"),
            f"UPDATE direct_debit SET batch_id = NULL WHERE id = {PAID}",
        ],
        "a collection of another sum": [
            change("debit_batch", BATCH, "cents = cents - 1"), change("direct_debit", PAID, "cents = cents - 1")
        ],
        "a collection of more than its invoice": [change("direct_debit", PAID, "cents = cents + 500")],
        "a collection of another invoice": [
            change("direct_debit", PAID, f"invoice_id = (SELECT invoice_id FROM direct_debit WHERE id = {REJECTED})")
        ],
        "a collection told before its mandate": [change("direct_debit", PAID, "told_on = '2020-01-01'")],
        "a settled batch with one that is under way": [change("direct_debit", PAID, "state = 'sent'")],
        "a settled batch that has not left": [change("debit_batch", BATCH, "state = 'prepared'")],
        "a discarded batch that collects": [change("debit_batch", BATCH, "state = 'discarded'")],
        "a paid collection without its payment": [change("direct_debit", PAID, "payment_id = NULL")],
        "a payment by card that a collection made": [change("payment", PAYMENT, "method = 'card'")],
        "a payment of another collection": [change("payment", PAYMENT, "reference = 'PRLV-999'")],
        "a payment by direct debit of nothing": [
            copied("payment", PAYMENT, "family_id, till_id, provider, method, state, cents, heard, made_at, paid_at",
                   reference="'PRLV-999'")
        ],
        "a reject without its reason": [change("direct_debit", REJECTED, "reason = ''")],
        "a collection added that the family does not know": ["DELETE FROM notice WHERE kind = 'debit_planned'"],
        "a collection told that nobody added": [
            change("event", "id = (SELECT MAX(id) FROM event WHERE action = 'debit.planned')", "action = 'x'")
        ],
        "a reject that the family does not know": ["DELETE FROM notice WHERE kind = 'debit_rejected'"],
        "a reject that the mairie does not know": ["DELETE FROM anomaly WHERE kind = 'rejected'"],
    },
    "I3": {
        "the debits of another till": [
            change("account", account(TAKEN), f"till_id = {LEISURE}")
        ],
    },
    "I3-I7": {
        "a reject taken back behind its entry": [change("direct_debit", REJECTED, "state = 'paid'")],
        "a paid collection told rejected": [
            change("direct_debit", PAID, f"state = 'rejected', reason = 'AM04', rejected_at = {MOMENT}")
        ],
        "a reversal taken away": [
            f"DELETE FROM leg WHERE entry_id = {REVERSAL}", "DELETE FROM entry WHERE kind = 'reversal'"
        ],
        "a reversal of nothing": posted("'reverse:999'", "reversal", (PURSE, 500), (TAKEN, -500)),
        "a reversal on another family's account": [
            change("leg", leg("family", "reverse:%"), f"account_id = {account(PURSE)}")
        ],
        "a reversal that opens no invoice": [change("leg", leg("family", "reverse:%"), "invoice_id = NULL")],
        "what was collected at a bank": moved(leg("debit", "pay:debit:%"), "bank:debit:1"),
        "a collection without its entry": [
            change("entry", entry(f"'pay:debit:PRLV-' || {PAID}"), "key = 'pay:debit:X'")
        ],
    },
}  # fmt: skip
