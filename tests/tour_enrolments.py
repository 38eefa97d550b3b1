"""Where an enrolment ends, as its parents see it."""

from tests.tour_stop import Stop
from tests.tour_town import Town


def leaving(town: Town) -> list[Stop]:
    jules = town._one(
        "SELECT id FROM enrolment WHERE child_id = ? AND activity_id = ?",
        town.child("Jules"),
        town.activity("vacances"),
    )
    page = f"/inscriptions/{jules}/fin"
    return [
        Stop("an enrolment, its end", f"{page}?jour=2025-11-03"),
        Stop("its end, no day", page, status=422, sent={"jour": ""}),
    ]
