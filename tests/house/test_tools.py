import re
import sys
from pathlib import Path

import pytest

from tests import tools


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """An empty checkout, and the steps its set-up takes."""
    steps: list[str] = []
    monkeypatch.setattr(tools, "ROOT", tmp_path)
    monkeypatch.setattr(tools, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(tools, "STAMP", tmp_path / ".venv" / "installed")
    monkeypatch.setattr(tools, "create_venv", lambda: make_venv(tmp_path, steps))
    monkeypatch.setattr(tools, "install_packages", steps.append)
    (tmp_path / "requirements.txt").write_text("starlette==1")
    (tmp_path / "requirements-dev.txt").write_text("pytest==1")
    return steps


def make_venv(root: Path, steps: list[str]) -> None:
    steps.append("create")
    (root / ".venv" / "bin").mkdir(parents=True, exist_ok=True)
    (root / ".venv" / "bin" / "python").touch()


def test_running_twice_installs_once(house: list[str]) -> None:
    tools.install(tools.RUNTIME)
    tools.install(tools.RUNTIME)
    assert house == ["create", "requirements.txt"]


def test_the_tests_add_to_what_runs(house: list[str]) -> None:
    tools.install(tools.RUNTIME)
    tools.install(tools.DEVELOPMENT)
    tools.install(tools.RUNTIME)
    assert house == ["create", "requirements.txt", "requirements-dev.txt"]


@pytest.mark.parametrize("lock", [tools.RUNTIME, tools.DEVELOPMENT])
def test_a_changed_lock_starts_anew(lock: str, house: list[str], tmp_path: Path) -> None:
    tools.install(tools.DEVELOPMENT)
    (tmp_path / lock).write_text("other==2")
    tools.install(tools.DEVELOPMENT)
    assert house == ["create", "requirements-dev.txt"] * 2


def test_a_set_up_that_stopped_midway_starts_anew(house: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken, pytest.raises(SystemExit):
        broken.setattr(tools, "install_packages", sys.exit)
        tools.install(tools.RUNTIME)
    tools.install(tools.RUNTIME)
    assert house == ["create", "create", "requirements.txt"]


def test_missing_packages_are_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "as_root", lambda: None)
    with pytest.raises(
        SystemExit, match="Install with `apt-get install chromium-headless-shell redis-server`"
    ):
        tools.install_debian(["chromium-headless-shell", "redis-server"])


def test_the_faces_of_the_browser_tests_are_installed_with_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted: list[str] = []
    monkeypatch.setattr(tools, "install", lambda lock: None)
    monkeypatch.setattr(tools, "install_debian", wanted.extend)
    monkeypatch.setattr(tools, "has_face", lambda family: family == "DejaVu Sans")
    tools.main(["test"])
    assert wanted == ["fonts-roboto-unhinted"]
    confs = Path(tools.__file__).parent / "browser" / "fonts"
    assert {
        re.findall("family.*<string>(.*)</string>", path.read_text())[0] for path in confs.iterdir()
    } == set(tools.FACES.values())
