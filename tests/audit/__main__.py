"""`python -m tests.audit`: the Nu HTML checker on every page, Lighthouse on the phone planning.

Exit 1: a goal is missed. What is scored with a stopwatch wants a machine that does nothing else.
"""

import sys
import tempfile
from pathlib import Path

from tests.audit import checks, packages
from tests.tour import tour


def main() -> int:
    packages.install()
    print(packages.versions(), flush=True)
    figures = []
    with tempfile.TemporaryDirectory(prefix="audit-") as name, tour(Path(name)) as town:
        for check in (checks.markup, checks.lighthouse):
            for figure in check(town, Path(name)):
                figures.append(figure)
                print(figure, flush=True)
    missed = [figure for figure in figures if not figure.met]
    print(f"\n{len(figures)} figures, {len(missed)} missed.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
