"""Booked days that the mairie closed: each is named, with what comes back of it."""

from collections.abc import Sequence
from datetime import date

from models.activities.activity import Activity
from models.french import day_without_year, plural
from models.notices.message import Link, Message, fit, words_of
from models.rules.money import NBSP, euros
from models.rules.states.notices import NoticeKind
from models.rules.states.orders import Billing
from models.work.notice import Notice


@words_of(NoticeKind.DAYS_CLOSED, "Des jours sont annulés par la mairie.", "/planning")
async def closed(digest: Sequence[Notice]) -> Message:
    notice = digest[0]
    activity = await Activity.get(id=notice.id_of_about)
    days = notice.facts["days"]
    told = [
        f"{day_without_year(date.fromisoformat(one['day'])).capitalize()}, {one['child']}{NBSP}: {one['slot']}"
        for one in days
    ]
    credit = sum(one["cents"] for one in days) if activity.billing == Billing.PREPAID else 0
    reason = f" Motif{NBSP}: {notice.facts['reason']}." if notice.facts["reason"] else ""
    number = plural(len(days), "jour réservé est annulé", "jours réservés sont annulés")
    rest = (
        f"{euros(credit)} vous reviennent en avoir, déduit de votre prochain règlement."
        if credit
        else "Rien ne vous sera facturé pour ces jours."
    )
    head = f"La mairie a fermé {activity.name}{NBSP}: {number}.{reason}"
    title = fit(
        f"{activity.name}{NBSP}: {plural(len(days), 'jour fermé', 'jours fermés')}",
        "Des jours réservés sont fermés",
    )
    return Message(title, [head, *told, rest], link=Link("Voir le planning", "/planning"))
