"""Templates compiled once in a run, by whichever process comes first."""

import fcntl
import os
from pathlib import Path

from jinja2 import FileSystemBytecodeCache

from web.page.templates import environment as templates

PLACE = "TESTS_COMPILED_TEMPLATES"  # in the environment of a run: the folder that they lie in


def share(folder: Path) -> None:
    """With this process, and with those that it starts."""
    folder.mkdir(exist_ok=True)
    os.environ[PLACE] = str(folder)
    templates.bytecode_cache = FileSystemBytecodeCache(str(folder))


def all_now() -> None:
    """Read them all, while nobody else does; outside a run of tests (`make audit`) for this process alone."""
    if PLACE not in os.environ:
        return _read_all()
    folder = Path(os.environ[PLACE])
    share(folder)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _read_all()


def _read_all() -> None:
    for name in templates.list_templates(["html"]):
        templates.get_template(name)
