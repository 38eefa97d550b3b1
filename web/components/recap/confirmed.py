"""What a click did, by what becomes of the price: paid, invoiced, waiting for an answer, owed by nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from models.bookings.summary import Item, Share, Summary

TITLES = {  # in the page's order
    Share.PAID: "Payé",
    Share.RETURNED: "Rendu",
    Share.POSTPONED: "À régler avec votre prochain paiement",
    Share.TO_PAY: "À payer",
    Share.INVOICED: "Facturé en fin de mois",
    Share.ASKED: "En attente de la réponse de la mairie",
    Share.QUEUED: "En liste d’attente",
    Share.APART: "Accepté par la mairie, réglé à part",
    Share.STAYS_DUE: "Toujours dû",
    Share.NOTHING: "Sans suite",
}
TOTALS = {Share.ASKED: "Si la mairie accepte"}
UNPRICED = {  # a sum would read as owed
    Share.QUEUED: "Rien à payer tant qu’une place ne se libère pas.",
    Share.APART: "",
    Share.STAYS_DUE: "Le prix de ces jours reste dû.",
    Share.NOTHING: "Rien n’est dû pour ces lignes.",
}


@dataclass(frozen=True, slots=True)
class Group:
    share: Share
    items: tuple[Item, ...]

    @property
    def title(self) -> str:
        return TITLES[self.share]

    @property
    def priced(self) -> bool:
        return self.share not in UNPRICED

    @property
    def said(self) -> str:
        """Instead of a sum."""
        return UNPRICED.get(self.share, "")

    @property
    def total(self) -> str:
        return TOTALS.get(self.share, "Total")

    @property
    def cents(self) -> int:
        return sum(item.cents for item in self.items)

    @property
    def children(self) -> list[tuple[str, Sequence[Item]]]:
        return [(name, list(items)) for name, items in groupby(self.items, key=lambda item: item.child)]


def groups(summary: Summary) -> list[Group]:
    found = [Group(share, tuple(item for item in summary.items if item.share == share)) for share in TITLES]
    return [group for group in found if group.items]
