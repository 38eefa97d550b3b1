"""What is served at a meal of a day. A change is another row beside the one that it replaces, so it can be undone."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.access.member import Member
from models.rules.menus.dishes import ALLERGENS, DIETS, SIGNS, Dish, DishKind, Meal, Served
from models.storage.database import is_sqlite, rows, transaction
from models.storage.fields import Instant
from models.work.audit_log import Event

LONGEST_RESTAURANT = 100
MEALS = tuple(Meal)


class MealMenu(Model):
    id = fields.IntField(primary_key=True)
    day = fields.DateField()
    restaurant = fields.CharField(max_length=LONGEST_RESTAURANT, default="", db_default="")
    meal = fields.CharField(max_length=20)  # a Meal
    dishes: Any = fields.JSONField()  # [{"kind": …, "name": …, "allergens": […], "diets": […], "signs": […]}]
    key = fields.CharField(max_length=64)  # of the form or file that it came with
    replaced_by = fields.CharField(
        max_length=80, null=True
    )  # the key of what came after it; null: it is valid
    made_at = Instant()
    member: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", "meal_menus", null=True, on_delete=fields.RESTRICT
    )  # null: the commune file

    class Meta:
        table = "meal_menu"

    @property
    def served(self) -> Served:
        return Served(self.day, tuple(map(_read, self.dishes)), Meal(self.meal), self.restaurant)

    @classmethod
    async def between(cls, first: date, last: date) -> list[Served]:
        """What is valid, day by day, both ends included."""
        found = await cls.filter(day__gte=first, day__lte=last, replaced_by=None)
        return sorted((row.served for row in found), key=_in_order)

    @classmethod
    async def keep(cls, said: Iterable[Served], key: str, member: Member, now: datetime) -> int:
        """How many meals of these are other than before; they replace what was there. The same key is applied once."""
        async with transaction():
            await _lock()
            if await cls.filter(key=key).exists() or await cls.filter(replaced_by=key).exists():
                return 0
            changed = await cls._replace(list(said), key, now, member.id)
            if changed:
                days = [str(served.day) for served in changed]
                await Event.note(now, member.actor, "menus.written", f"menus:{key}", days=sorted(set(days)))
            return len(changed)

    @classmethod
    async def fill(cls, said: Iterable[Served], key: str, now: datetime) -> None:
        """Of the commune file, in the transaction that loads it: only where nobody ever wrote a menu."""
        known = {(row.day, row.restaurant, Meal(row.meal)) for row in await cls.all()}
        missing = [served for served in said if served.place not in known]
        await cls.bulk_create([_row(served, key, now, None) for served in missing])

    @classmethod
    async def undo(cls, key: str, member: Member, now: datetime) -> bool:
        """Take back what came with this key; False where something of it was changed since. Twice is once."""
        async with transaction():
            await _lock()
            came, went = cls.filter(key=key), cls.filter(replaced_by=key)
            if await came.exclude(replaced_by=None).exists() or await _is_covered(await went):
                return False
            undone = await cls.filter(key=key).update(replaced_by=f"undo:{key}")
            undone += await cls.filter(replaced_by=key).update(replaced_by=None)
            if undone:
                await Event.note(now, member.actor, "menus.undone", f"menus:{key}")
            return bool(undone)

    @classmethod
    async def _replace(cls, said: Sequence[Served], key: str, now: datetime, member: int) -> list[Served]:
        days = {served.day for served in said}
        there = {row.served.place: row for row in await cls.filter(day__in=days, replaced_by=None)}
        before = {place: row.served.dishes for place, row in there.items()}
        changed = [served for served in said if before.get(served.place, ()) != served.dishes]
        gone = [there[served.place].id for served in changed if served.place in there]
        await cls.filter(id__in=gone).update(replaced_by=key)
        await cls.bulk_create([_row(served, key, now, member) for served in changed if served.dishes])
        return changed


async def lunches(day: date) -> list[Served]:
    """What is served at noon, in each restaurant that has its own menu."""
    return [served for served in await MealMenu.between(day, day) if served.meal is Meal.LUNCH]


async def restaurants() -> list[str]:
    """Those that menus name, apart from « all of them »."""
    found = await rows("SELECT DISTINCT restaurant FROM meal_menu WHERE restaurant <> '' ORDER BY restaurant")
    return [row["restaurant"] for row in found]


async def _is_covered(gone: Sequence[MealMenu]) -> bool:
    """Has one of these places been given another menu by a later key?"""
    keys = {row.replaced_by for row in gone}
    for row in gone:
        valid = MealMenu.filter(day=row.day, restaurant=row.restaurant, meal=row.meal, replaced_by=None)
        if await valid.exclude(key__in=keys).exists():
            return True
    return False


async def _lock() -> None:
    """Whoever changes menus waits for their turn."""
    if not is_sqlite():  # there the transaction itself is the lock
        await rows("SELECT id FROM commune FOR NO KEY UPDATE")


def _row(served: Served, key: str, now: datetime, member: int | None) -> MealMenu:
    return MealMenu(
        day=served.day,
        restaurant=served.restaurant,
        meal=served.meal,
        dishes=[_written(dish) for dish in served.dishes],
        key=key,
        made_at=now,
        member_id=member,
    )


def _in_order(served: Served) -> tuple[date, str, int]:
    return served.day, served.restaurant, MEALS.index(served.meal)


def _written(dish: Dish) -> dict[str, Any]:
    lists = {"allergens": dish.allergens, "diets": dish.diets, "signs": dish.signs}
    return {"kind": str(dish.kind), "name": dish.name, **{key: list(said) for key, said in lists.items()}}


def _read(said: dict[str, Any]) -> Dish:
    """What a later version knows no more is left out."""
    known = {"allergens": ALLERGENS, "diets": DIETS, "signs": SIGNS}
    lists = {key: tuple(one for one in said[key] if one in words) for key, words in known.items()}
    return Dish(DishKind(said["kind"]), said["name"], **lists)
