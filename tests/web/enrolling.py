"""A town where parents enrol: two places of the older ones' holidays, one of them Lina's; workshops are asked for."""

from datetime import date, datetime
from typing import Any

from models.families.child import Child
from models.families.guardian import Guardian

BEFORE = "2025-08-31T09:00"
RESIDENTS = "2025-09-01T08:00"  # from when on they enrol
EVERYBODY = "2025-09-08T08:00"


def by_parents(content: dict[str, Any]) -> None:
    activities = {one["code"]: one for one in content["activities"]}
    activities["vacances"] |= {"enrolment": "online", "enrolment_places": 2}
    activities["ateliers"] |= {"enrolment": "request", "enrolment_places": 3}
    activities["espace-jeux"] |= {"visible_from": datetime(2025, 9, 1, 8), "residents_first_days": 7}  # noqa: DTZ001
    activities["aines"]["enrolment"] = "online"
    grown = {
        "first_name": "Sophie",
        "last_name": "Moreau",
        "born": date(1984, 3, 2),
    }  # at the canteen for adults
    families = {one["number"]: one for one in content["families"]}
    families["VF-1003"]["children"][0]["activities"].remove("vacances")  # Adam's, outside the commune
    families["VF-1002"]["children"].append(grown)
    del families["VF-1008"]["children"][0]["activities"]  # an adult, who is in nothing yet


async def pair(child: str, code: str) -> dict[str, str]:
    """What the button sends for a child and an activity."""
    from models.activities.activity import Activity

    row, activity = await Child.get(first_name=child), await Activity.get(code=code)
    return {"inscription": f"{row.id}-{activity.id}"}


async def family_of(username: str) -> int:
    return (await Guardian.get(username=username)).family_id
