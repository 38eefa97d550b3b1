"""What a cell says of itself: its state, its price and why, until when, why a tick was refused."""

from datetime import datetime

from models.french import (
    beginning,
    beginning_long,
    day_long,
    day_without_year,
    euros,
    moment,
    moment_long,
    plural,
    quoted,
    together,
)
from models.planning.cell import Cell, Dearer
from models.rules.capacity import can_serve
from models.rules.cells import CellState
from models.rules.deadlines import is_open

SOON_FULL = 5  # places
NEVER = "Ce qui est réservé ne s’annule pas."


def name(cell: Cell, by: str) -> str:
    """How the cell's name begins: « ACM du Soir, lundi 3 septembre 2018 », after the child in the other axis."""
    said = f"{cell.slot_name}, {day_long(cell.day)}"
    return f"{cell.child.first_name}, {said}" if by == "activite" else said


def text(cell: Cell, by: str, now: datetime) -> str:
    """All that a cell says, as text: slot, day, state, price and its reason, deadline."""
    shown = cell.shown
    if shown.state in ("never", "closed", "holiday"):
        return f"{name(cell, by)}\u00a0: {state(cell)}"
    said = f"{name(cell, by)}, {state(cell)}."
    if late := too_late(cell, now):
        said += f" {late}"
    if shown.state != "other":
        said += f" {price(cell)} {_limit(cell, now)}"
    if has_few_left(cell):
        said += f" Reste {plural(cell.left or 0, 'place')}."
    return f"{said} {told}" if (told := needs(cell)) else said


def needs(cell: Cell) -> str:
    """Said before: what is ticked or unticked with it."""
    seen, said = cell.shown, cell.needs
    if not seen.operable:
        return ""
    if seen.ticked and said.needed_by:
        return f"Le décocher retire aussi {together([quoted(name) for name in said.needed_by])}."
    return f"Demande {quoted(said.needed)}, coché avec." if said.needed and not seen.ticked else ""


def has_few_left(cell: Cell) -> bool:
    """Is it time to say how many places are left?"""
    return cell.left is not None and 0 < cell.left < SOON_FULL and cell.shown.state == "free"


def price(cell: Cell) -> str:
    """A rank costs nothing as long as no place is free."""
    said = f"{euros(cell.cents)}, {cell.reason}"
    if cell.shown.why == "queue" or (cell.shown.state == "waiting" and cell.shown.why != "offered"):
        return f"{euros(0)} tant qu’aucune place ne se libère, ensuite {said}."
    if cell.shown.why == "absent_free":
        return f"{euros(0)}\u00a0: rien n’est dû de ce jour."
    return f"{said}."


def _limit(cell: Cell, now: datetime) -> str:
    if cell.opens:
        return f"Réservations à partir du {beginning(cell.opens)}."
    if cell.dearer:
        return f"{dearer(cell.dearer, cell.closes)}{final(cell)}"
    if cell.shown.why == "never":
        return NEVER
    lead = "Modifiable jusqu’à" if is_open(now, cell.closes) else "La limite était"
    return f"{lead} {moment(cell.closes)}.{final(cell)}"


def dearer(later: Dearer, closes: datetime) -> str:
    """Said before it costs more."""
    return f"À ce prix jusqu’à {moment(later.since)}, puis {euros(later.cents)} jusqu’à {moment(closes)}."


def final(cell: Cell) -> str:
    """Said before it is booked: the time to cancel it is over already."""
    return FINAL.get(cell.final, "")


FINAL = {
    "refused": " Une fois validée, elle ne pourra plus être annulée.",
    "allowed": " Une fois validée, elle resterait facturée même annulée.",
    "never": f" {NEVER}",
}


def state(cell: Cell) -> str:
    shown = cell.shown
    if shown.state == "holiday":
        return f"{cell.closed_by or 'vacances scolaires'}, fermé"
    if shown.state == "closed":
        return f"fermé ({cell.closed_by})" if cell.closed_by else "fermé"
    if shown.state == "waiting":
        if shown.why == "offered" and cell.offered_until:
            return f"une place s’est libérée, gardée jusqu’à {moment(cell.offered_until)}"
        told = f"liste d’attente, rang {cell.rank}"
        return f"{told}, sélection non validée" if is_drafted_rank(shown) else told
    if shown.state == "free" and shown.why == "queue":
        return f"complet\u00a0: liste d’attente, rang {cell.rank}"
    if shown.state == "refused":
        return f"refusée par la mairie\u00a0: {cell.note}" if cell.note else "refusée"
    said = STATES[shown.state]
    if shown.why in ATTENDED:
        return ATTENDED[shown.why]
    if shown.state == "booked" and shown.locked:
        said += ", non modifiable"
    if shown.state == "cancel" and shown.why == "late":
        return "annulation trop tardive\u00a0: la réservation reste"
    return f"{said}, {WHYS[shown.why]}" if shown.why in WHYS and shown.state != "booked" else said


