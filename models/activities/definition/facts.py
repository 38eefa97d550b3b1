"""A description as the catalogue would hold it, for an example that nothing stores: its ids are negative."""

from models.activities.definition import description
from models.activities.definition.openings import timetable
from models.activities.facts import ActivityFacts, GroupFacts, SlotFacts
from models.rules import pricing
from models.rules.deadlines import deadlines_of
from models.rules.pricing.missed import absence_rule_of
from models.rules.pricing.stay import Timing, planned

SAME = (
    "code", "name", "kind", "billing", "acceptance", "enrolment", "place", "memo", "membership_fee",
    "waiting_list", "late_cancel", "visible_from", "residents_first_days",
    "enrolment_places", "presence",
)  # fmt: skip
TARIFF = (
    "method", "amount", "rate", "low", "high", "slot", "category", "start", "end", "child_rank", "reduction",
    "no_quotient", "unbooked", "late",
)  # fmt: skip


def facts_of(said: description.Activity, year: int) -> ActivityFacts:
    """Of what has no mistake."""
    limits = {"book": said.book, "cancel": said.cancel, "late": said.late}
    return ActivityFacts(
        id=-1,
        year=year,
        till=-1,
        **{name: getattr(said, name) for name in SAME},
        timetable=timetable(said),
        deadlines={action: deadlines_of(rules) for action, rules in limits.items()},
        tariffs=tuple(_tariff(n, tariff) for n, tariff in enumerate(said.tariffs)),
        slots=tuple(_slot(n, slot) for n, slot in enumerate(said.slots)),
        groups=tuple(_group(n, group) for n, group in enumerate(said.groups)),
        absences=tuple(map(absence_rule_of, said.absences)),
        windows=said.windows,
    )


def _tariff(n: int, said: description.Tariff) -> pricing.Tariff:
    bands = tuple(
        pricing.Band(band.up_to, band.amount, band.rate, band.low, band.high) for band in said.bands
    )
    return pricing.Tariff(id=n, bands=bands, **{name: getattr(said, name) for name in TARIFF})


def _slot(n: int, said: description.Slot) -> SlotFacts:
    timing = Timing(said.step, said.starts, said.ends, said.minimum or 0) if said.step else None
    return SlotFacts(
        id=-1 - n,
        activity=-1,
        code=said.code,
        name=said.name,
        starts=said.starts,
        ends=said.ends,
        care_part=said.care_part,
        requires=said.requires,
        closes=said.closes,
        timing=timing,
        stay=planned(timing) if timing else None,
    )


def _group(n: int, said: description.Group) -> GroupFacts:
    levels = None if said.levels is None else frozenset(said.levels)
    schools = None if said.schools is None else frozenset(said.schools)
    return GroupFacts(-1 - n, said.code, said.name, levels, schools, said.places, said.closes)
