"""The whole règlement of a commune, from its catalogue: what is written here is what the portal applies."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from models.activities.catalogue import Catalogue
from models.activities.facts import ActivityFacts
from models.commune.letterhead import issuer
from models.french.rulebook.deadlines import definitions
from models.rulebook import activity as activities
from models.rulebook import payment
from models.rulebook.activity import named
from models.rules.capacity import MARGIN_HOURS, OFFER_HOURS
from models.rules.money import NBSP
from models.rules.papers.rulebook import Block, Heading, Rulebook, Section, Sentences

RESERVED = ("delais", "places", "quotient", "paiement", "contenu", "annonce", "alerte", "envoi", "lot")
KEPT = f"{OFFER_HOURS}{NBSP}heures, et au plus tard jusqu’à {MARGIN_HOURS}{NBSP}heures avant la limite de réservation"


def write(catalogue: Catalogue, today: date) -> Rulebook:
    """Dated today. Of the activities that are not over; before the next year is loaded, of the last one's."""
    shown = current(catalogue, today)
    commune = catalogue.commune
    own: Sequence[Mapping[str, Any]] = commune.rulebook or ()
    anchors = _anchors([*(one.name for one in shown), *(row["title"] for row in own)])
    sections = [Section("delais", "Les délais", tuple(_general(shown)))]
    for one, anchor in zip(shown, anchors, strict=False):
        added = [row for row in own if row.get("activity") == one.code]
        sections.append(activities.section(catalogue, one, tuple(_added(added)), anchor))
    if places := tuple(_places(shown)):
        sections.append(Section("places", "Demandes et liste d’attente", places))
    sections += payment.sections(catalogue, shown)
    for row, anchor in zip(own, anchors[len(shown) :], strict=True):
        if not row.get("activity"):
            sections.append(Section(anchor, row["title"], tuple(_paragraphs(row["text"]))))
    years = dict.fromkeys(catalogue.years[one.year].name for one in shown)
    return Rulebook(issuer(commune), " et ".join(years), tuple(sections), today)


def current(catalogue: Catalogue, today: date) -> list[ActivityFacts]:
    """In the order of the commune's file."""
    every = list(catalogue.activities.values())
    going_on = [one for one in every if one.timetable.closes >= today]
    last = max((one.year for one in every), key=lambda year: catalogue.years[year].starts, default=None)
    return going_on or [one for one in every if one.year == last]


def _general(shown: Sequence[ActivityFacts]) -> Iterator[Block]:
    yield Sentences(
        "Vous réservez et annulez sur le portail, jour par jour, jusqu’à la limite de chaque activité. "
        f"Une limite est une heure de Paris{NBSP}; celle de 23:59 vaut jusqu’à la fin de cette minute. "
        "Le planning rappelle la limite de chaque jour."
    )
    yield Sentences(
        "Passé la limite d’annulation, un jour réservé reste dû. Prévenez quand même d’une absence sur le portail"
        f"{NBSP}: la mairie en est avertie."
    )
    rules = [deadline.rule for one in shown for told in one.deadlines.values() for deadline in told]
    for said in definitions(rules):
        yield Sentences(said)


def _places(shown: Sequence[ActivityFacts]) -> Iterator[Block]:
    """What becomes of a request, and of a day that is full."""
    asking = [one for one in shown if one.asks]
    if asking:
        yield Sentences(
            "La mairie répond à chaque demande. Tant qu’elle n’a pas répondu, aucune place n’est prise."
        )
    if paid := [one for one in asking if one.prepaid]:
        yield Sentences(
            f"Pour {named(paid)}, une place acceptée est gardée le temps de la payer{NBSP}: {KEPT}."
        )
    queues = [
        one for one in shown if one.waiting_list and any(group.places is not None for group in one.groups)
    ]
    if not queues:
        return
    yield Sentences(
        "Quand un jour est complet, vous pouvez vous inscrire sur sa liste d’attente. Une place qui se libère va à la "
        "première famille de la liste, dans l’ordre des demandes, sauf priorité donnée par la mairie."
    )
    if paid := [one for one in queues if one.prepaid]:
        yield Sentences(
            f"Pour {named(paid)}, elle lui est proposée, et gardée {KEPT}. Sans paiement dans ce délai, elle va à la "
            "famille suivante."
        )
    if invoiced := [one for one in queues if not one.prepaid]:
        yield Sentences(
            f"Pour {named(invoiced)}, elle est aussitôt réservée et facturée à la fin du mois{NBSP}: quittez la "
            "liste si vous n’en voulez plus."
        )


def _added(rows: Sequence[Mapping[str, Any]]) -> Iterator[Block]:
    for row in rows:
        yield Heading(row["title"])
        yield from _paragraphs(row["text"])


def _paragraphs(text: str) -> Iterator[Block]:
    """A blank line ends one."""
    for part in re.split(r"\n\s*\n", text):
        if said := " ".join(part.split()):
            yield Sentences(said)


def _anchors(titles: Sequence[str]) -> list[str]:
    """« Accueil périscolaire » is `accueil-periscolaire`; twice the same title is told apart by a number."""
    found: list[str] = []
    for title in titles:
        plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
        anchor = re.sub(r"[^a-z0-9]+", "-", plain.replace("’", " ")).strip("-") or "activite"
        taken = sum(1 for one in (*RESERVED, *found) if one == anchor or one.startswith(f"{anchor}--"))
        found.append(f"{anchor}--{taken + 1}" if taken else anchor)
    return found
