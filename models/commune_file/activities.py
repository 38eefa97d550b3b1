"""The activities of a commune file, read: what is wrong with them is said by `models.activities.definition`."""

from typing import Any

from models.activities.definition import description
from models.activities.definition.description import Activity, Band, Group, Rule, Slot, Tariff
from models.commune_file.table import REQUIRED, Table, numbers, unique
from models.rules.absences import REASONS
from models.rules.deadlines import A_YEAR, END_OF_DAY, KINDS, NEVER, WEEKDAYS, Key
from models.rules.families.contact import EMAIL
from models.rules.limits.windows import Window
from models.rules.pricing.surcharge import SURCHARGE

NEVER_CANCELLED = NEVER["rule"]


def read(tables: list[Table], till: str | None) -> tuple[Activity, ...]:
    """`till` takes the money of the activities that name none."""
    unique(tables, "code")
    return tuple(_activity(table, till) for table in tables)


def _activity(table: Table, till: str | None) -> Activity:
    slots, groups = table.tables("slots", required=True), table.tables("groups")
    book, cancel, late = _deadlines(table)
    activity = Activity(
        code=table.text("code", longest=description.LONGEST_CODE),
        name=table.text("name"),
        kind=table.choice("kind", description.ACTIVITY_KINDS),
        billing=table.choice("billing", description.BILLING),
        acceptance=table.choice("acceptance", description.ACCEPTANCE, "automatic"),
        enrolment=table.choice("enrolment", description.ENROLMENT, "mairie"),
        weekdays=numbers(table.weekdays("weekdays")),
        on=table.choice("on", description.ON_DAYS, "school_days"),
        opens=table.day("opens"),
        closes=table.day("closes"),
        groups=_groups(table, groups),
        slots=tuple(_slot(slot) for slot in slots),
        book=book,
        cancel=cancel,
        tariffs=tuple(_tariff(tariff) for tariff in table.tables("tariffs", required=True)),
        till=table.text("till", till),
        place=table.text("place", None),
        memo=table.text("memo", None, longest=description.LONGEST_MEMO),
        kitchen_email=table.matching("kitchen_email", EMAIL, "une adresse électronique", None),
        membership_fee=table.cents("membership_fee", None, least=1),
        waiting_list=table.flag("waiting_list", False),
        late_cancel=table.choice("late_cancel", description.LATE_CANCEL, "refused"),
        visible_from=table.moment("visible_from"),
        residents_first_days=table.whole("residents_first_days", None, what="en jours"),
        enrolment_places=table.whole("enrolment_places", None, least=1, what="en nombre de places"),
        presence=table.choice("presence", description.PRESENCE, "booking"),
        late=late,
        absences=tuple(_absence(row) for row in table.tables("absences")),
        windows=tuple(_window(row) for row in table.tables("windows")),
    )
    table.done()
    return activity


def _groups(table: Table, groups: list[Table]) -> tuple[Group, ...]:
    """An activity without groups has one for everybody, with the activity's own places if it says any."""
    if not groups:
        return (Group(code="", name="", places=table.whole("places", None, what="en nombre de places")),)
    return tuple(_group(group) for group in groups)


def _group(table: Table) -> Group:
    group = Group(
        code=table.text("code", longest=description.LONGEST_CODE),
        name=table.text("name"),
        levels=table.words("levels", None),
        schools=table.words("schools", None),
        places=table.whole("places", None, what="en nombre de places"),
        closes=table.day("closes", None),
    )
    table.done()
    return group


def _slot(table: Table) -> Slot:
    slot = Slot(
        code=table.text("code", longest=description.LONGEST_CODE),
        name=table.text("name"),
        starts=table.clock("starts"),
        ends=table.clock("ends"),
        care_part=table.cents("care_part", None),
        step=table.whole("step", None, least=1, most=END_OF_DAY, what="en minutes"),
        minimum=table.whole("minimum", None, least=1, most=END_OF_DAY, what="en minutes"),
        late_pickup=_late_pickup(table),
        requires=table.text("requires", None, longest=description.LONGEST_CODE),
        closes=table.day("closes", None),
    )
    table.done()
    return slot


def _late_pickup(table: Table) -> dict[str, Any] | None:
    """As the file writes it: the row keeps that."""
    if not table.has("late_pickup"):
        return None
    row = table.table("late_pickup")
    row.clock("after")
    row.cents("cents", least=1)
    row.whole("per", None, least=1, most=END_OF_DAY, what="en minutes")
    row.done()
    return dict(row.values)


