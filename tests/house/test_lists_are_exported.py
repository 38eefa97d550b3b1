"""Each list of the mairie that has pages has its CSV too, or says why not."""

from pathlib import Path

ROOT = Path(__file__).parents[2] / "web" / "components" / "admin"
WITHOUT = {
    "tasks/page.html": "what the portal has to do; it names nobody, and is over in a minute",
    "families/classes.html": "to move pupils at once: who is in which class is in the list of families and enrolments",
    "kit/table.html": "it draws the pages of the others",
}


def test_each_list_has_its_file() -> None:
    paged = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in ROOT.glob("**/*.html")}
    lists = {name: text for name, text in paged.items() if "pager(" in text}
    assert WITHOUT.keys() <= lists.keys(), "it is no list any more; take it out of WITHOUT"
    lacking = sorted(name for name, text in lists.items() if "{{ export(" not in text and name not in WITHOUT)
    assert lacking == [], (
        "import `export` of kit/table.html beside `search`, and answer `?export=csv` with csv_file"
    )
