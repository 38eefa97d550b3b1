"""What happened to somebody's account, and what opens it."""

from collections.abc import Sequence

from models.access.token import Token
from models.french import moment_long
from models.notices.message import Link, Message, words_of
from models.rules.accounts import addresses
from models.rules.money import NBSP
from models.rules.states.notices import NoticeKind
from models.work.notice import Notice

ONCE = f"Il ne sert qu’une fois. Si vous n’avez rien demandé, ne cliquez pas{NBSP}: rien ne changera."


@words_of(NoticeKind.PASSWORD_CHANGED, "Votre mot de passe a été changé.", "/compte")
async def password_changed(digest: Sequence[Notice]) -> Message:
    changed = f"Le mot de passe de votre compte a été changé le {moment_long(digest[0].at)}."
    return Message(
        "Votre mot de passe a été changé",
        [
            f"{changed} Les autres appareils ont été déconnectés.",
            "Si c’est vous, vous n’avez rien à faire. Sinon, prévenez-nous tout de suite.",
        ],
    )


@words_of(NoticeKind.PASSKEY_ADDED, "Une clé d’accès a été ajoutée.", "/compte/cles")
async def passkey_added(digest: Sequence[Notice]) -> Message:
    name, at = digest[0].facts["name"], moment_long(digest[0].at)
    return Message(
        "Une clé d’accès a été ajoutée",
        [
            f"La clé d’accès «\u00a0{name}\u00a0» ouvre votre compte sans mot de passe depuis le {at}.",
            "Si c’est vous, vous n’avez rien à faire. Sinon, retirez-la dans «\u00a0Mon compte\u00a0», "
            "changez de mot de passe et prévenez-nous tout de suite.",
        ],
    )


@words_of(NoticeKind.ACCOUNT_ACTIVATION, "Un courriel vous attend.", "/compte")
async def account_activation(digest: Sequence[Notice]) -> Message | None:
    token = await _token(digest[0])
    said = [
        f"Voici de quoi ouvrir votre compte, pour le dossier famille {token.guardian.family.number}.",
        f"Votre nom d’utilisateur{NBSP}: {token.facts.get('username', token.guardian.username)}",
        f"Le lien est valable 7{NBSP}jours. {ONCE}",
    ]
    return _leading(token, "Activez votre compte Portail Famille", said, "Activer mon compte", "/activation")


@words_of(NoticeKind.PASSWORD_LINK, "Un courriel vous attend.", "/compte")
async def password_link(digest: Sequence[Notice]) -> Message | None:
    """The user name is said too: it may be what was forgotten."""
    token = await _token(digest[0])
    said = [
        f"Votre nom d’utilisateur{NBSP}: {token.guardian.username}",
        f"Mot de passe oublié{NBSP}? Le lien ci-dessous permet d’en choisir un autre. "
        f"Il est valable 1{NBSP}heure. {ONCE}",
    ]
    title = "Votre lien pour changer de mot de passe"
    return _leading(token, title, said, "Choisir un nouveau mot de passe", "/nouveau-mot-de-passe")


@words_of(NoticeKind.SIGN_IN_LINK, "Un courriel vous attend.", "/compte")
async def sign_in_link(digest: Sequence[Notice]) -> Message | None:
    token = await _token(digest[0])
    said = [
        f"Votre nom d’utilisateur{NBSP}: {token.guardian.username}",
        f"Le lien vous connecte sans mot de passe. Il est valable 15{NBSP}minutes. {ONCE}",
    ]
    return _leading(token, "Votre lien de connexion", said, "Me connecter", "/connexion/lien")


@words_of(NoticeKind.ADDRESS_LINK, "Un courriel vous attend.", "/compte")
async def address_link(digest: Sequence[Notice]) -> Message | None:
    token = await _token(digest[0])
    said = [
        "Vous avez demandé à recevoir nos messages à cette adresse.",
        f"Le lien est valable 24{NBSP}heures. {ONCE}",
    ]
    return _leading(token, "Confirmez votre adresse e-mail", said, "Confirmer mon adresse", "/adresse-e-mail")


@words_of(NoticeKind.ADDRESS_CHANGED, "Votre adresse e-mail a été changée.", "/compte")
async def address_changed(digest: Sequence[Notice]) -> Message:
    """To the address before: whoever reads there must know."""
    notice = digest[0]
    new = addresses.hidden(notice.facts["new"])
    return Message(
        "Votre adresse e-mail a été changée",
        [
            f"Depuis le {moment_long(notice.at)}, nos messages vont à {new} et non plus à cette adresse.",
            "Si c’est vous, vous n’avez rien à faire. Sinon, prévenez-nous tout de suite.",
        ],
        recipient=notice.facts["to"],
    )


@words_of(NoticeKind.ACCOUNT_CLOSED, "Votre compte en ligne est supprimé.", "/")
async def account_closed(digest: Sequence[Notice]) -> Message:
    """To the address before, which the account has no more."""
    notice = digest[0]
    return Message(
        "Votre compte en ligne est supprimé",
        [
            f"Votre accès au portail a pris fin le {moment_long(notice.at)}, et cette adresse n’y est plus.",
            "Les réservations tiennent, et la mairie garde le dossier de la famille.",
            "Si ce n’est pas vous, prévenez-nous tout de suite.",
        ],
        recipient=notice.facts["to"],
    )


async def _token(notice: Notice) -> Token:
    return await Token.get(id=notice.id_of_about).select_related("guardian", "guardian__family")


def _leading(token: Token, title: str, said: Sequence[str], label: str, place: str) -> Message | None:
    """An e-mail whose link opens this place, kept sealed. None once the link is used or replaced."""
    secret = token.secret
    if secret is None:
        return None
    link = Link(label, f"{place}/{secret}")
    return Message(title, list(said), link=link, recipient=token.email, secret=True)
