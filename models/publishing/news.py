"""A piece of news (actualité) of the commune: a title, what it says in short, and its text in Markdown."""

from datetime import date, datetime

from tortoise import fields

from models.families.family import Family
from models.publishing.published import Published
from models.rules.states.notices import NoticeKind
from models.storage.database import transaction
from models.storage.fields import Instant
from models.work.audit_log import Event
from models.work.notice import Notice

LONGEST_SUMMARY = 400
LONGEST_BODY = 10_000


class News(Published):
    summary = fields.CharField(max_length=LONGEST_SUMMARY, default="", db_default="")
    body = fields.TextField()  # Markdown; web/page/markdown.py says of what
    urgent = fields.BooleanField(default=False, db_default=False)
    told_at = Instant(null=True)  # when families were told of what is urgent

    NOUN = "news"

    class Meta:
        table = "news"

    @classmethod
    async def current(cls, today: date) -> "list[News]":
        """What is shown: what is urgent first, then the newest."""
        return await cls.shown(today).order_by("-urgent", "-starts", "-id")

    @classmethod
    async def tell_urgent(cls, now: datetime) -> int:
        """Every family is told, once, of what the mairie wrote as urgent, as soon as it is shown; of how many."""
        written = cls.shown(now.date()).filter(urgent=True, told_at=None, changed_at__not_isnull=True)
        found = await written.order_by("id")
        for news in found:
            about = f"{cls.NOUN}:{news.id}"
            async with transaction():
                if not await cls.filter(id=news.id, told_at=None).update(told_at=now):
                    continue
                families: list[int] = [family.id for family in await Family.all().order_by("id").only("id")]
                await Notice.say_to_each(NoticeKind.URGENT_NEWS, families, about, now)
                await Event.note(now, "clock", f"{cls.NOUN}.told", about, families=len(families))
        return len(found)
