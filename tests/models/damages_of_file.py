"""Damages to the family's file: what tells it, then each damage and its statements. In the town of family_file.py."""

from tests.models.damage_sql import MOMENT, Damage, change

HEALTH = "(SELECT MIN(child_health.id) FROM child_health JOIN child ON child.id = child_id WHERE first_name = 'Emma')"
CONTACT = "(SELECT MIN(id) FROM child_contact)"
CONSENT = "(SELECT MIN(id) FROM consent_answer)"
ANOTHER = "(SELECT MIN(id) FROM child WHERE first_name = 'Lina')"
STRANGER = "(SELECT id FROM guardian WHERE username = 'karim.petit')"
PETIT = f"(SELECT family_id FROM guardian WHERE id = {STRANGER})"
GOOD = "(SELECT id FROM sent_document WHERE click = 'second')"
MADE = "(SELECT id FROM import_line WHERE what = 'child')"
TABLE = "(SELECT id FROM family_import WHERE kind = 'takings')"
TAKING = "(SELECT id FROM import_line WHERE what = 'taking')"
PROOF = "(SELECT id FROM sent_document WHERE click = 'proof')"


def of_kind(kind: str) -> str:
    return f"(SELECT id FROM request WHERE kind = '{kind}')"


FILE: dict[str, dict[str, Damage]] = {
    "dossier": {
        "health that nobody wrote": [change("child_health", HEALTH, "version = version + 1")],
        "health of another child": [change("child_health", HEALTH, f"child_id = {ANOTHER}")],
        "a contact that a stranger named": [change("child_contact", CONTACT, f"added_by_id = {STRANGER}")],
        "a contact of another child": [change("child_contact", CONTACT, f"child_id = {ANOTHER}")],
        "a contact named at another hour": [change("child_contact", CONTACT, f"added_at = {MOMENT}")],
        "a contact that nobody took away": [change("child_contact", CONTACT, f"removed_at = {MOMENT}")],
        "an answer turned round": [change("consent_answer", CONSENT, "granted = NOT granted")],
        "an answer of a stranger": [change("consent_answer", CONSENT, f"guardian_id = {STRANGER}")],
        "an answer for another child": [change("consent_answer", CONSENT, f"child_id = {ANOTHER}")],
        "a paper of another family": [change("sent_document", GOOD, f"family_id = {PETIT}")],
        "a paper of another child": [change("sent_document", GOOD, f"child_id = {ANOTHER}")],
        "a paper for no child": [change("sent_document", GOOD, "child_id = NULL")],
        "a paper that was refused": [change("sent_document", GOOD, "state = 'refused'")],
        "a paper answered at another hour": [change("sent_document", GOOD, f"answered_at = {MOMENT}")],
        "a file that forgets a wrong line": [change("family_import", "1", "wrong = 0")],
        "a file that was never undone": [
            change("family_import", "1", f"undone_at = {MOMENT}, undone_by = 'x'")
        ],
        "somebody of a file who is nobody": [change("import_line", MADE, "subject = 'child:0'")],
        "a table that counts a line too many": [change("family_import", TABLE, "created = created + 1")],
        "a taking that nobody received": [change("import_line", TAKING, "subject = 'receipt:0'")],
        "a taking of another family": [change("import_line", TAKING, f"home = {PETIT}")],
        "a taking that was never reversed": [
            change("family_import", TABLE, f"undone_at = {MOMENT}, undone_by = 'x'")
        ],
        "a proof of another family's request": [
            change("request", of_kind("quotient"), f"family_id = {PETIT}")
        ],
    },
    "demandes": {
        "health that was not changed": [
            change("request", of_kind("health_change"), f"answered_at = {MOMENT}")
        ],
        "a quotient that was not set": [change("request", of_kind("quotient"), "subject = 'family:0'")],
        "somebody who was not added": [change("request", of_kind("new_person"), f"answered_at = {MOMENT}")],
        "a change of nothing": [change("request", of_kind("new_person"), "after = NULL")],
    },
}