def _absence(table: Table) -> dict[str, Any]:
    rule = {
        "reason": table.choice("reason", REASONS),
        "due_days": table.whole("due_days", 0, most=A_YEAR, what="en jours"),
        "proof_hours": table.whole("proof_hours", None, least=1, most=24 * A_YEAR, what="en heures"),
        "credit": table.whole("credit", 100, least=1, most=100, what="en pour cent"),
    }
    table.done()
    return {key: value for key, value in rule.items() if value is not None}


def _window(table: Table) -> Window:
    start, end = table.day("from"), table.day("to")
    opens, closes = table.moment("opens", REQUIRED), table.moment("closes", REQUIRED)
    table.done()
    return Window(start, end, opens, closes)


def _deadlines(table: Table) -> tuple[tuple[Rule, ...], tuple[Rule, ...], tuple[Rule, ...]]:
    deadlines = table.table("deadlines")
    book = tuple(_rule(rule) for rule in deadlines.tables("book", required=True))
    cancel = _cancel(deadlines)
    late = tuple(_rule(rule) for rule in deadlines.tables("late"))
    deadlines.done()
    return book, cancel or book, late


def _cancel(table: Table) -> tuple[Rule, ...]:
    """Where what is booked is not cancelled, one word stands for the list."""
    if table.values.get("cancel") != NEVER_CANCELLED:
        return tuple(_rule(rule) for rule in table.tables("cancel"))
    table.choice("cancel", (NEVER_CANCELLED,))
    return (NEVER,)


def _rule(table: Table) -> Rule:
    kind = KINDS[table.choice("rule", tuple(KINDS))]
    said = {key.name: _said(table, key) for key in kind.KEYS}
    rule: Rule = {"rule": kind.KIND} | {name: value for name, value in said.items() if value != ""}
    days = table.weekdays("for", None)
    if days:
        rule["for"] = list(days)
    table.done()
    return rule


def _said(table: Table, key: Key) -> object:
    """As the file writes it: the row keeps that."""
    default = REQUIRED if key.default is None else key.default
    if key.kind == "whole":
        return table.whole(key.name, default, least=key.least, most=key.most, what=key.what)
    if key.kind == "clock":
        table.clock(key.name)
        return table.values[key.name]
    return table.choice(key.name, WEEKDAYS if key.kind == "weekday" else key.words, default)


def _tariff(table: Table) -> Tariff:
    method = table.choice("method", description.METHODS)
    price: dict[str, Any] = {}
    if method == "flat":
        price["amount"] = table.cents("amount")
    elif method == "brackets":
        price["bands"] = _bands(table)
        price["no_quotient"] = table.cents("no_quotient", None)
    else:
        price["rate"] = _rate(table)
        price["low"], price["high"] = table.cents("min", None), table.cents("max", None)
        price["no_quotient"] = table.cents("no_quotient", None)
    tariff = Tariff(
        method=method,
        slot=table.text("slot", None, longest=description.LONGEST_CODE),
        category=table.choice("category", description.CATEGORIES, None),
        start=table.day("from", None),
        end=table.day("to", None),
        unbooked=_surcharge(table, "unbooked"),
        late=_surcharge(table, "late"),
        **_siblings(table),
        **price,
    )
    table.done()
    return tariff


def _bands(table: Table) -> tuple[Band, ...]:
    bands = []
    for row in table.tables("brackets", required=True):
        up_to = row.whole("up_to", None, what="en euros entiers de quotient")
        if row.has("rate"):
            band = Band(up_to, 0, _rate(row), row.cents("min", None), row.cents("max", None))
        else:
            band = Band(up_to, row.cents("amount"))
        row.done()
        bands.append(band)
    return tuple(bands)


def _rate(table: Table) -> str:
    expected = 'en texte, un pourcentage du quotient comme "0.36"'
    found: str = table.matching("rate", description.RATE, expected)
    return found


def _siblings(table: Table) -> dict[str, Any]:
    if not table.has("child_rank") and not table.has("reduction"):
        return {}
    rank = table.whole("child_rank", least=1, what="le rang de l’enfant")
    reduction = table.whole("reduction", least=1, what="en pour cent")
    return {"child_rank": rank, "reduction": reduction}


def _surcharge(table: Table, key: str) -> str | None:
    """Cents instead of the price, cents more as "+500", or a share more as "+10%"."""
    expected = 'en centimes, ou en plus du prix comme "+500" ou "+10%"'
    if isinstance(table.values.get(key), int):
        return str(table.whole(key, what=expected))
    found: str | None = table.matching(key, SURCHARGE, expected, None)
    return found
