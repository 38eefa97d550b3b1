"""The bubble of a meal says what is served that day, and what that contains."""

import pytest

from models.publishing.meal_menu import MealMenu
from tests.portal import Client
from tests.web.test_planning_cell import said
from tests.web.test_published import OpenPortal

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
TUESDAY = "2025-10-07"


@pytest.fixture
async def camille(portal: OpenPortal) -> Client:
    return await (await portal("demo", now="2025-09-22T10:00:00")).client("camille.durand")


async def test_a_meal_says_what_is_served_and_what_it_contains(camille: Client) -> None:
    text = await said(camille, "Noé", "Repas de midi", TUESDAY)
    assert "Au menu : Carottes râpées, Dhal de lentilles corail, Yaourt nature, Compote." in text
    assert "Contient : lait, moutarde." in text
    await MealMenu.filter(day=TUESDAY).update(replaced_by="nothing")
    assert "Au menu" not in await said(camille, "Noé", "Repas de midi", TUESDAY)


async def test_what_is_no_meal_says_nothing_of_it(camille: Client) -> None:
    assert "Au menu" not in await said(camille, "Lina", "Accueil du matin", TUESDAY)
