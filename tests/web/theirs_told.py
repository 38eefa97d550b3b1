"""What the Durands were told and wrote, for `test_strangers.py`."""

from collections.abc import Awaitable, Callable
from typing import Any

from models import clock
from models.access.passkeys.passkey import Passkey
from models.messages import attachment
from models.messages.attachment import MessageAttachment
from models.messages.department import Department, Topic
from models.messages.thread import Draft, MessageThread
from models.notifying.bell_entry import BellEntry
from models.notifying.push_subscription import PushSubscription
from models.rules.states.notices import NoticeKind
from models.work.notice import Notice
from tests.town import People


async def bell_entry(people: People) -> str:
    """What they were told."""
    guardian = people.durand
    about = f"guardian:{guardian.id}"
    await Notice.say(NoticeKind.PASSWORD_CHANGED, guardian.family_id, about, clock.now())
    notice = await Notice.get(about=about)
    known: Any = {"title": "t", "short": "s", "path": "/compte", "at": clock.now()}
    row = await BellEntry.create(guardian_id=guardian.id, notice_id=notice.id, **known)
    return f"/notifications/{row.id}"


async def browser(people: People) -> str:
    """One that rings for them."""
    known: Any = {"endpoint": "https://fcm.googleapis.com/a", "key": "k", "secret": "s", "device": ""}
    row = await PushSubscription.create(guardian_id=people.durand.id, made_at=clock.now(), **known)
    return f"/compte/notifications/appareils/{row.id}/suppression"


async def passkey(people: People) -> str:
    """A key that opens their account."""
    known: Any = {"credential": "c", "handle": "h", "public_key": b"k", "signatures": 0, "name": "Téléphone"}
    row = await Passkey.create(guardian_id=people.durand.id, made_at=clock.now(), **known)
    return f"/compte/cles/{row.id}/suppression"


def thread(page: str = "") -> Callable[[People], Awaitable[str]]:
    """A conversation of theirs, with its file."""

    async def address(people: People) -> str:
        department = await Department.create(code="x", name="Service")
        topic = await Topic.create(department=department, name="Menus")
        file = await attachment.check("mot.pdf", b"%PDF-1.4\n%%EOF\n")
        draft = Draft("Bonjour", "click", file)
        row = await MessageThread.begin(
            people.durand, topic, people.chloe.id, "Menus", draft, clock.now(), confirm=False
        )
        kept = await MessageAttachment.get(message__thread_id=row.id)
        return f"/messages/{row.id}{page.format(file=kept.id)}"

    return address
