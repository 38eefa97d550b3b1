"""Days that the portal booked by itself: how many, for whom, and until when a day can be unticked."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from models.activities.activity import Activity
from models.french import day_long, plural
from models.notices.message import Link, Message, fit, words_of
from models.rules.money import NBSP
from models.rules.states.notices import NoticeKind
from models.work.notice import Notice

PLANNING = Link("Voir le planning", "/planning")


@words_of(NoticeKind.BOOKED_BY_DEFAULT, "Des jours sont réservés d’office.", "/planning")
async def booked(digest: Sequence[Notice]) -> Message:
    activity = await Activity.get(id=digest[0].id_of_about)
    told = [_booked(one) for one in digest[0].facts["children"]]
    return Message(
        fit(f"{activity.name}{NBSP}: jours réservés d’office", "Des jours sont réservés d’office"),
        [
            f"{activity.name} réserve d’office tous les jours des enfants inscrits.",
            *told,
            "Si votre enfant ne vient pas un jour, décochez-le dans le planning avant la limite "
            f"d’annulation{NBSP}: il ne vous sera pas facturé.",
            "Il n’y a rien à payer maintenant. Un jour que vous avez décoché le reste.",
        ],
        link=PLANNING,
    )


@words_of(NoticeKind.DEFAULT_TAKEN_BACK, "Des jours ne sont plus réservés d’office.", "/planning")
async def taken_back(digest: Sequence[Notice]) -> Message:
    activity = await Activity.get(id=digest[0].id_of_about)
    told = [
        f"{one['child']}{NBSP}: {plural(one['days'] + one['waits'], 'jour est annulé', 'jours sont annulés')}."
        for one in digest[0].facts["children"]
    ]
    return Message(
        fit(f"{activity.name}{NBSP}: plus rien n’est réservé d’office", "Des jours ne sont plus réservés"),
        [
            f"La mairie est revenue sur les réservations d’office de {activity.name}.",
            *told,
            "Rien ne vous sera facturé pour ces jours. Réservez vous-même ceux qu’il vous faut.",
        ],
        link=PLANNING,
    )


def _booked(one: Mapping[str, Any]) -> str:
    first, last = (day_long(date.fromisoformat(one[key])) for key in ("first", "last"))
    said = f"{one['child']}{NBSP}: {plural(one['days'], 'jour réservé', 'jours réservés')}"
    waits = f", {plural(one['waits'], 'jour', 'jours')} en liste d’attente" if one["waits"] else ""
    return f"{said}{waits}, du {first} au {last}."
