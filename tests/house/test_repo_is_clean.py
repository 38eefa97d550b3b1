import hashlib
import json
import tomllib
from pathlib import Path

import pytest

from tests.house.files import ROOT, ours

# In two pieces, so that this file does not name them either.
UNWANTED = [
    "pypi" + ".org",
    "python" + "hosted",
    "npmjs" + ".org",
    "npmjs" + ".com",
    "debian" + ".org",
    "/opt" + "/wheels",
    "/opt" + "/pypi",
    "/work" + "/main",
    "/work" + "/shared",
    ".." + "/shared",
    "--index" + "-url",
    "--find" + "-links",
]
VENDORS = [ROOT / "static" / "vendor", ROOT / "tests" / "browser" / "vendor"]


@pytest.mark.parametrize("words", UNWANTED)
def test_no_file_names_a_registry_or_a_local_path(words: str) -> None:
    assert [str(path.relative_to(ROOT)) for path in ours() if words.encode() in path.read_bytes()] == []


def test_every_pin_has_its_hashes() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = (ROOT / name).read_text().replace("\\\n", "").splitlines()
        pins = [line for line in lines if line[:1].isalnum()]
        assert pins
        assert [pin for pin in pins if "==" not in pin or "--hash=sha256:" not in pin] == []


def test_the_audit_lock_pins_by_hash_alone() -> None:
    """From whatever registry a machine uses: the lock names none."""
    lock = json.loads((ROOT / "tests" / "audit" / "package-lock.json").read_text())["packages"]
    packages = {name: package for name, package in lock.items() if name}
    assert packages and all(
        package.get("integrity", "").startswith("sha512-") for package in packages.values()
    )
    assert [name for name, package in packages.items() if "resolved" in package] == []
    asked = json.loads((ROOT / "tests" / "audit" / "package.json").read_text())["dependencies"]
    assert asked == {name: lock[f"node_modules/{name}"]["version"] for name in asked}


def test_both_locks_pin_the_same_versions() -> None:
    runtime, development = pins("requirements.txt"), pins("requirements-dev.txt")
    assert runtime.items() <= development.items()


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda folder: folder.parent.name)
def test_vendored_files_are_those_of_their_release(vendor: Path) -> None:
    """VERSIONS.toml holds a table for each file, with its version and sha256."""
    files = {path.name for path in vendor.glob("*") if path.suffix in (".js", ".css")}
    stated = tomllib.loads((vendor / "VERSIONS.toml").read_text())
    assert files == set(stated)
    for name, release in stated.items():
        assert release["version"] and release["licence"]
        assert (vendor / release["licence_file"]).exists()
        assert sha256(vendor / name) == release["sha256"], name


def pins(lock: str) -> dict[str, str]:
    lines = (ROOT / lock).read_text().splitlines()
    split = (line.partition("==") for line in lines if line[:1].isalnum())
    return {name: version.split()[0] for name, _, version in split}


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
