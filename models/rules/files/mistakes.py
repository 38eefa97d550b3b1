"""What is wrong with a file that a bank made: it is read whole; one mistake, and nothing of it counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Mistake:
    line: int  # of the file, the first is 1
    flaw: StrEnum  # of the kind of file
    what: str = ""  # as the file says it


class WrongFile(ValueError):
    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__(mistakes)
        self.mistakes = mistakes
