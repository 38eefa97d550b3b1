"""What papers say, for the PDF and for the page that shows the same: titles, ways to pay, remedies, reminders."""

from datetime import date

from models.french.dates import day_and_month, day_numeric, month_name
from models.french.names import agreed, quoted
from models.rules.money import NBSP, euros
from models.rules.papers import (
    AccessLetter,
    CreditNote,
    DirectDebit,
    Discharge,
    EnrolmentCertificate,
    Invoice,
    InvoiceLine,
    Issuer,
    Receipt,
    Recovery,
    Remedies,
    Reminder,
    Rulebook,
    TaxCertificate,
    WaysToPay,
)

ARTICLES = (
    f"articles L.{NBSP}1617-5 du code général des collectivités territoriales et R.{NBSP}421-1 du code de justice "
    "administrative"
)
TOBACCONIST = (
    f"Chez un buraliste ou un partenaire agréé, muni de cette page{NBSP}: par carte bancaire, ou en espèces jusqu’à "
    f"300{NBSP}€. Liste{NBSP}: www.impots.gouv.fr/portail/paiement-de-proximite"
)
REMINDER_TITLES = {
    1: "Un rappel amical",
    2: "Deuxième rappel",
    3: "Dernier rappel avant mise en recouvrement",
}


def invoice_title(paper: Invoice) -> str:
    """« Facture d’octobre 2026 »; « Facture du 01/09/2022 au 15/10/2022 » when it is not of one month."""
    if (paper.first.year, paper.first.month) != (paper.last.year, paper.last.month):
        return f"Facture {span(paper.first, paper.last)}"
    name = month_name(paper.first)
    return f"Facture d’{name}" if name[0] in "ao" else f"Facture de {name}"


def receipt_title(paper: Receipt) -> str:
    return f"Reçu de {euros(paper.cents)}"


def discharge_title(paper: Discharge) -> str:
    return f"Décharge de {euros(paper.cents)}"


def balance_label(cents: int, day: date) -> str:
    """What the last balance of a statement means."""
    at = f"au {day_numeric(day)}"
    return f"Reste dû {at}" if cents > 0 else f"Avoir {at}" if cents < 0 else f"Compte soldé {at}"


def credit_note_title(paper: CreditNote) -> str:
    return f"Avoir sur la facture n°{NBSP}{paper.invoice_number}"


def certificate_title(paper: TaxCertificate) -> str:
    return f"Attestation fiscale de l’année {paper.year}"


def enrolment_title(paper: EnrolmentCertificate) -> str:
    return f"Attestation d’inscription {paper.year}"


def enrolment_sentences(paper: EnrolmentCertificate) -> list[str]:
    """What is attested, before the activities."""
    born = f"{agreed('né(e)', paper.sex)} le {day_numeric(paper.born_on)}"
    level = f" en {paper.level}" if paper.level else ""
    where = (
        f"est {agreed('scolarisé(e)', paper.sex)}{level} ({paper.school})"
        if paper.school
        else f"est {agreed('inscrit(e)', paper.sex)} aux activités de la commune"
    )
    said = [
        f"{paper.issuer.commune} atteste que {paper.child}, {born}, {where}, pour l’année scolaire {paper.year}."
    ]
    if paper.activities:
        said.append(f"Au {day_numeric(paper.issued_on)}, ses inscriptions sont{NBSP}:")
    return said


def rulebook_title(paper: Rulebook) -> str:
    """« Règlement 2018-2019 »."""
    return f"{paper.name} {paper.year}".rstrip()


def personal_data_title() -> str:
    return "Mes données"


def span(first: date, last: date) -> str:
    """« du 01/09/2022 au 30/09/2022 », « du 12/09/2022 » for one day."""
    return f"du {day_numeric(first)}" if first == last else f"du {day_numeric(first)} au {day_numeric(last)}"


def line_days(line: InvoiceLine) -> str:
    """Empty where nobody knows more than the label says."""
    if line.days or line.first is None or line.last is None:
        return line.days
    return span(line.first, line.last).capitalize()


def line_parts(line: InvoiceLine) -> list[str]:
    """What the amount is made of: meal and care apart, then the aid that was taken off."""
    said = []
    if line.care_cents is not None:
        said.append(
            f"dont repas{NBSP}: {euros(line.cents - line.care_cents)}, accueil{NBSP}: {euros(line.care_cents)}"
        )
    if line.aid_cents:
        said.append(f"{line.aid_label or 'Aide'}{NBSP}: {euros(-line.aid_cents)}")
    return said


def total_label(paper: Invoice) -> str:
    """« Net à payer avant le 04/12/2026 », « Net à payer » when nothing is due, « Il vous reste un avoir de »."""
    if paper.to_pay_cents < 0:
        return "Rien à payer, il vous reste un avoir de"
    due = paper.to_pay_cents and not paper.ways_to_pay.debit
    return f"Net à payer avant le {day_numeric(paper.due_on)}" if due else "Net à payer"


def signature(issuer: Issuer) -> str:
    """« Émise par Claire Dumont, régisseuse titulaire »; empty when nobody is named."""
    return ", ".join(part for part in (issuer.signatory, issuer.quality) if part)


def debited(debit: DirectDebit) -> str:
    return (
        f"La somme sera prélevée le {day_and_month(debit.on)} {debit.on.year} sur le compte {debit.account} "
        f"(mandat {debit.mandate})."
    )


def online(ways: WaysToPay) -> list[str]:
    """How to pay on the internet, a sentence each."""
    said = (
        [f"Photographiez ce carré, ou ouvrez {ways.site}, {quoted('Payer mes factures')}."]
        if ways.site
        else []
    )
    if ways.collectivity:
        said.append(
            f"Ou sur www.payfip.gouv.fr, identifiant de la collectivité{NBSP}: {ways.collectivity}, "
            f"référence{NBSP}: {ways.reference}."
        )
    return said


