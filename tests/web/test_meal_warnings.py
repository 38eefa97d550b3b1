"""A menu says to the parents whose child may not eat of it, and to nobody else."""

from datetime import date

import pytest

from models import clock
from models.families.child import Child
from models.families.family import Family
from models.families.file.health import ChildHealth
from models.families.guardian import Guardian
from models.publishing.meal_menu import MealMenu
from models.rules.families.health import Health
from models.storage.database import transaction
from tests.portal import Portal
from tests.web.checkout import words

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


async def test_the_parents_of_an_allergic_child_are_warned(portal) -> None:
    town: Portal = await portal("demo", now="2025-09-22T10:00:00")
    family = (await Guardian.get(username="camille.durand")).family_id
    lina, noe = [await Child.get(first_name=name, last_name="Durand") for name in ("Lina", "Noé")]
    [meal, *_] = [one for one in await MealMenu.between(*[date(2025, 9, 22)] * 2) if one.allergens]
    async with transaction():
        await Family.lock(family)
        told = Health(allergens=(meal.allergens[0], "lupin"))
        await ChildHealth.write(lina.id, family, told, 0, "member:1", clock.now())
        await ChildHealth.write(noe.id, family, Health(diet="sans porc"), 0, "member:1", clock.now())
    said = f"Pour Lina, contient : {meal.allergens[0]}."
    for who, path, warned in (
        ("camille.durand", "/menus", True),
        ("camille.durand", "/accueil", True),
        ("sophie.moreau", "/menus", False),
        ("sophie.moreau", "/accueil", False),
        ("cantine", "/menus", False),
        (None, "/menus", False),
        (None, "/", False),
    ):
        page = words(await (await town.client(who)).get_page(path))
        assert (said in page) is warned, (who, path)
        assert meal.allergens[0] in page and "Noé, contient" not in page, (who, path)
