"""Quotient, payment and invoices in the règlement: what the tills and the commune's settings say."""

from collections.abc import Iterator, Sequence

from models.activities.catalogue import Catalogue
from models.activities.facts import ActivityFacts
from models.commune.commune import Commune
from models.commune.till import Till
from models.french import euros, plural, the_till
from models.french.payments import suspended_above
from models.rulebook.activity import named
from models.rules.money import NBSP
from models.rules.papers.rulebook import Block, Heading, Section, Sentences


def sections(catalogue: Catalogue, shown: Sequence[ActivityFacts]) -> list[Section]:
    found = []
    if any(tariff.method != "flat" for one in shown for tariff in one.tariffs):
        found.append(Section("quotient", "Le quotient familial", tuple(_quotient(shown))))
    found.append(Section("paiement", "Le paiement", tuple(_payment(catalogue, shown))))
    return found


def _quotient(shown: Sequence[ActivityFacts]) -> Iterator[Block]:
    yield Sentences(
        "Le prix de certaines activités suit votre quotient familial, en euros entiers. C’est celui que la mairie a "
        "enregistré pour le jour concerné. Tant qu’elle n’en connaît pas, le tarif «\u00a0quotient non connu\u00a0» "
        "s’applique."
    )
    invoiced = any(not one.prepaid for one in shown)
    after = f"{NBSP}; un jour facturé en fin de mois suit le quotient valable ce jour-là" if invoiced else ""
    yield Sentences(f"Un jour payé à la réservation ne change plus de prix{after}.")


def _payment(catalogue: Catalogue, shown: Sequence[ActivityFacts]) -> Iterator[Block]:
    tills = [till for till in catalogue.tills.values() if any(one.till == till.id for one in shown)]
    for till in tills:
        mine = [one for one in shown if one.till == till.id]
        if len(tills) > 1:
            yield Heading(till.name)
        if prepaid := [one for one in mine if one.prepaid]:
            yield from _prepaid(catalogue.commune, prepaid)
        if invoiced := [one for one in mine if not one.prepaid]:
            yield from _invoiced(catalogue.commune, till, invoiced)
        if till.block_above is not None:
            limit = suspended_above(till.block_above, till.block_after_days)
            yield Sentences(f"{limit} Annuler reste toujours possible.")
        if not till.online:
            yield Sentences(f"Le paiement en ligne n’est pas ouvert pour {the_till(till.name)}.")
    if len(tills) > 1:
        yield Heading("D’une régie à l’autre")
        yield Sentences(
            f"Chaque régie tient son propre compte{NBSP}: un avoir de l’une ne paie pas ce qui est dû à une autre."
        )
    yield from _refund(catalogue.commune)


def _prepaid(commune: Commune, activities: Sequence[ActivityFacts]) -> Iterator[Block]:
    head = "Se paie" if len(activities) == 1 else "Se paient"
    yield Sentences(
        f"{head} à la réservation{NBSP}: {named(activities)}. Sans paiement, la réservation n’est pas prise en compte"
        f"{NBSP}; pendant que vous payez, vos places sont gardées {commune.hold_minutes}{NBSP}minutes."
    )
    yield Sentences(
        "Une annulation dans les délais donne un avoir, déduit de votre prochain paiement. Ce que vous devez encore "
        "est ajouté à votre prochaine réservation."
    )


def _invoiced(commune: Commune, till: Till, activities: Sequence[ActivityFacts]) -> Iterator[Block]:
    head = "Est facturé" if len(activities) == 1 else "Sont facturés"
    days = plural(till.payment_days, "jour").replace(" ", NBSP)
    within = f"dans les {days} qui suivent son émission" if till.payment_days else "dès son émission"
    parts = "peut être payée en plusieurs fois" if commune.part_payment else "se paie en une fois"
    least = ""
    if till.least_invoice:
        least = f" Une facture de moins de {euros(till.least_invoice)} attend celle du mois suivant."
    yield Sentences(
        f"{head} à la fin du mois{NBSP}: {named(activities)}. Un jour annulé dans les délais n’est pas facturé. "
        f"La facture est à payer {within}{NBSP}; elle {parts}.{least}"
    )
    if till.advances and till.online:
        yield Sentences("Vous pouvez aussi verser une avance sur votre compte, déduite de vos factures.")


def _refund(commune: Commune) -> Iterator[Block]:
    if commune.credit_refund:
        yield Sentences("Un avoir peut vous être remboursé\u00a0: demandez-le à la mairie.")
