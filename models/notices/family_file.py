"""What parents are told of their file: who may fetch a child, what became of a paper that they sent."""

from collections.abc import Sequence
from datetime import date

from models.families.file.contact import ChildContact
from models.families.file.sent_document import SentDocument
from models.french import day_numeric, quoted
from models.notices.message import Link, Message, fit, words_of
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


_LINK = Link("Voir le dossier", "/dossier")
