"""What is wrong with an activity as it is described. Each mistake says where, in the words of the commune file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from models.activities.definition.by_default import presence
from models.activities.definition.description import Activity, Band, Slot, Tariff
from models.activities.definition.mistake import Mistake, Unknown
from models.french import quoted
from models.rules import pricing
from models.rules.deadlines import WEEKDAYS, minutes
from models.rules.money import reduce

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What an activity may name, and the days of its year."""

    starts: date
    ends: date
    tills: Sequence[str]
    schools: Mapping[str, Sequence[str]]  # levels by code


def mistakes(activity: Activity, bounds: Bounds) -> Iterator[Mistake]:
    """All of them, in the order in which somebody would mend them; none when the activity can be written."""
    if activity.till is not None:
        yield from _known("", "till", [activity.till], bounds.tills)
    yield from _dates(activity, bounds)
    yield from _enrolment(activity)
    yield from presence(activity)
    yield from _groups(activity, bounds)
    yield from _deadlines(activity)
    yield from _windows(activity)
    yield from _tariffs(activity)
    yield from _twice("absences", [rule["reason"] for rule in activity.absences], "reason")
    yield from _twice("slots", [slot.code for slot in activity.slots])
    for n, slot in enumerate(activity.slots):
        yield from _slot(activity, slot, f"slots[{n}]")


def _dates(activity: Activity, bounds: Bounds) -> Iterator[Mistake]:
    last = bounds.ends if activity.on == "school_days" else date(bounds.starts.year + 1, 8, 31)
    for name, day in (("opens", activity.opens), ("closes", activity.closes)):
        if not bounds.starts <= day <= last:
            yield Mistake("", name, f"attendu dans l’année scolaire, du {bounds.starts} au {last}")
    if activity.opens > activity.closes:
        yield Mistake("", "closes", f"attendu le jour de {quoted('opens')} ou après")


def _enrolment(activity: Activity) -> Iterator[Mistake]:
    """Who pays a membership has the place: none could be taken back while the bank is asked."""
    if activity.asks_membership and activity.enrolment_places is not None:
        expected = f"attendu sans {quoted('membership_fee')}, quand les parents inscrivent en la payant"
        yield Mistake("", "enrolment_places", expected)


def _groups(activity: Activity, bounds: Bounds) -> Iterator[Mistake]:
    yield from _twice("groups", [group.code for group in activity.groups])
    levels = sorted({level for school in bounds.schools.values() for level in school})
    for n, group in enumerate(activity.groups):
        yield from _known(f"groups[{n}]", "levels", group.levels or (), levels)
        yield from _known(f"groups[{n}]", "schools", group.schools or (), list(bounds.schools))
        yield from _last_day(activity, group.closes, f"groups[{n}]")


def _deadlines(activity: Activity) -> Iterator[Mistake]:
    lists = {"book": activity.book} | ({} if activity.keeps_booked else {"cancel": activity.cancel})
    for name, rules in lists.items():
        days = [WEEKDAYS[weekday] for weekday in activity.weekdays]
        without = [day for day in days if not any("for" not in rule or day in rule["for"] for rule in rules)]
        if without:
            yield Mistake("deadlines", name, f"aucune limite pour {', '.join(map(quoted, without))}")
    if activity.keeps_booked and activity.late_cancel != "refused":
        expected = f"attendu {quoted('refused')}, quand ce qui est réservé ne s’annule pas"
        yield Mistake("", "late_cancel", expected)
    yield from _late(activity)


def _late(activity: Activity) -> Iterator[Mistake]:
    """A later limit is there to cost more."""
    priced = [n for n, tariff in enumerate(activity.tariffs) if tariff.late is not None]
    if activity.late and not priced:
        expected = f"attendu avec {quoted('late')} dans un tarif\u00a0: ce que coûte une réservation tardive"
        yield Mistake("deadlines", "late", expected)
    if priced and not activity.late:
        expected = f"attendu avec {quoted('deadlines.late')}\u00a0: jusqu’à quand on réserve en retard"
        yield Mistake(f"tariffs[{priced[0]}]", "late", expected)


