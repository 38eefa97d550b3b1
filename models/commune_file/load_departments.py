"""Departments and their topics: those of the file are offered to families, the others only keep what was written."""

from collections.abc import Sequence
from typing import Any

from models.commune_file import document as doc
from models.messages.department import Department, Topic, offered


async def load(said: Sequence[doc.Department]) -> None:
    await Department.all().update(offered=False)
    await Topic.all().update(offered=False)
    rows = [
        Department(code=one.code, name=one.name, email=one.email, reply_days=one.reply_days, position=n)
        for n, one in enumerate(said)
    ]
    columns = ["name", "email", "reply_days", "position", "offered"]
    await Department.bulk_create(rows, on_conflict=["code"], update_fields=columns)
    ids = {department.code: department.id for department in await Department.all()}
    topics = [
        Topic(department_id=ids[one.code], name=name, position=n)
        for one in said
        for n, name in enumerate(one.topics)
    ]
    await Topic.bulk_create(
        topics, on_conflict=["department_id", "name"], update_fields=["position", "offered"]
    )


async def export() -> list[dict[str, Any]]:
    """As the file writes them."""
    return [_written(department, topics) for department, topics in await offered()]


def _written(department: Department, topics: Sequence[Topic]) -> dict[str, Any]:
    names = ("code", "name", "email", "reply_days")
    said = {name: getattr(department, name) for name in names if getattr(department, name) is not None}
    return said | {"topics": [topic.name for topic in topics]}
