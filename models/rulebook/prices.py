"""The prices of an activity as the règlement shows them: each amount is the one that the rule of prices gives."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from models.activities.facts import ActivityFacts, SlotFacts
from models.french import day_long, euros, together
from models.french.rulebook.deadlines import clock
from models.french.rulebook.tariffs import (
    CATEGORIES,
    band_label,
    begun,
    from_the,
    late_pickup,
    length,
    share,
    surcharge,
    timing,
)
from models.rules import pricing
from models.rules.money import NBSP
from models.rules.papers.rulebook import Block, Heading, Items, Prices, Sentences
from models.rules.pricing import Band, NoTariff, Tariff

ONE_DAY = timedelta(days=1)
EXAMPLE = 800  # a quotient, of which a share is said as an example
NO_QUOTIENT = "quotient non connu"
RANKS = (
    "Le rang d’un enfant se compte de l’aîné au plus jeune, parmi les enfants de la famille inscrits à cette activité "
    "ce jour-là."
)
SURCHARGES = {
    "late": "Une réservation tardive coûte",
    "unbooked": "Une présence sans réservation est facturée",
}


@dataclass(frozen=True, slots=True)
class Spell:
    """Days between which no price changes, both ends included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a tariff is for, on a day on which it is the one that fits."""

    tariff: Tariff
    category: str | None
    day: date

    def cents(self, activity: ActivityFacts, slot: SlotFacts, quotient: int | None, rank: int = 1) -> int:
        """Of one unit: a booking, or a step of time. Raises NoTariff."""
        return pricing.price(activity.tariffs, slot.code, self.category, self.day, quotient, rank).cents


def blocks(activity: ActivityFacts) -> Iterator[Block]:
    """Slots that cost the same are said together, and those that a sentence says in one list."""
    groups = {together([slot.name for slot in slots]): slots[0] for slots in _alike(activity)}
    told = {name: list(_of_slots(activity, slot)) for name, slot in groups.items()}
    lines = {name: one.text for name, [one, *more] in told.items() if isinstance(one, Sentences) and not more}
    if len(lines) == len(told) > 1:
        yield Heading("Prix")
        yield Items(tuple(f"{name}{NBSP}: {text}" for name, text in lines.items()))
    else:
        for name, said in told.items():
            yield Heading(f"Prix{NBSP}: {name}" if len(told) > 1 else "Prix")
            yield from said
    if any(tariff.child_rank is not None and tariff.reduction for tariff in activity.tariffs):
        yield Sentences(RANKS)


def spells(activity: ActivityFacts, slot: SlotFacts) -> list[Spell]:
    """From one change of its prices to the next."""
    opens, closes = activity.timetable.opens, activity.timetable.closes
    turns = {opens}
    for tariff in activity.tariffs:
        if tariff.slot in (None, slot.code):
            turns |= {day for day in (tariff.start, tariff.end and tariff.end + ONE_DAY) if day}
    starts = sorted(day for day in turns if opens <= day <= closes)
    ends = [day - ONE_DAY for day in starts[1:]] + [closes]
    return [Spell(first, last) for first, last in zip(starts, ends, strict=True)]


def asked(activity: ActivityFacts, slot: SlotFacts, day: date) -> list[Asked]:
    """The tariff of everybody, then those of the categories that pay another one."""
    found: list[Asked] = []
    named = [category for category in CATEGORIES if category in {t.category for t in activity.tariffs}]
    for category in (None, *named):
        try:
            tariff = pricing.choose(activity.tariffs, slot.code, category, day)
        except NoTariff:
            continue
        if tariff not in [one.tariff for one in found]:
            found.append(Asked(tariff, category, day))
    return found


def _alike(activity: ActivityFacts) -> list[list[SlotFacts]]:
    found: dict[object, list[SlotFacts]] = {}
    for slot in activity.slots:
        told = tuple((one, tuple(asked(activity, slot, one.first))) for one in spells(activity, slot))
        time = (slot.timing.step, slot.timing.minimum, slot.stay) if slot.timing else None
        found.setdefault((told, time, slot.late_pickup), []).append(slot)
    return list(found.values())


def _of_slots(activity: ActivityFacts, slot: SlotFacts) -> Iterator[Block]:
    periods = spells(activity, slot)
    said: list[Asked] = []
    for spell in periods:
        if len(periods) > 1:
            yield Sentences(f"Du {day_long(spell.first)} au {day_long(spell.last)}{NBSP}:")
        told = asked(activity, slot, spell.first)
        yield from _of_day(activity, slot, told)
        said += [one for one in told if one.tariff not in [other.tariff for other in said]]
    if slot.timing:
        yield Sentences(timing(slot.timing))
    yield from _more(said)
    if slot.late_pickup:
        yield Sentences(late_pickup(slot.late_pickup, clock(slot.late_pickup.after)))


def _of_day(activity: ActivityFacts, slot: SlotFacts, told: Sequence[Asked]) -> Iterator[Block]:
    lines = [one for one in told if one.tariff.method != "brackets"]
    for one in told:
        if one.tariff.method == "brackets":
            yield _table(activity, slot, one, _who(one, told))
    texts = [_line(activity, slot, one, _who(one, told)) for one in lines]
    if len(texts) == 1:
        yield Sentences(texts[0])
    elif texts:
        yield Items(tuple(texts))


def _who(one: Asked, told: Sequence[Asked]) -> str:
    """Nothing where everybody pays the same."""
    if len(told) == 1 and one.category is None:
        return ""
    if one.category is None:
        return CATEGORIES["resident"] if "outside" in [other.category for other in told] else "Tarif général"
    return CATEGORIES[one.category]


def _line(activity: ActivityFacts, slot: SlotFacts, one: Asked, who: str) -> str:
    tariff, head = one.tariff, f"{who}{NBSP}: " if who else ""
    if tariff.method == "flat":
        said = f"{head}{euros(one.cents(activity, slot, None))} {_unit(activity, slot)}"
    else:
        example = one.cents(activity, slot, EXAMPLE)
        said = f"{head}{share(tariff)}, {_unit(activity, slot)}{NBSP}; un quotient de {EXAMPLE} donne {euros(example)}"
    if tariff.child_rank is not None and tariff.reduction:
        less = (
            f"{euros(one.cents(activity, slot, None, tariff.child_rank))} " if tariff.method == "flat" else ""
        )
        told = less or f"{tariff.reduction}{NBSP}% de moins "
        said += f"{NBSP}; {told}{from_the(tariff.child_rank)}"
    if tariff.method == "rate":
        said += f"{NBSP}; {euros(one.cents(activity, slot, None))} quand le quotient n’est pas connu"
    return f"{said}."


def _unit(activity: ActivityFacts, slot: SlotFacts) -> str:
    if slot.timing:
        return begun(slot.timing.step)
    return "par repas" if activity.kind in ("meal", "adult") else "par réservation"


def _table(activity: ActivityFacts, slot: SlotFacts, one: Asked, who: str) -> Prices:
    ranks = [1]
    if one.tariff.child_rank is not None and one.tariff.reduces(one.tariff.child_rank):
        ranks = sorted({1, one.tariff.child_rank})
    unit = _unit(activity, slot)
    columns = [unit.capitalize() if len(ranks) == 1 else "1er enfant", *map(_title, ranks[1:])]
    whole = f"Créneau entier ({length(slot.ends - slot.starts)})" if slot.stay and len(ranks) == 1 else ""
    rows = []
    for label, quotient, band in _quotients(one.tariff):
        if band is not None and band.rate is not None:
            cells = [f"{share(band)}"] + [f"−{one.tariff.reduction}{NBSP}%"] * (len(ranks) - 1)
            rows.append((label, *cells, *([""] if whole else [])))
            continue
        cents = [one.cents(activity, slot, quotient, rank) for rank in ranks]
        entire = [euros(cents[0] * slot.stay.units)] if whole and slot.stay else []
        rows.append((label, *map(euros, cents), *entire))
    caption = ", ".join(filter(None, (who, unit if len(ranks) > 1 else "")))
    return Prices(caption, ("Quotient familial", *columns, *filter(None, [whole])), tuple(rows))


def _quotients(tariff: Tariff) -> Iterator[tuple[str, int | None, Band | None]]:
    """Each bracket by its lowest quotient; then without one."""
    lowest = 0
    for band in tariff.bands:
        yield band_label(lowest, band.up_to), lowest, band
        lowest = (band.up_to or 0) + 1
    yield NO_QUOTIENT, None, None


def _title(rank: int) -> str:
    said = from_the(rank)
    return said[0].upper() + said[1:]


def _more(said: Sequence[Asked]) -> Iterator[Block]:
    """What is added for a late or a missing booking, and to whose price."""
    for name, head in SURCHARGES.items():
        by_words: dict[str, list[str]] = {}
        for one in said:
            if written := getattr(one.tariff, name):
                by_words.setdefault(surcharge(written), []).append(_who(one, said).lower())
        everybody = len(by_words) == 1 and sum(map(len, by_words.values())) == len(said)
        whom = {words: "" if everybody else f" ({together(names)})" for words, names in by_words.items()}
        if by_words:
            yield Sentences(f"{head} {f'{NBSP}; '.join(f'{words}{whom[words]}' for words in by_words)}.")