def _windows(activity: Activity) -> Iterator[Mistake]:
    """Each in order and before its days are over; no day in two of them."""
    for n, window in enumerate(activity.windows):
        where = f"windows[{n}]"
        if window.start > window.end:
            yield Mistake(where, "to", f"attendu le jour de {quoted('from')} ou après")
        if window.opens >= window.closes:
            yield Mistake(where, "closes", f"attendu après {quoted('opens')}")
        if window.closes.date() > window.end:
            yield Mistake(where, "closes", f"attendu le jour de {quoted('to')} ou avant")
        for other, before in enumerate(activity.windows[:n]):
            if window.start <= before.end and before.start <= window.end:
                yield Mistake(
                    where, "from", f"attendu hors de windows[{other}]\u00a0: un jour est dans les deux"
                )


def _tariffs(activity: Activity) -> Iterator[Mistake]:
    slots = [slot.code for slot in activity.slots]
    for n, tariff in enumerate(activity.tariffs):
        if tariff.slot is not None:
            yield from _known(f"tariffs[{n}]", "slot", [tariff.slot], slots)
        yield from _tariff(tariff, f"tariffs[{n}]")
    for one, other in pricing.clashes(as_rules(activity)):
        expected = f"attendu plus précis que tariffs[{one.id}]\u00a0: les deux vont aux mêmes jours"
        yield Mistake(f"tariffs[{other.id}]", "", expected)


def _tariff(tariff: Tariff, where: str) -> Iterator[Mistake]:
    if tariff.method == "brackets":
        yield from _bands(tariff, where)
    elif tariff.method == "rate":
        yield from _rate(tariff, where, tariff.no_quotient is not None)
    if tariff.reduction > 100:
        yield Mistake(where, "reduction", "attendu en pour cent, au plus 100")
    if tariff.start and tariff.end and tariff.start > tariff.end:
        yield Mistake(where, "to", f"attendu le jour de {quoted('from')} ou après")


def _bands(tariff: Tariff, where: str) -> Iterator[Mistake]:
    limits = [band.up_to for band in tariff.bands]
    for n, (before, limit) in enumerate(pairwise(limits)):
        if before is None:
            expected = "attendu\u00a0: seule la dernière tranche n’a pas de limite"
            yield Mistake(f"{where}.brackets[{n}]", "up_to", expected)
        elif limit is not None and limit <= before:
            expected = "attendu plus grand que celui de la tranche d’avant"
            yield Mistake(f"{where}.brackets[{n + 1}]", "up_to", expected)
    if not limits or limits[-1] is not None:
        yield Mistake(where, "brackets", f"attendu avec une dernière tranche sans {quoted('up_to')}")
    for n, band in enumerate(tariff.bands):
        if band.rate is not None:
            limited = band.up_to is not None or tariff.no_quotient is not None
            yield from _rate(band, f"{where}.brackets[{n}]", limited)


def _rate(said: Tariff | Band, where: str, limited: bool) -> Iterator[Mistake]:
    """`limited`: the price without a quotient is known otherwise."""
    if said.low is not None and said.high is not None and said.low > said.high:
        yield Mistake(where, "max", f"attendu au moins {quoted('min')}")
    if said.high is None and not limited:
        expected = f"attendu, ou {quoted('no_quotient')}\u00a0: le prix quand le quotient n’est pas connu"
        yield Mistake(where, "max", expected)


