"""Read a commune file and check it: the first mistake is told with its key and what was expected."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from models.banks import PROVIDERS
from models.commune_file import activities, checks, families
from models.commune_file.document import Closure, Commune, Department, Document, School, SchoolYear, Till
from models.commune_file.family_file import reading as family_file
from models.commune_file.family_file.shuttles import shuttles as read_shuttles
from models.commune_file.published import reading as published
from models.commune_file.table import Table, WrongFile, numbers, unique
from models.direct_debit.account import WrongIban, bank_account
from models.french import quoted
from models.french.debits import IBAN_FLAWS
from models.rules.calendar import SCHOOL_WEEK
from models.rules.deadlines import WEEKDAYS
from models.rules.invoicing.numbers import LONGEST, TooLong, WrongFormat, number_format_of
from models.rules.till.sepa import FORMATS, is_creditor

SHIPPED = Path(__file__).resolve().parent.parent / "communes"

INSEE = r"[0-9]{5}|2[AB][0-9]{3}"
LONGEST_TOPIC = 100
EMAIL = r"[^@\s]+@[^@\s]+"
LONGEST_RULE = 5000  # characters, of what a commune adds to its règlement
FOUR_DAYS = tuple(WEEKDAYS[day] for day in sorted(SCHOOL_WEEK))


def shipped(name: str) -> Path:
    """A file that comes with the product: lens, lutins, lezignan, alixan, demo."""
    path = SHIPPED / f"{name.removesuffix('.toml')}.toml"
    if path.parent != SHIPPED or not path.is_file():
        known = ", ".join(sorted(path.stem for path in SHIPPED.glob("*.toml")))
        raise WrongFile(name, "", f"fichier introuvable (communes fournies\u00a0: {known})")
    return path


def read(path: Path | str) -> Document:
    """The document of a file. Raises WrongFile."""
    path = Path(path)
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise WrongFile(str(path), "", "fichier introuvable ou illisible") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise WrongFile(path.name, "", f"n’est pas du TOML\u00a0: {exc}") from None
    return parse(data, path.name, path.parent)


def parse(data: dict[str, Any], name: str, folder: Path = SHIPPED) -> Document:
    """The document of a file already decoded; `name` is for the messages.

    Its documents lie in `folder`, or are the product’s own. Raises WrongFile.
    """
    file = Table(data, name, "")
    commune, tills = _commune(file.table("commune"))
    document = Document(
        commune=commune,
        year=_year(file.table("school_year")),
        tills=tills,
        schools=_schools(file.tables("schools")),
        activities=activities.read(file.tables("activities"), tills[0].code if tills else None),
        families=families.read(file.tables("families"), tills[0].code if tills else None),
        departments=_departments(file.tables("departments")),
        required_documents=family_file.required(file.tables("required_documents")),
        shuttles=read_shuttles(file.tables("shuttles")),
        news=published.news(file.tables("news")),
        documents=published.documents(file.tables("documents"), (folder, SHIPPED)),
        menus=published.menus(file.tables("menus")),
        name=name,
    )
    file.done()
    return checks.checked(document)


def _commune(table: Table) -> tuple[Commune, tuple[Till, ...]]:
    tills = table.tables("tills")
    unique(tills, "code")
    commune = Commune(
        name=table.text("name"),
        insee=table.matching("insee", INSEE, "en code INSEE de 5 caractères"),
        zone=table.choice("zone", ("A", "B", "C")),
        phone=table.text("phone", longest=30),
        email=table.matching("email", EMAIL, "une adresse électronique"),
        address=table.text("address", longest=300),
        title=table.text("title", None),
        part_payment=table.flag("part_payment", False),
        email_change=table.choice("email_change", ("self", "mairie"), "self"),
        hold_minutes=table.whole("hold_minutes", 25, least=1, what="en minutes"),
        credit_refund=table.flag("credit_refund", False),
        colour=table.matching("colour", "#[0-9a-fA-F]{6}", "une couleur #RRGGBB", None),
        logo=table.text("logo", None, longest=300),
        rulebook=tuple(_own_rule(row) for row in table.tables("rulebook")) or None,
        siret=table.matching("siret", "[0-9]{14}", "un SIRET de 14 chiffres", None),
        legal=table.text("legal", None, longest=LONGEST_RULE),
        menu=published.entries(table),
        diets=family_file.diets(table),
        hours=table.text("hours", None, longest=500),
    )
    table.done()
    return commune, tuple(_till(till) for till in tills)


def _own_rule(table: Table) -> dict[str, str]:
    """As the file writes it: the row keeps that."""
    table.text("title")
    table.text("text", longest=LONGEST_RULE)
    table.text("activity", None)
    table.done()
    return dict(table.values)


def _till(table: Table) -> Till:
    till = Till(
        code=table.text("code", longest=60),
        name=table.text("name"),
        bank_label=table.text("bank_label"),
        online=table.flag("online", True),
        provider=table.choice("provider", PROVIDERS, None),
        numcli=table.text("numcli", None, longest=20),
        number_format=table.text("number_format", None, longest=60),
        least_invoice=table.cents("least_invoice", None, least=1),
        issuer=table.text("issuer", "", longest=200),
        payment_days=table.whole("payment_days", 30, least=0, what="en jours"),
        advances=table.flag("advances", False),
        deposit_to=table.text("deposit_to", "", longest=200),
        **_block(table),
        **_direct_debit(table),
    )
    table.done()
    if till.number_format is not None:
        _check_numbers(table, till.number_format)
    return till


def _block(table: Table) -> dict[str, Any]:
    """Days without a sum would block nobody: whoever writes them forgot it."""
    above = table.cents("block_above", None, least=1)
    days = table.whole("block_after_days", 0, least=0, most=365, what="en jours")
    if days and above is None:
        raise table.wrong("block_above", "attendu en centimes, avec « block_after_days »")
    return {"block_above": above, "block_after_days": days}


def _direct_debit(table: Table) -> dict[str, Any]:
    """All of it or nothing: a file for a bank needs its creditor's identifier, account and name."""
    ics, iban = table.text("ics", None, longest=35), table.text("iban", None, longest=42)
    creditor = table.text("creditor", None, longest=70)
    form = table.choice("sepa_format", FORMATS, FORMATS[0])
    said = {"ics": ics, "iban": iban, "creditor": creditor}
    missing = [key for key, value in said.items() if value is None]
    if missing and len(missing) < len(said):
        raise table.wrong(missing[0], f"attendu\u00a0: le prélèvement demande {', '.join(map(quoted, said))}")
    if ics is not None and not is_creditor(ics):
        raise table.wrong(
            "ics", "attendu, un identifiant créancier SEPA (FR12ZZZ123456) dont la clé est juste"
        )
    try:
        account = iban and bank_account(iban).iban
    except WrongIban as wrong:
        raise table.wrong("iban", IBAN_FLAWS[wrong.flaw]) from None
    return {**said, "iban": account, "sepa_format": form}


