"""« Votre facture de septembre 2022 »: the amount, the last day to pay or the day of its collection, where it is."""

from collections.abc import Sequence

from models.direct_debit import planning
from models.money.invoice import Invoice
from models.notices.message import Link, Message, fit, words_of
from models.rules.states.notices import NoticeKind
from models.work.notice import Notice


@words_of(NoticeKind.INVOICE_ISSUED, "Une facture est disponible.", "/factures")
async def issued(digest: Sequence[Notice]) -> Message:
    invoice = await Invoice.get(id=digest[0].id_of_about).select_related("till")
    debit = (await planning.of_invoices([invoice.id])).get(invoice.id)
    period = invoice.said_period
    title = fit(f"Votre facture {period}", f"Votre facture n°\u00a0{invoice.number}")
    link = Link("Voir la facture", f"/factures/{invoice.id}")
    return Message(
        title, link=link, template="invoice", facts={"invoice": invoice, "period": period, "debit": debit}
    )
