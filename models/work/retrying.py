"""The mairie asks for work again that failed, or that waits for its next try."""

from datetime import datetime

from models.storage.database import transaction
from models.work.audit_log import Event
from models.work.task import TITLES, Task, wakeups


async def retry(task: Task, actor: str, now: datetime) -> bool:
    """False where it is not in trouble any more."""
    if task.state == "ready" and not task.error:
        return False
    async with transaction():
        if not await Task.retry_now(task.id):
            return False
        await Event.note(now, actor, "task.retried", f"task:{task.id}", name=TITLES.get(task.name, task.name))
    for wake in wakeups:  # it can be seen only now
        wake()
    return True
