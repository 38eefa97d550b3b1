"""What an absence costs, by its reason: a line of « Délais » for each reason that the portal knows."""

from typing import Any

from models.activities.definition.description import Activity
from models.rules.absences import REASONS
from models.rules.deadlines import A_YEAR
from web.components.admin.activities.sheet import written
from web.components.admin.kit.form import AnyOf, Choice, Field, Filled, Whole

WORDS = {"sick": "Malade", "strike": "Grève", "trip": "Sortie scolaire", "other": "Autre absence"}
Rule = dict[str, Any]


def fields_of(reason: str) -> tuple[Field[Any], ...]:
    key = f"absence-{reason}"
    return (
        AnyOf(key, WORDS[reason], choices=(Choice("1", "Le jour n’est pas entièrement dû"),)),
        Whole(f"{key}-dus", "Premiers jours dus", most=A_YEAR, unit="jours"),
        Whole(f"{key}-heures", "Justificatif sous", least=1, most=24 * A_YEAR, unit="heures"),
        Whole(f"{key}-rendu", "Rendu des autres jours", least=1, most=100, unit="%"),
    )


FIELDS = tuple(field for reason in REASONS for field in fields_of(reason))


def typed(said: Activity) -> dict[str, str]:
    values: dict[str, Any] = {}
    for rule in said.absences:
        key = f"absence-{rule['reason']}"
        values |= {
            key: ("1",),
            f"{key}-dus": rule.get("due_days", 0),
            f"{key}-heures": rule.get("proof_hours"),
        }
        values[f"{key}-rendu"] = rule.get("credit", 100)
    return written(FIELDS, values)


def rules(said: Activity, filled: Filled) -> tuple[Rule, ...]:
    """In the order in which they were said, new ones behind them."""
    before = [rule["reason"] for rule in said.absences]
    ordered = [*before, *(reason for reason in REASONS if reason not in before)]
    return tuple(_rule(reason, filled) for reason in ordered if f"absence-{reason}" in filled.values)


def _rule(reason: str, filled: Filled) -> Rule:
    key = f"absence-{reason}"
    rule: Rule = {
        "reason": reason,
        "due_days": filled.values.get(f"{key}-dus", 0),
        "proof_hours": filled.values.get(f"{key}-heures"),
        "credit": filled.values.get(f"{key}-rendu", 100),
    }
    return {name: value for name, value in rule.items() if value is not None}
