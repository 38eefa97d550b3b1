"""The portal's process when it is forked: everything is imported and every template read before."""

import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from tests.tools import ROOT
from web.__main__ import main
from web.page.templates import environment as templates

for _name in templates.list_templates(["html"]):
    templates.get_template(_name)


def play(arguments: Sequence[str], environment: Mapping[str, str], said: Connection, log: Path) -> None:
    """As `python -m web` with these words and this environment, which says what it says there and logs there."""
    with log.open("w") as logged:
        os.dup2(logged.fileno(), 2)
    os.dup2(said.fileno(), 1)
    sys.stdout, sys.stderr = os.fdopen(1, "w", closefd=False), os.fdopen(2, "w", 1, closefd=False)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    sys.exit(main(arguments))
