"""What happened to somebody's account."""

from collections.abc import Sequence

from models.french import moment_long
from models.notices.message import Message, words_of
from models.rules.states.notices import NoticeKind
from models.work.notice import Notice


@words_of(NoticeKind.PASSWORD_CHANGED)
async def password_changed(digest: Sequence[Notice]) -> Message:
    changed = f"Le mot de passe de votre compte a été changé le {moment_long(digest[0].at)}."
    return Message(
        "Votre mot de passe a été changé",
        [
            f"{changed} Les autres appareils ont été déconnectés.",
            "Si c’est vous, vous n’avez rien à faire. Sinon, prévenez-nous tout de suite.",
        ],
    )
