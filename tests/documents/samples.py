"""One paper of each kind, about the Moreaus of Val-Fleuri, and the odd ones: long, wide, without a logo."""

from dataclasses import replace
from datetime import UTC, date, datetime

from models.rules.deadlines import PARIS
from models.rules.papers import (
    AccessLetter,
    AccountStatement,
    Adjustment,
    Cash,
    CertifiedChild,
    Cheque,
    CreditNote,
    DepositSlip,
    DirectDebit,
    EnrolledIn,
    EnrolmentCertificate,
    Invoice,
    InvoiceLine,
    MeansTotal,
    Movement,
    Paper,
    Receipt,
    Recovery,
    Remedies,
    Reminder,
    Rulebook,
    Settled,
    TaxCertificate,
    UnpaidInvoice,
    WaysToPay,
)
from models.rules.papers.datamatrix import Debt
from models.rules.papers.kitchen import KitchenLine, KitchenSheet
from models.rules.papers.rulebook import Heading, Items, Prices, Section, Sentences
from tests.documents import signed
from tests.documents.people import FAR_AWAY, ISSUER, MOREAU
from tests.documents.personal import PERSONAL

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
REMEDIES = Remedies(Recovery.TILL, "tribunal administratif de Grenoble", "2 place de Verdun, 38000 Grenoble")
WAYS = WaysToPay(
    url="https://famille.val-fleuri.example/factures/133",
    site="famille.val-fleuri.example",
    collectivity="038999",
    reference="2026S0133",
    counter=("À la mairie, du lundi au vendredi, de 8:30 à 12:00\u00a0: carte, espèces, chèque, CESU.",),
    cheque_to="Régie scolaire de Val-Fleuri",
)
DEBT = Debt(
    establishment="123", period=0, product="045", year=2026, number=16043631, post="038009", cents=2452
)


def line(
    child: str, label: str, quantity: int, unit_cents: int, days: str = "", first: date = FIRST
) -> InvoiceLine:
    return InvoiceLine(child, label, first, LAST, quantity, unit_cents, quantity * unit_cents, days)


