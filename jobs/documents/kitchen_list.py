"""The kitchen's list: the day and its meals in large, then a row for each school, with room for what was served."""

from jobs.documents.blocks import Column, Line, Prose, Table
from jobs.documents.letter import Letter
from jobs.documents.sheet import BOLD, EDGE, LEFT, RIGHT, SECOND, Sheet, ink_of
from models.french import day_long, moment_long, plural
from models.rules.papers.kitchen import KitchenLine, KitchenSheet

SCHOOL = 52.0  # the width of the first column
SERVED = 22.0  # of the last, which is left empty
NOTE = (
    "Les enfants qui ont une allergie sont nommés sur le portail, à qui prépare et sert les repas. "
    "Ce qui change après l’arrêt s’y lit aussi."
)


def letter(paper: KitchenSheet) -> Letter:
    day, diets = day_long(paper.day), paper.diets
    titles = ["Total", "Ordinaire", *diets, "Allergies", "Servis"]
    room = (RIGHT - LEFT - SCHOOL - SERVED) / (len(titles) - 1)
    ends = [LEFT + SCHOOL + room * (n + 1) for n in range(len(titles) - 1)] + [RIGHT]
    columns = [
        Column("École", LEFT, LEFT + SCHOOL),
        *(Column(title, end - room + 2, end, "right") for title, end in zip(titles, ends, strict=True)),
    ]
    note = Prose([NOTE], RIGHT - LEFT, 9, colour=SECOND)

    def close(sheet: Sheet, y: float) -> None:
        y = note.draw(sheet, LEFT, y + 6) + 14
        for x, said in ((LEFT, "Reçue par"), (110.0, "Températures relevées")):
            sheet.words(x, y, said, 9, colour=SECOND)
            sheet.rule(y + 8, EDGE, 0.2, x, x + 70)

    return Letter(
        title=f"{day.capitalize()}\u00a0: {plural(paper.expected, 'repas', 'repas')}",
        running_title=f"{paper.meal}, {day}",
        issuer=paper.issuer,
        references=[
            ("Service", f"{paper.meal}, {paper.activity}"),
            ("Liste arrêtée", f"le {moment_long(paper.closed_at)}"),
        ],
        table=Table(
            columns, [_row(one, diets) for one in (*paper.lines, paper.together)], ink_of(paper.issuer.colour)
        ),
        tail=note.height + 32,
        close=close,
    )


def _row(one: KitchenLine, diets: list[str]) -> list[list[Line]]:
    known = dict(one.diets)
    numbers = [one.ordinary, *(known.get(diet, 0) for diet in diets), one.allergies]
    return [
        [Line(one.school, 11, BOLD)],
        [Line(str(one.expected), 16, BOLD)],
        *([Line(str(number) if number else "–", 12)] for number in numbers),
        [],
    ]
