"""A text as it is compared: without its accents and capitals. « lea » is « Léa », « Élodie » stands among the E."""

import re
import unicodedata

ACCENTS = re.compile("[\u0300-\u036f]")  # as they stand behind their letter once taken apart
LETTERS = {"œ": "oe", "æ": "ae", "Œ": "oe", "Æ": "ae", "’": "'"}


def fold(text: str) -> str:
    for letter, plain in LETTERS.items():
        text = text.replace(letter, plain)
    return ACCENTS.sub("", unicodedata.normalize("NFD", text)).lower()
