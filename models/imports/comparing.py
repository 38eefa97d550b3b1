"""A file beside what is known: what each of its lines would do."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.family_imports import reading
from models.family_imports.family_import import FamilyImport
from models.imports.kind import Kind
from models.rules.imports import table
from models.rules.imports.register import Did
from models.rules.imports.table import Outcome

SHOWN = 200  # lines of a preview that are not the same


@dataclass(frozen=True, slots=True)
class Preview:
    """`refused`: the cells of each wrong line, as the file has them, under `heads`."""

    outcomes: Sequence[Outcome[Any]]
    heads: Sequence[str]
    refused: Sequence[tuple[Outcome[Any], Sequence[str]]]

    @property
    def counts(self) -> Counter[Did]:
        return Counter(one.did for one in self.outcomes)

    @property
    def shown(self) -> list[Outcome[Any]]:
        """The first that would change something, or are wrong."""
        return [one for one in self.outcomes if one.did is not Did.SAME][:SHOWN]

    @property
    def more(self) -> int:
        """Of those that are not shown."""
        return max(len(self.outcomes) - self.counts[Did.SAME] - SHOWN, 0)


async def preview(kind: Kind[Any], file: FamilyImport, today: date) -> Preview:
    """Writes nothing. Raises WrongFile."""
    lines = list(reading.lines(bytes(file.content)))
    heads = lines[0][1]
    mapping = mapping_of(kind, file)
    said = [(number, table.said_by(heads, mapping, cells)) for number, cells in lines[1:]]
    outcomes = await kind.compare(file, said, today)
    cells = dict(lines)
    refused = [(one, cells[one.line]) for one in outcomes if one.did is Did.WRONG]
    return Preview(outcomes, heads, refused)


def mapping_of(kind: Kind[Any], file: FamilyImport) -> dict[str, str]:
    """By code of a column, its head; what a later version knows no more is left out."""
    return {column.code: file.mapping[column.code] for column in kind.columns if column.code in file.mapping}
