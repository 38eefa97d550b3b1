"""The keys of a commune file about the families' files: `[[required_documents]]`, and `diets` of the canteen."""

from typing import Any

from models.commune_file.document import RequiredDocument
from models.commune_file.table import Table, unique
from models.rules.families.documents import BLOCKS, PER, PLAN
from models.rules.families.health import LONGEST_DIET, RELIGIOUS, is_religious

PLAN_WAITS = 'un enfant malade réserve aussi\u00a0: pas avec per = "plan"'


def required(tables: list[Table]) -> tuple[RequiredDocument, ...]:
    unique(tables, "code")
    found = []
    for table in tables:
        found.append(
            RequiredDocument(
                code=table.text("code", longest=60),
                name=table.text("name"),
                per=table.choice("per", PER),
                months=table.whole("months", None, least=1, most=120, what="en mois"),
                **_blocks(table),
            )
        )
        table.done()
    return tuple(found)


def _blocks(table: Table) -> dict[str, Any]:
    """Is booking refused without it: until it is sent or, where the commune says so, accepted; from a day on."""
    if not table.flag("blocks_booking", default=False):
        return {}
    if table.choice("per", PER) == PLAN:
        raise table.wrong("blocks_booking", PLAN_WAITS)
    return {
        "blocks": table.choice("blocks_until", BLOCKS, BLOCKS[0]),
        "blocks_from": table.day("blocks_from", None),
    }


def diets(table: Table) -> tuple[str, ...] | None:
    found: tuple[str, ...] | None = table.words("diets", None)
    for diet in found or ():
        if len(diet) > LONGEST_DIET:
            raise table.wrong("diets", f"trop long\u00a0: {LONGEST_DIET} caractères au plus par régime")
        if is_religious(diet):
            raise table.wrong("diets", RELIGIOUS)
    return found
