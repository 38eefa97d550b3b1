"""The town: one row. `revision` moves by itself when what the catalogue reads changes."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.commune.town_logo import TownLogo


class Commune(Model):
    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=200)
    insee = fields.CharField(max_length=5)
    zone = fields.CharField(max_length=1)
    phone = fields.CharField(max_length=30)
    email = fields.CharField(max_length=254)
    address = fields.CharField(max_length=300)
    title = fields.CharField(max_length=200, null=True)
    part_payment = fields.BooleanField(default=False)
    email_change = fields.CharField(max_length=10, default="self")  # self | mairie
    hold_minutes = fields.IntField(default=25)
    credit_refund = fields.BooleanField(default=False)
    colour = fields.CharField(max_length=7, null=True)
    logo = fields.CharField(max_length=300, null=True)
    # What a screen chose, before the file's. `retention`, `roll_pin` are screens' too.
    own_logo: fields.ForeignKeyNullableRelation[TownLogo] = fields.ForeignKeyField(
        "models.TownLogo", "towns", null=True, on_delete=fields.RESTRICT
    )
    rulebook: Any = fields.JSONField(null=True)  # its own rules: [{"title": …, "text": …, "activity": code?}]
    siret = fields.CharField(max_length=14, null=True)  # who publishes its menus as open data
    legal = fields.TextField(null=True)  # Markdown: who hosts the portal, who watches over personal data
    menu: Any = fields.JSONField(
        null=True
    )  # of parents: an entry's own words, or false where it is not offered
    diets: Any = fields.JSONField(null=True)  # of the canteen, as its menus say them; null: the usual ones
    hours = fields.TextField(null=True)  # when the mairie is open, in its own words
    second_step = fields.BooleanField(default=False, db_default=False)  # asked of every agent
    # What the screens have set, by the names of its columns: a commune file that is loaded later leaves it as it is.
    kept: Any = fields.JSONField(null=True)
    # Months that things are kept, by the codes of `models/rules/families/retention.py`; null: as long as is usual.
    retention: Any = fields.JSONField(null=True)
    roll_pin = fields.BooleanField(default=False, db_default=False)  # asked of a tablet that calls the roll
    revision = fields.IntField(default=0)

    own_logo_id: int | None

    class Meta:
        table = "commune"

    @classmethod
    async def with_logo(cls) -> "Commune | None":
        """What draws its pages and papers."""
        return await cls.all().select_related("own_logo").first()