def _check_numbers(table: Table, text: str) -> None:
    try:
        number_format_of(text)
    except WrongFormat as wrong:
        expected = (
            f"attendu avec {quoted('{n}')}, {quoted('{n:05}')}, {quoted('{year}')}, {quoted('{yy}')} ou "
            f"{quoted('{month}')}\u00a0: {quoted(wrong.field)} manque ou n’est pas compris"
        )
        raise table.wrong("number_format", expected) from None
    except TooLong:
        raise table.wrong(
            "number_format", f"trop long\u00a0: {LONGEST} caractères au plus par numéro"
        ) from None


def _year(table: Table) -> SchoolYear:
    starts, ends = table.day("starts"), table.day("ends")
    if not starts < ends < date(starts.year + 1, 9, 1):
        raise table.wrong("ends", f"attendu après le {starts} et avant le {starts.year + 1}-09-01")
    year = SchoolYear(
        name=table.text("name", longest=20),
        starts=starts,
        ends=ends,
        closures=tuple(_closure(row, starts) for row in table.tables("closures")),
        weekdays=numbers(table.weekdays("weekdays", FOUR_DAYS)),
    )
    table.done()
    return year


def _closure(table: Table, starts: date) -> Closure:
    start, end = table.day("from"), table.day("to")
    if start > end:
        raise table.wrong("to", f"attendu le jour de {quoted('from')} ou après")
    if not starts <= start <= end < date(starts.year + 1, 9, 1):
        raise table.wrong("from", "attendu dans l’année scolaire, vacances d’été comprises")
    closure = Closure(
        start=start,
        end=end,
        reason=table.text("reason"),
        schools=table.words("schools", None),
        activities=table.words("activities", None),
    )
    table.done()
    return closure


def _schools(tables: list[Table]) -> tuple[School, ...]:
    unique(tables, "code")
    found = []
    for table in tables:
        days = table.weekdays("weekdays", None)
        found.append(
            School(
                code=table.text("code", longest=60),
                name=table.text("name"),
                levels=table.words("levels"),
                weekdays=None if days is None else numbers(days),
            )
        )
        table.done()
    return tuple(found)


def _departments(tables: list[Table]) -> tuple[Department, ...]:
    unique(tables, "code")
    unique(tables, "name")
    return tuple(_department(table) for table in tables)


def _department(table: Table) -> Department:
    department = Department(
        code=table.text("code", longest=60),
        name=table.text("name"),
        topics=table.words("topics"),
        email=table.matching("email", EMAIL, "une adresse électronique", None),
        reply_days=table.whole("reply_days", None, least=1, most=60, what="en jours ouvrés"),
    )
    table.done()
    if not department.topics:
        raise table.wrong("topics", "attendu, au moins un thème")
    if any(len(topic) > LONGEST_TOPIC for topic in department.topics):
        raise table.wrong("topics", f"trop long\u00a0: {LONGEST_TOPIC} caractères au plus par thème")
    return department
