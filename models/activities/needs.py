"""A slot that needs another one of its activity: « demande : Accueil ». Slots are ids."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from models.activities.facts import SlotFacts


@dataclass(frozen=True, slots=True)
class Said:
    """By name: the slot that one needs, and those that need it."""

    needed: str = ""
    needed_by: tuple[str, ...] = ()


NOTHING = Said()


@dataclass(frozen=True, slots=True)
class Needs:
    needed: Mapping[int, int]  # by the slot that needs it
    said: Mapping[int, Said]

    def words(self, slot: int) -> Said:
        return self.said.get(slot, NOTHING)

    def needed_by(self, slot: int) -> list[int]:
        return [one for one, needed in self.needed.items() if needed == slot]

    def depth(self, slot: int) -> int:
        """How many must be there before it."""
        return 1 + self.depth(self.needed[slot]) if slot in self.needed else 0

    def with_it(self, slot: int, *, ticked: bool) -> list[int]:
        """The slots that go with it: those that it needs when it is ticked, else those that need it."""
        found: list[int] = []
        following = [self.needed[slot]] if ticked and slot in self.needed else []
        for other in following if ticked else self.needed_by(slot):
            found += [other, *self.with_it(other, ticked=ticked)]
        return found


def needs_of(slots: Iterable[SlotFacts]) -> Needs:
    every = list(slots)
    ids = {(one.activity, one.code): one.id for one in every}
    names = {one.id: one.name for one in every}
    needed = {one.id: ids[one.activity, one.requires] for one in every if one.requires is not None}
    concerned = set(needed) | set(needed.values())
    said = {
        slot: Said(
            names[needed[slot]] if slot in needed else "",
            tuple(names[one] for one, other in needed.items() if other == slot),
        )
        for slot in concerned
    }
    return Needs(needed, said)
