"""Texts without their accents and capitals: « lea » finds « Léa », « Élodie » stands among the E.

The same on both databases, and with no extension: SQLite calls `fold` itself (models/storage/sqlite.py gives it to each
connection), PostgreSQL takes the accents off the letters with its own `normalize`.
"""

import re
import unicodedata

from models.storage.database import is_sqlite

ACCENTS = re.compile("[\u0300-\u036f]")  # as they stand behind their letter once taken apart
LETTERS = {"œ": "oe", "æ": "ae", "Œ": "oe", "Æ": "ae", "’": "'"}


def fold(text: str) -> str:
    for letter, plain in LETTERS.items():
        text = text.replace(letter, plain)
    return ACCENTS.sub("", unicodedata.normalize("NFD", text)).lower()


def folded(column: str) -> str:
    """The SQL of a column folded. `column` is ours, never a visitor's."""
    if is_sqlite():
        return f"fold({column})"
    for letter, plain in LETTERS.items():
        column = f"REPLACE({column}, '{letter}', '{plain.replace(chr(39), chr(39) * 2)}')"
    return rf"LOWER(regexp_replace(normalize({column}, NFD), '[\u0300-\u036f]', '', 'g'))"
