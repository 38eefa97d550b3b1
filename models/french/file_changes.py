"""What a family wants to change in its file, as page and e-mail say it."""

from collections.abc import Mapping
from typing import Any

LABELS = {"first_name": "prénom", "last_name": "nom", "email": "adresse e-mail", "phone": "téléphone"}


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Each column's name, how it was and how it is to be; « vide » when it holds nothing. In the order of LABELS."""
    return [
        (label, str(before[column] or "vide"), str(after[column] or "vide"))
        for column, label in LABELS.items()
        if column in after
    ]
