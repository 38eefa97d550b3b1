"""Texts without their accents and capitals: « lea » finds « Léa », « Élodie » stands among the E.

The same on both databases, and with no extension: SQLite calls `fold` itself (models/storage/sqlite.py gives it to each
connection), PostgreSQL takes the accents off the letters with its own `normalize`.
"""

from models.rules.families.letters import LETTERS, fold
from models.storage.database import is_sqlite

__all__ = ["fold", "folded"]


def folded(column: str) -> str:
    """The SQL of a column folded. `column` is ours, never a visitor's."""
    if is_sqlite():
        return f"fold({column})"
    for letter, plain in LETTERS.items():
        column = f"REPLACE({column}, '{letter}', '{plain.replace(chr(39), chr(39) * 2)}')"
    return rf"LOWER(regexp_replace(normalize({column}, NFD), '[\u0300-\u036f]', '', 'g'))"
