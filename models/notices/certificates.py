"""« Votre attestation fiscale 2025 »: what it is for, where it is."""

from collections.abc import Sequence

from models.certificates.certificate import Certificate
from models.notices.message import Link, Message, words_of
from models.rules.money import NBSP, euros
from models.rules.states.notices import NoticeKind
from models.work.notice import Notice


@words_of(NoticeKind.CERTIFICATE_ISSUED, "Une attestation est disponible.", "/factures/attestations")
async def issued(digest: Sequence[Notice]) -> Message:
    one = await Certificate.get(id=digest[0].id_of_about)
    told = [
        f"Elle dit ce que vous avez réellement payé en {one.year} pour l’accueil de vos enfants de moins de six ans"
        f"{NBSP}: {euros(one.cents)}. Vous en aurez besoin pour votre déclaration de revenus."
    ]
    if one.replaces_id:
        told.append("Elle remplace celle que vous aviez reçue auparavant.")
    link = Link("Voir mes attestations", "/factures/attestations")
    return Message(f"Votre attestation fiscale {one.year}", told, link=link)
