"""Damages to a message to many families, in the town of test_mass_messages.py."""

from tests.models.damage_sql import MOMENT, Damage, change

FIRST = "(SELECT MIN(id) FROM mass_recipient)"
ITS_THREAD = f"(SELECT thread_id FROM mass_recipient WHERE id = {FIRST})"
ITS_MESSAGE = f"(SELECT MIN(id) FROM message WHERE thread_id = {ITS_THREAD})"
ITS_NOTICE = f"about = 'message:' || {ITS_MESSAGE}"
TOLD_AGAIN = (
    "INSERT INTO notice (key, kind, family_id, about, facts, at) "
    f"SELECT 'again', kind, family_id, about, '{{}}', {MOMENT} FROM notice WHERE {ITS_NOTICE}"
)

MESSAGES: dict[str, dict[str, Damage]] = {
    "messages": {
        "a family that was left out": [change("mass_recipient", FIRST, "thread_id = NULL")],
        "another family's conversation": [
            change("message_thread", ITS_THREAD, "family_id = (SELECT MAX(id) FROM family)")
        ],
        "other words": [change("message", ITS_MESSAGE, "text = 'x'")],
        "a message that is gone": [change("message", ITS_MESSAGE, "key = 'x'")],
        "words of somebody else": [change("message", ITS_MESSAGE, "member_id = member_id + 1")],
        "a family that was not told": [change("notice", ITS_NOTICE, "about = 'message:0'")],
        "a family that was told twice": [TOLD_AGAIN],
    }
}

COPY = "(SELECT MIN(id) FROM message_attachment WHERE mass_id IS NOT NULL)"
FILES: dict[str, dict[str, Damage]] = {
    "messages": {
        "a file that is lost": [change("message_attachment", COPY, "mass_id = NULL")],
        "another file": [change("message_attachment", COPY, "sha256 = 'x'")],
        "the file of a message that never was": [
            change("mass_attachment", "(SELECT MIN(id) FROM mass_attachment)", "click = 'x'")
        ],
        "a family without it": [f"DELETE FROM message_attachment WHERE id = {COPY}"],
    }
}
