"""What the family's file says of the household: its fund (régime) and how its invoices leave."""

from collections.abc import Mapping
from datetime import date

SCHEMES: Mapping[str, str] = {"": "non précisé", "caf": "CAF", "msa": "MSA", "other": "autre régime"}
SEXES: Mapping[str, str] = {"": "non précisé", "F": "fille", "M": "garçon"}
DELIVERIES: Mapping[str, str] = {"portal": "sur le portail", "post": "par courrier"}


def sex_of(text: str) -> str:
    """As other programs write it: « F », « Féminin », « Fille », « M », « Masculin », « G ». "" for anything else."""
    first = text.strip()[:1].upper()
    return "F" if first == "F" else "M" if first in ("M", "G") else ""


def is_confirmed(confirmed: date | None, starts: date) -> bool:
    """Did the parents say, since this school year began, that their file is right?"""
    return confirmed is not None and confirmed >= starts
