"""A piece of news (actualité) of the commune: a title, what it says in short, and its text in Markdown."""

from datetime import date

from tortoise import fields

from models.publishing.published import Published

LONGEST_SUMMARY = 400
LONGEST_BODY = 10_000


class News(Published):
    summary = fields.CharField(max_length=LONGEST_SUMMARY, default="", db_default="")
    body = fields.TextField()  # Markdown; web/page/markdown.py says of what
    urgent = fields.BooleanField(default=False, db_default=False)

    NOUN = "news"

    class Meta:
        table = "news"

    @classmethod
    async def current(cls, today: date) -> "list[News]":
        """What is shown: what is urgent first, then the newest."""
        return await cls.shown(today).order_by("-urgent", "-starts", "-id")