def is_drafted_rank(shown: CellState) -> bool:
    """A tick on a full day, not validated yet."""
    return shown.state == "waiting" and shown.why == "queue"


def too_late(cell: Cell, now: datetime) -> str:
    """Why a place that is freed now goes to nobody."""
    if cell.shown.state != "waiting" or cell.shown.why == "offered":
        return ""
    if can_serve(now, cell.book_closes, prepaid=cell.prepaid):
        return ""
    if is_open(now, cell.book_closes):
        return "Trop tard pour vous proposer une place\u00a0: la limite est trop proche pour la régler."
    return "Trop tard pour vous donner une place\u00a0: la limite est passée."


STATES = {
    "never": "jour non ouvert",
    "past": "non réservée",
    "free": "libre",
    "picked": "sélection non validée",
    "sent": "demande envoyée",
    "booked": "réservée",
    "cancel": "annulation en attente",
    "cancelsent": "annulation envoyée",
    "other": "réservée par l’autre foyer",
}
ATTENDED = {
    "present": "présent",
    "absent": "absent",
    "absent_free": "absent, non facturé",
}
WHYS = {
    "late": "délai passé",
    "late_billed": "hors délai\u00a0: elle reste facturée",
    "full": "complet",
    "to_ask": "la mairie doit l’accepter",
    "membership": "adhésion à payer d’abord",
    "not_yet": "pas encore ouverte à la réservation",
    "paying": "en cours de paiement",
    "suspended": "réservations suspendues, un impayé est à régler",
    "papers": "un document est à envoyer d’abord",
}


def refusal(cell: Cell, now: datetime) -> str:
    """Why a tick was refused, with the next step."""
    when, why = day_without_year(cell.day), cell.shown.why
    if cell.shown.state in ("closed", "holiday", "never"):
        return f"{cell.slot_name}, {when}\u00a0: jour non ouvert."
    if why == "paying":
        return f"{cell.slot_name}, {when}\u00a0: cette réservation est en cours de paiement."
    if why == "membership":
        return f"{cell.slot_name}\u00a0: l’adhésion doit être payée avant de réserver."
    if why == "suspended":
        return f"{cell.slot_name}\u00a0: réservations suspendues. Réglez d’abord vos factures en retard."
    if why == "papers":
        return (
            f"{cell.child.first_name}\u00a0: «\u00a0{cell.lacks}\u00a0» manque. "
            "Envoyez ce document dans «\u00a0Mon dossier\u00a0», puis réservez."
        )
    if why == "full":
        return f"{cell.slot_name}, {when}\u00a0: complet."
    if why == "asked":
        return (
            f"{cell.slot_name}, {when}\u00a0: la mairie n’a pas encore répondu à votre demande d’annulation."
        )
    if why == "not_yet":
        opens = f", elles ouvrent {beginning_long(cell.opens)}" if cell.opens else ""
        return f"{cell.slot_name}\u00a0: les réservations ne sont pas encore ouvertes{opens}."
    if cell.shown.state == "other":
        return f"{cell.slot_name}, {when}\u00a0: ce jour est réservé par l’autre foyer."
    if why == "never":
        return f"{cell.slot_name}, {when}\u00a0: ce qui est réservé ne s’annule pas. La réservation reste facturée."
    if not is_open(now, cell.closes):
        kept = " La réservation reste facturée." if cell.shown.ticked else ""
        return f"Trop tard pour {when}\u00a0: la limite était {moment_long(cell.closes)}.{kept}"
    if cell.needs.needed and not cell.shown.ticked:
        asked = quoted(cell.needs.needed)
        return f"{cell.slot_name}, {when}\u00a0: demande {asked}, qui n’a pas pu être réservé ce jour-là."
    if cell.needs.needed_by and cell.shown.ticked:
        others = together([quoted(name) for name in cell.needs.needed_by])
        return f"{cell.slot_name}, {when}\u00a0: {others} en a besoin, et ne peut plus être annulé."
    if cell.needs.needed_by and why == "queue":
        return f"{cell.slot_name}, {when}\u00a0: complet. Cochez-le seul pour prendre un rang d’attente."
    return f"{cell.slot_name}, {when}\u00a0: ce changement n’est pas possible."
