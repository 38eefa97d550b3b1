"""One activity of the règlement: when it opens, until when one books and cancels, who gets a place, what it costs."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from models.activities.catalogue import Catalogue
from models.activities.facts import ActivityFacts, GroupFacts
from models.french import (
    beginning_long,
    day_long,
    day_without_year,
    euros,
    moment_long,
    plural,
    quoted,
    together,
)
from models.french.rulebook.deadlines import Start, clock, opening_days, until_by_weekday
from models.french.rulebook.tariffs import absence
from models.french.rulebook.windows import window_said
from models.rulebook import prices
from models.rules.calendar import open_days
from models.rules.deadlines import Deadline
from models.rules.families.enrolling import Enrols
from models.rules.money import NBSP
from models.rules.papers.rulebook import Block, Heading, Items, Section, Sentences

ON = {
    "school_days": "pendant les semaines d’école",
    "holidays": "pendant les vacances scolaires",
    "both": "toute l’année, vacances comprises",
}
FULL = "Un jour complet ne peut plus être réservé, tant que personne n’annule."
BY_DEFAULT = (
    "Votre enfant inscrit est attendu tous les jours d’ouverture\u00a0: chacun est réservé d’office, et facturé. "
    "Décochez dans le planning, avant la limite d’annulation, les jours où il ne vient pas. Un jour décoché le reste."
)
QUEUE = "Quand un jour est complet, une liste d’attente est ouverte."

BY_PARENTS = {
    Enrols.ONLINE: "Vous inscrivez votre enfant vous-même, sur le portail.",
    Enrols.REQUEST: "Vous demandez l’inscription de votre enfant sur le portail\u00a0; la mairie répond.",
}
BY_ADULTS = {
    Enrols.ONLINE: "Vous vous inscrivez vous-même, sur le portail.",
    Enrols.REQUEST: "Vous demandez votre inscription sur le portail\u00a0; la mairie répond.",
}


def section(catalogue: Catalogue, activity: ActivityFacts, own: Sequence[Block], anchor: str) -> Section:
    """`own`: what the commune adds about it."""
    told = (
        *_days(activity),
        *_enrolment(catalogue, activity),
        *_limits(catalogue, activity),
        *_places(activity),
        *prices.blocks(activity),
        *_absences(activity),
        *own,
    )
    return Section(anchor, activity.name, told)


def starts(activity: ActivityFacts) -> list[Start]:
    """When its slots begin, for limits that are counted in hours; those of one hour are one."""
    by_hour: dict[int, list[str]] = {}
    for slot in activity.slots:
        by_hour.setdefault(slot.starts, []).append(slot.name)
    if len(by_hour) == 1:
        return [Start("", at) for at in by_hour]
    return [Start(together(names), at) for at, names in by_hour.items()]


def _days(activity: ActivityFacts) -> Iterator[Block]:
    timetable = activity.timetable
    days = opening_days(timetable.weekdays)
    where = f" Lieu{NBSP}: {activity.place}." if activity.place else ""
    yield Sentences(
        f"{days[0].upper()}{days[1:]}, {ON[timetable.on]}, du {day_long(timetable.opens)} "
        f"au {day_long(timetable.closes)}.{where}"
    )
    hours = [
        f"{slot.name}{NBSP}: de {clock(slot.starts)} à {clock(slot.ends)}"
        + (f", jusqu’au {day_long(slot.closes)}" if slot.closes else "")
        for slot in activity.slots
    ]
    names = {slot.code: slot.name for slot in activity.slots}
    yield Sentences(f"{hours[0]}.") if len(hours) == 1 else Items(tuple(f"{said}." for said in hours))
    for slot in activity.slots:
        if slot.requires:
            asked = quoted(names[slot.requires])
            yield Sentences(
                f"{quoted(slot.name)} demande {asked}{NBSP}: le même jour, l’un ne se réserve pas sans l’autre, et "
                f"annuler {asked} l’annule aussi."
            )
    if activity.memo:
        yield Sentences(activity.memo)


def _enrolment(catalogue: Catalogue, activity: ActivityFacts) -> Iterator[Block]:
    fee = activity.membership_fee
    year = catalogue.years[activity.year].name
    if fee is None:
        yield from _by_parents(activity)
        return
    adults = activity.kind == "adult"
    price = f"{euros(fee)} par {'personne' if adults else 'enfant'} pour l’année {year}"
    if activity.enrolment == Enrols.ONLINE:
        yield Sentences(
            f"Avant de réserver, {'vous vous inscrivez' if adults else 'vous inscrivez votre enfant'} sur le portail "
            f"en payant l’adhésion de {price}. "
            "Elle se paie en une fois, à l’inscription."
        )
    else:
        yield Sentences(f"L’adhésion, de {price}, se paie avant la première réservation.")


def _by_parents(activity: ActivityFacts) -> Iterator[Block]:
    said = (BY_ADULTS if activity.kind == "adult" else BY_PARENTS).get(Enrols(activity.enrolment))
    if said and activity.enrolment_places is not None:
        said += f" Chaque groupe a {plural(activity.enrolment_places, 'place')} pour l’année."
        if activity.waiting_list or activity.enrolment == Enrols.REQUEST:
            said += " Ensuite, une liste d’attente suit l’ordre d’arrivée."
    if said:
        yield Sentences(said)


def _limits(catalogue: Catalogue, activity: ActivityFacts) -> Iterator[Block]:
    yield Heading("Réserver et annuler")
    if activity.by_default:
        yield Sentences(BY_DEFAULT)
    everybody, others = activity.visible_at(None), activity.visible_at("outside")
    if everybody and others:
        yield Sentences(_opening(everybody, others))
    book, cancel = activity.deadlines["book"], activity.deadlines["cancel"]
    alike = book == cancel
    yield from _limit("Un jour se réserve et s’annule" if alike else "Un jour se réserve", activity, book)
    yield from _later(activity)
    yield from _windows(activity)
    if activity.keeps_booked:
        yield Sentences("Ce qui est réservé ne s’annule pas.")
    elif not alike:
        yield from _limit("Il s’annule", activity, cancel)
    if example := _example(catalogue, activity):
        yield Sentences(example)
    if activity.late_cancel == "allowed":
        yield Sentences(
            "Passé la limite d’annulation, vous pouvez encore rendre la place, mais le jour reste facturé."
        )


def _opening(everybody: datetime, others: datetime) -> str:
    if everybody == others:
        return f"Les réservations ouvrent le {beginning_long(everybody)}."
    return (
        f"Les réservations ouvrent d’abord aux familles de la commune, le {beginning_long(everybody)}, "
        f"puis aux familles hors commune, le {beginning_long(others)}."
    )


def _limit(head: str, activity: ActivityFacts, rules: Sequence[Deadline]) -> Iterator[Block]:
    told = until_by_weekday(rules, sorted(activity.timetable.weekdays), starts(activity))
    if len(told) == 1 and not told[0][0]:
        yield Sentences(f"{head} {told[0][1]}.")
        return
    yield Sentences(f"{head}{NBSP}:")
    yield Items(tuple(f"{whose}, {until}." for whose, until in told))


def _later(activity: ActivityFacts) -> Iterator[Block]:
    """The later limit, until which a booking costs more."""
    if later := activity.deadlines["late"]:
        yield from _limit(
            "Ensuite, au tarif des réservations tardives, il se réserve encore", activity, later
        )


def _windows(activity: ActivityFacts) -> Iterator[Block]:
    """Booking alone: how a day is cancelled is said below."""
    if activity.windows:
        yield Sentences(f"Certains jours se réservent pendant une période seulement{NBSP}:")
        yield Items(tuple(f"{window_said(window)}." for window in activity.windows))


def _example(catalogue: Catalogue, activity: ActivityFacts) -> str:
    """The first day that opens, as the grid would say it."""
    timetable, slot = activity.timetable, activity.slots[0]
    calendar = catalogue.calendars[activity.year]
    day = next(open_days(calendar, timetable, "", timetable.opens, timetable.closes), None)
    if day is None:
        return ""
    book, cancel = (catalogue.closes(slot.id, action, day, "") for action in ("book", "cancel"))
    which = f" ({slot.name})" if len(activity.slots) > 1 and len(starts(activity)) > 1 else ""
    said = f"Par exemple, pour le {day_without_year(day)}{which}{NBSP}: "
    if activity.keeps_booked:
        return f"{said}réserver jusqu’au {moment_long(book)}."
    if book == cancel:
        return f"{said}jusqu’au {moment_long(book)}."
    return f"{said}réserver jusqu’au {moment_long(book)}, annuler jusqu’au {moment_long(cancel)}."


def _places(activity: ActivityFacts) -> Iterator[Block]:
    limited = [group for group in activity.groups if group.places is not None]
    if not limited and not activity.asks:
        return
    yield Heading("Les places")
    if activity.asks:
        yield Sentences("La mairie répond à chaque demande de réservation et d’annulation.")
    if limited:
        per = "par jour" if len(activity.slots) == 1 else "par jour et par créneau"
        texts = tuple(_group(group, per) for group in limited)
        yield Sentences(texts[0]) if len(texts) == 1 else Items(texts)
        yield Sentences(QUEUE if activity.waiting_list else FULL)


def _group(group: GroupFacts, per: str) -> str:
    places = f"{plural(group.places or 0, 'place')} {per}"
    if not group.name:
        return f"{places}."
    levels = ", ".join(sorted(group.levels or (), key=_level))
    more = f" ({levels})" if levels and levels != group.name else ""
    last = f", jusqu’au {day_long(group.closes)}" if group.closes else ""
    return f"{group.name}{more}{NBSP}: {places}{last}."


def _level(level: str) -> int:
    order = ("TPS", "PS", "MS", "GS", "CP", "CE1", "CE2", "CM1", "CM2")
    return order.index(level) if level in order else len(order)


def _absences(activity: ActivityFacts) -> Iterator[Block]:
    if activity.absences:
        yield Heading("Les absences")
        yield Items(tuple(absence(rule) for rule in activity.absences))
        yield Sentences(
            "Le portail applique ces règles d’après l’appel\u00a0: sur la facture, ou par un avoir."
        )


def named(activities: Sequence[ActivityFacts]) -> str:
    return together([quoted(activity.name) for activity in activities])
