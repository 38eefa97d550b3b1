"""What a family is told of its messages: that one reached the mairie, that one was answered or
begun. Never what they say, but where it is urgent."""

from collections.abc import Sequence

from models.french import moment_long, quoted
from models.messages.attachment import MessageAttachment
from models.messages.thread import Message as Written
from models.notices.message import Link, Message, fit, words_of
from models.rules.states.notices import NoticeKind
from models.work.notice import Notice


@words_of(NoticeKind.MESSAGE_RECEIVED, "Votre message est envoyé.", "/messages")
async def received(digest: Sequence[Notice]) -> Message:
    message = await _written(digest)
    thread = message.thread
    files: list[str] = await MessageAttachment.filter(message_id=message.id).values_list("name", flat=True)  # type: ignore[assignment]
    with_files = [f"Fichier joint\u00a0: {name}." for name in files]
    return Message(
        fit(f"Votre message est envoyé\u00a0: {thread.subject}", "Votre message est envoyé"),
        [
            f"Votre message {quoted(thread.subject)} est arrivé le {moment_long(message.sent_at)}.",
            f"Service\u00a0: {thread.department.name}. Thème\u00a0: {thread.topic.name}.",
            *with_files,
            "Vous serez prévenu(e) par courriel quand la mairie répondra.",
        ],
        link=Link("Voir mon message", f"/messages/{thread.id}"),
        no_reply=True,
    )


@words_of(NoticeKind.MESSAGE_ANSWERED, "Nouveau message de la mairie.", "/messages")
async def answered(digest: Sequence[Notice]) -> Message:
    message = await _written(digest)
    thread = message.thread
    return Message(
        fit(f"La mairie vous a répondu\u00a0: {thread.subject}", "La mairie vous a répondu"),
        [f"{thread.department.name} a répondu à votre message {quoted(thread.subject)}."],
        link=Link("Lire la réponse", f"/messages/{thread.id}"),
        no_reply=True,
    )


@words_of(NoticeKind.MESSAGE_BEGUN, "Nouveau message de la mairie.", "/messages")
async def begun(digest: Sequence[Notice]) -> Message:
    thread = (await _written(digest)).thread
    return Message(
        fit(f"La mairie vous écrit\u00a0: {thread.subject}", "La mairie vous écrit"),
        [
            f"{thread.department.name} vous écrit au sujet de {quoted(thread.subject)}.",
            "Vous pouvez lui répondre sur le portail.",
        ],
        link=Link("Lire le message", f"/messages/{thread.id}"),
        no_reply=True,
    )


@words_of(NoticeKind.MESSAGE_URGENT, "Message urgent de la mairie.", "/messages")
async def urgent(digest: Sequence[Notice]) -> Message:
    """What it says too: whoever is told at once may have no time to sign in."""
    message = await _written(digest)
    thread = message.thread
    return Message(
        fit(f"URGENT\u00a0: {thread.subject}", "Message urgent de la mairie"),
        [line for line in message.text.splitlines() if line.strip()],
        thread.subject,
        Link("Lire et répondre sur le portail", f"/messages/{thread.id}"),
        no_reply=True,
    )


async def _written(digest: Sequence[Notice]) -> Written:
    related = ("thread__department", "thread__topic")
    return await Written.get(id=digest[0].id_of_about).select_related(*related)
