"""Who waited for an activity is in it."""

from collections.abc import Sequence

from models.families.enrolment import Enrolment
from models.families.enrolment_wait import EnrolmentWait
from models.french import day_long
from models.notices.message import Link, Message, fit, words_of
from models.rules.states.notices import NoticeKind
from models.work.notice import Notice


@words_of(NoticeKind.ENROLLED, "Une place s’est libérée.", "/inscriptions")
async def enrolled(digest: Sequence[Notice]) -> Message | None:
    wait = await EnrolmentWait.get(id=digest[0].id_of_about).select_related("child", "activity")
    row = await Enrolment.get_or_none(
        child_id=wait.child_id, family_id=wait.family_id, activity_id=wait.activity_id
    )
    if row is None:
        return None
    child, activity = wait.child.first_name, wait.activity.name
    return Message(
        fit(f"Place libérée\u00a0: {child}, {activity}", "Une place s’est libérée"),
        [
            f"{child} attendait une place\u00a0: {activity}.",
            f"L’inscription est faite, à partir du {day_long(row.start)}.",
            "Vous pouvez réserver ses jours dès maintenant. Si cette place ne vous sert plus, prévenez la mairie.",
        ],
        link=Link("Voir les inscriptions", f"/inscriptions#personne-{wait.child_id}"),
    )
