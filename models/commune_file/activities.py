"""The activities of a commune file: groups, slots, deadlines and prices."""

from typing import Any

from models.commune_file.document import Activity, Band, Group, Rule, Slot, Tariff
from models.commune_file.table import REQUIRED, Table, numbers, quoted, unique
from models.rules.deadlines import KINDS, WEEKDAYS, Key
from models.rules.states.orders import Billing

CATEGORIES = ("resident", "outside", "pai", "occasional", "adult", "staff")
RATE = r"[0-9]+(\.[0-9]+)?"
UNBOOKED = r"\+[0-9]+%"


def read(tables: list[Table], till: str | None) -> tuple[Activity, ...]:
    """`till` takes the money of the activities that name none."""
    unique(tables, "code")
    return tuple(_activity(table, till) for table in tables)


def _activity(table: Table, till: str | None) -> Activity:
    slots, groups = table.tables("slots", required=True), table.tables("groups")
    unique(slots, "code")
    unique(groups, "code")
    book, cancel = _deadlines(table)
    activity = Activity(
        code=table.text("code", longest=60),
        name=table.text("name"),
        kind=table.choice("kind", ("meal", "care", "leisure", "adult")),
        billing=table.choice("billing", tuple(Billing)),
        acceptance=table.choice("acceptance", ("automatic", "staff"), "automatic"),
        enrolment=table.choice("enrolment", ("mairie", "online"), "mairie"),
        weekdays=numbers(table.weekdays("weekdays")),
        on=table.choice("on", ("school_days", "holidays", "both"), "school_days"),
        opens=table.day("opens"),
        closes=table.day("closes"),
        groups=_groups(table, groups),
        slots=tuple(_slot(slot) for slot in slots),
        book=book,
        cancel=cancel,
        tariffs=tuple(_tariff(tariff) for tariff in table.tables("tariffs", required=True)),
        till=table.text("till", till),
        place=table.text("place", None),
        memo=table.text("memo", None, longest=2000),
        membership_fee=table.cents("membership_fee", None, least=1),
        waiting_list=table.flag("waiting_list", False),
        late_cancel=table.choice("late_cancel", ("refused", "allowed"), "refused"),
        visible_from=table.moment("visible_from"),
        residents_first_days=table.whole("residents_first_days", None, what="en jours"),
    )
    table.done()
    if activity.opens > activity.closes:
        raise table.wrong("closes", f"attendu le jour de {quoted('opens')} ou après")
    return activity


def _groups(table: Table, groups: list[Table]) -> tuple[Group, ...]:
    """An activity without groups has one for everybody, with the activity's own places if it says any."""
    if not groups:
        return (Group(code="", name="", places=table.whole("places", None, what="en nombre de places")),)
    return tuple(_group(group) for group in groups)


def _group(table: Table) -> Group:
    group = Group(
        code=table.text("code", longest=60),
        name=table.text("name"),
        levels=table.words("levels", None),
        schools=table.words("schools", None),
        places=table.whole("places", None, what="en nombre de places"),
    )
    table.done()
    return group


def _slot(table: Table) -> Slot:
    slot = Slot(
        code=table.text("code", longest=60),
        name=table.text("name"),
        starts=table.clock("starts"),
        ends=table.clock("ends"),
        care_part=table.cents("care_part", None),
    )
    table.done()
    if slot.starts >= slot.ends:
        raise table.wrong("ends", f"attendu après {quoted('starts')}")
    return slot


def _deadlines(table: Table) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    deadlines = table.table("deadlines")
    book = tuple(_rule(rule) for rule in deadlines.tables("book", required=True))
    cancel = tuple(_rule(rule) for rule in deadlines.tables("cancel"))
    deadlines.done()
    return book, cancel or book


def _rule(table: Table) -> Rule:
    kind = KINDS[table.choice("rule", tuple(KINDS))]
    rule: Rule = {"rule": kind.KIND} | {key.name: _said(table, key) for key in kind.KEYS}
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
    method = table.choice("method", ("flat", "brackets", "rate"))
    price: dict[str, Any] = {}
    if method == "flat":
        price["amount"] = table.cents("amount")
    elif method == "brackets":
        price["bands"] = _bands(table)
        price["no_quotient"] = table.cents("no_quotient", None)
    else:
        price["rate"] = table.matching("rate", RATE, 'en texte, un pourcentage du quotient comme "0.36"')
        price["low"], price["high"] = table.cents("min", None), table.cents("max", None)
        price["no_quotient"] = table.cents("no_quotient", None)
        _check_rate(table, price)
    tariff = Tariff(
        method=method,
        slot=table.text("slot", None, longest=60),
        category=table.choice("category", CATEGORIES, None),
        start=table.day("from", None),
        end=table.day("to", None),
        unbooked=_unbooked(table),
        **_siblings(table),
        **price,
    )
    table.done()
    if tariff.start and tariff.end and tariff.start > tariff.end:
        raise table.wrong("to", f"attendu le jour de {quoted('from')} ou après")
    return tariff


def _bands(table: Table) -> tuple[Band, ...]:
    rows = table.tables("brackets", required=True)
    bands: list[Band] = []
    for row in rows:
        bands.append(Band(row.whole("up_to", None, what="en euros entiers de quotient"), row.cents("amount")))
        row.done()
        if len(bands) > 1 and bands[-1].up_to is not None and bands[-1].up_to <= (bands[-2].up_to or 0):
            raise row.wrong("up_to", "attendu plus grand que celui de la tranche d’avant")
        if bands[-1].up_to is None and row is not rows[-1]:
            raise row.wrong("up_to", "attendu\u00a0: seule la dernière tranche n’a pas de limite")
    if bands[-1].up_to is not None:
        raise table.wrong("brackets", f"attendu avec une dernière tranche sans {quoted('up_to')}")
    return tuple(bands)


def _check_rate(table: Table, price: dict[str, Any]) -> None:
    if price["low"] is not None and price["high"] is not None and price["low"] > price["high"]:
        raise table.wrong("max", f"attendu au moins {quoted('min')}")
    if price["high"] is None and price["no_quotient"] is None:
        raise table.wrong(
            "max", f"attendu, ou {quoted('no_quotient')}\u00a0: le prix quand le quotient n’est pas connu"
        )


def _siblings(table: Table) -> dict[str, Any]:
    if not table.has("child_rank") and not table.has("reduction"):
        return {}
    rank = table.whole("child_rank", least=1, what="le rang de l’enfant")
    reduction = table.whole("reduction", least=1, what="en pour cent")
    if reduction > 100:
        raise table.wrong("reduction", "attendu en pour cent, au plus 100")
    return {"child_rank": rank, "reduction": reduction}


def _unbooked(table: Table) -> str | None:
    """Cents, or a share such as "+10%", for a child who comes without a booking."""
    expected = 'en centimes ou en pour cent comme "+10%"'
    if isinstance(table.values.get("unbooked"), int):
        return str(table.whole("unbooked", what=expected))
    found: str | None = table.matching("unbooked", UNBOOKED, expected, None)
    return found
