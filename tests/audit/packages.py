"""The checkers that come as npm packages: exact versions, each checked against its hash, in `var/audit`."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.tools import ROOT

HERE, HOME = Path(__file__).parent, ROOT / "var" / "audit"
FILES = ("package.json", "package-lock.json")
STAMP = HOME / "installed"
PROGRAMS = {
    "npm": "npm (and Node 20 or newer)",
    "node": "Node 20 or newer",
    "java": "Java 17 or newer",
    "chromium": "Chromium",
}
DEBIAN = {"node": "nodejs", "java": "default-jre-headless"}


def install() -> None:
    """Once for each lock."""
    need(*PROGRAMS)
    lock = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in FILES)).hexdigest()
    if STAMP.exists() and STAMP.read_text() == lock:
        return
    print("Setting up the checkers (once)…", flush=True)
    HOME.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copy(HERE / name, HOME / name)
    # Their own scripts would fetch a Java and a browser: those of the machine are used.
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if subprocess.run(command, cwd=HOME).returncode:
        sys.exit(f"The checkers could not be installed: `{' '.join(command)}` failed in {HOME}.")
    STAMP.write_text(lock)


def need(*programs: str) -> None:
    for name in programs:
        if shutil.which(name) is None:
            package = DEBIAN.get(name, name)
            sys.exit(f"The audit needs {PROGRAMS[name]}: `apt-get install {package}`.")


def vnu() -> list[str]:
    return ["java", "-jar", str(HOME / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar")]


def lighthouse() -> list[str]:
    return ["node", str(HOME / "node_modules" / "lighthouse" / "cli" / "index.js")]


def environment() -> dict[str, str]:
    return os.environ | {"CHROME_PATH": shutil.which("chromium") or ""}


def versions() -> str:
    known = {
        "Nu HTML checker": [*vnu(), "--version"],
        "Lighthouse": [*lighthouse(), "--version"],
        "Chromium": ["chromium", "--version"],
        "Node": ["node", "--version"],
    }
    return ", ".join(f"{name} {_version(command)}" for name, command in known.items())


def _version(command: list[str]) -> str:
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return next(word for word in said.split() if word.lstrip("v")[:1].isdigit()).lstrip("v")
