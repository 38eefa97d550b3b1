"""`python -m tests.audit`: the Nu HTML checker and axe-core on every page, Lighthouse on the phone planning.

`python -m tests.audit axe` asks for one of them only. Exit 1: a goal is missed. What is scored with a stopwatch wants
a machine that does nothing else.
"""

import sys
import tempfile
from pathlib import Path

from tests.audit import checks, everywhere, packages
from tests.tour import tour

CHECKS = {"nu": checks.markup, "axe": everywhere.axe, "lighthouse": checks.lighthouse}


def main(asked: list[str]) -> int:
    if unknown := set(asked) - set(CHECKS):
        sys.exit(f"No such check: {', '.join(sorted(unknown))}; there are {', '.join(CHECKS)}.")
    if asked != ["axe"]:  # which comes with the tests
        packages.install()
        print(packages.versions(), flush=True)
    figures = []
    with tempfile.TemporaryDirectory(prefix="audit-") as name, tour(Path(name)) as town:
        for check in (CHECKS[one] for one in asked or CHECKS):
            for figure in check(town, Path(name)):
                figures.append(figure)
                print(figure, flush=True)
    missed = [figure for figure in figures if not figure.met]
    print(f"\n{len(figures)} figures, {len(missed)} missed.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
