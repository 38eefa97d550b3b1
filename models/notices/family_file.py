"""What parents are told of their file: who may fetch a child, a paper that they sent, two files that are one now."""

from collections.abc import Sequence
from datetime import date

from models.families.child import Home
from models.families.family import Family
from models.families.file.contact import ChildContact
from models.families.file.sent_document import SentDocument
from models.french import day_numeric, quoted, together
from models.notices.message import Link, Message, fit, words_of
from models.rules.money import NBSP
from models.rules.states.notices import NoticeKind
from models.rules.states.requests import RequestState
from models.work.notice import Notice


@words_of(NoticeKind.CONTACT_CHANGED, "Un dossier a changé.", "/dossier")
async def contact_changed(digest: Sequence[Notice]) -> Message:
    notice = digest[0]
    row = await ChildContact.get(id=notice.id_of_about).select_related("child", "added_by")
    child, removed = row.child.first_name, notice.facts.get("removed")
    uses = [
        said
        for said, told in (("venir chercher", row.collects), ("être appelée pour", row.emergency))
        if told
    ]
    may = "ne peut plus" if removed else "peut maintenant"
    return Message(
        fit(f"Dossier de {child}\u00a0: {row.name}", f"Le dossier de {child} a changé"),
        [
            f"{row.name} ({row.relation}) {may} {' et '.join(uses)} {child}.",
            "Si ce changement vous étonne, appelez la mairie.",
        ],
        link=Link("Voir le dossier", f"/dossier#enfant-{row.child_id}"),
    )


@words_of(NoticeKind.DOCUMENT_ANSWERED, "Réponse à une pièce envoyée.", "/dossier")
async def document_answered(digest: Sequence[Notice]) -> Message:
    row = await SentDocument.get(id=digest[0].id_of_about).select_related("required", "child")
    name = row.required.name if row.required else row.name
    about = f"{name}, {row.child.first_name}" if row.child else name
    if row.state == RequestState.REFUSED:
        said = [
            f"La mairie ne peut pas garder {quoted(about)}\u00a0: {row.reason}",
            "Envoyez-en une autre version.",
        ]
        return Message(fit(f"À renvoyer\u00a0: {about}", "Une pièce est à renvoyer"), said, link=_LINK)
    until = f", jusqu’au {day_numeric(row.until)}" if row.until else ""
    return Message(
        fit(f"Pièce acceptée\u00a0: {about}", "Votre pièce est acceptée"),
        [f"La mairie a accepté {quoted(about)}{until}."],
        link=_LINK,
    )


@words_of(NoticeKind.DOCUMENT_ENDS, "Une date de votre dossier approche.", "/dossier")
async def document_ends(digest: Sequence[Notice]) -> Message:
    """Of a child's health neither the word nor the child: an e-mail is read by others too."""
    facts = digest[0].facts
    until, name = day_numeric(date.fromisoformat(facts["until"])), facts.get("name")
    about = f"{name}, {facts['child']}" if name and facts.get("child") else name
    if not about:
        said = f"Une partie du dossier de votre famille n’est valable que jusqu’au {until}."
        return Message(
            "À renouveler dans votre dossier",
            [said, "Le dossier dit ce qui est à renouveler."],
            link=_LINK,
        )
    return Message(
        fit(f"À renouveler avant le {until}\u00a0: {about}", "Une pièce est à renouveler"),
        [f"{quoted(about)} n’est plus valable après le {until}.", "Envoyez la suivante depuis le dossier."],
        link=_LINK,
    )


@words_of(NoticeKind.FILES_MERGED, "Vos deux dossiers n’en font plus qu’un.", "/dossier")
async def files_merged(digest: Sequence[Notice]) -> Message:
    """To the parents of the file that stands: those who came over are among them."""
    notice = digest[0]
    kept, closed = await Family.get(id=notice.family_id), await Family.get(id=notice.id_of_about)
    return Message(
        f"Vos deux dossiers n’en font plus qu’un{NBSP}: {kept.number}",
        [
            f"La mairie a réuni le dossier {closed.number} au dossier {kept.number}, qui est le vôtre maintenant. "
            "Donnez ce numéro si vous nous appelez.",
            "Chaque compte déjà ouvert s’ouvre comme avant, avec le même nom d’utilisateur et le même mot de passe. "
            "Les enfants, les inscriptions et les jours réservés à venir sont dans ce dossier.",
            f"Les factures, reçus et attestations du dossier {closed.number} se lisent dans «{NBSP}Factures{NBSP}». "
            "Ce qui restait à payer, ou en votre faveur, est sur le compte de ce dossier.",
        ],
        link=Link("Voir les factures", "/factures/historique"),
    )


DAYS = {  # by models.households.parting.Choice: what became of the days that are the new home's
    "cancel": "Les jours réservés à venir qui changent de foyer sont annulés{nbsp}: réservez ceux qu’il vous faut.",
    "move": "Les jours réservés à venir qui changent de foyer sont dans le nouveau dossier.",
    "keep": "Les jours réservés à venir restent au premier dossier, sauf ceux d’un enfant qui n’y est plus.",
}
WEEKS = {"all": "", "even": " (semaines paires)", "odd": " (semaines impaires)"}


@words_of(NoticeKind.HOME_PARTED, "Votre dossier famille a changé.", "/dossier")
async def home_parted(digest: Sequence[Notice]) -> Message:
    """To each home what is theirs now; nothing of the other one, which lives elsewhere."""
    notice = digest[0]
    home = await Family.get(id=notice.family_id)
    there = await Home.filter(family_id=home.id).order_by("position", "child_id").select_related("child")
    children = (
        together([f"{row.child.first_name}{WEEKS[row.weeks]}" for row in there]) if there else "aucun enfant"
    )
    days = [said.format(nbsp=NBSP)] if (said := DAYS.get(notice.facts["days"])) else []
    if home.id == notice.id_of_about:
        old = await Family.get(id=notice.facts["old"])
        said_of_it = [
            f"La mairie a ouvert le dossier {home.number} pour votre foyer. Enfants{NBSP}: {children}.",
            *days,
            f"Votre compte du dossier {old.number} est fermé. Ouvrez celui-ci avec le courrier de première connexion "
            "de la mairie, ou avec cette adresse e-mail.",
            f"Les factures d’avant restent celles du dossier {old.number}{NBSP}; "
            "celles d’après vous seront envoyées ici.",
        ]
        return Message(
            f"Votre nouveau dossier{NBSP}: {home.number}",
            said_of_it,
            link=Link("Ouvrir mon compte", "/inscrivez-vous"),
        )
    said_of_it = [
        "Un parent a maintenant un dossier à part, et n’ouvre plus celui-ci. Le vôtre garde son numéro, "
        f"{home.number}. Enfants{NBSP}: {children}.",
        *days,
        "Votre compte s’ouvre comme avant. Les factures d’avant restent dans votre dossier.",
    ]
    return Message(f"Votre dossier {home.number} a changé", said_of_it, link=_LINK)


_LINK = Link("Voir le dossier", "/dossier")
