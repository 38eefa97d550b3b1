"""What is told of a mandate, and of a collection that the bank refused or took back."""

from collections.abc import Sequence

from models.direct_debit.debit import DirectDebit
from models.direct_debit.mandate import Mandate
from models.french import day_long
from models.french.debits import reason
from models.money import ledger
from models.notices.message import Link, Message, words_of
from models.rules.money import NBSP, euros
from models.rules.states.debits import MandateState
from models.rules.states.notices import NoticeKind
from models.work.notice import Notice

HOME = "/factures/prelevements"


@words_of(NoticeKind.MANDATE_SIGNED, "Un mandat de prélèvement est enregistré.", HOME)
async def signed(digest: Sequence[Notice]) -> Message:
    mandate = await Mandate.get(id=digest[0].id_of_about).select_related("till")
    said = (
        f"Le mandat {mandate.rum} du {day_long(mandate.signed_on)} permet à {mandate.till.name} de prélever vos "
        f"prochaines factures sur le compte {mandate.masked}. Chaque facture vous dira le jour et la somme, au moins "
        "14 jours avant.",
        f"Ce n’est pas vous{NBSP}? Révoquez ce mandat et prévenez la mairie.",
    )
    return Message("Votre mandat de prélèvement est enregistré", said, link=Link("Mes prélèvements", HOME))


@words_of(NoticeKind.MANDATE_ENDED, "Un mandat de prélèvement est clos.", HOME)
async def ended(digest: Sequence[Notice]) -> Message:
    mandate = await Mandate.get(id=digest[0].id_of_about).select_related("till")
    why = (
        "n’a pas servi depuis 36 mois, il est expiré"
        if mandate.state == MandateState.EXPIRED
        else "est révoqué"
    )
    said = (
        f"Le mandat {mandate.rum} sur le compte {mandate.masked} {why}. Vos prochaines factures de {mandate.till.name} "
        "ne seront plus prélevées. Un prélèvement déjà transmis à la banque a lieu malgré tout.",
    )
    return Message("Votre mandat de prélèvement est clos", said, link=Link("Mes prélèvements", HOME))


@words_of(NoticeKind.DEBIT_PLANNED, "Une facture sera prélevée.", HOME)
async def planned(digest: Sequence[Notice]) -> Message:
    debit = await DirectDebit.get(id=digest[0].id_of_about).select_related("mandate", "invoice")
    left = await ledger.open_of(debit.invoice_id)
    said = (
        f"La facture n°{NBSP}{debit.invoice.number}, dont il reste {euros(left)} à payer, sera prélevée le "
        f"{day_long(debit.collect_on)} sur le compte {debit.mandate.masked}, mandat {debit.mandate.rum}.",
        "Si vous la payez avant, seul ce qui en reste est prélevé.",
    )
    return Message("Une facture sera prélevée", said, link=Link("Mes prélèvements", HOME))


@words_of(NoticeKind.DEBIT_REJECTED, "Un prélèvement est rejeté.", HOME)
async def rejected(digest: Sequence[Notice]) -> Message:
    debit = await DirectDebit.get(id=digest[0].id_of_about).select_related("mandate", "invoice")
    said = (
        f"Votre banque a rejeté le prélèvement de {euros(debit.cents or 0)} du {day_long(debit.collect_on)} pour la "
        f"facture n°{NBSP}{debit.invoice.number}{NBSP}: {reason(debit.reason)}.",
        "Cette facture est de nouveau à payer. Nous vous prévenons si elle doit être présentée de nouveau.",
    )
    link = Link("Voir la facture", f"/factures/{debit.invoice_id}")
    return Message(f"Prélèvement rejeté{NBSP}: une facture est à payer", said, link=link)