CANTEEN = InvoiceLine(
    child="Emma",
    label="Restaurant scolaire",
    first=FIRST,
    last=LAST,
    quantity=5,
    unit_cents=240,
    cents=1100,
    days="1er, 5, 6, 8 et 12 oct. (12\u00a0: absence facturée)",
    care_cents=400,
    aid_cents=100,
    aid_label="Aide CAF",
)
INVOICE = Invoice(
    issuer=ISSUER,
    addressee=MOREAU,
    number="S-2026-0133",
    issued_on=date(2026, 11, 4),
    first=FIRST,
    last=LAST,
    due_on=date(2026, 12, 4),
    lines=(
        line("Hugo", "Accueil du soir", 5, 240, "5, 6, 8, 12 et 13 oct."),
        line("Emma", "Accueil du matin", 4, 120),
        CANTEEN,
    ),
    ways_to_pay=WAYS,
    remedies=REMEDIES,
    basis=(
        "Votre quotient familial\u00a0: 980, tarif «\u00a0901 à 1\u202f400\u00a0» jusqu’au 31/12/2026.",
        "Les repas sont payés à la réservation, ils ne figurent pas ici.",
    ),
    adjustments=(Adjustment("Avoir du 03/11/2026 (cantine, Emma)", -328),),
)
SERVICES = (
    "Accueil du soir",
    "Restaurant scolaire",
    "Mercredi loisirs, journée complète avec repas et sortie à la piscine",
    "Étude surveillée",
)
SIXTY = tuple(
    line(("Hugo", "Marie-Antoinette", "Emma")[number % 3], SERVICES[number % 4], number + 1, 312)
    for number in range(60)
)
LONG = replace(INVOICE, lines=SIXTY)
WIDE = replace(
    INVOICE,
    issuer=replace(ISSUER, logo=None, colour="#F4C64E"),  # too light to be read: ink instead
    addressee=FAR_AWAY,
    lines=(
        line("Anne-Marguerite", "Séjour", 1, 12345678),
        line("Hugo", "Régularisation de septembre", -3, 250, first=date(2026, 9, 1)),
    ),
    adjustments=(Adjustment("Restant dû au 31/10/2026, factures S-2026-0101 et S-2026-0117", 4520),),
)
TITLE = replace(
    INVOICE,
    debt=DEBT,
    remedies=replace(REMEDIES, kind=Recovery.TITLE),
)
DEBITED = replace(
    INVOICE,
    ways_to_pay=replace(WAYS, debit=DirectDebit(date(2026, 11, 20), "VF1002-2026-1", "FR76 •••• 0189")),
)
NOTHING_DUE = replace(INVOICE, adjustments=(Adjustment("Avoir", -5000),))
CREDIT_NOTE = CreditNote(
    issuer=ISSUER,
    addressee=MOREAU,
    number="SA-2026-0007",
    issued_on=date(2026, 11, 12),
    invoice_number="S-2026-0133",
    invoice_issued_on=date(2026, 11, 4),
    reason="Absence pour maladie le 12 octobre, certificat reçu le 10/11/2026.",
    lines=(line("Emma", "Accueil du soir", -1, 240, "12 oct."),),
    effect="Cet avoir est déduit de votre prochain règlement.",
    remedies=REMEDIES,
)
RECEIPT = Receipt(
    issuer=ISSUER,
    number="S-0313",
    received_at=datetime(2026, 11, 5, 9, 50, tzinfo=UTC),
    payer="Mme Sophie MOREAU",
    family_number="VF-1002",
    settled=(
        Settled("Facture L-2026-0021 de septembre 2026", 1800),
        Settled("Facture L-2026-0058 d’octobre 2026", 1671),
    ),
    means="espèces",
    tendered_cents=4000,
)
CERTIFICATE = TaxCertificate(
    issuer=ISSUER,
    addressee=MOREAU,
    payer="Mme Sophie MOREAU",
    year=2026,
    issued_on=date(2027, 2, 15),
    children=(
        CertifiedChild(
            "Emma Moreau",
            date(2021, 5, 3),
            (("Accueil périscolaire du matin et du soir", 14480), ("Mercredi loisirs, hors repas", 31250)),
        ),
        CertifiedChild("Louis Moreau", date(2020, 1, 2), (("Accueil périscolaire", 8000),), alternating=True),
    ),
)
ENROLMENT = EnrolmentCertificate(
    issuer=replace(ISSUER, service="", signatory="", quality=""),
    addressee=MOREAU,
    child="Emma Moreau",
    born_on=date(2018, 7, 21),
    year="2026-2027",
    school="École élémentaire Jules-Ferry",
    level="CE2",
    activities=(
        EnrolledIn("Restaurant scolaire", "Grands", date(2026, 9, 1), date(2027, 7, 2)),
        EnrolledIn("Accueil périscolaire", "", date(2026, 9, 1), date(2027, 7, 2)),
    ),
    issued_on=date(2026, 10, 5),
)
STATEMENT = AccountStatement(
    issuer=ISSUER,
    addressee=MOREAU,
    issued_on=date(2026, 11, 30),
    first=date(2026, 9, 1),
    last=date(2026, 11, 30),
    opening_cents=-340,
    movements=(
        Movement(date(2026, 10, 4), "Facture de septembre 2026", 1800, "S-2026-0101"),
        Movement(date(2026, 10, 20), "Paiement par carte", -1460, "P-88123"),
        Movement(date(2026, 11, 3), "Annulation, cantine du 12/10, Emma", -328),
        Movement(date(2026, 11, 4), "Facture d’octobre 2026", 2780, "S-2026-0133"),
    ),
)
DEPOSIT = DepositSlip(
    issuer=ISSUER,
    number="2026-41",
    issued_on=date(2026, 11, 6),
    first=date(2026, 11, 2),
    last=date(2026, 11, 5),
    recipient="Service de gestion comptable de Grenoble",
    totals=(
        MeansTotal("Espèces", 3, 8070, cash=(Cash(5000, 1), Cash(1000, 3), Cash(50, 1), Cash(20, 1))),
        MeansTotal(
            "Chèques",
            2,
            4050,
            cheques=(
                Cheque("0000123", "Banque postale", "LEROY Thomas", 1610, "L-0094"),
                Cheque("4588001", "Crédit agricole", "BENALI Nora", 2440, "S-0311"),
            ),
        ),
        MeansTotal("CESU", 1, 6000),
    ),
    account="FR76 1007 1380 0000 0020 0012 345",
)
REMINDERS = tuple(
    Reminder(
        issuer=ISSUER,
        addressee=MOREAU,
        level=level,
        issued_on=date(2026, 12, 14),
        pay_by=date(2027, 1, 4),
        invoices=(
            UnpaidInvoice("S-2026-0101", date(2026, 10, 4), date(2026, 11, 4), 1800, 340),
            UnpaidInvoice("S-2026-0133", date(2026, 11, 4), date(2026, 12, 4), 2780, 2452),
        )[:invoices],
        ways_to_pay=WAYS,
        remedies=REMEDIES,
    )
    for level, invoices in ((1, 1), (2, 2), (3, 2))
)
RULEBOOK = Rulebook(
    issuer=replace(ISSUER, service="", signatory="", quality=""),
    year="2026-2027",
    sections=(
        Section(
            "cantine",
            "Restaurant scolaire",
            (
                Heading("Réserver et annuler"),
                Sentences("Un jour se réserve et s’annule jusqu’à la veille à 12:00."),
                Items(("Petits : 40 places par jour.", "Grands : 90 places par jour.")),
                Prices("Par repas", ("Quotient familial", "Prix"), (("jusqu’à 450", "1,20 €"),)),
            ),
        ),
        *(Section(f"s{n}", f"Chapitre {n}", (Sentences("Une règle. " * 60),) * 4) for n in range(2, 6)),
    ),
    issued_on=date(2026, 9, 1),
)

