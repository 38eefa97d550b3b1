"""A department is told that a family wrote to it: about what, and where to read it. Nothing of what it says."""

from jobs.emails import drawn
from models.messages.thread import Message
from models.rules.money import NBSP
from models.settings import Settings
from models.storage.database import transaction
from models.work.email import Email
from models.work.task import Task


async def tell(settings: Settings, message_id: int) -> None:
    """Once for each message; nobody where the department has no address."""
    message = await Message.get(id=message_id).select_related("thread__department", "thread__topic")
    thread = message.thread
    recipient = (thread.department.email or "").strip()
    if not recipient:
        return
    facts = {
        "subject": f"Portail famille{NBSP}: nouveau message ({thread.topic.name})",
        "portal": settings.base_url,
        "thread": thread,
        "sent_at": message.sent_at,
        "no_reply": True,
    }
    email = drawn("department", f"department:{message.id}", recipient, facts)
    async with transaction():
        await Email.bulk_create([email], ignore_conflicts=True)
        written = await Email.get(key=email.key)
        await Task.later("send_email", written.id, key=f"email:{written.id}")
