"""An activity that is being made, step by step: kept until it is published, seen by nobody else."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.access.member import Member
from models.activities import catalogue
from models.activities.activity import Activity as ActivityRow
from models.activities.definition import codec, openings, reader, writer
from models.activities.definition.codes import code_of
from models.activities.definition.description import Activity, Group
from models.activities.definition.next_year import moved
from models.activity_file.change import ChangedMeanwhile, Mistaken, till_of
from models.activity_file.definition import (
    Definition,
    OwnClosure,
    bounds_of,
    calendar_of,
    flaws,
    write_closures,
)
from models.commune.school_year import SchoolYear
from models.families.family import Family
from models.rules.states.orders import Billing
from models.storage.database import retrying, transaction
from models.storage.fields import Instant
from models.work.audit_log import Event


class ActivityDraft(Model):
    id = fields.IntField(primary_key=True)
    click = fields.CharField(max_length=64)  # the form that made it, sent twice or not
    year: fields.ForeignKeyRelation[SchoolYear] = fields.ForeignKeyField(
        "models.SchoolYear", "activity_drafts", on_delete=fields.RESTRICT
    )
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", "activity_drafts", on_delete=fields.RESTRICT
    )
    activity: fields.ForeignKeyNullableRelation[ActivityRow] = fields.ForeignKeyField(
        "models.Activity", "activity_drafts", null=True, on_delete=fields.RESTRICT
    )  # once it is published
    said: Any = fields.JSONField()  # as `Definition.encoded`
    done: Any = fields.JSONField(default=list)  # keys of the steps that were filled in
    revision = fields.IntField(db_default=0)
    made_at = Instant()
    changed_at = Instant()

    year_id: int
    member_id: int
    activity_id: int | None

    class Meta:
        table = "activity_draft"

    @property
    def definition(self) -> Definition:
        said = dict(self.said)
        rows = said.pop("closures")
        closures = [OwnClosure(_day(row["start"]), _day(row["end"]), row["reason"]) for row in rows]
        return Definition(codec.decode(said), tuple(closures))

    @classmethod
    async def begin(
        cls, click: str, year: SchoolYear, said: Activity, member: int, now: datetime
    ) -> "ActivityDraft":
        """The same click again is the same draft."""
        definition = Definition(said)
        row = cls(
            click=click,
            year_id=year.id,
            member_id=member,
            said=definition.encoded,
            made_at=now,
            changed_at=now,
        )
        async with transaction():
            if not await cls.exists(click=click):
                await cls.bulk_create([row], ignore_conflicts=True)
                made = await cls.get(click=click)
                about = f"activity_draft:{made.id}"
                await Event.note(now, f"member:{member}", "activity.drafted", about, name=said.name)
        return await cls.get(click=click)

    async def keep(self, definition: Definition, step: str, member: int, now: datetime) -> None:
        """What a step says. Raises ChangedMeanwhile."""
        done = [*(key for key in self.done if key != step), step]
        async with transaction():
            mine = ActivityDraft.filter(id=self.id, revision=self.revision, activity_id=None)
            moved = await mine.update(
                said=definition.encoded, done=done, revision=self.revision + 1, changed_at=now
            )
            if not moved:
                raise ChangedMeanwhile
            was, became = codec.difference(self.said, definition.encoded)
            about = f"activity_draft:{self.id}"
            await Event.note(now, f"member:{member}", "activity.drafted", about, before=was, after=became)

    async def publish(self, member: int, now: datetime) -> int:
        """The id of the activity. Twice is once. Raises Mistaken."""
        return await retrying(lambda: self._publish(member, now))

    async def _publish(self, member: int, now: datetime) -> int:
        async with transaction():
            await Family.lock_all()
            row = await ActivityDraft.get(id=self.id)
            if row.activity_id is not None:
                return row.activity_id
            year = await SchoolYear.get(id=row.year_id)
            definition = await _named(row.definition, year)
            if found := flaws(definition.said, await bounds_of(year)):
                raise Mistaken(found)
            position = await ActivityRow.filter(year_id=year.id).count()
            written = await writer.write(definition.said, year.id, await till_of(definition), position)
            await write_closures(definition, year)
            actor, calendar = f"member:{member}", await calendar_of(definition, year)
            await openings.lay_out(definition.said, written, calendar, now, actor)
            await ActivityDraft.filter(id=row.id).update(activity_id=written.id, changed_at=now)
            about = f"activity:{written.id}"
            await Event.note(now, actor, "activity.published", about, before={}, after=definition.encoded)
            await catalogue.read()
            return written.id


async def _named(definition: Definition, year: SchoolYear) -> Definition:
    """With a code that no activity of the year has."""
    taken = {str(code) for code in await ActivityRow.filter(year_id=year.id).values_list("code", flat=True)}
    said = definition.said
    code = said.code if said.code and said.code not in taken else code_of(said.name, taken)
    return replace(definition, said=replace(said, code=code))


def blank(year: SchoolYear, till: str | None, name: str) -> Activity:
    """What a new activity begins as: what has no usual answer is not said."""
    return Activity(
        code="",
        name=name,
        kind="leisure",
        billing=Billing.PREPAID.value,
        acceptance="automatic",
        enrolment="mairie",
        weekdays=tuple(year.weekdays),
        on="school_days",
        opens=year.starts,
        closes=year.ends,
        groups=(Group("", ""),),
        slots=(),
        book=(),
        cancel=(),
        tariffs=(),
        till=till,
    )


async def copied(activity: int, year: SchoolYear) -> Activity:
    """An activity as it would be in another school year. Raises DoesNotExist."""
    row = await ActivityRow.get(id=activity)
    before = await bounds_of(await SchoolYear.get(id=row.year_id))
    return moved(await reader.describe(activity), before, await bounds_of(year))


async def following(year: int) -> SchoolYear | None:
    """The school year after this one, once there is one."""
    before = await SchoolYear.get(id=year)
    return await SchoolYear.filter(starts__gt=before.starts).order_by("starts").first()


async def drafts() -> list[ActivityDraft]:
    """Those that are not published, the last changed first."""
    return (
        await ActivityDraft.filter(activity_id=None).order_by("-changed_at", "-id").select_related("member")
    )


def _day(text: str) -> date:
    return date.fromisoformat(text)
