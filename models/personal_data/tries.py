"""What was tried under an address or a file's number, before an account was known: it names somebody, under no key."""

from models.access.throttle import Throttle
from models.families.family import Family
from models.families.guardian import Guardian
from models.work.task import Task

_KEYS = ("forgotten:{}", "account:name:{}", "noted:name:{}", "first:{}")


async def forget_tries(family: int) -> None:
    """Failed tries, and links that were asked for; while the family still has its names and addresses."""
    guardians = await Guardian.filter(family_id=family)
    names = {name.strip().lower() for one in guardians for name in (one.username, one.email) if name}
    names.add((await Family.get(id=family)).number)
    await Throttle.filter(key__in=[key.format(name) for key in _KEYS for name in sorted(names)]).delete()
    for task in await Task.filter(name="send_access_links"):
        if names & set(map(str, task.args)):
            await Task.filter(id=task.id).delete()
