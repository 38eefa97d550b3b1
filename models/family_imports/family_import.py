"""A file that somebody brought, of families or of another kind: what its columns say, what each of its lines did."""

from datetime import datetime, timedelta
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.commune.school import School
from models.commune.school_year import SchoolYear
from models.storage.database import transaction
from models.storage.fields import Instant
from models.work.audit_log import Event

FAMILIES = "families"
LONGEST = 8 * 1024 * 1024  # bytes
LONGEST_NAME = 120
TAKEN_BACK_WITHIN = timedelta(hours=24)
SHOWN = 20  # of those that were brought lately


class FamilyImport(Model):
    id = fields.IntField(primary_key=True)
    click = fields.CharField(max_length=64)
    kind = fields.CharField(
        max_length=12, default=FAMILIES, db_default=FAMILIES
    )  # that, or one of models.imports.kinds
    name = fields.CharField(max_length=LONGEST_NAME)  # of the file
    year: fields.ForeignKeyRelation[SchoolYear] = fields.ForeignKeyField(
        "models.SchoolYear", "family_imports", on_delete=fields.RESTRICT
    )  # of the classes that it says
    school: fields.ForeignKeyNullableRelation[School] = fields.ForeignKeyField(
        "models.School", "family_imports", null=True, on_delete=fields.RESTRICT
    )  # of the lines that say none
    content: Any = fields.BinaryField(null=True)  # its bytes, until it is written or put away
    heads = fields.CharField(
        max_length=64
    )  # a key of its first line: the next such file is read the same way
    mapping: Any = fields.JSONField()  # {a Said of models.rules.imports.columns: the head of its column}
    made_at: Any = Instant()
    made_by = fields.CharField(max_length=100)
    applied_at: Any = Instant(null=True)
    applied_by = fields.CharField(max_length=100, null=True)
    last_event = fields.IntField(null=True)  # of the journal: what came after it is no work of this file
    dropped_at: Any = Instant(null=True)
    undone_at: Any = Instant(null=True)
    undone_by = fields.CharField(max_length=100, null=True)
    # Lines of the file: how many made somebody, changed something, said what is known, could not be read.
    created = fields.IntField(default=0)
    changed = fields.IntField(default=0)
    same = fields.IntField(default=0)
    wrong = fields.IntField(default=0)

    year_id: int
    school_id: int | None

    class Meta:
        table = "family_import"

    @property
    def is_open(self) -> bool:
        """May it still be written?"""
        return self.applied_at is None and self.dropped_at is None

    def may_be_undone(self, now: datetime) -> bool:
        return bool(self.applied_at and not self.undone_at and now < self.applied_at + TAKEN_BACK_WITHIN)

    @property
    def ends(self) -> Any:
        """Until when it may be taken back: a datetime, None before it is written."""
        return self.applied_at and self.applied_at + TAKEN_BACK_WITHIN

    @classmethod
    async def lately(cls, kind: str = FAMILIES) -> list["FamilyImport"]:
        """Of one kind, without their bytes, the last first; not those that were put away."""
        return await cls.filter(kind=kind, dropped_at=None).order_by("-id").limit(SHOWN).only(*_LISTED)

    async def drop(self, member: int, now: datetime) -> None:
        """It is put away, and its bytes with it; one that was written stays."""
        mine = FamilyImport.filter(id=self.id, applied_at=None, dropped_at=None)
        async with transaction():
            if await mine.update(content=None, dropped_at=now):
                await Event.note(
                    now, f"member:{member}", "import.dropped", f"import:{self.id}", name=self.name
                )


_LISTED = (
    "id", "name", "made_at", "applied_at", "undone_at", "dropped_at", "created", "changed", "same", "wrong",
)  # fmt: skip


class ImportLine(Model):
    # What a line did, or why it did nothing; of one that says what is known there is none. A docstring would become
    # the table's comment.
    id = fields.IntField(primary_key=True)
    file: fields.ForeignKeyRelation[FamilyImport] = fields.ForeignKeyField(
        "models.FamilyImport", "lines", on_delete=fields.RESTRICT
    )
    line = fields.IntField()  # of the file, the first is 1
    what = fields.CharField(max_length=10)  # a What of models.rules.imports.register, or WRONG
    subject = fields.CharField(max_length=100, default="")  # « child:7 », « guardian:3 », « family:2 »
    home = fields.IntField(null=True)  # the family's id; it may be gone once this is taken back
    before: Any = fields.JSONField()
    after: Any = fields.JSONField()
    kept = fields.BooleanField(default=False)  # not taken back with the rest: somebody has worked there since

    file_id: int

    class Meta:
        table = "import_line"