KITCHEN = KitchenSheet(
    issuer=replace(ISSUER, service="", signatory="", quality=""),
    meal="Repas de midi",
    activity="Restaurant scolaire",
    day=date(2026, 11, 9),
    closed_at=datetime(2026, 11, 5, 10, 25, tzinfo=PARIS),
    issued_on=date(2026, 11, 5),
    lines=(
        KitchenLine("Les Lilas", 28, (("sans porc", 3), ("végétarien", 2)), 1),
        KitchenLine("Jules-Ferry", 66, (("sans porc", 7), ("végétarien", 4)), 1),
        KitchenLine("Adultes, sans classe connue", 9),
    ),
)

ACCESS = AccessLetter(
    issuer=replace(ISSUER, service="Portail Famille", signatory="", quality=""),
    addressee=MOREAU,
    issued_on=date(2026, 9, 1),
    username="sophie.moreau",
    code="K7QF-2MXP-9RTA",
    url="https://famille.val-fleuri.example/inscrivez-vous?dossier=VF-1002&code=K7QF-2MXP-9RTA&nom=sophie.moreau",
    site="famille.val-fleuri.example/inscrivez-vous",
)

PAPERS: dict[str, Paper] = {
    "kitchen list": KITCHEN,
    "access letter": ACCESS,
    "access letter, far away": replace(
        ACCESS, addressee=FAR_AWAY, username="marie-christine.de-la-rochefoucauld"
    ),
    "rulebook": RULEBOOK,
    "personal data": PERSONAL,
    "enrolment": ENROLMENT,
    "invoice": INVOICE,
    "long": LONG,
    "wide": WIDE,
    "title": TITLE,
    "debited": DEBITED,
    "nothing due": NOTHING_DUE,
    "credit note": CREDIT_NOTE,
    "receipt": RECEIPT,
    **signed.PAPERS,
    "certificate": CERTIFICATE,
    "statement": STATEMENT,
    "deposit": DEPOSIT,
    "reminder 1": REMINDERS[0],
    "reminder 2": REMINDERS[1],
    "reminder 3": REMINDERS[2],
}
