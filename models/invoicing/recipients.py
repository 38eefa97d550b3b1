"""To whom an invoice is written, as it is printed: names and address, a line each."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from models.storage.database import marks, rows


@dataclass(frozen=True, slots=True)
class Recipient:
    text: str
    delivery: str  # portal | post


async def recipients_of(families: Sequence[int]) -> dict[int, Recipient]:
    names: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    homes: dict[int, tuple[str, str, str]] = {}
    for row in await rows(_RECIPIENTS.format(marks=marks(families)), families):
        homes[row["id"]] = row["address"], row["invoice_delivery"], row["number"]
        if row["last_name"] is not None:
            names[row["id"]].append((row["first_name"], row["last_name"]))
    return {
        id: Recipient("\n".join(filter(None, (named(names[id]) or f"Famille {number}", address))), delivery)
        for id, (address, delivery, number) in homes.items()
    }


def named(parents: Sequence[tuple[str, str]]) -> str:
    """« Camille Durand », « Camille et Julien Durand », « Camille Durand et Sam Petit »."""
    if len(parents) > 1 and len({last for _, last in parents}) == 1:
        return f"{' et '.join(first for first, _ in parents)} {parents[0][1]}"
    return " et ".join(f"{first} {last}" for first, last in parents)


_RECIPIENTS = """
SELECT family.id, family.number, family.address, family.invoice_delivery, guardian.first_name, guardian.last_name
FROM family LEFT JOIN guardian ON guardian.family_id = family.id
WHERE family.id IN ({marks}) ORDER BY family.id, guardian.position, guardian.id
"""
