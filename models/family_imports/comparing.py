"""A file beside what is known: what each of its lines would do. The preview reads it, and the writing goes by it."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from models.commune.school import School
from models.family_imports import known, reading
from models.family_imports.family_import import FamilyImport
from models.rules.families.letters import fold
from models.rules.imports import columns
from models.rules.imports.columns import Columns, Said
from models.rules.imports.lines import Line, Reader, WrongLine
from models.rules.imports.register import Did, Outcome, Register

BATCH = 200  # lines
SHOWN = 200  # lines of a preview that are not the same

Read = tuple[int, Line | WrongLine]


@dataclass
class Preview:
    counts: Counter[Did] = field(default_factory=Counter)
    shown: list[Outcome] = field(default_factory=list)  # the first that would change something, or are wrong

    @property
    def more(self) -> int:
        """Of those that are not shown."""
        return self.counts.total() - self.counts[Did.SAME] - len(self.shown)


class Comparison:
    """The lines of a file in batches, each compared once the one before it has been dealt with."""

    def __init__(self, file: FamilyImport, schools: Sequence[School], today: date) -> None:
        mapping = mapping_of(file)
        self._content, self._year = bytes(file.content), file.year_id
        self._places = columns.places(reading.heads(self._content), mapping)
        names = {fold(word): school.id for school in schools for word in (school.code, school.name)}
        self._reader = Reader(self._places, names, today)
        self.register = Register({school.id: tuple(school.levels) for school in schools}, file.school_id)

    @classmethod
    async def of(cls, file: FamilyImport, today: date) -> "Comparison":
        """Raises WrongFile."""
        return cls(file, await School.all().order_by("position", "id"), today)

    async def batches(self) -> AsyncIterator[list[Outcome]]:
        """Raises WrongFile where the file ends to be a table."""
        batch: list[Read] = []
        for one in self._lines():
            batch.append(one)
            if len(batch) == BATCH:
                yield await self._compare(batch)
                batch = []
        if batch:
            yield await self._compare(batch)

    def numbers(self) -> Iterator[str]:
        """The numbers of families that the file says."""
        if Said.NUMBER in self._places:
            yield from (line.number for _, line in self._lines() if isinstance(line, Line) and line.number)

    def _lines(self) -> Iterator[Read]:
        lines = reading.lines(self._content)
        next(lines, None)  # the heads
        for number, cells in lines:
            try:
                yield number, self._reader.read(cells)
            except WrongLine as wrong:
                yield number, wrong

    async def _compare(self, batch: Sequence[Read]) -> list[Outcome]:
        await known.learn(self.register, [line for _, line in batch if isinstance(line, Line)], self._year)
        return [self._outcome(number, line) for number, line in batch]

    def _outcome(self, number: int, line: Line | WrongLine) -> Outcome:
        try:
            if isinstance(line, WrongLine):
                raise line
            return self.register.take(number, line)
        except WrongLine as wrong:
            return Outcome(number, "", flaw=wrong.flaw, said=wrong.what)


def mapping_of(file: FamilyImport) -> Columns:
    """As the row keeps it; what a later version knows no more is left out."""
    return {said: file.mapping[said] for said in Said if said in file.mapping}


async def preview(file: FamilyImport, today: date) -> Preview:
    """Writes nothing. Raises WrongFile."""
    found = Preview()
    comparison = await Comparison.of(file, today)
    async for batch in comparison.batches():
        for one in batch:
            found.counts[one.did] += 1
            if one.did is not Did.SAME and len(found.shown) < SHOWN:
                found.shown.append(one)
    return found


async def wrong_lines(file: FamilyImport, today: date) -> list[Outcome]:
    """Every line that cannot be read. Raises WrongFile."""
    comparison = await Comparison.of(file, today)
    return [one async for batch in comparison.batches() for one in batch if one.flaw]