def _slot(activity: Activity, slot: Slot, where: str) -> Iterator[Mistake]:
    """Some price on every day; a part of care that no price falls below."""
    if slot.starts >= slot.ends:
        yield Mistake(where, "ends", f"attendu après {quoted('starts')}")
    yield from _time(slot, where)
    yield from _last_day(activity, slot.closes, where)
    yield from _needs(activity, slot, where)
    fitting = [tariff for tariff in activity.tariffs if tariff.slot in (None, slot.code)]
    for day in turning_days(activity):
        if not any((t.start or day) <= day <= (t.end or day) for t in fitting):
            yield Mistake(where, "", f"un tarif attendu le {day}")
    lowest = min((reduce(_lowest(tariff), min(100, tariff.reduction)) for tariff in fitting), default=0)
    if slot.care_part is not None and slot.care_part > lowest:
        expected = f"attendu en centimes, au plus le prix le plus bas ({lowest})"
        yield Mistake(where, "care_part", expected)


def _time(slot: Slot, where: str) -> Iterator[Mistake]:
    if slot.minimum is not None and slot.step is None:
        yield Mistake(
            where, "minimum", f"attendu avec {quoted('step')}\u00a0: un créneau facturé au temps passé"
        )
    if slot.late_pickup is not None and minutes(slot.late_pickup["after"]) < slot.ends:
        yield Mistake(f"{where}.late_pickup", "after", f"attendu à {quoted('ends')} ou après")


def _needs(activity: Activity, slot: Slot, where: str) -> Iterator[Mistake]:
    """A slot that another one needs does not come back to it."""
    if slot.requires is None:
        return
    needed = {one.code: one.requires for one in activity.slots}
    yield from _known(where, "requires", [slot.requires], list(needed))
    seen = {slot.code}
    code: str | None = slot.requires
    while code is not None and code not in seen:
        seen.add(code)
        code = needed.get(code)
    mine, its = slot.closes or activity.closes, _closes(activity, slot.requires)
    if its < mine:
        expected = f"attendu le {its} au plus tard\u00a0: le créneau qu’il demande ferme ce jour-là"
        yield Mistake(where, "closes", expected)
    if code == slot.code:
        yield Mistake(where, "requires", "attendu sans boucle\u00a0: ce créneau se demanderait lui-même")


def _closes(activity: Activity, code: str) -> date:
    return next((one.closes for one in activity.slots if one.code == code), None) or activity.closes


def _last_day(activity: Activity, closes: date | None, where: str) -> Iterator[Mistake]:
    if closes is not None and not activity.opens <= closes <= activity.closes:
        expected = f"attendu dans les dates de l’activité, du {activity.opens} au {activity.closes}"
        yield Mistake(where, "closes", expected)


def turning_days(activity: Activity) -> Iterator[date]:
    """The days on which the tariff may change: between two of them nothing does."""
    yield activity.opens
    for tariff in activity.tariffs:
        for day in (tariff.start, tariff.end and tariff.end + ONE_DAY):
            if day is not None and activity.opens <= day <= activity.closes:
                yield day


def as_rules(activity: Activity) -> list[pricing.Tariff]:
    """What the rule of prices needs to know to choose: the id is the place in the list."""
    return [
        pricing.Tariff(
            id=n,
            method="flat",
            slot=tariff.slot,
            category=tariff.category,
            start=tariff.start,
            end=tariff.end,
        )
        for n, tariff in enumerate(activity.tariffs)
    ]


def _lowest(tariff: Tariff) -> int:
    if tariff.method == "flat":
        return tariff.amount or 0
    if tariff.method == "brackets":
        amounts = (band.amount if band.rate is None else band.low or 0 for band in tariff.bands)
        return min(amounts, default=0)
    return tariff.low or 0


def _twice(where: str, codes: Sequence[str], key: str = "code") -> Iterator[Mistake]:
    for n, code in enumerate(codes):
        if code in codes[:n]:
            yield Mistake(f"{where}[{n}]", key, f"{quoted(code)} est déjà pris plus haut")


def _known(where: str, key: str, codes: Sequence[str], known: Sequence[str]) -> Iterator[Mistake]:
    for code in codes:
        if code not in known:
            yield Unknown(where, key, f"{quoted(code)} n’existe pas", code, tuple(known))
