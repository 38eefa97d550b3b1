"""Two files that are one family, and what their accounts owe; a school year that turns."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from models.storage import constraints
from models.storage.fields import Instant


class Migration(migrations.Migration):
    dependencies = [("models", "0048_presence")]

    initial = False

    operations = [
        ops.CreateModel(
            name="FamilyMerge",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "family",
                    fields.ForeignKeyField(
                        "models.Family",
                        source_field="family_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="merged",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "into",
                    fields.ForeignKeyField(
                        "models.Family",
                        source_field="into_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="absorbed",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("member_id", fields.IntField()),
                ("at", Instant(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "family_merge", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MergedBalance",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "family",
                    fields.ForeignKeyField(
                        "models.Family",
                        source_field="family_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="balances_given",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "into",
                    fields.ForeignKeyField(
                        "models.Family",
                        source_field="into_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="balances_taken",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "till",
                    fields.ForeignKeyField(
                        "models.Till",
                        source_field="till_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="merged_balances",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("invoice_id", fields.IntField(null=True)),
                ("cents", fields.IntField()),
                ("at", Instant(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "merged_balance", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MergedChild",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "merge",
                    fields.ForeignKeyField(
                        "models.FamilyMerge",
                        source_field="merge_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="children",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "child",
                    fields.ForeignKeyField(
                        "models.Child",
                        source_field="child_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="merged",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "kept",
                    fields.ForeignKeyField(
                        "models.Child",
                        source_field="kept_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="absorbed",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={"table": "merged_child", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Passage",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "year",
                    fields.ForeignKeyField(
                        "models.SchoolYear",
                        source_field="year_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="passages",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "following",
                    fields.ForeignKeyField(
                        "models.SchoolYear",
                        source_field="following_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="passages_into",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("click", fields.CharField(max_length=64)),
                ("member_id", fields.IntField()),
                ("at", Instant(auto_now=False, auto_now_add=False)),
                ("undone_by", fields.IntField(null=True)),
                ("undone_at", Instant(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "passage", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PassedChild",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "passage",
                    fields.ForeignKeyField(
                        "models.Passage",
                        source_field="passage_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="children",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "child",
                    fields.ForeignKeyField(
                        "models.Child",
                        source_field="child_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="passages",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "school",
                    fields.ForeignKeyField(
                        "models.School",
                        source_field="school_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="passed",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("level", fields.CharField(default="", max_length=10)),
            ],
            options={"table": "passed_child", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PassedEnrolment",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "passage",
                    fields.ForeignKeyField(
                        "models.Passage",
                        source_field="passage_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="enrolments",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "enrolment",
                    fields.ForeignKeyField(
                        "models.Enrolment",
                        source_field="enrolment_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="passages",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("before", fields.DateField()),
            ],
            options={"table": "passed_enrolment", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.RunPython(constraints.create),
    ]
