"""What only shows in the whole file: references, dates, deadlines and prices that must cover every day."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from models.commune_file.document import Activity, Child, Document, Family, Group, Slot, Tariff
from models.commune_file.table import WrongFile, quoted
from models.rules import pricing
from models.rules.deadlines import WEEKDAYS

ONE_DAY = timedelta(days=1)


def checked(document: Document) -> Document:
    """The document with paid memberships enrolled. Raises WrongFile."""
    paid: dict[tuple[str, str, date], list[str]] = defaultdict(list)
    for child in (child for family in document.families for child in family.children):
        paid[child.identity] += child.members
    document = replace(
        document, families=tuple(_enrol_members(document, family, paid) for family in document.families)
    )
    _check_closures(document)
    for n, activity in enumerate(document.activities):
        _check_activity(document, activity, f"activities[{n}]")
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


def _check_activity(document: Document, activity: Activity, key: str) -> None:
    _check_till(document, activity.till, key)
    _check_dates(document, activity, key)
    _check_groups(document, activity, key)
    _check_deadlines(document, activity, key)
    _check_tariffs(document, activity, key)
    for n, slot in enumerate(activity.slots):
        _check_slot_prices(document, activity, slot, f"{key}.slots[{n}]")


def _check_dates(document: Document, activity: Activity, key: str) -> None:
    year = document.year
    last = year.ends if activity.on == "school_days" else date(year.starts.year + 1, 8, 31)
    for name, day in (("opens", activity.opens), ("closes", activity.closes)):
        if not year.starts <= day <= last:
            raise _wrong(document, key, name, f"attendu dans l’année scolaire, du {year.starts} au {last}")


def _check_groups(document: Document, activity: Activity, key: str) -> None:
    levels = {level for school in document.schools for level in school.levels}
    schools = [school.code for school in document.schools]
    for n, group in enumerate(activity.groups):
        for level in group.levels or ():
            _known(document, f"{key}.groups[{n}]", "levels", level, sorted(levels))
        for code in group.schools or ():
            _known(document, f"{key}.groups[{n}]", "schools", code, schools)


def _check_deadlines(document: Document, activity: Activity, key: str) -> None:
    for name, rules in (("book", activity.book), ("cancel", activity.cancel)):
        for weekday in activity.weekdays:
            if not any("for" not in rule or WEEKDAYS[weekday] in rule["for"] for rule in rules):
                expected = f"attendu\u00a0: une règle pour {quoted(WEEKDAYS[weekday])}, jour de l’activité"
                raise _wrong(document, f"{key}.deadlines", name, expected)


def _check_tariffs(document: Document, activity: Activity, key: str) -> None:
    slots = [slot.code for slot in activity.slots]
    for n, tariff in enumerate(activity.tariffs):
        if tariff.slot is not None:
            _known(document, f"{key}.tariffs[{n}]", "slot", tariff.slot, slots)
    for one, other in pricing.clashes([_rule(n, tariff) for n, tariff in enumerate(activity.tariffs)]):
        expected = f"attendu plus précis que tariffs[{one.id}]\u00a0: les deux vont aux mêmes jours"
        raise WrongFile(document.name, f"{key}.tariffs[{other.id}]", expected)


def _check_slot_prices(document: Document, activity: Activity, slot: Slot, key: str) -> None:
    """Some price on every day; a part of care that no price falls below."""
    fitting = [tariff for tariff in activity.tariffs if tariff.slot in (None, slot.code)]
    for day in _turning_days(activity):
        if not any((t.start or day) <= day <= (t.end or day) for t in fitting):
            raise WrongFile(document.name, key, f"un tarif attendu le {day}")
    lowest = min(_lowest(tariff) for tariff in fitting)
    if slot.care_part is not None and slot.care_part > lowest:
        expected = f"attendu en centimes, au plus le prix le plus bas ({lowest})"
        raise _wrong(document, key, "care_part", expected)


def _turning_days(activity: Activity) -> Iterator[date]:
    """The days on which the tariff may change: between two of them nothing does."""
    yield activity.opens
    for tariff in activity.tariffs:
        for day in (tariff.start, tariff.end and tariff.end + ONE_DAY):
            if day is not None and activity.opens <= day <= activity.closes:
                yield day


def _lowest(tariff: Tariff) -> int:
    if tariff.method == "flat":
        return tariff.amount or 0
    if tariff.method == "brackets":
        return min(band.amount for band in tariff.bands)
    return tariff.low or 0


def _check_family(document: Document, family: Family, key: str) -> None:
    for n, child in enumerate(family.children):
        _check_child(document, family, child, f"{key}.children[{n}]")
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
    tariffs = [_rule(n, tariff) for n, tariff in enumerate(activity.tariffs)]
    for slot in activity.slots:
        for day in _turning_days(activity):
            try:
                pricing.choose(tariffs, slot.code, category, day)
            except pricing.NoTariff:
                expected = f"{quoted(activity.code)} n’a pas de tarif pour cet enfant le {day} ({slot.code})"
                raise _wrong(document, key, "activities", expected) from None


def _is_member(document: Document, child: Child, activity: str) -> bool:
    """Has either of the child's families paid?"""
    children = [other for family in document.families for other in family.children]
    return any(activity in other.members for other in children if other.identity == child.identity)


def group_of(activity: Activity, child: Child) -> Group | None:
    return next((group for group in activity.groups if group.fits(child.level, child.school)), None)


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


def _rule(id: int, tariff: Tariff) -> pricing.Tariff:
    """What the rule of prices needs to know to choose."""
    return pricing.Tariff(
        id=id,
        method="flat",
        slot=tariff.slot,
        category=tariff.category,
        start=tariff.start,
        end=tariff.end,
    )
