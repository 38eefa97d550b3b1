"""What the checkers say of the pages."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.audit import packages
from tests.bench.figures import Figure
from tests.tour import Tour
from tests.tour_town import PARENT

GOALS = {"performance": 95, "accessibility": 100, "best-practices": 95}
PLANNING = {"the phone planning": "/planning", "the phone planning, ticking": "/planning?modifier=1"}
ENOUGH = 0.9  # below it an audit is worth a word
AGAIN, TRIES = "Please run Lighthouse again", 3  # Chromium told it nothing of the page's load
FLAGS = "--headless=new --no-sandbox --disable-gpu"


def markup(tour: Tour, folder: Path) -> Iterator[Figure]:
    """The Nu HTML checker on every page, as it is sent; one start of Java for all."""
    files = {}
    for number, stop in enumerate(tour.stops):
        file = folder / f"{number:02}.html"
        file.write_text(tour.html(stop), encoding="utf-8")
        files[file.name] = stop.name
    command = [*packages.vnu(), "--exit-zero-always", "--stdout", "--format", "json"]
    done = subprocess.run([*command, *(str(folder / name) for name in files)], capture_output=True, text=True)
    messages = json.loads(done.stdout)["messages"]
    errors = [message for message in messages if message["type"] != "info"]
    # The same fault of fifty cells is one line, with the first of them.
    faults: dict[str, list[str]] = {}
    for error in errors:
        fault = f"{files[Path(error['url']).name]}: {error['message']}"
        faults.setdefault(fault, []).append(error.get("extract", ""))
    lines = [f"\n     {len(places)} × {fault} {places[0]!r}" for fault, places in faults.items()]
    yield Figure("Nu", f"errors on {len(files)} pages", len(errors), 0, how="=", detail="".join(lines))


def lighthouse(tour: Tour, folder: Path) -> Iterator[Figure]:
    """As a phone on a slow network, which is Lighthouse's own choice."""
    headers = folder / "headers.json"
    cookies = "; ".join(f"{name}={value}" for name, value in tour.cookies[PARENT].items())
    headers.write_text(json.dumps({"Cookie": cookies}))
    for name, path in PLANNING.items():
        said = _lighthouse(tour.address + path, headers)
        for category, goal in GOALS.items():
            score = round(100 * said["categories"][category]["score"])
            detail = "" if score >= goal else _lost(said, category)
            yield Figure("Lh", f"{category}: {name}", score, goal, how="≥", detail=detail)


def _lighthouse(url: str, headers: Path) -> Any:
    command = [
        *packages.lighthouse(),
        url,
        f"--extra-headers={headers}",
        f"--chrome-flags={FLAGS}",
        "--quiet",
    ]
    wanted = ["--form-factor=mobile", f"--only-categories={','.join(GOALS)}", "--output=json"]
    for _ in range(TRIES):
        done = subprocess.run([*command, *wanted], capture_output=True, text=True, env=packages.environment())
        if AGAIN not in done.stderr:
            break
    if done.returncode:
        raise SystemExit(f"Lighthouse failed on {url}:\n{done.stderr}")
    said = json.loads(done.stdout)
    if said["finalDisplayedUrl"] != url:
        raise SystemExit(f"Lighthouse was led from {url} to {said['finalDisplayedUrl']}.")
    return said


def _lost(said: Any, category: str) -> str:
    """The audits that cost points."""
    names = [part["id"] for part in said["categories"][category]["auditRefs"] if part["weight"]]
    return ", ".join(name for name in names if (said["audits"][name]["score"] or 0) < ENOUGH)