def otherwise(ways: WaysToPay) -> list[str]:
    said = list(ways.counter)
    if ways.cheque_to:
        said.append(
            f"Par courrier{NBSP}: chèque à l’ordre de {quoted(ways.cheque_to)}, avec le talon ci-dessous."
        )
    return said


ACCESS_TITLE = "Ouvrez votre compte sur le Portail Famille"


def access_opening() -> list[str]:
    """What the letter of first connection is for."""
    return [
        "Réservez la cantine, la garderie et les mercredis, payez et suivez vos factures en ligne. Voici de quoi "
        "ouvrir votre compte. Il est à vous seul(e)\u00a0: chaque responsable reçoit son propre courrier.",
    ]


def access_steps(paper: AccessLetter) -> list[str]:
    """What to do, in order."""
    return [
        f"1. Photographiez ce carré avec votre téléphone, ou ouvrez {paper.site}",
        "2. Vérifiez ou saisissez le numéro de dossier et le code ci-dessus.",
        "3. Donnez votre adresse e-mail, choisissez un nom d’utilisateur et un mot de passe.",
        "4. Cliquez sur le lien reçu par e-mail\u00a0: votre compte est ouvert.",
        "Ce code ne sert qu’une fois. Un nouveau courrier le remplace.",
    ]


def question(issuer: Issuer, due_on: date | None = None) -> str:
    """Whom to ask: the portal first, then telephone and address that there are."""
    ways = ["écrivez-nous depuis le portail"]
    ways += [f"appelez le {issuer.phone.replace(' ', NBSP)}"] if issuer.phone else []
    until = f", si possible avant le {day_numeric(due_on)}" if due_on else ""
    return f"Une question, une erreur{NBSP}? {' ou '.join(ways).capitalize()}{until}."


def dispute(about: Remedies, what: str, since: str = "sa réception") -> str:
    """Before whom and until when. A reminder opens no new time limit: its invoices did."""
    court = about.court + (f" ({about.court_address})" if about.court_address else "")
    return (
        f"Vous pouvez contester {what} devant le {court}, sur place, par courrier ou sur www.telerecours.fr, "
        f"dans les deux mois qui suivent {since} ({ARTICLES})."
    )


def remedies(about: Remedies, *, due: bool = True) -> list[str]:
    """Remedies and time limits of an invoice. Source: CGCT L1617-5, CJA R421-1, LPF L252 A for a title."""
    contested = dispute(about, "cette facture")
    match about.kind:
        case Recovery.TILL if not due:
            return [contested]
        case Recovery.TILL:
            return [
                contested,
                "Une facture qui n’est pas réglée à temps donne lieu à un titre de recettes, que le comptable public "
                "recouvre et qui peut être contesté de la même façon.",
            ]
        case Recovery.TITLE:
            return [
                f"Titre exécutoire, article L.{NBSP}252{NBSP}A du livre des procédures fiscales.",
                contested,
                "La régularité d’un acte de poursuite se conteste devant le juge de l’exécution, dans les deux mois "
                "de sa notification.",
            ]


def reminder_sentences(paper: Reminder) -> list[str]:
    """What the letter says before its list: the tone rises with the level, courtesy stays."""
    by = f"{day_and_month(paper.pay_by)} {paper.pay_by.year}".replace(" ", NBSP)
    several = len(paper.invoices) > 1
    remain = "ces factures restent" if several else "cette facture reste"
    match paper.level:
        case 1:
            return [
                f"Sauf erreur de notre part, {remain} à payer. Un oubli arrive à tout le monde{NBSP}: merci de "
                f"{'les' if several else 'la'} régler avant le {by}.",
                "Si vous venez de payer, ne tenez pas compte de cette lettre.",
            ]
        case 2:
            return [
                f"Malgré notre premier rappel, {remain} à payer. Merci de {'les' if several else 'la'} régler avant "
                f"le {by}.",
                f"Vous rencontrez une difficulté{NBSP}? Parlez-nous-en{NBSP}: un échéancier est souvent possible, et "
                "le centre communal d’action sociale peut vous aider.",
            ]
        case _:
            return [
                f"Malgré nos deux rappels, {remain} à payer. Sans règlement avant le {by}, nous émettrons un titre de "
                "recettes, que le comptable public recouvrera.",
                "Il est encore temps de nous appeler pour convenir d’un échéancier.",
            ]


def certificate_sentences(paper: TaxCertificate) -> list[str]:
    """What is attested, before the amounts. Source: CGI art. 200 quater B."""
    replaced = (
        f"Cette attestation annule et remplace celle du {day_numeric(paper.replaces)}."
        if paper.replaces
        else ""
    )
    return [
        *([replaced] if replaced else []),
        f"{paper.payer} a réellement payé, entre le 1er janvier et le 31 décembre {paper.year}, les sommes ci-dessous "
        f"pour l’accueil d’enfants de moins de six ans au 1er janvier {paper.year}. Les repas n’y sont pas compris, et "
        "les aides déjà déduites de vos factures non plus.",
    ]


def certificate_advice() -> list[str]:
    return [
        "Ces sommes ouvrent droit au crédit d’impôt pour frais de garde des jeunes enfants hors du domicile (article "
        f"200{NBSP}quater{NBSP}B du code général des impôts). Reportez le total de chaque enfant dans votre "
        "déclaration de revenus, après en avoir déduit les aides reçues d’un autre organisme (CAF, employeur).",
        "Pour un enfant en résidence alternée, le plafond est partagé entre les deux parents.",
    ]
