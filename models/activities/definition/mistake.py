"""What is wrong in an activity that somebody describes, and where."""

from dataclasses import dataclass

from models.french import quoted


@dataclass(frozen=True, slots=True)
class Mistake:
    """`where` is a part of the activity, `slots[1]`, or empty; `key` the one that is wrong, or empty."""

    where: str
    key: str
    expected: str

    @property
    def text(self) -> str:
        return f"{quoted(self.key)} {self.expected}" if self.key else self.expected


@dataclass(frozen=True, slots=True)
class Unknown(Mistake):
    """A code that nothing has. What could have been meant is in `known`."""

    code: str = ""
    known: tuple[str, ...] = ()
