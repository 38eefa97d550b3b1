"""What the counter's page shows: who was asked for, what they owe, what is ticked, and the day's journal."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import cast

from models.checkout import amounts_due as dues_of
from models.checkout.amounts_due import TillBill
from models.checkout.submission import Stale
from models.commune.till import Till
from models.counter import closing, journal, payers
from models.counter.journal import JournalRow, Sum
from models.counter.payers import Payer
from models.counter.receipt import Receipt
from models.french import month_name
from models.french.payments import METHODS, TITLES
from models.money import amounts_due
from models.money.amounts_due import AmountDue, DueKind
from models.rules.money import cents
from models.rules.states.payments import AT_COUNTER, PaymentMethod
from web.http.auth import StaffRequest
from web.http.forms import whole

LONGEST = 120  # letters of a search
DRAWINGS = {
    PaymentMethod.CASH: "cash",
    PaymentMethod.CHEQUE: "cheque",
    PaymentMethod.CESU: "ticket",
    PaymentMethod.CARD: "card",
    PaymentMethod.TRANSFER: "cloud",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address or a form says, as it was typed."""

    words: str = ""
    family: int | None = None
    chosen: tuple[str, ...] = ()
    chose: bool = False  # a form was sent: nothing ticked means nothing
    till: int | None = None  # of an advance
    method: str = PaymentMethod.CASH.value
    given: str = ""
    keep: bool = False
    paper_number: str = ""
    bank: str = ""
    drawer: str = ""
    click: str = ""
    shown: str = ""
    receipt: int | None = None  # that was just given
    settled: int | None = None  # a family whose avoir just paid for all

    @classmethod
    def of(cls, said: Mapping[str, object], chosen: Sequence[object]) -> "Asked":
        def text(name: str, longest: int) -> str:
            return " ".join(str(said.get(name, "")).split())[:longest]

        return cls(
            words=text("recherche", LONGEST),
            family=whole(said.get("famille")),
            chosen=tuple(dict.fromkeys(str(key)[:40] for key in chosen if key)),
            chose="moyen" in said,
            till=whole(said.get("regie")),
            method=text("moyen", 10) or PaymentMethod.CASH.value,
            given=text("donne", 20),
            keep=bool(said.get("avance")),
            paper_number=text("numero", 60),
            bank=text("banque", 100),
            drawer=text("tireur", 200),
            click=text("click", 64),
            shown=text("attendu", 12),
            receipt=whole(said.get("recu")),
            settled=whole(said.get("regle")),
        )


@dataclass(frozen=True, slots=True)
class TillSums:
    """What a family owes a till, in cents; `credit` is its avoir there."""

    till: Till
    dues: Sequence[AmountDue]
    credit: int


@dataclass(frozen=True, slots=True)
class Day:
    """A till's day: what was taken, and the change in the drawer."""

    till: Till
    day: date
    lines: Sequence[JournalRow]
    float_cents: int

    @property
    def sums(self) -> list[Sum]:
        return journal.sums(self.lines)


