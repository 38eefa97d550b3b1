"""What the children of a meal may not eat, for whoever cooks: how many of each diet, and who by allergen."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from models.bookings.day.day_list import ExpectedChild
from models.families.file.health import ChildHealth
from models.rules.menus.dishes import ALLERGENS


@dataclass(frozen=True, slots=True)
class MealNeeds:
    diets: list[tuple[str, int]]  # a word of the commune's list, and how many; the most frequent first
    allergens: list[tuple[str, list[ExpectedChild]]]  # in the order of ALLERGENS

    def __bool__(self) -> bool:
        return bool(self.diets or self.allergens)


async def meal_needs(children: Sequence[ExpectedChild], roles: Collection[str]) -> MealNeeds:
    """Of those who are expected, as far as these roles need it. One question. Raises encryption.Unreadable."""
    known = await ChildHealth.known({child.child for child in children})
    diets: Counter[str] = Counter()
    allergic: defaultdict[str, list[ExpectedChild]] = defaultdict(list)
    for child in children:
        health = known.get(child.child)
        if health is None or child.absent:
            continue
        seen = health.seen_by(roles)
        if seen.diet:
            diets[seen.diet] += 1
        for allergen in seen.allergens:
            allergic[allergen].append(child)
    return MealNeeds(diets.most_common(), [(one, allergic[one]) for one in ALLERGENS if one in allergic])
