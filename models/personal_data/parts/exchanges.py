"""What was written and told: messages, notices, e-mails, the journal."""

from models.personal_data.part import CHAIN, GUARDIANS, HOME, NO_NAME, OWN, Part
from models.storage.constraint_list.untouched import FILE, NOTE

_THREADS = "thread_id IN (SELECT id FROM message_thread WHERE family_id = {family})"
_MESSAGES = "message_id IN (SELECT id FROM message WHERE " + _THREADS + ")"  # noqa: S608
# An e-mail's key says of what notice it is and for which parent, or of which message a department is told.
_MY_EMAILS = (
    'NOT sealed AND "key" IN (SELECT notice."key" || \':{guardian}\' FROM notice WHERE family_id = {family})'
)
_THEIR_EMAILS = (
    '("key" IN (SELECT notice."key" || \':\' || guardian.id FROM notice '
    "JOIN guardian ON guardian.family_id = notice.family_id WHERE notice.family_id = {family}) "
    "OR \"key\" IN (SELECT 'department:' || message.id FROM message "
    "JOIN message_thread ON message_thread.id = message.thread_id WHERE message_thread.family_id = {family}) "
    "OR recipient IN (SELECT email FROM guardian WHERE family_id = {family} AND email <> ''))"
)

WORDS = "Message effacé\u00a0: la famille a été anonymisée."

EXCHANGED = (
    Part(
        "message_thread",
        "Conversations avec la mairie",
        HOME,
        told="subject state begun_at last_at child_id",
        emptied={"subject": "Conversation anonymisée"},
        of=HOME,
        stays=NO_NAME,
    ),
    Part(
        "message",
        "Messages",
        _THREADS,
        told="thread_id text sent_at read_at guardian_id",
        plain="key",
        emptied={"text": WORDS},
        of=_THREADS + " AND \"key\" NOT LIKE 'mass_recipient:%'",  # the mairie's words to many name nobody
        stays=NO_NAME,
    ),
    Part(
        "message_attachment",
        "Fichiers joints aux messages",
        _MESSAGES + " AND mass_id IS NULL",  # the mairie's file to many names nobody
        told="name size",
        plain="kind sha256",
        file="content",
        emptied={"name": FILE, "content": b""},
        of=_MESSAGES + " AND mass_id IS NULL",
        stays="Restent la taille, l’empreinte et la sorte du fichier.",
    ),
    Part(
        "thread_note",
        "",
        "",
        kept_back="text",
        plain="key written_at",
        emptied={"text": NOTE},
        of=_THREADS,
    ),
    Part("mass_recipient", "", "", stays=NO_NAME),
    Part("mass_attachment", "", "", plain="click name kind size sha256 content added_at", stays=NO_NAME),
    Part(
        "notice",
        "Ce dont la mairie m’a prévenu",
        HOME + " AND (guardian_id IS NULL OR guardian_id = {guardian})",
        told="kind at told_at",
        plain="key about",
        kept_back="facts",
        emptied={"facts": {}},
        of=HOME + " AND told_at IS NOT NULL",  # what is not told yet is drawn from them
        stays=NO_NAME,
    ),
    Part(
        "bell_entry",
        "Notifications",
        OWN,
        told="title short at read_at",
        plain="path",
        emptied={"title": "", "short": ""},
        of=GUARDIANS,
        stays=NO_NAME,
    ),
    Part(
        "text_message",
        "SMS",
        OWN,
        told="phone text state written_at sent_at",
        plain="reason carrier ended_at",
        emptied={"phone": "effacé {id}", "text": ""},
        of=GUARDIANS,
        stays=NO_NAME,
    ),
    Part(
        "email",
        "Courriels",
        _MY_EMAILS,
        told="recipient subject text written_at sent_at",
        plain="key no_reply sealed",
        kept_back="html unsubscribe",
        emptied={
            "recipient": "",
            "subject": "",
            "text": "",
            "html": "",
            "unsubscribe": None,
            "sealed": False,
        },
        of=_THEIR_EMAILS,
        stays=NO_NAME,
    ),
    Part(
        "email_attachment",
        "",
        "",
        kept_back="name kind content",
        stays="Listes de la cuisine\u00a0: aucun parent.",
    ),
    Part(
        "event",
        "Journal de ce que j’ai fait",
        HOME + " AND actor = 'guardian:{guardian}'",
        told="at action object",
        plain="hash actor emptied_at",
        kept_back="details salt digest",
        stays=CHAIN,
    ),
)
