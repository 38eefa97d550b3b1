"""What runs in a process that is forked from the one of `tests.preloaded`."""

import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from tests.tools import ROOT


def play(arguments: Sequence[str], environment: Mapping[str, str], said: Connection, log: Path) -> None:
    """As `python -m web` with these words and this environment, which says what it says there and logs there."""
    from web.__main__ import main  # there already, where it is forked

    with log.open("w") as logged:
        os.dup2(logged.fileno(), 2)
    os.dup2(said.fileno(), 1)
    _take_place(environment)
    sys.exit(main(arguments))


def work(arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
    """As `python -m jobs` with these words and this environment, which adds all it says to that log."""
    from jobs.__main__ import main

    with log.open("ab") as logged:
        os.dup2(logged.fileno(), 1)
        os.dup2(logged.fileno(), 2)
    _take_place(environment)
    sys.exit(main(list(arguments)))


def _take_place(environment: Mapping[str, str]) -> None:
    sys.stdout, sys.stderr = os.fdopen(1, "w", closefd=False), os.fdopen(2, "w", 1, closefd=False)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
