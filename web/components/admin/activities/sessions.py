"""« Séances et groupes »: on which days, at which hours, who goes where, and how many places there are."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from models.activities.definition import description
from models.activities.definition.codes import code_of
from models.activities.definition.description import Group, Slot
from models.activities.definition.mistake import Mistake
from models.activity_file.definition import Definition
from models.activity_file.site import Site
from models.french import quoted
from models.french.dates import WEEKDAYS as DAYS
from models.rules.deadlines import END_OF_DAY, minutes
from models.rules.families.letters import fold
from web.components.admin.activities import words
from web.components.admin.activities.sheet import Clock, Reading, Sent, Tab, part, same, same_text, written
from web.components.admin.kit.form import (
    AnyOf,
    Choice,
    Day,
    Field,
    Filled,
    Money,
    OneOf,
    Text,
    Whole,
    fill,
)

MOST_ROWS = 40
WEEKDAYS = AnyOf(
    "jours",
    "Jours",
    "",
    "Choisissez au moins un jour.",
    choices=tuple(Choice(str(n), day.capitalize()) for n, day in enumerate(DAYS)),
)
ON = OneOf("periode", "Période", missing="Choisissez une période.", choices=words.choices(words.ON))
QUEUE = AnyOf(
    "attente", "Quand un jour est complet", choices=(Choice("1", "Une liste d’attente est proposée"),)
)
OWN: tuple[Field[Any], ...] = (WEEKDAYS, ON, QUEUE)
NEEDS = "Son nom\u00a0: l’un ne se réserve pas sans l’autre."
NEEDED = "demande cette séance\u00a0: changez d’abord ce qu’il demande."
NO_NAME = "Aucun créneau de cette activité n’a ce nom."
NO_SLOT = "Nommez au moins un créneau."


def slot_fields(n: int) -> tuple[Field[Any], ...]:
    key = f"creneau-{n}"
    name = Text(f"{key}-nom", "Nom du créneau", longest=description.LONGEST_NAME)
    return (
        name,
        Clock(f"{key}-debut", "Début"),
        Clock(f"{key}-fin", "Fin"),
        Money(f"{key}-garde", "Part de garde", "Ce qui, du prix, est de la garde."),
        Whole(f"{key}-pas", "Facturé par tranche de", least=1, most=END_OF_DAY, unit="minutes"),
        Whole(f"{key}-minimum", "Minimum facturé", least=1, most=END_OF_DAY, unit="minutes"),
        Clock(f"{key}-retard", "Retard après"),
        Money(f"{key}-penalite", "Pénalité de retard"),
        Whole(f"{key}-par", "Pénalité par", least=1, most=END_OF_DAY, unit="minutes"),
        Text(f"{key}-demande", "Demande le créneau", NEEDS, longest=description.LONGEST_NAME),
        Day(f"{key}-ferme", "Dernier jour"),
    )


def group_fields(n: int, site: Site) -> tuple[Field[Any], ...]:
    key = f"groupe-{n}"
    levels = tuple(Choice(level, level) for level in site.levels)
    schools = tuple(Choice(*one) for one in site.schools.items())
    return (
        Text(f"{key}-nom", "Nom du groupe", longest=description.LONGEST_NAME),
        Whole(f"{key}-places", "Places", "Vide\u00a0: sans limite.", most=99999),
        AnyOf(f"{key}-niveaux", "Niveaux", "Aucun coché\u00a0: tous.", choices=levels),
        AnyOf(f"{key}-ecoles", "Écoles", "Aucune cochée\u00a0: toutes.", choices=schools),
        Day(f"{key}-ferme", "Dernier jour"),
    )


def _typed(definition: Definition, site: Site) -> dict[str, str]:
    said = definition.said
    own = {"jours": tuple(map(str, said.weekdays)), "periode": said.on, "attente": ("1",) * said.waiting_list}
    found = written(OWN, own)
    for n, slot in enumerate(said.slots):
        found |= written(slot_fields(n), _of_slot(n, slot, said.slots))
    for n, group in enumerate(said.groups):
        found |= written(group_fields(n, site), _of_group(n, group))
    return found


def _of_slot(n: int, slot: Slot, slots: Sequence[Slot]) -> dict[str, Any]:
    late = slot.late_pickup or {}
    values = {
        "nom": slot.name,
        "debut": slot.starts,
        "fin": slot.ends,
        "garde": slot.care_part,
        "pas": slot.step,
        "minimum": slot.minimum,
        "retard": minutes(late["after"]) if late else None,
        "penalite": late.get("cents"),
        "par": late.get("per"),
        "ferme": slot.closes,
        "demande": next((one.name for one in slots if one.code == slot.requires), slot.requires),
    }
    return {f"creneau-{n}-{key}": value for key, value in values.items()}


def _of_group(n: int, group: Group) -> dict[str, Any]:
    values: dict[str, Any] = {
        "nom": group.name,
        "places": group.places,
        "niveaux": group.levels,
        "ecoles": group.schools,
        "ferme": group.closes,
    }
    return {f"groupe-{n}-{key}": value for key, value in values.items()}


def rows_of(sent: Sent, key: str, standing: int) -> int:
    """How many rows a form holds: those that stand, and those that somebody added below."""
    numbers = [int(found[1]) for name in sent if (found := re.fullmatch(rf"{key}-(\d{{1,2}})-nom", name))]
    return min(MOST_ROWS, max([standing, *(number + 1 for number in numbers)]))


def _read(sent: Sent, definition: Definition, site: Site) -> Reading:
    said = definition.said
    slots, groups = rows_of(sent, "creneau", len(said.slots)), rows_of(sent, "groupe", len(said.groups))
    every = [*OWN]
    for n in range(slots):
        every += slot_fields(n)
    for n in range(groups):
        every += group_fields(n, site)
    filled = fill(every, sent)
    found = {n: slot for n in range(slots) if (slot := _slot(n, said.slots, filled))}
    wanted = replace(
        said,
        weekdays=tuple(sorted(map(int, filled.values.get("jours", said.weekdays)))),
        on=filled.of(ON) or said.on,
        waiting_list="attente" in filled.values,
        slots=tuple(found.values()),
        groups=_groups(said.groups, filled, groups, site) or said.groups[:1],
    )
    wanted, unknown = _needed(wanted, filled)
    errors = dict(filled.errors) | unknown | ({} if site.fresh else _still_needed(said, filled))
    for n, slot in found.items():
        if slot.starts < 0 or slot.ends < 0:
            errors.setdefault(f"creneau-{n}-debut", "Dites à quelle heure il commence et finit.")
    if not wanted.slots:
        errors.setdefault("creneau-0-nom", NO_SLOT)
    return Reading(replace(definition, said=wanted), replace(filled, errors=errors))


def _needed(said: description.Activity, filled: Filled) -> tuple[description.Activity, dict[str, str]]:
    """A slot that another one needs is named by its name; what has none is said field by field."""
    codes = {fold(slot.name): slot.code for slot in said.slots}
    slots, errors = [], dict[str, str]()
    for slot in said.slots:
        if slot.requires is not None and fold(slot.requires) not in codes:
            typed = [name for name, value in filled.values.items() if value == slot.requires]
            errors |= {name: NO_NAME for name in typed if name.endswith("-demande")}
        code = None if slot.requires is None else codes.get(fold(slot.requires))
        slots.append(replace(slot, requires=code))
    return replace(said, slots=tuple(slots)), errors


def _groups(before: Sequence[Group], filled: Filled, rows: int, site: Site) -> tuple[Group, ...]:
    """A draft may give names to groups where there was one for everybody, and take them away."""
    found: list[Group] = []
    for n in range(rows):
        old = before[n] if n < len(before) else None
        named = bool(filled.values.get(f"groupe-{n}-nom"))
        if site.fresh and old and bool(old.code) != named:
            old = None
        one = _group(n, old, [group.code for group in (*before, *found)], filled)
        if one is not None:
            found.append(one)
    return tuple(found)


def _still_needed(said: description.Activity, filled: Filled) -> dict[str, str]:
    """A slot whose name was erased, and that another one needs: that one is changed first."""
    errors = {}
    for n, slot in enumerate(said.slots):
        if filled.typed.get(f"creneau-{n}-nom"):
            continue
        needing = [
            filled.typed.get(name.removesuffix("demande") + "nom", "")
            for name, value in filled.values.items()
            if name.endswith("-demande") and fold(value) == fold(slot.name)
        ]
        if named := [quoted(name) for name in needing if name]:
            errors[f"creneau-{n}-nom"] = f"{', '.join(named)} {NEEDED}"
    return errors


def _slot(n: int, before: Sequence[Slot], filled: Filled) -> Slot | None:
    of = part(filled, f"creneau-{n}").get
    if not of("nom"):
        return None
    late = None
    if of("retard") is not None and of("penalite"):
        late = {"after": clock(of("retard", 0)), "cents": of("penalite")} | (
            {"per": of("par")} if of("par") else {}
        )
    old = before[n] if n < len(before) else None
    if old and old.late_pickup and late and minutes(old.late_pickup["after"]) == of("retard"):
        late["after"] = old.late_pickup["after"]  # « 24:00 » and « 23:59 » are one
    return Slot(
        code=old.code if old else code_of(of("nom", ""), [slot.code for slot in before]),
        name=same_text(of("nom"), old.name if old else None) or "",
        starts=of("debut", -1),
        ends=of("fin", -1),
        care_part=of("garde"),
        step=of("pas"),
        minimum=of("minimum"),
        late_pickup=late,
        requires=of("demande"),
        closes=of("ferme"),
    )


def _group(n: int, old: Group | None, taken: Sequence[str], filled: Filled) -> Group | None:
    of = part(filled, f"groupe-{n}").get
    if not of("nom") and (old is None or old.code):
        return None
    return Group(
        code=old.code if old else code_of(of("nom", ""), taken),
        name=same_text(of("nom"), old.name if old else None) or (old.name if old else ""),
        levels=same(old.levels if old else None, of("niveaux")),
        schools=same(old.schools if old else None, of("ecoles")),
        places=of("places"),
        closes=of("ferme")
        if old is None or old.code
        else old.closes,  # the group of everybody has no such field
    )


def clock(at: int) -> str:
    return f"{at // 60:02d}:{at % 60:02d}"


KEYS = {
    "starts": "debut", "ends": "fin", "care_part": "garde", "minimum": "minimum", "after": "retard", "code": "nom",
    "requires": "demande", "closes": "ferme", "levels": "niveaux", "schools": "ecoles",
}  # fmt: skip


def _where(mistake: Mistake) -> str:
    found = re.match(r"(slots|groups)\[(\d+)\]", mistake.where)
    if not found:
        return ""
    row = {"slots": "creneau", "groups": "groupe"}[found[1]]
    return f"{row}-{found[2]}-{KEYS.get(mistake.key, 'nom')}"


def _known(definition: Definition, site: Site, filled: Filled) -> dict[str, Any]:
    """The rows that stand, and one more of each to fill in."""
    slots = rows_of(filled.typed, "creneau", 0)
    groups = rows_of(filled.typed, "groupe", 0)
    lone = [group.code for group in definition.said.groups] == [""] and not site.fresh
    return {
        "own": OWN,
        "slots": [slot_fields(n) for n in range(slots + 1)],
        "groups": [group_fields(n, site) for n in range(groups + (not lone))],
        "lone": lone,
    }


SESSIONS = Tab("seances", "Séances et groupes", _typed, _read, _where, _known)
