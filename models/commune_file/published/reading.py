"""Read what a commune file publishes."""

import base64
import binascii
from collections.abc import Sequence
from pathlib import Path

from models.commune.parents_menu import ALWAYS, ENTRIES, LONGEST_ENTRY
from models.commune_file.published.said import MenuWeek, News, PublishedDocument
from models.commune_file.table import Table, unique
from models.french import quoted
from models.publishing.news import LONGEST_BODY, LONGEST_SUMMARY
from models.publishing.published_document import LONGEST_CATEGORY
from models.rules import attachments
from models.rules.attachments import FileType, RefusedFile
from models.rules.deadlines import WEEKDAYS
from models.rules.menus.dishes import Dish, DishKind, UnknownWord, WrongName, dishes_of


def news(tables: list[Table]) -> tuple[News, ...]:
    unique(tables, "code")
    return tuple(sorted((_news(table) for table in tables), key=lambda one: (one.start, one.code)))


def documents(tables: list[Table], folders: Sequence[Path]) -> tuple[PublishedDocument, ...]:
    """`folders`: where files are looked for, one after the other."""
    unique(tables, "code")
    found = [_document(table, folders) for table in tables]
    return tuple(sorted(found, key=lambda one: (one.start, one.code)))


def menus(tables: list[Table]) -> tuple[MenuWeek, ...]:
    return tuple(_week(table) for table in tables)


def entries(commune: Table) -> dict[str, str | bool] | None:
    """`[commune.menu]`: what the entries of the parents' menu are called; false: an entry that is not offered."""
    if not commune.has("menu"):
        return None
    table = commune.table("menu")
    found: dict[str, str | bool] = {}
    for key in ENTRIES:
        if isinstance(table.values.get(key), bool):
            found[key] = table.flag(key, True)
            if key in ALWAYS and not found[key]:
                raise table.wrong(key, "attendu, ses mots\u00a0: il est toujours là")
        elif table.has(key):
            found[key] = table.text(key, longest=LONGEST_ENTRY)
        else:
            table.flag(key, True)
    table.done()
    return found


def _news(table: Table) -> News:
    found = News(
        code=table.text("code", longest=60),
        title=table.text("title"),
        start=table.day("from"),
        end=table.day("to", None),
        summary=table.text("summary", "", longest=LONGEST_SUMMARY),
        body=table.text("body", longest=LONGEST_BODY),
        urgent=table.flag("urgent", False),
    )
    table.done()
    _check_end(table, found)
    return found


def _document(table: Table, folders: Sequence[Path]) -> PublishedDocument:
    name, content = _file(table, folders)
    found = PublishedDocument(
        code=table.text("code", longest=60),
        title=table.text("title"),
        start=table.day("from"),
        end=table.day("to", None),
        category=table.text("category", "", longest=LONGEST_CATEGORY),
        name=name,
        content=content,
    )
    table.done()
    _check_end(table, found)
    return found


def _check_end(table: Table, found: News | PublishedDocument) -> None:
    if found.end is not None and found.end < found.start:
        raise table.wrong("to", f"attendu le jour de {quoted('from')} ou après")


def _file(table: Table, folders: Sequence[Path]) -> tuple[str, bytes]:
    """A PDF, checked as those of messages are. Beside the commune file, or inside it as an export writes it."""
    said, inside = table.text("file"), table.text("content", None, longest=4 * attachments.MOST_BYTES)
    try:
        if inside is not None:
            content = base64.b64decode(inside, validate=True)
        elif Path(said).name != said:
            raise table.wrong("file", "attendu, un fichier dans le dossier de celui-ci")
        else:
            content = next(path for folder in folders if (path := folder / said).is_file()).read_bytes()
        kind = attachments.type_of(said, content)
    except (OSError, StopIteration):
        raise table.wrong("file", "introuvable ou illisible") from None
    except binascii.Error:
        raise table.wrong("content", "attendu en base64") from None
    except RefusedFile as refused:
        raise table.wrong("file", f"attendu, un PDF simple de 2 Mo au plus ({refused.why})") from None
    if kind is not FileType.PDF:
        raise table.wrong("file", "attendu, un PDF")
    return attachments.clean_name(said, kind), content


def _week(table: Table) -> MenuWeek:
    days = []
    for weekday, key in enumerate(WEEKDAYS):
        if table.has(key):
            dishes = [dish for row in table.tables(key) for dish in _dishes(row)]
            days.append((weekday, tuple(dishes)))
    table.done()
    if not days:
        raise table.wrong(WEEKDAYS[0], "attendu, les plats d’un jour au moins")
    return MenuWeek(tuple(days))


def _dishes(table: Table) -> list[Dish]:
    """One table: the line of each kind, as the mairie's sheet writes it."""
    found = []
    for kind in DishKind:
        said = table.text(kind, "")
        try:
            found += dishes_of(kind, said)
        except UnknownWord as unknown:
            raise table.wrong(kind, f"{quoted(unknown.word)} n’est ni un allergène ni un régime") from None
        except WrongName:
            raise table.wrong(kind, "attendu, un nom de plat") from None
    table.done()
    return found
