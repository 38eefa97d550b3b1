"""Files and folders for their owner only: they hold the families of a commune."""

import os
import stat
from contextlib import suppress
from pathlib import Path

FILE, FOLDER = 0o600, 0o700


def make(path: Path) -> None:
    """An empty file; whoever writes to it later keeps its mode. One that exists is not even opened: closing it
    again would drop the locks that SQLite has on it."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, FILE))


def tighten(path: Path) -> None:
    """Take away what others may do with it. What is not there, or somebody else's, stays as it is."""
    with suppress(FileNotFoundError, PermissionError):
        found = path.stat().st_mode
        shared = found & stat.S_ISVTX  # a folder for everybody, as /tmp: not ours to close
        if found & 0o077 and not shared:
            path.chmod(FOLDER if stat.S_ISDIR(found) else FILE)
