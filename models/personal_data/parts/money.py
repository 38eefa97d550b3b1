"""What they owe, paid, and got back: kept ten years, whoever asks."""

from models.personal_data.part import HOME, LAW, Part

_PAID = "payment_id IN (SELECT id FROM payment WHERE family_id = {family})"
_INVOICED = "invoice_id IN (SELECT id FROM invoice WHERE family_id = {family})"
_REFUNDED = "refund_id IN (SELECT id FROM refund WHERE family_id = {family})"
_ACCOUNTS = "account_id IN (SELECT id FROM account WHERE family_id = {family})"
_LINE = "position child label quantity unit_cents cents care_cents starts ends days"

MONEY = (
    Part("account", "", "", plain="code kind"),
    Part(
        "entry",
        "Écritures de mon compte",
        "id IN (SELECT entry_id FROM leg WHERE " + _ACCOUNTS + ")",  # noqa: S608
        told="kind label occurred_at child activity",
        plain="key actor",
        stays=LAW,
    ),
    Part("leg", "Sommes de ces écritures", _ACCOUNTS, told="entry_id cents", stays=LAW),
    Part(
        "invoice",
        "Factures",
        HOME,
        told="till_id number issued_on cents period_start period_end due_on recipient delivery",
        plain="before_portal series_year rank",
        stays=LAW,
    ),
    Part("invoice_line", "Lignes des factures", _INVOICED, told="invoice_id " + _LINE, stays=LAW),
    Part(
        "credit_note",
        "Avoirs sur factures",
        HOME,
        told="till_id number issued_on cents applied_cents reason recipient",
        plain="series_year rank rebill",
        stays=LAW,
    ),
    Part(
        "credit_note_line",
        "Lignes des avoirs",
        "credit_note_id IN (SELECT id FROM credit_note WHERE family_id = {family})",
        told=_LINE,
        stays=LAW,
    ),
    Part(
        "issued_document",
        "Documents remis",
        HOME,
        told="name size stored_at",
        plain="key kind sha256",
        file="content",
        stays=LAW,
    ),
    Part(
        "exemption",
        "Dérogations",
        HOME,
        told="kind until made_at ended_at",
        plain="click",
        kept_back="reason",
        stays=LAW,
    ),
    Part("credit_use", "Avoirs utilisés", HOME, told="cents at", plain="click actor", stays=LAW),
    Part(
        "anomaly", "", "", kept_back="reference cents actor", plain="key kind at told_at seen_at", stays=LAW
    ),
    Part(
        "payment",
        "Paiements",
        HOME,
        told="till_id method reference state cents card made_at paid_at",
        plain="provider click anomaly",
        kept_back="bank_url bank_number authorisation transaction heard",
        stays=LAW,
    ),
    Part("payment_part", "Ce que chaque paiement a réglé", _PAID, told="payment_id kind cents", stays=LAW),
    Part(
        "mandate",
        "Mandats de prélèvement",
        HOME,
        told="till_id rum holder last_four bic signed_on state made_at last_used_on ended_at",
        plain="made_by ended_by",
        kept_back="iban paper",
        stays="Preuve d’un prélèvement, qui peut être contesté treize mois, puis pièce comptable.",
    ),
    Part(
        "direct_debit",
        "Prélèvements",
        _INVOICED,
        told="state collect_on told_on cents reason rejected_at",
        plain="sequence",
        stays=LAW,
    ),
    Part(
        "invoice_draft",
        "",
        "",
        kept_back="lines cents previous_cents",
        plain="repriced changed_at",
        stays="Brouillon d’une facture émise.",
    ),
    Part("invoiced_booking", "", "", plain="cents"),
    Part(
        "tax_certificate",
        "Attestations fiscales",
        HOME,
        told="year cents children tills payer recipient issued_on",
        stays="Preuve d’un crédit d’impôt\u00a0: le fisc peut la demander.",
    ),
    Part(
        "receipt",
        "Reçus du guichet",
        _PAID,
        told="number day taken_at payer tendered bank drawer",
        plain="series_year rank paper_number",
        stays=LAW,
    ),
    Part("reversal", "Reçus contre-passés", _PAID, told="day at reason", plain="from_bank", stays=LAW),
    Part(
        "write_off", "Sommes abandonnées", HOME, told="cents at", kept_back="reason", plain="click", stays=LAW
    ),
    Part(
        "refund",
        "Remboursements",
        HOME,
        told="till_id cents reason asked_at state answered_at answer method",
        plain="asked_by click",
        stays=LAW,
    ),
    Part(
        "discharge",
        "Remboursements en espèces",
        _REFUNDED,
        told="number day given_at payee",
        plain="series_year rank",
        stays=LAW,
    ),
    Part(
        "card_refund",
        "Remboursements sur carte",
        _REFUNDED,
        told="state ordered_at ended_at",
        plain="tries",
        kept_back="said",
        stays=LAW,
    ),
    Part(
        "reminder",
        "Relances",
        HOME,
        told="till_id level sent_on pay_by cents recipient delivery",
        plain="sent_at",
        stays=LAW,
    ),
    Part("merged_balance", "Soldes réunis", "into_id = {family}", told="till_id cents at", stays=LAW),
    Part("reminded_invoice", "", "", plain="cents"),
    Part("bank_line", "", "", kept_back="label cents", plain="day key", stays=LAW),
    Part(
        "debit_batch",
        "",
        "",
        kept_back="file",
        stays=LAW,
        plain="collect_on message state number cents sha256 prepared_at prepared_by sent_at settled_at",
    ),
)
