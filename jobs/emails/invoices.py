"""« Votre facture de septembre 2022 »: the amount, the last day to pay, where it is."""

from collections.abc import Sequence

from jobs.emails import Draft, fit
from models.money.invoice import Invoice
from models.settings import Settings
from models.work.notice import Notice


async def issued(settings: Settings, digest: Sequence[Notice]) -> Draft:
    invoice = await Invoice.get(id=digest[0].id_of_about).select_related("till")
    period = invoice.said_period
    subject = fit(f"Votre facture {period}", f"Votre facture n°\u00a0{invoice.number}")
    facts = {"invoice": invoice, "period": period, "link": f"{settings.base_url}/factures/{invoice.id}"}
    return Draft("invoice", f"invoice:{invoice.id}", invoice.family_id, subject, facts)
