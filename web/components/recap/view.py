"""How a recap is laid out: blocks by till, inside by child; the tags of its lines; what its one button says."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from models.checkout.recap import Recap, RecapLine, TillBlock
from models.families.household import ChildFacts
from models.french import day_long, plural, the_till
from models.planning.cell import Gone
from models.rules.booking import BookingState
from models.rules.deadlines import is_open, utc
from models.rules.money import euros
from models.rules.states.orders import LineAction
from web.page.late_drafts import Loss, losses


@dataclass(frozen=True, slots=True)
class Group:
    child: ChildFacts
    lines: tuple[RecapLine, ...]

    @property
    def sum(self) -> int:
        return total(self.lines)


@dataclass(frozen=True, slots=True)
class Block:
    title: str
    till: str  # its name when there are several
    lines: tuple[RecapLine, ...]

    @property
    def groups(self) -> list[Group]:
        by_child = groupby(self.lines, key=lambda line: line.child.id)
        return [Group(lines[0].child, lines) for lines in (tuple(found) for _, found in by_child)]

    @property
    def count(self) -> str:
        return " · ".join(words for words, _ in counts(self.lines))


@dataclass(frozen=True)
class View:
    recap: Recap
    now: datetime
    late: Sequence[Gone] = ()  # what is said of those that came too late

    @property
    def blocks(self) -> list[Block]:
        several = len(self.recap.tills) > 1
        blocks = [
            Block("Paiement immédiat", block.till.name if several else "", block.lines)
            for block in self.recap.tills
        ]
        if self.recap.invoiced:
            blocks.append(Block("Facturé en fin de mois", "", self.recap.invoiced))
        return blocks

    @property
    def losses(self) -> list[Loss]:
        return losses([*self.late, *self.recap.gone])

    @property
    def by_card(self) -> list[TillBlock]:
        """What each bank page will ask for, in turn."""
        return [block for block in self.recap.tills if block.due and not block.offline]

    @property
    def blocked(self) -> bool:
        """A payment at one of these tills has to end first: a click would be refused."""
        paying = {order.till_id for order in self.recap.paying}
        return any(block.till.id in paying for block in self.by_card)

    @property
    def due(self) -> int:
        return sum(block.due for block in self.by_card)

    @property
    def offline(self) -> list[TillBlock]:
        """Tills that take no card here: their lines stay a draft."""
        return [block for block in self.recap.tills if block.offline]

    @property
    def ready(self) -> list[RecapLine]:
        """What the button validates."""
        return [line for line in self.recap.lines if all(line not in block.lines for block in self.offline)]

    @property
    def invoiced_sum(self) -> int:
        return total(self.recap.invoiced)

    @property
    def button(self) -> str:
        by_card = self.by_card
        if len(by_card) > 1:
            return f"Payer {the_till(by_card[0].till.name)} {euros(by_card[0].due)}"
        if by_card:
            return f"Payer {euros(by_card[0].due)}"
        if all(line.asks for line in self.ready):
            return f"Envoyer {plural(len(self.ready), 'demande')}"
        return "Terminer"

    @property
    def verb(self) -> str:
        """The button's first word, as the sentences name it."""
        return self.button.partition(" ")[0]

    @property
    def warnings(self) -> str:
        """What to know before the click."""
        said = []
        if self.by_card:
            said.append("En cas de non-paiement, votre réservation ne sera pas prise en compte.")
        if self.by_card and self.recap.invoiced:
            said.append("Ce qui est facturé en fin de mois est enregistré dans tous les cas.")
        if self.recap.invoiced:
            said.append("Une facture vous sera transmise en fin de mois.")
        return " ".join(said)

    @property
    def due_words(self) -> tuple[str, int]:
        """What the bar on a phone shows beside the button."""
        times = len(self.by_card)
        if self.recap.tills:
            return "À payer" if times < 2 else f"À payer en {times} fois", self.due
        return "Facturé en fin de mois", self.invoiced_sum

    @property
    def closes(self) -> datetime | None:
        ahead = [line.closes for line in self.recap.lines if is_open(self.now, line.closes)]
        return min(ahead, key=utc, default=None)

    @property
    def back(self) -> str:
        """The planning, where the first line was ticked."""
        line = next(iter(self.recap.lines), None)
        if line is None:
            return "/planning?modifier=1"
        return f"/planning?par=enfant&id={line.child.id}&debut={line.day.isoformat()}&modifier=1"

    @property
    def following(self) -> dict[int, int]:
        """Where the focus goes when a line is removed: the next one, or the last that stays."""
        ids = [line.id for block in self.blocks for line in block.lines]
        after = dict(zip(ids, [*ids[1:], ids[-2] if len(ids) > 1 else 0], strict=True))
        return after

    @property
    def said(self) -> str:
        """After a line was removed, to who does not see the page."""
        if self.recap.tills or self.recap.empty:
            return f"Ligne retirée. À payer\u00a0: {euros(self.due)}."
        return f"Ligne retirée. Total de vos modifications\u00a0: {euros(self.invoiced_sum)}."


def total(lines: Iterable[RecapLine]) -> int:
    return sum(line.sum for line in lines)


def counts(lines: Iterable[RecapLine]) -> list[tuple[str, int]]:
    """« 8 réservations » and what they cost, « 2 annulations » and what they give back."""
    number: Counter[str] = Counter()
    cents: Counter[str] = Counter()
    for line in lines:
        asked = line.asks and line.action == LineAction.ADD
        kind = "waits" if line.waits else "asks" if asked else line.action
        number[kind] += 1
        cents[kind] += line.sum
    nouns = {LineAction.ADD.value: "réservation", "asks": "demande", LineAction.CANCEL.value: "annulation"}
    found = [(plural(number[kind], noun), cents[kind]) for kind, noun in nouns.items() if number[kind]]
    if number["waits"]:
        found.append((f"{number['waits']} en liste d’attente", 0))
    return found


def tag(line: RecapLine) -> str:
    """What a line does, when it is no plain booking."""
    if line.waits:
        return f"liste d’attente (rang {line.rank})"
    if line.action == LineAction.ADD:
        return "demande à la mairie" if line.asks else "place gardée pour vous" if line.takes_offer else ""
    if line.booked is not None and line.booked.state == BookingState.REQUESTED:
        return "demande retirée"
    return "demande d’annulation" if line.asks else "annulation"


def label(line: RecapLine) -> str:
    """« Chloé, ACM du Soir, lundi 3 septembre 2018 »."""
    return f"{line.child.first_name}, {line.slot_name}, {day_long(line.day)}"