@dataclass(frozen=True, slots=True)
class Desk:
    asked: Asked
    found: Sequence[Payer]
    payer: Payer | None
    owed: Sequence[TillSums]
    till: Till | None  # the one that is paid; None: sums of several are ticked
    bill: TillBill | None
    days: Sequence[Day]
    given: Receipt | None  # the receipt that was just given
    settled: Payer | None
    click: str
    names: Mapping[int, str] = field(default_factory=dict)  # of tills

    @property
    def due(self) -> int:
        return self.bill.due if self.bill else 0

    @property
    def change(self) -> int:
        """Cents to give back in cash; 0 where nobody knows yet."""
        if self.asked.method != PaymentMethod.CASH or self.asked.keep or not self.asked.given:
            return 0
        try:
            return max(0, cents(self.asked.given) - self.due)
        except ValueError:
            return 0

    @property
    def takes(self) -> int:
        """Cents that would be kept."""
        try:
            given = cents(self.asked.given) if self.asked.given else self.due
        except ValueError:
            return self.due
        return given - self.change

    @property
    def lines(self) -> list[JournalRow]:
        """Of all tills, the newest first."""
        return sorted(
            (line for day in self.days for line in day.lines), key=lambda line: line.at, reverse=True
        )

    @property
    def sums(self) -> list[Sum]:
        return journal.sums(self.lines)

    @property
    def float_cents(self) -> int:
        return sum(day.float_cents for day in self.days)

    @property
    def taken(self) -> int:
        return sum(line.cents for line in self.lines)

    @property
    def receipts(self) -> int:
        return sum(not (line.is_reversal or line.is_discharge) for line in self.lines)

    def later(self, today: date) -> list[Day]:
        """Tills that closed today: their receipts bear a later date."""
        return [day for day in self.days if day.day > today]

    @property
    def methods(self) -> list[tuple[PaymentMethod, str, str]]:
        return [(method, TITLES[method], DRAWINGS[method]) for method in AT_COUNTER]

    @staticmethod
    def drawing(method: PaymentMethod) -> str:
        return DRAWINGS[method]

    @staticmethod
    def titled(method: str) -> str:
        return TITLES[PaymentMethod(method)]

    @staticmethod
    def means(method: str) -> str:
        return METHODS[PaymentMethod(method)]

    @staticmethod
    def title(due: AmountDue) -> str:
        """« Facture d’octobre 2025 », « Cantine de 2024-2025 »."""
        if due.kind is not DueKind.INVOICE:
            return due.label
        month = month_name(cast(date, due.period[0] if due.period else due.on))
        return f"Facture d’{month}" if month[0] in "ao" else f"Facture de {month}"


async def read(request: StaffRequest, asked: Asked) -> Desk:
    today = request.now.date()
    tills = await Till.all().order_by("position", "id")
    payer = await _payer(asked.family)
    owed = await _owed(payer, tills)
    if not asked.chose and owed:
        asked = _first_look(asked, owed)
    till, bill = await _ticked(asked, payer, tills, owed)
    given = None
    if asked.receipt:
        given = await Receipt.get_or_none(id=asked.receipt).select_related("payment")
    return Desk(
        asked=asked,
        found=await payers.find(asked.words) if asked.words else [],
        payer=payer,
        owed=owed,
        till=till,
        bill=bill,
        days=[await day_of(till, today) for till in tills],
        given=given,
        settled=await _payer(asked.settled),
        click=asked.click or secrets.token_urlsafe(16),
        names={till.id: till.name for till in tills},
    )


async def day_of(till: Till, today: date, day: date | None = None) -> Day:
    day = day or await closing.open_day(till.id, today)
    return Day(till, day, await journal.of_day(till.id, day), await closing.last_float(till.id))


async def _payer(family: int | None) -> Payer | None:
    try:
        return await payers.one(family) if family else None
    except LookupError:
        return None


async def _owed(payer: Payer | None, tills: Sequence[Till]) -> list[TillSums]:
    if payer is None:
        return []
    found = await amounts_due.of_family(payer.id)
    credits = await amounts_due.credits_of(payer.id)
    sums = [TillSums(till, amounts_due.of_till(found, till.id), credits.get(till.id, 0)) for till in tills]
    return [one for one in sums if one.dues or one.credit]


def _first_look(asked: Asked, owed: Sequence[TillSums]) -> Asked:
    """All that is due at the first till is ticked."""
    first = next((one for one in owed if one.dues), None)
    keys = tuple(due.key for due in first.dues) if first else ()
    return replace(asked, chosen=keys)


async def _ticked(
    asked: Asked, payer: Payer | None, tills: Sequence[Till], owed: Sequence[TillSums]
) -> tuple[Till | None, TillBill | None]:
    """The till that is paid and its bill; no bill where nothing is ticked, no till where several are."""
    of_keys = {due.key: one.till for one in owed for due in one.dues}
    ticked = {of_keys[key].id: of_keys[key] for key in asked.chosen if key in of_keys}
    if len(ticked) > 1:
        return None, None
    if not ticked or payer is None:
        first = owed[0].till if owed else next(iter(tills), None)
        return next((till for till in tills if till.id == asked.till), first), None
    try:
        bills = await dues_of.bills(payer.id, dict.fromkeys(key for key in asked.chosen if key in of_keys))
    except Stale:
        bills = []
    return next(iter(ticked.values())), next(iter(bills), None)
