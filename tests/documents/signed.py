"""The papers that somebody signs, for the Moreaus."""

from dataclasses import replace
from datetime import UTC, date, datetime

from models.rules.papers import Discharge, Mandate, Paper
from tests.documents.people import FAR_AWAY, ISSUER, MOREAU

DISCHARGE = Discharge(
    issuer=ISSUER,
    number="D2026-00012",
    given_at=datetime(2026, 11, 5, 9, 55, tzinfo=UTC),
    payee="Mme Sophie MOREAU",
    family_number="VF-1002",
    cents=328,
    reason="Départ de la commune",
)
MANDATE = Mandate(
    issuer=ISSUER,
    addressee=MOREAU,
    rum="SCOLAIRE-VF-1002-1",
    ics="FR12ZZZ123456",
    creditor="RÉGIE SCOLAIRE DE VAL-FLEURI",
    holder="Sophie Moreau",
    iban="FR7630006000011234567890189",
    bic="AGRIFRPP",
    issued_on=date(2026, 11, 5),
)
PAPERS: dict[str, Paper] = {
    "discharge": DISCHARGE,
    "mandate": MANDATE,
    "mandate, online": replace(MANDATE, addressee=FAR_AWAY, bic="", online_on=date(2026, 11, 5)),
}
