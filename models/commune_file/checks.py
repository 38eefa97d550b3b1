"""What only shows in the whole file: references, dates, deadlines and prices that must cover every day."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from models.activities.definition.checks import Bounds, as_rules, mistakes
from models.activities.definition.description import Activity, Group
from models.activities.definition.mistake import Unknown
from models.commune_file.document import Aid, Child, Document, Family
from models.commune_file.table import WrongFile
from models.french import quoted
from models.rules import pricing
from models.rules.families.enrolling import group_for
from models.rules.states.orders import Billing


def checked(document: Document) -> Document:
    """The document with paid memberships enrolled. Raises WrongFile."""
    paid: dict[tuple[str, str, date], list[str]] = defaultdict(list)
    for child in (child for family in document.families for child in family.children):
        paid[child.identity] += child.members
    document = replace(
        document, families=tuple(_enrol_members(document, family, paid) for family in document.families)
    )
    _check_closures(document)
    _check_own_rules(document)
    _check_activities(document)
    for n, family in enumerate(document.families):
        _check_family(document, family, f"families[{n}]")
    _check_shared_children(document)
    return document


def _enrol_members(
    document: Document, family: Family, paid: Mapping[tuple[str, str, date], Sequence[str]]
) -> Family:
    """Paying the membership enrols the child in both its homes, where parents enrol by paying."""
    online = {activity.code for activity in document.activities if activity.asks_membership}
    children = []
    for child in family.children:
        members = dict.fromkeys((*child.members, *paid[child.identity]))
        more = tuple(code for code in members if code in online and code not in child.activities)
        children.append(replace(child, activities=child.activities + more) if more else child)
    return replace(family, children=tuple(children))


def _check_closures(document: Document) -> None:
    schools = [school.code for school in document.schools]
    activities = [activity.code for activity in document.activities]
    for n, closure in enumerate(document.year.closures):
        key = f"school_year.closures[{n}]"
        for code in closure.schools or ():
            _known(document, key, "schools", code, schools)
        for code in closure.activities or ():
            _known(document, key, "activities", code, activities)


def _check_own_rules(document: Document) -> None:
    activities = [activity.code for activity in document.activities]
    for n, rule in enumerate(document.commune.rulebook or ()):
        if "activity" in rule:
            _known(document, f"commune.rulebook[{n}]", "activity", rule["activity"], activities)


def _check_activities(document: Document) -> None:
    year, schools = document.year, {school.code: school.levels for school in document.schools}
    bounds = Bounds(year.starts, year.ends, [till.code for till in document.tills], schools)
    for n, activity in enumerate(document.activities):
        for mistake in mistakes(activity, bounds):
            where = ".".join(part for part in (f"activities[{n}]", mistake.where) if part)
            if isinstance(mistake, Unknown):
                _known(document, where, mistake.key, mistake.code, mistake.known)
            raise WrongFile(document.name, where, mistake.text)


def _check_family(document: Document, family: Family, key: str) -> None:
    for n, child in enumerate(family.children):
        _check_child(document, family, child, f"{key}.children[{n}]")
    for n, aid in enumerate(family.aids):
        _check_aid(document, aid, f"{key}.aids[{n}]")
    for n, debt in enumerate(family.opening):
        _check_till(document, debt.till, f"{key}.opening[{n}]")
    for n, invoice in enumerate(family.invoices):
        _check_till(document, invoice.till, f"{key}.invoices[{n}]")


def _check_child(document: Document, family: Family, child: Child, key: str) -> None:
    if child.school is not None:
        _known(document, key, "school", child.school, [school.code for school in document.schools])
        levels = next(school.levels for school in document.schools if school.code == child.school)
        _known(document, key, "level", child.level or "", levels)
    codes = [activity.code for activity in document.activities]
    for code in child.members:
        _known(document, key, "members", code, codes)
        if document.activity(code).membership_fee is None:
            raise _wrong(document, key, "members", f"{quoted(code)} ne demande pas d’adhésion")
    for code in child.activities:
        _known(document, key, "activities", code, codes)
        _check_enrolment(document, family, child, document.activity(code), key)


def _check_enrolment(document: Document, family: Family, child: Child, activity: Activity, key: str) -> None:
    if group_of(activity, child) is None:
        expected = f"aucun groupe de {quoted(activity.code)} ne prend cet enfant (niveau, école)"
        raise _wrong(document, key, "activities", expected)
    if activity.asks_membership and not _is_member(document, child, activity.code):
        expected = f"{quoted(activity.code)} attend d’abord l’adhésion ({quoted('members')})"
        raise _wrong(document, key, "activities", expected)
    category = child.category or family.category
    slots = [slot.code for slot in activity.slots]
    gap = pricing.first_gap(as_rules(activity), slots, category, activity.opens, activity.closes)
    if gap is not None:
        slot, day = gap
        expected = f"{quoted(activity.code)} n’a pas de tarif pour cet enfant le {day} ({slot})"
        raise _wrong(document, key, "activities", expected)


def _is_member(document: Document, child: Child, activity: str) -> bool:
    """Has either of the child's families paid?"""
    children = [other for family in document.families for other in family.children]
    return any(activity in other.members for other in children if other.identity == child.identity)


def group_of(activity: Activity, child: Child) -> Group | None:
    return group_for(activity.groups, child.level, child.school)


def _check_shared_children(document: Document) -> None:
    """A child in two families is one child: the same class, and each membership paid once."""
    seen: dict[tuple[str, str, date], list[Child]] = {}
    for n, family in enumerate(document.families):
        for m, child in enumerate(family.children):
            key = f"families[{n}].children[{m}]"
            for other in seen.setdefault(child.identity, []):
                if (child.level, child.school) != (other.level, other.school):
                    raise _wrong(
                        document, key, "level", f"attendu comme dans l’autre famille\u00a0: {other.level}"
                    )
                if set(child.members) & set(other.members):
                    raise _wrong(document, key, "members", "déjà dit dans l’autre famille")
            seen[child.identity].append(child)
            if len(seen[child.identity]) > 2:
                raise _wrong(document, key, "first_name", "est déjà dans deux familles")


def _check_aid(document: Document, aid: Aid, key: str) -> None:
    """It is taken off an invoice: what is paid at booking has none."""
    for code in aid.activities or ():
        _known(document, key, "activities", code, [activity.code for activity in document.activities])
        if document.activity(code).billing != Billing.INVOICED:
            raise _wrong(
                document, key, "activities", f"{quoted(code)} se paie à la réservation, sans facture"
            )


def _check_till(document: Document, code: str | None, key: str) -> None:
    if code is not None:
        _known(document, key, "till", code, [till.code for till in document.tills])


def _known(document: Document, key: str, name: str, code: str, codes: Sequence[str]) -> None:
    if code not in codes:
        known = ", ".join(codes) or "aucun"
        raise _wrong(
            document, key, name, f"{quoted(code)} n’existe pas dans ce fichier (attendu parmi\u00a0: {known})"
        )


def _wrong(document: Document, key: str, name: str, expected: str) -> WrongFile:
    return WrongFile(document.name, key, f"{quoted(name)} {expected}")
