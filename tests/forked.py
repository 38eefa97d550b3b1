"""The portal's process when it is forked: what takes long and is always the same is done before."""

import gc
import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from models.commune import school_calendar
from tests.tools import ROOT
from web.__main__ import main
from web.page import assets
from web.page.templates import environment as templates

# Templates are read, style and scripts packed, and the packages of holidays imported.
for _name in templates.list_templates(["html"]):
    templates.get_template(_name)
assets.addresses()
school_calendar.public_holidays(2018, 2018)
school_calendar.holidays("B", 2018, 2018)
gc.freeze()  # what a fork does not touch, it does not copy


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
