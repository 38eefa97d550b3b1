"""What `tests.bench.ticking` measured, as lines to read."""

from collections.abc import Iterator
from typing import Any

SHOWN = 25  # functions
WIDE = 110  # characters of a statement


def said(told: dict[str, Any]) -> str:
    return "\n".join([*_whole(told), *_statements(told), *_python(told), *_answer(told["answer"])])


def _whole(told: dict[str, Any]) -> Iterator[str]:
    for name, what in (("tick", "one tick in process"), ("floor", "the floor: begin, lock, write, commit")):
        yield f"{told[name]['cpu']:8.2f} ms CPU {told[name]['wall']:8.2f} ms  {what}"


def _statements(told: dict[str, Any]) -> Iterator[str]:
    found = told["statements"]
    count, ms = (sum(one[n] for one in found) for n in (1, 2))
    yield f"\n{count:.1f} trips to the database, {ms:.2f} ms until they are back"
    for sql, often, took in found:
        yield f"{took:8.3f} ms × {often:<4.1f} {sql[:WIDE]}"


def _python(told: dict[str, Any]) -> Iterator[str]:
    """The profiler makes each call dearer: compare them with each other."""
    yield "\nPython in the loop, own time, calls"
    for function, often, took in told["python"][:SHOWN]:
        yield f"{took:8.3f} ms × {often:<6.1f} {function}"
    yield "\nDrawing, own time of each template"
    for name, took in told["drawing"]:
        yield f"{took:8.3f} ms {name}"


def _answer(weight: dict[str, Any]) -> Iterator[str]:
    headers = weight["headers"]
    yield f"\nThe answer: {sum(headers.values())} bytes of headers, {weight['body']} of body"
    for name, size in sorted(headers.items(), key=lambda one: -one[1]):
        yield f"{size:8} B  {name}"
