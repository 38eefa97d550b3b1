"""Bring a commune file into the database: all or nothing; what exists is updated, nothing is deleted."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from models import clock
from models.access import passwords
from models.access.member import Member
from models.activities import catalogue
from models.commune.commune import Commune
from models.commune.school import School
from models.commune.school_calendar import is_known
from models.commune.school_year import Closure, SchoolYear
from models.commune.till import Till
from models.commune_file import load_accounts, load_activities, load_departments, load_families, openings
from models.commune_file.document import Document
from models.commune_file.exporting import TILL
from models.commune_file.family_file import required as required_papers
from models.commune_file.family_file import shuttles
from models.commune_file.published import loading as published
from models.families.family import Family
from models.french import quoted
from models.french.file_changes import LABELS
from models.french.journal import COLUMNS
from models.rules.invoicing.numbers import number_format_of
from models.storage.database import retrying, transaction
from models.work.audit_log import Event

DEMO_STAFF = (
    ("mairie", "Mairie (administration)", "administrator"),
    ("regie", "Régie", "cashier"),
    ("cantine", "Cantine", "kitchen"),
    ("animateur", "Animation", "leader"),
    ("gestion", "Gestion", "manager"),
    ("elu", "Élu (lecture)", "reader"),
)
COUNTED = {
    "activities": ("activité", "activités"),
    "openings": ("jour d’ouverture", "jours d’ouverture"),
    "families": ("famille", "familles"),
    "children": ("enfant", "enfants"),
    "enrolments": ("inscription", "inscriptions"),
    "entries": ("écriture", "écritures"),
}


TO_CONFIRM = "Rien n’est écrit. Pour l’appliquer, relancez la commande avec --confirm."


class Refused(Exception):
    """The file is right, but loading it would break what the database holds. Nothing was changed."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(*reasons)
        self.reasons = reasons

    def __str__(self) -> str:
        return "\n".join(self.reasons)


@dataclass
class Report:
    """What a load did (or, with `dry_run`, would do): new rows, and what the mairie should look at."""

    dry_run: bool = False
    new: Counter[str] = field(default_factory=Counter)
    flags: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        counts = [
            f"{self.new[noun]}\u00a0{words[self.new[noun] > 1]}"
            for noun, words in COUNTED.items()
            if self.new[noun]
        ]
        head = "Essai, rien n’est écrit" if self.dry_run else "Chargé"
        return "\n".join([f"{head}\u00a0: {', '.join(counts) or 'rien de nouveau'}.", *self.flags])


class _DryRun(Exception):
    """Ends the transaction of a dry run."""


async def load(document: Document, *, demo: bool, dry_run: bool = False, confirmed: bool = False) -> Report:
    """Apply the file in one transaction. Raises Refused when it would break bookings, or switch who books without
    somebody having `confirmed` it.

    With `demo` everybody gets the demonstration's password; without it nobody gets one. A demonstration asks nothing.
    """
    password = await passwords.hash(passwords.DEMO_PASSWORD) if demo else None
    return await retrying(lambda: _load(document, password, dry_run, confirmed or demo))


async def _load(document: Document, password: str | None, dry_run: bool, confirmed: bool) -> Report:
    report = Report(dry_run=dry_run)
    try:
        async with transaction():
            await Family.lock_all()  # nobody books what is being closed, and openings come after families
            switched = await _apply(document, report, password)
            if switched and not (dry_run or confirmed):
                raise Refused([*switched, TO_CONFIRM])
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return report


async def _apply(document: Document, report: Report, password: str | None) -> list[str]:
    """What it changes in who books, which somebody has to confirm."""
    now = clock.now()
    report.flags += await _commune(document)
    report.flags += await _first_numbers(document)
    tills = await _tills(document)
    year = await _year(document, report)
    await _schools(document)
    await load_departments.load(document.departments)
    await required_papers.load(document.required_documents)
    await shuttles.load(document.shuttles)
    await published.load(document, year, now)
    reasons = await load_activities.billed_otherwise(document, year)
    switched = await load_activities.switched(document, year)
    activities = await load_activities.load(document, year, tills, report.new)
    reasons += await openings.broken(document, year, activities)
    if reasons:
        raise Refused(reasons)
    await openings.lay_out(document, year, activities, report.new, report.flags, now)
    opened: load_accounts.Opened = defaultdict(dict)
    families = await load_families.load(
        document, year, activities, report.new, report.flags, password, now, opened
    )
    await load_accounts.load(document, families, tills, report.new, report.flags, opened)
    await Event.note_each(now, "command", "family.opened", opened)
    if password is not None:
        await add_demo_staff(password)
    await Event.note(now, "command", "commune.load", f"year:{year.id}", file=document.name)
    written = await catalogue.read()  # what no page could draw is not loaded, and a dry run says so
    said = await load_activities.would_do(switched, written, now)
    report.flags += said
    return said


