"""A month's invoicing: campaigns, drafts, which booking is on which invoice, credit notes."""

from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from models.storage.fields import Instant
from tortoise.fields.base import OnDelete
from tortoise import fields

from models.storage import constraints


class Migration(migrations.Migration):
    dependencies = [("models", "0018_prices_in_full")]

    initial = False

    operations = [
        ops.CreateModel(
            name="CreditNote",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "family",
                    fields.ForeignKeyField(
                        "models.Family",
                        source_field="family_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="credit_notes",
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
                        related_name="credit_notes",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "invoice",
                    fields.ForeignKeyField(
                        "models.Invoice",
                        source_field="invoice_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="credit_notes",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("number", fields.CharField(max_length=60)),
                ("series_year", fields.IntField()),
                ("rank", fields.IntField()),
                ("issued_on", fields.DateField()),
                ("cents", fields.IntField()),
                ("applied_cents", fields.IntField()),
                ("reason", fields.TextField(unique=False)),
                ("rebill", fields.BooleanField()),
                ("recipient", fields.TextField(unique=False)),
            ],
            options={"table": "credit_note", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CreditNoteLine",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "credit_note",
                    fields.ForeignKeyField(
                        "models.CreditNote",
                        source_field="credit_note_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="lines",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("position", fields.IntField()),
                ("child", fields.CharField(max_length=200)),
                ("label", fields.CharField(max_length=300)),
                ("quantity", fields.IntField()),
                ("unit_cents", fields.IntField()),
                ("cents", fields.IntField()),
                ("care_cents", fields.IntField()),
                ("starts", fields.DateField()),
                ("ends", fields.DateField()),
                (
                    "days",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
                (
                    "child_row",
                    fields.ForeignKeyField(
                        "models.Child",
                        source_field="child_row_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="credit_note_lines",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "activity",
                    fields.ForeignKeyField(
                        "models.Activity",
                        source_field="activity_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="credit_note_lines",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={"table": "credit_note_line", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="InvoiceCampaign",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "till",
                    fields.ForeignKeyField(
                        "models.Till",
                        source_field="till_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="campaigns",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("period_start", fields.DateField()),
                ("period_end", fields.DateField()),
                ("issue_on", fields.DateField()),
                ("due_on", fields.DateField()),
                ("state", fields.CharField(default="draft", max_length=10)),
                (
                    "made_by",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="made_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="campaigns_made",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("made_at", Instant(auto_now=False, auto_now_add=False)),
                ("version", fields.IntField(default=1)),
                ("drafted_at", Instant(null=True, auto_now=False, auto_now_add=False)),
                (
                    "issued_by",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="issued_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="campaigns_issued",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("issuing_at", Instant(null=True, auto_now=False, auto_now_add=False)),
                ("issued_at", Instant(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "invoice_campaign", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="InvoiceDraft",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "campaign",
                    fields.ForeignKeyField(
                        "models.InvoiceCampaign",
                        source_field="campaign_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="drafts",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "family",
                    fields.ForeignKeyField(
                        "models.Family",
                        source_field="family_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="invoice_drafts",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("cents", fields.IntField()),
                (
                    "lines",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
                (
                    "repriced",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
                ("previous_cents", fields.IntField(null=True)),
                ("changed_at", Instant(null=True, auto_now=False, auto_now_add=False)),
                (
                    "invoice",
                    fields.ForeignKeyField(
                        "models.Invoice",
                        source_field="invoice_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="drafts",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={"table": "invoice_draft", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="InvoicedBooking",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "invoice",
                    fields.ForeignKeyField(
                        "models.Invoice",
                        source_field="invoice_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="bookings",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "invoice_line",
                    fields.ForeignKeyField(
                        "models.InvoiceLine",
                        source_field="invoice_line_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="bookings",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "booking",
                    fields.ForeignKeyField(
                        "models.Booking",
                        source_field="booking_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="invoiced",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("cents", fields.IntField()),
                (
                    "credit_note",
                    fields.ForeignKeyField(
                        "models.CreditNote",
                        source_field="credit_note_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="bookings",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={"table": "invoiced_booking", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Invoice",
            name="rank",
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name="Invoice",
            name="series_year",
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name="InvoiceLine",
            name="aid",
            field=fields.ForeignKeyField(
                "models.Aid",
                source_field="aid_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="invoice_lines",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.RunPython(constraints.create),
    ]
