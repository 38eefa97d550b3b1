"""The states of bookings, orders, payments, ranks and requests are words of models/rules: nobody spells them again.

A word is one of them where it is compared with, passed as, or assigned to something called like the column that
holds it. Elsewhere it may be another thing: a style's class, a sentence's key, a journal's action.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path

import jinja2
import pytest
from jinja2 import nodes

from models.rules.booking import BookingState, WaitingState
from models.rules.states.campaigns import CampaignState
from models.rules.states.orders import Billing, LineAction, OrderKind, OrderState
from models.rules.states.payments import BankState, CardRefundState, PartKind, PaymentState, RefundState
from models.rules.states.requests import RequestKind, RequestState
from tests.house.files import ROOT, ours

COLUMNS: dict[str, tuple[type[StrEnum], ...]] = {
    "state": (
        BookingState,
        OrderState,
        WaitingState,
        PaymentState,
        BankState,
        RequestState,
        CampaignState,
        RefundState,
        CardRefundState,
    ),
    "kind": (OrderKind, PartKind, RequestKind),
    "action": (LineAction,),
    "billing": (Billing,),
}
OTHER_OWNERS = {
    "shown": "a cell of the planning, whose states are models.rules.cells.State",
    "seen": "the same, inside the rules",
    "rule": "a deadline: of booking, or of cancelling",
}
HOMES = {f"{enum.__module__.replace('.', '/')}.py" for enums in COLUMNS.values() for enum in enums}
QUOTED = re.compile(rf"\b({'|'.join(COLUMNS)})\b[^'\w]*(?:(?:NOT )?IN \(|WHEN )?'(\w+)'")
Found = tuple[int, str, str]  # line, column, word


def test_no_state_is_spelt_out() -> None:
    product = [path for path in ours() if path.relative_to(ROOT).parts[0] in ("models", "jobs", "web")]
    read = [path for path in product if "migrations" not in path.parts and name(path) not in HOMES]
    wrong = [
        f"{name(path)}:{line}: « {word} » beside {column}, use {cure(column, word)}"
        for path in read
        for line, column, word in spelt(path)
    ]
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize(
    "source",
    [
        'if order.state == "held": ...',
        'if "held" != order.state: ...',
        'if row["state"] in ("held", "other"): ...',
        'Order.filter(state="held")',
        'Booking.filter(order__state__in=("held", "confirmed"))',
        'state = "held" if paid else "confirmed"',
        "Q = \"SELECT id FROM booking WHERE state = 'held'\"",
        "Q = f\"{PART} AND booking.state IN ('held', 'confirmed')\"",
        "Q = \"CASE booking.state WHEN 'held' THEN 1 END\"",
        'if line.action == "add": ...',
        'Order(kind="prepaid")',
        'if activity.billing != "prepaid": ...',
    ],
)
def test_a_planted_word_is_found_in_python(source: str) -> None:
    assert list(in_python(source))


@pytest.mark.parametrize(
    "source",
    [
        "if order.state == OrderState.HELD: ...",
        'if cell.shown.state == "waiting": ...',
        'if rule.action == "cancel": ...',
        'CellState("waiting", why="late")',
        'MARKS = {"waiting": "m-waiting"}',
        'Event.note(action="order.made")',
        "Q = f\"WHERE state = '{OrderState.HELD}' AND task.state = 'ready'\"",
    ],
)
def test_another_word_is_left_alone_in_python(source: str) -> None:
    assert list(in_python(source)) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('{% if order.state == "held" %}{% endif %}', True),
        ('{{ 1 if at.payment.state in ("paid", "refused") else 2 }}', True),
        ('{% if line.action != "add" %}{% endif %}', True),
        ("{% if order.is_held %}{% endif %}", False),
        ('{% if cell.shown.state == "waiting" %}{% endif %}', False),
        ('<p class="held" data-state="held">', False),
    ],
)
def test_a_planted_word_is_found_in_templates(source: str, found: bool) -> None:
    assert bool(list(in_template(source))) is found


def spelt(path: Path) -> Iterable[Found]:
    readers = {".py": in_python, ".html": in_template, ".txt": in_template}
    return readers[path.suffix](path.read_text("utf-8")) if path.suffix in readers else ()


def in_python(source: str) -> Iterator[Found]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Compare():
                sides = [node.left, *node.comparators]
                yield from beside(node.lineno, map(column_of, sides), words_of(sides))
            case ast.keyword(arg=str(passed)):
                yield from beside(node.lineno, [passed.removesuffix("__in")], words_of([node.value]))
            case ast.Assign(targets=[ast.Name(id=assigned)]):
                yield from beside(node.lineno, [assigned], words_of([node.value]))
            case ast.Constant(value=str(text)):
                yield from (
                    (node.lineno, column, word)
                    for column, word in QUOTED.findall(text)
                    if is_word(column, word)
                )


def column_of(node: ast.expr) -> str | None:
    """`state` of `order.state`, `state` and `row["state"]`; None of what has other states."""
    match node:
        case ast.Attribute(value=ast.Attribute(attr=owner) | ast.Name(id=owner), attr=column):
            return None if owner in OTHER_OWNERS else column
        case (
            ast.Attribute(attr=column)
            | ast.Name(id=column)
            | ast.Subscript(slice=ast.Constant(value=str(column)))
        ):
            return column
    return None


def words_of(values: Iterable[ast.expr]) -> Iterator[str]:
    """The words of an expression: one, a collection's, or those of a choice."""
    for value in values:
        match value:
            case ast.Constant(value=str(word)):
                yield word
            case ast.Tuple(elts=some) | ast.List(elts=some) | ast.Set(elts=some):
                yield from words_of(some)
            case ast.IfExp(body=one, orelse=other):
                yield from words_of([one, other])


def in_template(source: str) -> Iterator[Found]:
    for node in jinja2.Environment(autoescape=True).parse(source).find_all(nodes.Compare):
        sides = [node.expr, *(operand.expr for operand in node.ops)]
        columns = [side.attr for side in sides if isinstance(side, nodes.Getattr) and not is_other(side)]
        consts = [const for side in sides for const in (side, *side.find_all(nodes.Const))]
        words = [const.value for const in consts if isinstance(const, nodes.Const)]
        yield from beside(node.lineno, columns, words)


def is_other(node: nodes.Getattr) -> bool:
    return getattr(node.node, "attr", getattr(node.node, "name", "")) in OTHER_OWNERS


def beside(line: int, columns: Iterable[str | None], words: Iterable[str]) -> Iterator[Found]:
    said = list(words)
    for column in columns:
        last = (column or "").rpartition("__")[2]
        yield from ((line, last, word) for word in said if is_word(last, word))


def is_word(column: str, word: str) -> bool:
    return any(word in set(enum) for enum in COLUMNS.get(column, ()))


def cure(column: str, word: str) -> str:
    return " or ".join(
        f"{enum.__name__}.{enum(word).name} of {enum.__module__.replace('.', '/')}.py"
        for enum in COLUMNS[column]
        if word in set(enum)
    )


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))
