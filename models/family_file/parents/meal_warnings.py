"""Which children of a family may not eat what a meal contains: said beside the menu, to their parents alone."""

from collections.abc import Collection
from dataclasses import dataclass

from models.families.file.health import ChildHealth


@dataclass(frozen=True, slots=True)
class AllergicChild:
    first_name: str
    allergens: tuple[str, ...]  # keys of ALLERGENS

    def among(self, contained: Collection[str]) -> list[str]:
        """What of a meal the child may not eat."""
        return [allergen for allergen in self.allergens if allergen in contained]


async def allergic_children(family: int) -> list[AllergicChild]:
    """The eldest first; those of whom no allergen is known are left out. One question.

    Raises encryption.Unreadable.
    """
    rows = ChildHealth.filter(child__homes__family_id=family).select_related("child")
    found = [
        AllergicChild(row.child.first_name, row.health.allergens)
        for row in await rows.order_by("child__born", "child_id")
    ]
    return [child for child in found if child.allergens]
