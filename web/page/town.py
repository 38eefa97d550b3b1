"""What each page knows of the commune, kept in memory and read again when the commune's revision moves."""

from starlette.datastructures import State

from models.activities.activity import Activity
from models.commune.commune import Commune
from models.messages.department import Topic
from models.storage.database import rows


async def revision() -> int:
    found = await rows("SELECT revision FROM commune")
    return int(found[0]["revision"]) if found else 0


async def follow(state: State, current: int) -> None:
    """Make `state.commune`, `state.memberships` and `state.messages` those of this revision."""
    if state.commune is not None and state.commune.revision == current:
        return
    state.commune = await Commune.with_logo()
    state.messages = await Topic.filter(offered=True, department__offered=True).exists()
    state.memberships = await Activity.exclude(membership_fee=None).exists()
