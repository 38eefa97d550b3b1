"""The families of a commune file: for demonstrations and tests, and to start a portal with."""

from collections.abc import Sequence

from models.activities.definition.description import CATEGORIES
from models.commune_file.document import Aid, Child, Debt, Family, Guardian, Invoice, InvoiceLine, Quotient
from models.commune_file.table import Table, unique
from models.french import quoted
from models.rules.families.contact import EMAIL
from models.rules.families.household import SCHEMES


def read(tables: list[Table], till: str | None) -> tuple[Family, ...]:
    """`till` holds the debts and invoices that name none."""
    unique(tables, "number")
    found = tuple(_family(table, till) for table in tables)
    guardians = [row for table in tables for row in table.tables("guardians")]
    unique(guardians, "username", lambda row: row.text("username").casefold())
    invoices = [row for table in tables for row in table.tables("invoices")]
    unique(invoices, "number", lambda row: (row.values.get("till", till), row.values["number"]))
    return found


def _family(table: Table, till: str | None) -> Family:
    children = table.tables("children", required=True)
    family = Family(
        number=table.text("number", longest=40),
        guardians=tuple(_guardian(row) for row in table.tables("guardians", required=True)),
        children=tuple(_child(row) for row in children),
        account=table.flag("account", True),
        category=table.choice("category", CATEGORIES, None),
        address=table.text("address", "", longest=400),
        invoice_delivery=table.choice("invoice_delivery", ("portal", "post"), "portal"),
        holder=table.text("holder", "", longest=100),
        scheme=table.choice("scheme", [code for code in SCHEMES if code], ""),
        holder_number=table.text("holder_number", "", longest=30),
        dependants=table.whole("dependants", None, what="en nombre d’enfants"),
        quotients=_quotients(table.tables("quotient")),
        aids=tuple(
            _aid(row, [child.values.get("first_name") for child in children]) for row in table.tables("aids")
        ),
        opening=tuple(_debt(row, till) for row in table.tables("opening")),
        invoices=tuple(_invoice(row, till) for row in table.tables("invoices")),
    )
    table.done()
    unique(children, "first_name", lambda row: (row.text("first_name"), row.text("last_name")))
    return family


def _guardian(table: Table) -> Guardian:
    guardian = Guardian(
        first_name=table.text("first_name", longest=100),
        last_name=table.text("last_name", longest=100),
        email=table.matching("email", EMAIL, "une adresse électronique"),
        username=table.text("username", longest=100),
        phone=table.text("phone", None, longest=30),
        home_phone=table.text("home_phone", None, longest=30),
        work_phone=table.text("work_phone", None, longest=30),
    )
    table.done()
    return guardian


def _child(table: Table) -> Child:
    child = Child(
        first_name=table.text("first_name", longest=100),
        last_name=table.text("last_name", longest=100),
        born=table.day("born"),
        level=table.text("level", None, longest=10),
        school=table.text("school", None, longest=60),
        activities=table.words("activities", ()),
        members=table.words("members", ()),
        category=table.choice("category", CATEGORIES, None),
        weeks=table.choice("weeks", ("all", "even", "odd"), "all"),
        sex=table.choice("sex", ("F", "M"), None) or "",
    )
    table.done()
    if (child.level is None) != (child.school is None):
        raise table.wrong("school", f"attendu avec {quoted('level')}\u00a0; aucun pour un adulte")
    if child.category and not child.activities:
        raise table.wrong("category", f"attendu avec {quoted('activities')}\u00a0: c’est leur catégorie")
    return child


def _quotients(tables: list[Table]) -> tuple[Quotient, ...]:
    """One that has no end lasts until the next begins."""
    unique(tables, "from")
    found = []
    for table in tables:
        quotient = Quotient(
            table.whole("value", what="en euros entiers"), table.day("from"), table.day("to", None)
        )
        table.done()
        if quotient.end and quotient.end < quotient.start:
            raise table.wrong("to", f"attendu le jour de {quoted('from')} ou après")
        found.append(quotient)
    return tuple(sorted(found, key=lambda quotient: quotient.start))


def _aid(table: Table, children: Sequence[str | None]) -> Aid:
    aid = Aid(
        funder=table.text("funder", longest=60),
        cents=table.cents("cents", least=1),
        start=table.day("from"),
        end=table.day("to", None),
        child=table.text("child", None),
        activities=table.words("activities", None),
        most_cents=table.cents("most_cents", None, least=1),
        most_days=table.whole("most_days", None, least=1, what="en jours"),
    )
    table.done()
    if aid.end and aid.end < aid.start:
        raise table.wrong("to", f"attendu le jour de {quoted('from')} ou après")
    if aid.child is not None and aid.child not in children:
        raise table.wrong(
            "child", f"attendu, le prénom d’un enfant de la famille ({quoted(aid.child)} n’y est pas)"
        )
    return aid


def _debt(table: Table, till: str | None) -> Debt:
    debt = Debt(
        label=table.text("label", longest=300),
        cents=table.cents("cents", least=1),
        paid=table.cents("paid", 0),
        on=table.day("on"),
        till=table.text("till", till),
        child=table.text("child", ""),
        activity=table.text("activity", ""),
    )
    table.done()
    if debt.paid > debt.cents:
        raise table.wrong("paid", f"attendu en centimes, au plus {quoted('cents')}")
    return debt


def _invoice(table: Table, till: str | None) -> Invoice:
    invoice = Invoice(
        number=table.text("number", longest=60),
        on=table.day("on"),
        paid=table.cents("paid", 0),
        lines=tuple(_line(row) for row in table.tables("lines", required=True)),
        till=table.text("till", till),
    )
    table.done()
    if invoice.paid > invoice.cents:
        raise table.wrong("paid", f"attendu en centimes, au plus le montant de la facture ({invoice.cents})")
    return invoice


def _line(table: Table) -> InvoiceLine:
    line = InvoiceLine(
        child=table.text("child"),
        label=table.text("label", longest=300),
        quantity=table.whole("quantity", least=1),
        unit_cents=table.cents("unit_cents"),
    )
    table.done()
    return line
