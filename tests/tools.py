"""Set up what `make` needs: `python3 -m tests.tools run | dev | test`. Standard library only."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed"
RUNTIME, DEVELOPMENT = "requirements.txt", "requirements-dev.txt"
PROGRAMS = ("chromium-headless-shell", "fontconfig", "poppler-utils", "postgresql", "qpdf", "redis-server")
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser")  # the first draws no window, for less
FACES = {
    "fonts-dejavu-core": "DejaVu Sans",
    "fonts-roboto-unhinted": "Roboto",
}  # those of tests/browser/fonts


def main(arguments: Sequence[str]) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 (this file also runs before anything is checked)
        sys.exit("The portal needs Python 3.11 or newer: name one with `make PYTHON=python3.12 …`.")
    match arguments:
        case ["run"]:
            install(RUNTIME)
        case ["dev"]:
            install(DEVELOPMENT)
        case ["test"]:
            install(DEVELOPMENT)
            install_debian([package for package in (*PROGRAMS, *FACES) if not has(package)])
        case _:
            sys.exit("usage: python3 -m tests.tools run | dev | test")


def install(lock: str) -> None:
    """Bring .venv to what the lock says; one made for other versions is made anew."""
    # The development lock contains the runtime one, so installing it serves both.
    wanted = {fingerprint(RUNTIME), fingerprint(lock)}
    current = {fingerprint(RUNTIME), fingerprint(DEVELOPMENT)}
    installed = stamped()
    if wanted <= installed <= current:
        return
    if not installed or not installed <= current:
        print(f"Setting up {VENV.name} (once)…", flush=True)
        create_venv()
    install_packages(lock)
    STAMP.write_text("\n".join(sorted(wanted)) + "\n")


def fingerprint(lock: str) -> str:
    """Changes with the versions, the interpreter and the folder: scripts in .venv hold its path."""
    digest = hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()
    return f"{lock} {digest} {sys.version_info.major}.{sys.version_info.minor} {VENV}"


def stamped() -> set[str]:
    if not (VENV / "bin" / "python").exists() or not STAMP.exists():
        return set()
    return set(STAMP.read_text().splitlines())


def create_venv() -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    if uv := shutil.which("uv"):
        return call(uv, "venv", "--quiet", "--python", sys.executable, str(VENV))
    if not has("python3-venv"):
        install_debian(["python3-venv"])
    call(sys.executable, "-m", "venv", str(VENV))


def install_packages(lock: str) -> None:
    python = str(VENV / "bin" / "python")
    wanted = ["--quiet", "--require-hashes", "-r", str(ROOT / lock)]
    if uv := shutil.which("uv"):
        return call(uv, "pip", "install", "--python", python, *wanted)
    call(python, "-m", "pip", "install", "--disable-pip-version-check", "--no-compile", *wanted)


def call(*command: str) -> None:
    """uv must use the Python that is there, never fetch one."""
    done = subprocess.run(command, cwd=ROOT, env=os.environ | {"UV_PYTHON_DOWNLOADS": "never"})
    if done.returncode:
        sys.exit(f"This step of the set-up failed: {' '.join(command)}")


def succeeds(*command: str) -> bool:
    return subprocess.run(command, capture_output=True).returncode == 0


def has(package: str) -> bool:
    match package:
        case "chromium-headless-shell":
            return chromium() is not None
        case "fontconfig":
            return shutil.which("fc-list") is not None
        case "poppler-utils":
            return shutil.which("pdftotext") is not None
        case "qpdf":
            return shutil.which("qpdf") is not None
        case "postgresql":
            return "TEST_DATABASE_URL" in os.environ or postgres_programs() is not None
        case "redis-server":
            return "TEST_REDIS_URL" in os.environ or shutil.which("redis-server") is not None
        case "fonts-dejavu-core" | "fonts-roboto-unhinted":
            return has_face(FACES[package])
        case "python3-venv":
            return succeeds(sys.executable, "-c", "import ensurepip")
    raise ValueError(package)


def chromium() -> str | None:
    return next(filter(None, map(shutil.which, CHROMIUM)), None)


def has_face(family: str) -> bool:
    program = shutil.which("fc-list")
    if program is None:
        return False
    found = subprocess.run([program, f":family={family}", "file"], capture_output=True)
    return bool(found.stdout.strip())


def postgres_programs() -> Path | None:
    """Debian keeps initdb and postgres out of the path, a folder for each major version."""
    found = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    return Path(found).resolve().parent if found else debian[-1].parent if debian else None


def install_debian(packages: Sequence[str]) -> None:
    if not packages:
        return
    root = as_root()
    if root is None or not shutil.which("apt-get"):
        sys.exit(f"Missing: {', '.join(packages)}. Install with `apt-get install {' '.join(packages)}`.")
    print(f"Installing from Debian: {', '.join(packages)}…", flush=True)
    apt = (*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq")
    call(*apt, "update")
    call(*apt, "install", "--yes", "--no-install-recommends", *packages)


def as_root() -> tuple[str, ...] | None:
    if os.geteuid() == 0:
        return ()
    if shutil.which("sudo") and succeeds("sudo", "-n", "true"):
        return ("sudo", "-n")
    return None


if __name__ == "__main__":
    main(sys.argv[1:])
