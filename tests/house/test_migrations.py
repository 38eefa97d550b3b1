import shutil
import subprocess
import sys
from pathlib import Path

from tests.house.files import ROOT


def test_every_change_of_the_nouns_has_its_migration(tmp_path: Path) -> None:
    """In a copy, because the command writes what is missing."""
    shutil.copytree(ROOT / "models", tmp_path / "models")
    (tmp_path / "tests").mkdir()
    shutil.copy(ROOT / "tests" / "migrations.py", tmp_path / "tests")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    said = subprocess.run(
        [Path(sys.executable).parent / "tortoise", "makemigrations"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert "No changes detected" in said.stdout, said.stdout + said.stderr
