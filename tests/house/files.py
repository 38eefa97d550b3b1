"""Which files the house tests look at."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMPONENTS = ROOT / "web" / "components"
KIT = COMPONENTS / "admin" / "kit"  # what the mairie's screens are made of: it answers no request


def ours() -> list[Path]:
    """Every file that is, or could be, committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    paths = (ROOT / name for name in listed.split("\0") if name)
    return sorted(path for path in paths if path.is_file())


def components() -> list[Path]:
    """The folder of each component that answers requests; others hold shared templates only."""
    modules = [*COMPONENTS.glob("*/*.py"), *COMPONENTS.glob("admin/*/*.py")]
    return sorted({module.parent for module in modules if module.name != "__init__.py"} - {KIT})
