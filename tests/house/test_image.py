"""What the Dockerfile copies must be enough to serve: no container engine is needed to see it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.files import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text()
COPIED = re.findall(r"^COPY (?!--from)(\S+)", DOCKERFILE, re.MULTILINE)


@pytest.mark.parametrize("name", COPIED)
def test_what_is_copied_exists_and_is_not_ignored(name: str) -> None:
    assert (ROOT / name).exists()
    assert f"!{name}" in (ROOT / ".dockerignore").read_text().splitlines()


@pytest.mark.parametrize("module", ["web.__main__", "jobs.__main__", "models.__main__"])
def test_what_is_copied_is_enough_to_start(module: str, tmp_path: Path) -> None:
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    bare = {"PATH": os.environ["PATH"], "PORTAIL_DATA_DIR": str(tmp_path / "var")}
    command = [sys.executable, "-c", f"import {module}"]
    done = subprocess.run(command, cwd=tmp_path, env=bare, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_image_does_not_run_as_root() -> None:
    assert re.search(r"^USER portail$", DOCKERFILE, re.MULTILINE)


def test_every_server_of_the_compose_file_asks_for_a_password() -> None:
    """And nothing starts with an empty one."""
    compose = (ROOT / "compose.yaml").read_text()
    assert '--requirepass, "${REDIS_PASSWORD}"' in compose
    for url, name in (("postgres://portail:", "POSTGRES_PASSWORD"), ("redis://:", "REDIS_PASSWORD")):
        assert re.search(rf"{re.escape(url)}\${{{name}:\?[^}}]+}}@", compose), name
        assert name in compose.partition("name:")[0], f"the head of the file tells of {name}"
