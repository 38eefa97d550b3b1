"""What a commune file says, once checked: defaults are filled in, references are good."""

from dataclasses import dataclass, field
from datetime import date

from models.activities.definition.description import Activity
from models.commune_file.published.said import MenuWeek, News, PublishedDocument
from models.rules.calendar import SCHOOL_WEEK
from models.rules.till.sepa import FORMATS


@dataclass(frozen=True)
class Till:
    code: str
    name: str
    bank_label: str
    online: bool = True
    provider: str | None = None
    numcli: str | None = None
    number_format: str | None = None
    least_invoice: int | None = None  # cents: less waits for the next month's invoice
    issuer: str = ""
    payment_days: int = 30
    advances: bool = False
    deposit_to: str = ""  # who takes its deposits: « Service de gestion comptable de Grenoble »
    block_above: int | None = None  # cents: who owes more, late for `block_after_days`, books no more days
    block_after_days: int = 0
    ics: str | None = None
    iban: str | None = None
    creditor: str | None = None
    sepa_format: str = FORMATS[0]


@dataclass(frozen=True)
class Commune:
    name: str
    insee: str
    zone: str
    phone: str
    email: str
    address: str
    title: str | None = None
    part_payment: bool = False
    email_change: str = "self"
    hold_minutes: int = 25
    credit_refund: bool = False
    colour: str | None = None
    logo: str | None = None
    rulebook: tuple[dict[str, str], ...] | None = None  # what the commune adds to its règlement
    siret: str | None = None
    legal: str | None = None
    menu: dict[str, str | bool] | None = None  # of parents, by entry
    diets: tuple[str, ...] | None = None  # of the canteen; none: the usual ones
    hours: str | None = None  # when the mairie is open


@dataclass(frozen=True)
class Closure:
    start: date
    end: date
    reason: str
    schools: tuple[str, ...] | None = None
    activities: tuple[str, ...] | None = None


@dataclass(frozen=True)
class SchoolYear:
    name: str
    starts: date
    ends: date
    closures: tuple[Closure, ...] = ()
    weekdays: tuple[int, ...] = tuple(sorted(SCHOOL_WEEK))  # of school; Monday is 0


@dataclass(frozen=True)
class School:
    code: str
    name: str
    levels: tuple[str, ...]
    weekdays: tuple[int, ...] | None = None  # none: those of the school year


@dataclass(frozen=True)
class Department:
    """Whom families write to, and about what."""

    code: str
    name: str
    topics: tuple[str, ...]
    email: str | None = None
    reply_days: int | None = None  # working days


@dataclass(frozen=True)
class ShuttleStop:
    name: str
    at: int  # minutes after midnight


@dataclass(frozen=True)
class Shuttle:
    """A line (navette). `activities` are the codes of those whose children it carries; none: every day."""

    code: str
    name: str
    stops: tuple[ShuttleStop, ...]
    activities: tuple[str, ...] | None = None


@dataclass(frozen=True)
class RequiredDocument:
    """A paper that the commune asks of each child, of those who have a care plan, or of the household."""

    code: str
    name: str
    per: str
    months: int | None = None  # none: for ever
    blocks: str | None = None  # no day is booked until it is sent, or accepted
    blocks_from: date | None = None


@dataclass(frozen=True)
class Guardian:
    first_name: str
    last_name: str
    email: str
    username: str
    phone: str | None = None
    home_phone: str | None = None
    work_phone: str | None = None


@dataclass(frozen=True)
class Child:
    first_name: str
    last_name: str
    born: date
    level: str | None = None  # none: an adult
    school: str | None = None
    activities: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    category: str | None = None
    weeks: str = "all"
    sex: str = ""

    @property
    def identity(self) -> tuple[str, str, date]:
        """The same in two families is one child with two homes."""
        return self.first_name, self.last_name, self.born


@dataclass(frozen=True)
class Quotient:
    value: int
    start: date
    end: date | None = None


@dataclass(frozen=True)
class Aid:
    """What a third party pays of each unit; `child` is a first name, none for every child of the family."""

    funder: str
    cents: int
    start: date
    end: date | None = None
    child: str | None = None
    activities: tuple[str, ...] | None = None
    most_cents: int | None = None
    most_days: int | None = None


@dataclass(frozen=True)
class Debt:
    """What was owed before this portal, and what had been paid of it."""

    label: str
    cents: int
    paid: int
    on: date
    till: str | None = None
    child: str = ""
    activity: str = ""


@dataclass(frozen=True)
class InvoiceLine:
    child: str
    label: str
    quantity: int
    unit_cents: int


@dataclass(frozen=True)
class Invoice:
    number: str
    on: date
    paid: int
    lines: tuple[InvoiceLine, ...]
    till: str | None = None

    @property
    def cents(self) -> int:
        return sum(line.quantity * line.unit_cents for line in self.lines)


@dataclass(frozen=True)
class Family:
    number: str
    guardians: tuple[Guardian, ...]
    children: tuple[Child, ...]
    account: bool = True
    category: str | None = None
    address: str = ""
    invoice_delivery: str = "portal"
    holder: str = ""
    scheme: str = ""
    holder_number: str = ""
    dependants: int | None = None
    quotients: tuple[Quotient, ...] = ()
    aids: tuple[Aid, ...] = ()
    opening: tuple[Debt, ...] = ()
    invoices: tuple[Invoice, ...] = ()


@dataclass(frozen=True)
class Document:
    commune: Commune
    year: SchoolYear
    tills: tuple[Till, ...]
    schools: tuple[School, ...]
    activities: tuple[Activity, ...]
    families: tuple[Family, ...]
    departments: tuple[Department, ...] = ()
    required_documents: tuple[RequiredDocument, ...] = ()
    shuttles: tuple[Shuttle, ...] = ()
    news: tuple[News, ...] = ()
    documents: tuple[PublishedDocument, ...] = ()
    menus: tuple[MenuWeek, ...] = field(
        default=(), compare=False
    )  # to begin with: later ones are not written here
    name: str = field(default="", compare=False)  # of the file, for messages

    def activity(self, code: str) -> Activity:
        return next(activity for activity in self.activities if activity.code == code)
