"""The papers that the commune asks of families: those of the file are asked, the others only keep what was sent."""

from collections.abc import Sequence
from typing import Any

from models.commune_file import document as doc
from models.families.file.required_document import RequiredDocument


async def load(said: Sequence[doc.RequiredDocument]) -> None:
    await RequiredDocument.all().update(asked=False)
    rows = [RequiredDocument(position=n, **vars(one)) for n, one in enumerate(said)]
    columns = ["name", "per", "months", "blocks", "blocks_from", "position", "asked"]
    await RequiredDocument.bulk_create(rows, on_conflict=["code"], update_fields=columns)


async def export() -> list[dict[str, Any]]:
    """As the file writes them."""
    asked = await RequiredDocument.filter(asked=True).order_by("position", "id")
    return [{key: value for key, value in _keys(one).items() if value is not None} for one in asked]


def _keys(one: RequiredDocument) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": one.name,
        "per": one.per,
        "months": one.months,
        "blocks_booking": True if one.blocks else None,
        "blocks_until": one.blocks,
        "blocks_from": one.blocks_from,
    }
