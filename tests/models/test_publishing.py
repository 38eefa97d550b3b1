"""News, documents and menus: written once, changed by one at a time, withdrawn, put back, never deleted."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest

from models.access.member import Member
from models.clock import now
from models.commune_file import load, parse, read, shipped
from models.commune_file.exporting import export
from models.publishing.meal_menu import MealMenu, restaurants
from models.publishing.news import News
from models.publishing.published import ChangedMeanwhile
from models.publishing.published_document import PublishedDocument
from models.publishing.published_list import document_page, news_page
from models.rules.menus.dishes import Dish, DishKind, Meal, Served
from models.rules.states.publication import PublicationState
from models.storage import integrity
from models.storage.paging import Cut
from models.work.audit_log import Event
from tests.engines import ON_SQLITE

MONDAY = date(2025, 9, 22)
SOUP, RICE = Dish(DishKind.STARTER, "Soupe", ("céleri",)), Dish(DishKind.SIDE, "Riz")


@pytest.fixture
async def member(db: str) -> AsyncIterator[Member]:
    await load(read(shipped("lens")), demo=True)
    yield await Member.get(username="gestion")


def said(title: str, starts: date = MONDAY) -> dict[str, object]:
    return {"title": title, "summary": "", "body": "Bonjour", "starts": starts, "ends": None, "urgent": False}


@ON_SQLITE
async def test_a_form_sent_twice_makes_one(member: Member) -> None:
    before = await News.all().count()
    ids = await asyncio.gather(*[News.add("m-click", said("Grève"), member, now()) for _ in range(4)])
    assert len(set(ids)) == 1 and await News.all().count() == before + 1
    assert await Event.filter(action="news.written").count() == 1


@ON_SQLITE
async def test_who_saves_over_others_words_is_told(member: Member) -> None:
    id = await News.add("m-click", said("Grève"), member, now())
    await News.change(id, 0, said("Grève mardi"), member, now())
    await News.change(id, 0, said("Grève mardi"), member, now())  # sent twice: it says this already
    with pytest.raises(ChangedMeanwhile):
        await News.change(id, 0, said("Pas de grève"), member, now())
    row = await News.get(id=id)
    assert (row.title, row.revision) == ("Grève mardi", 1)
    assert await Event.filter(action="news.written").count() == 2


@ON_SQLITE
async def test_withdrawn_and_put_back_each_once(member: Member) -> None:
    id = await News.add("m-click", said("Grève"), member, now())
    for verb, state in ((News.withdraw, PublicationState.WITHDRAWN), (News.restore, PublicationState.SHOWN)):
        await verb(id, member, now())
        await verb(id, member, now())
        assert (await News.get(id=id)).state(MONDAY) is state
    actions = await Event.filter(object=f"news:{id}").order_by("id").values_list("action", flat=True)
    assert [str(one) for one in actions] == ["news.written", "news.withdrawn", "news.restored"]


async def test_lists_by_state_and_word(member: Member) -> None:
    await News.all().delete()
    for n, (title, starts, ends) in enumerate(
        [("Grève", 0, None), ("Élection", 1, None), ("Fête", -9, -1), ("Retirée", -9, None)]
    ):
        one = {**said(title, MONDAY + timedelta(days=starts)), "ends": ends and MONDAY + timedelta(days=ends)}
        id = await News.add(f"m-{n}", one, member, now())
    await News.withdraw(id, member, now())
    cut = Cut("title")
    for state, titles in (
        (None, ["Élection", "Fête", "Grève", "Retirée"]),
        (PublicationState.SHOWN, ["Grève"]),
        (PublicationState.COMING, ["Élection"]),
        (PublicationState.OVER, ["Fête"]),
        (PublicationState.WITHDRAWN, ["Retirée"]),
    ):
        found = (await news_page(cut, MONDAY, state, "")).rows
        assert [row.title for row in found] == titles
        assert all(state in (None, row.state(MONDAY)) for row in found)
    assert [row.title for row in (await news_page(cut, MONDAY, None, "elec")).rows] == ["Élection"]
    assert [row.note for row in (await document_page(cut, MONDAY, None, "aide")).rows] == ["Aide"]
    assert [one.title for one in await News.current(MONDAY)] == ["Grève"]


@ON_SQLITE
async def test_menus_replace_each_other_and_the_last_change_is_undone(member: Member) -> None:
    first, second = Served(MONDAY, (SOUP,)), Served(MONDAY, (SOUP, RICE))
    assert await MealMenu.keep([first, Served(MONDAY + timedelta(days=1), ())], "one", member, now()) == 1
    assert await MealMenu.keep([first], "same", member, now()) == 0
    assert await MealMenu.keep([second], "two", member, now()) == 1
    assert await MealMenu.keep([first], "two", member, now()) == 0, "a form that is sent twice"
    assert await MealMenu.between(MONDAY, MONDAY) == [second]
    assert not await MealMenu.undo("one", member, now()), "something has changed since"
    assert await MealMenu.undo("two", member, now())
    assert not await MealMenu.undo("two", member, now())
    assert await MealMenu.between(MONDAY, MONDAY) == [first]
    assert await MealMenu.keep([Served(MONDAY, ())], "gone", member, now()) == 1
    assert await MealMenu.between(MONDAY, MONDAY) == []
    await MealMenu.keep([second], "three", member, now())
    assert not await MealMenu.undo("gone", member, now()), "that place has another menu"
    assert await MealMenu.undo("three", member, now()) and await MealMenu.undo("gone", member, now())
    assert await MealMenu.between(MONDAY, MONDAY) == [first]
    assert await MealMenu.all().count() == 3, "nothing is deleted"
    assert await integrity.verify() == []


async def test_several_people_write_the_same_week_at_once(member: Member) -> None:
    weeks = [[Served(MONDAY, (Dish(DishKind.MAIN, f"Plat {n}"),))] for n in range(6)]
    done = await asyncio.gather(
        *[MealMenu.keep(week, f"key-{n}", member, now()) for n, week in enumerate(weeks)]
    )
    assert done == [1] * 6
    assert len(await MealMenu.between(MONDAY, MONDAY)) == 1 and await MealMenu.all().count() == 6


@ON_SQLITE
async def test_meals_and_restaurants_stand_beside_each_other(member: Member) -> None:
    meals = [
        Served(MONDAY, (SOUP,), meal, where) for where in ("", "Centre") for meal in (Meal.SNACK, Meal.LUNCH)
    ]
    await MealMenu.keep(meals, "key", member, now())
    found = await MealMenu.between(MONDAY, MONDAY)
    assert [(one.restaurant, one.meal) for one in found] == [
        ("", Meal.LUNCH), ("", Meal.SNACK), ("Centre", Meal.LUNCH), ("Centre", Meal.SNACK),
    ]  # fmt: skip
    assert await restaurants() == ["Centre"]


@ON_SQLITE
async def test_a_commune_file_publishes_by_code_and_leaves_the_mairies_own(member: Member) -> None:
    own = await News.add("m-click", said("De la mairie"), member, now())
    file = await News.get(code="paiement")
    await News.filter(id=file.id).update(title="Autre")
    await load(read(shipped("lens")), demo=True)
    assert (await News.get(code="paiement")).title == "Réserver, c’est payer aussitôt"
    assert await News.filter(id=own).exists() and await PublishedDocument.all().count() == 1
    written = await export()
    assert [one["code"] for one in written["news"]] == ["connexion", "paiement", "m-click"]
    again = parse(written, "export.toml")
    assert again.documents == read(shipped("lens")).documents


@ON_SQLITE
async def test_menus_of_the_file_are_laid_out_once_on_days_of_school(db: str) -> None:
    demo = read(shipped("demo"))
    await load(demo, demo=True)
    known = await MealMenu.all().count()
    days = {row.day for row in await MealMenu.all()}
    assert known == len(days) > 120 and {day.weekday() for day in days} == {0, 1, 3, 4}
    assert date(2025, 10, 21) not in days and date(2025, 11, 11) not in days  # holidays, a public one
    member = await Member.get(username="cantine")
    await MealMenu.keep([Served(date(2025, 9, 22), (RICE,))], "own", member, now())
    await load(demo, demo=True)
    assert await MealMenu.all().count() == known + 1
    assert await MealMenu.between(date(2025, 9, 22), date(2025, 9, 22)) == [
        Served(date(2025, 9, 22), (RICE,))
    ]