async def _commune(document: Document) -> list[str]:
    """The town as the file says it, except for what the mairie has set on its screens since: that is told."""
    row = await Commune.all().first()
    if row is not None and row.insee != document.commune.insee:
        raise Refused([f"La base est celle de {row.name} ({row.insee}), pas de {document.commune.name}."])
    values = vars(document.commune)
    if row is None:
        await Commune.create(id=1, **values)
        return []
    kept = [column for column in row.kept or () if column in values]
    differ = [column for column in kept if values[column] != getattr(row, column)]
    await Commune.filter(id=row.id).update(**{key: said for key, said in values.items() if key not in kept})
    names = ", ".join(COLUMNS.get(column, LABELS.get(column, column)) for column in differ)
    return [f"Réglé sur les écrans de la mairie, et gardé\u00a0: {names}."] if differ else []


async def _tills(document: Document) -> dict[str | None, int]:
    """Ids by code. A commune that names no till has one, unsaid."""
    rows = [Till(position=n, **vars(till)) for n, till in enumerate(document.tills)]
    implicit = Till(
        code="principale",
        name="Régie principale",
        bank_label=document.commune.name,
        implicit=True,
    )
    await Till.bulk_create(
        rows or [implicit],
        on_conflict=["code"],
        update_fields=[*(name for name in TILL if name != "code"), "implicit", "position"],
    )
    ids: dict[str | None, int] = {till.code: till.id for till in await Till.all()}
    return {**ids, None: ids[document.tills[0].code if document.tills else "principale"]}


async def _first_numbers(document: Document) -> list[str]:
    """What a till's first invoice of the year will be called: whoever wrote the format sees it before it is issued."""
    known, found = {till.code: till.number_format for till in await Till.all()}, []
    for till in document.tills:
        if till.number_format is not None and till.number_format != known.get(till.code):
            form = number_format_of(till.number_format)
            counts = "recommencent chaque année" if form.restarts else "se suivent d’une année à l’autre"
            first = quoted(form.number(1, document.year.starts))
            found.append(f"{till.name}\u00a0: facture n°\u00a01, {first}\u00a0; les numéros {counts}.")
    return found


async def _year(document: Document, report: Report) -> SchoolYear:
    """The year; its closures are those of the file."""
    said = document.year
    await SchoolYear.bulk_create(
        [SchoolYear(name=said.name, starts=said.starts, ends=said.ends, weekdays=list(said.weekdays))],
        on_conflict=["name"],
        update_fields=["starts", "ends", "weekdays"],
    )
    year = await SchoolYear.get(name=said.name)
    await Closure.filter(year_id=year.id).delete()
    await Closure.bulk_create(
        [Closure(year_id=year.id, **_lists(vars(closure))) for closure in said.closures]
    )
    if not is_known(document.commune.zone, said.starts, said.ends):
        report.flags.append(
            f"Les vacances scolaires {said.name} ne sont pas connues\u00a0: indiquez-les comme fermetures."
        )
    return year


async def _schools(document: Document) -> None:
    rows = [School(position=n, **_lists(vars(school))) for n, school in enumerate(document.schools)]
    columns = ["name", "levels", "weekdays", "position"]
    await School.bulk_create(rows, on_conflict=["code"], update_fields=columns)


async def add_demo_staff(password: str) -> None:
    """Those that are missing: a demo of another day may have fewer."""
    rows = [
        Member(username=username, name=name, password=password, roles=[role])
        for username, name, role in DEMO_STAFF
    ]
    await Member.bulk_create(rows, ignore_conflicts=True)


def _lists(values: dict[str, object]) -> dict[str, object]:
    """Tuples as the lists that JSON columns hold."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
