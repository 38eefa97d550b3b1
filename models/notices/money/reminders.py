"""What a family is told of invoices that are past their day."""

from collections.abc import Sequence

from models.counter.reminder import RemindedInvoice, Reminder
from models.french import day_long
from models.french.papers import REMINDER_TITLES
from models.notices.message import Link, Message, fit, words_of
from models.rules.money import NBSP, euros
from models.rules.states.notices import NoticeKind
from models.work.notice import Notice


@words_of(NoticeKind.PAYMENT_REMINDER, "Un rappel de la mairie vous attend.", "/factures")
async def reminded(digest: Sequence[Notice]) -> Message:
    reminder = await Reminder.get(id=digest[0].id_of_about).select_related("till")
    named = await RemindedInvoice.filter(reminder_id=reminder.id).order_by("id").select_related("invoice")
    lines = [f"Facture n°{NBSP}{one.invoice.number}{NBSP}: {euros(one.cents)} à payer." for one in named]
    title = REMINDER_TITLES[reminder.level]
    return Message(
        fit(f"{title}{NBSP}: {euros(reminder.cents)} à payer", f"{euros(reminder.cents)} à payer", title),
        [
            *lines,
            f"Nous n’avons pas reçu ce paiement. Merci de régler avant le {day_long(reminder.pay_by)}, "
            f"sur le portail ou au guichet ({reminder.till.name}).",
            "Si vous venez de payer, ne tenez pas compte de ce message. Une difficulté ? Écrivez-nous.".replace(
                " ?", f"{NBSP}?"
            ),
        ],
        heading=title,
        link=Link("Voir mes factures", "/factures"),
    )
