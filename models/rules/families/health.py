"""What a canteen has to know of a child: the diet and the allergens, and whether there is a care plan (PAI).

The need, never its reason: no religion, no illness, no nature of a handicap (CNIL, NS-058).
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from models.rules.menus.dishes import ALLERGENS

LONGEST_DIET = 40
RELIGIOUS = "attendu, ce qui est servi ou non («\u00a0sans porc\u00a0»), sans religion ni origine"
DIETS = ("sans viande", "sans porc", "végétarien", "sans gluten")  # where the commune names none
# Words that say a religion, or an origin: a commune's list may hold none of them.
_RELIGIOUS = re.compile(r"hal+al|[ck]as?c?h[eèé]r|musulman|jui[fv]|catholi|religi|hindou", re.I)
# Who needs which of it. The administrator answers for the portal; a reader and a cashier need none of it.
NEEDED_BY: Mapping[str, frozenset[str]] = {
    "diet": frozenset({"administrator", "manager", "kitchen", "leader"}),
    "allergens": frozenset({"administrator", "manager", "kitchen", "leader"}),
    "plan": frozenset({"administrator", "manager", "leader"}),
    "plan_until": frozenset({"administrator", "manager", "leader"}),
}


@dataclass(frozen=True, slots=True)
class Health:
    diet: str = ""  # a word of the commune's list; "": none
    allergens: tuple[str, ...] = ()  # keys of ALLERGENS, in their order
    plan: bool = False  # a care plan (projet d'accueil individualisé)
    plan_until: date | None = None  # its last day, where there is one

    def seen_by(self, roles: Collection[str]) -> "Health":
        """What somebody who holds these roles needs; the rest as if nothing were known."""
        hidden = {
            name: getattr(NOTHING, name) for name, let_in in NEEDED_BY.items() if let_in.isdisjoint(roles)
        }
        return replace(self, **hidden)

    def kept(self) -> dict[str, Any]:
        """As JSON holds it."""
        until = self.plan_until.isoformat() if self.plan_until else None
        return {"diet": self.diet, "allergens": list(self.allergens), "plan": self.plan, "plan_until": until}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Health":
        until = kept["plan_until"]
        return cls(
            kept["diet"],
            tuple(kept["allergens"]),
            bool(kept["plan"]),
            date.fromisoformat(until) if until else None,
        )


NOTHING = Health()
FIELDS = tuple(field.name for field in fields(Health))


def changed(before: Health, after: Health) -> list[str]:
    """The names of what is not the same."""
    return [name for name in FIELDS if getattr(before, name) != getattr(after, name)]


def may_read(roles: Collection[str]) -> bool:
    """Does somebody who holds these roles need any of it?"""
    return any(not let_in.isdisjoint(roles) for let_in in NEEDED_BY.values())


def is_religious(diet: str) -> bool:
    return _RELIGIOUS.search(diet) is not None


def in_order(chosen: Collection[str]) -> tuple[str, ...]:
    """Those of ALLERGENS among these, in its order."""
    return tuple(word for word in ALLERGENS if word in chosen)
