"""The number that a new family's file gets: the next of those that the commune gave so far."""

import re
from collections import defaultdict
from collections.abc import Iterable

_NUMBER = re.compile(r"(.*?)([0-9]+)")


def next_number(known: Iterable[str]) -> str:
    """« VF-1009 » after « VF-1008 »: the way most of them are written, the highest and one more. « 1 » is the first."""
    series: defaultdict[str, list[str]] = defaultdict(list)
    for number in known:
        if found := _NUMBER.fullmatch(number):
            series[found[1]].append(found[2])
    if not series:
        return "1"
    prefix = max(series, key=lambda one: (len(series[one]), one))
    last = max(series[prefix], key=int)
    return f"{prefix}{int(last) + 1:0{len(last)}d}"
