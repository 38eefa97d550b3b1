"""The keys of a commune file about the families' files: `[[required_documents]]`, and `diets` of the canteen."""

from models.commune_file.document import RequiredDocument
from models.commune_file.table import Table, unique
from models.rules.families.documents import PER
from models.rules.families.health import LONGEST_DIET, RELIGIOUS, is_religious


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
            )
        )
        table.done()
    return tuple(found)


def diets(table: Table) -> tuple[str, ...] | None:
    found: tuple[str, ...] | None = table.words("diets", None)
    for diet in found or ():
        if len(diet) > LONGEST_DIET:
            raise table.wrong("diets", f"trop long\u00a0: {LONGEST_DIET} caractères au plus par régime")
        if is_religious(diet):
            raise table.wrong("diets", RELIGIOUS)
    return found
