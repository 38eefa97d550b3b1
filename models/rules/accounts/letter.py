"""What is read from a letter and typed: the number of the family's file, and a code without letters that look alike."""

import re

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
LENGTH, GROUP = 12, 4  # 59 bits


def code_written(code: str) -> str:
    """« K7QF-2MXP-9RTA », as paper shows it."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def code_typed(typed: str) -> str:
    """Without its spaces, dashes and small letters."""
    return re.sub(r"[\s\W_]", "", typed).upper()


def number_typed(typed: str) -> str:
    """« vf - 1007 » is « VF-1007 »: spaces and case do not count."""
    return re.sub(r"\s", "", typed).upper()
