"""A town of as many families as one likes: `python -m tests.bench.town URL FAMILIES CLIENTS` fills a database."""

import asyncio
import json
import sys
import tomllib
from datetime import date
from typing import Any

from models import clock, commune_file
from models.access.session import Session
from models.activities.activity import Activity
from models.activities.opening import Opening
from models.activities.slot import Slot
from models.families.child import Home
from models.families.guardian import Guardian
from models.settings import read
from models.storage import database
from models.storage.migrate import migrate
from web.http import signing

NOW = "2018-08-27T10:00:00"
LEVELS = ("PS", "MS", "GS", "CP", "CE1", "CE2", "CM1", "CM2")
PLACES = 35  # meals a day
FIRST, LAST = date(2018, 9, 10), date(2018, 12, 20)


def document(families: int) -> dict[str, Any]:
    """Three slots of care without limit, a canteen of 35 places; three children in each family."""
    content = tomllib.loads(commune_file.shipped("lens").read_text(encoding="utf-8"))
    content["commune"] |= {"name": "Banc d’essai", "insee": "62999"}
    care, canteen = content["activities"]
    care["slots"].append({"code": "gouter", "name": "ACM du Goûter", "starts": "16:00", "ends": "16:30"})
    care["tariffs"].append({"slot": "gouter", "method": "flat", "amount": 60})
    canteen["groups"] = [{"code": "tous", "name": "Tous", "levels": list(LEVELS), "places": PLACES}]
    content["families"] = [_family(n) for n in range(1, families + 1)]
    return content


def _family(n: int) -> dict[str, Any]:
    name = f"Famille{n}"
    guardian = {
        "first_name": "Claude",
        "last_name": name,
        "email": f"f{n}@bench.example",
        "username": f"f{n}",
    }
    return {
        "number": str(n),
        "guardians": [guardian],
        "children": [_child(name, n, rank) for rank in range(3)],
    }


def _child(name: str, n: int, rank: int) -> dict[str, Any]:
    return {
        "first_name": ("Alix", "Camille", "Sacha")[rank],
        "last_name": name,
        "born": date(2009 + rank, 1 + n % 12, 1 + n % 28),
        "level": LEVELS[(n + 2 * rank) % len(LEVELS)],
        "school": "jean-mace",
        "activities": ["garderie", "restauration"],
    }


async def fill(url: str, families: int, clients: int) -> dict[str, Any]:
    """What the clients need to know: their cookies, tokens and children, and what can be ticked."""
    settings = read(demo=True)
    await migrate(url)
    await database.connect(url)
    try:
        await clock.follow(NOW)
        await commune_file.load(commune_file.parse(document(families), "bench.toml"), demo=True)
        found = []
        for guardian in await Guardian.all().order_by("id").limit(clients):
            secret = await Session.open(guardian=guardian.id)
            children = await Home.filter(family_id=guardian.family_id).order_by("position")
            found.append(
                {
                    "cookie": f"{signing.session_cookie(settings)}={signing.seal(settings, secret)}",
                    "csrf": signing.token(settings, "csrf", secret),
                    "family": guardian.family_id,
                    "children": [home.child_id for home in children],
                }
            )
        return {"clients": found, **await _what()}
    finally:
        await database.close()


async def _what() -> dict[str, Any]:
    care, canteen = await Activity.get(code="garderie"), await Activity.get(code="restauration")
    meal = await Slot.get(activity_id=canteen.id)
    open_days = Opening.filter(slot_id=meal.id, day__gte=FIRST, day__lte=LAST).order_by("day")
    return {
        "care": care.id,
        "slots": list(await Slot.filter(activity_id=care.id).order_by("id").values_list("id", flat=True)),
        "meal": meal.id,
        "days": [str(day) for day in await open_days.values_list("day", flat=True)],
    }


if __name__ == "__main__":
    json.dump(asyncio.run(fill(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))), sys.stdout)
