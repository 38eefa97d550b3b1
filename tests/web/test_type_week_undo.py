"""The type week taken back, erased, copied, and what it refuses."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from models.bookings.cart import Batch, CartLine
from models.families.child import Child
from tests.engines import ON_SQLITE
from tests.portal import Client, Portal, hidden
from tests.web.checkout import hear_the_bank, parent, words
from tests.web.grid import tick
from tests.web.type_week import HOME, apply, drafted, week

TEN = "2018-08-27T10:00:00"
MEAL = "Rest Sco Pré Paiement 2018-2019"


@pytest.fixture
async def lens(portal) -> Portal:
    return await portal("lens", now=TEN)


@pytest.fixture
async def claire(lens: Portal) -> Client:
    return await lens.client("famille15")


@ON_SQLITE
async def test_what_was_added_can_be_taken_back(claire: Client) -> None:
    await tick(claire, "Chloé", MEAL, "2018-09-03", "2018-09-04")
    form = await week("Chloé", (0, MEAL, 0))
    await apply(claire, form)
    page = await claire.get_page(HOME)
    assert "3 jours ajoutés aux modifications pour Chloé (fait le 27/08/2018 à 10:00)." in words(page)
    answer = await claire.post_form(f"{HOME}/annuler", {"lot": hidden(page, "lot")})
    assert answer.status_code == 303 and "modifier=1" in answer.headers["location"]
    assert await drafted("Chloé") == ["2018-09-03", "2018-09-04"]
    assert (await claire.post_form(f"{HOME}/annuler", {"lot": "lot"})).status_code == 303
    await apply(claire, form)
    assert len(await drafted("Chloé")) == 5, "after « Annuler » it may be added again"
    assert (await claire.post_form(f"{HOME}/annuler", {"lot": "nobody's"})).status_code == 404


@ON_SQLITE
async def test_the_months_draft_is_erased_and_comes_back(claire: Client) -> None:
    await tick(claire, "Chloé", MEAL, "2018-09-03", "2018-09-04", "2018-10-01")
    await tick(claire, "Juliette", MEAL, "2018-09-03")
    page = await claire.get_page(f"{HOME}?debut=2018-09-15")
    assert "Chloé, septembre 2018 : 2 réservations en attente, 6,80 €." in words(page)
    assert "Effacer 2 modifications" in words(page)
    chloe = await Child.get(first_name="Chloé")
    form = {"enfant": str(chloe.id), "debut": "2018-09-15", "cle": "gone"}
    answer = await claire.post_form("/planning/effacer", form)
    assert answer.status_code == 303 and "debut=2018-09-15&modifier=1" in answer.headers["location"]
    assert await drafted("Chloé") == ["2018-10-01"] and await drafted("Juliette") == ["2018-09-03"]
    assert "2 modifications effacées pour Chloé" in words(await claire.get_page(HOME))
    await claire.post_form(f"{HOME}/annuler", {"lot": "gone"})
    assert await drafted("Chloé") == ["2018-09-03", "2018-09-04", "2018-10-01"]
    assert {line.cents for line in await CartLine.all()} == {340}


async def test_what_cannot_come_back_is_said(claire: Client, at: Any) -> None:
    await tick(claire, "Chloé", MEAL, "2018-09-03", "2018-09-04", "2018-09-10")
    chloe = await Child.get(first_name="Chloé")
    await claire.post_form(
        "/planning/effacer", {"enfant": str(chloe.id), "debut": "2018-09-15", "cle": "gone"}
    )
    at("2018-08-30T00:00:00")  # the first week is closed
    answer = await claire.post_form(f"{HOME}/annuler", {"lot": "gone"})
    page = await claire.get_page(answer.headers["location"])
    assert "2 jours n’ont pas pu être remis : la limite est passée" in words(page)
    assert await drafted("Chloé") == ["2018-09-10"]


@ON_SQLITE
async def test_other_days_of_the_same_price_are_not_what_was_seen(claire: Client) -> None:
    await tick(claire, "Chloé", MEAL, "2018-09-03")
    form = await week("Chloé", (0, MEAL, 0))
    seen = hidden((await claire.post_form(HOME, form)).text, "vu")
    await tick(
        claire, "Chloé", MEAL, "2018-09-03", on=False
    )  # another device: another Monday, as many are left
    await tick(claire, "Chloé", MEAL, "2018-09-10")
    assert hidden((await claire.post_form(HOME, form)).text, "vu") != seen


@ON_SQLITE
async def test_the_draft_is_copied_to_brothers_and_sisters(claire: Client) -> None:
    await tick(claire, "Chloé", MEAL, "2018-09-03", "2018-09-04")
    await tick(claire, "Chloé", "ACM du Soir", "2018-09-03", "2018-10-01")
    await tick(claire, "Léo", MEAL, "2018-09-03")
    page = await claire.get_page(HOME)
    assert "Copier vers Juliette et Léo" in words(page)
    ids = {child.first_name: str(child.id) for child in await Child.all()}
    form = [
        ("enfant", ids["Chloé"]),
        ("debut", "2018-09-03"),
        ("vers", ids["Juliette"]),
        ("vers", ids["Léo"]),
    ]
    answer = await claire.post_form("/planning/copier", form)
    text = words(answer.text)
    assert answer.status_code == 200 and "Juliette 3 réservations, 8,30 €" in text
    assert "Léo 1 réservation, 3,40 €" in text and "laissés tels quels : 1 jour" in text
    assert "Copier 4 réservations, 11,70 €" in text and not await drafted("Juliette")
    sent = [*form, ("appliquer", "1"), ("cle", hidden(answer.text, "cle")), ("vu", hidden(answer.text, "vu"))]
    for _ in range(2):
        answer = await claire.post_form("/planning/copier", sent)
        assert answer.status_code == 303 and f"id={ids['Juliette']}&" in answer.headers["location"]
    assert await drafted("Juliette") == ["2018-09-03", "2018-09-03", "2018-09-04"]
    assert await drafted("Léo") == ["2018-09-03", "2018-09-04"]
    assert "4 jours ajoutés aux modifications pour Juliette et Léo" in words(await claire.get_page(HOME))


@ON_SQLITE
async def test_what_is_paid_is_copied_too(lens: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    """But for what the parent is taking back."""
    hear_the_bank(lens, monkeypatch)
    home = await parent(lens, "famille15")
    await home.tick("Chloé", MEAL, "2018-09-03", "2018-09-04", "2018-09-06")
    await home.pay()
    await home.tick("Chloé", MEAL, "2018-09-04", ticked=False)
    await home.tick("Chloé", "ACM du Soir", "2018-09-07")
    ids = {child.first_name: str(child.id) for child in await Child.all()}
    form = [("enfant", ids["Chloé"]), ("debut", "2018-09-03"), ("vers", ids["Juliette"])]
    shown = (await home.browser.post_form("/planning/copier", form)).text
    sent = [*form, ("appliquer", "1"), ("cle", hidden(shown, "cle")), ("vu", hidden(shown, "vu"))]
    assert (await home.browser.post_form("/planning/copier", sent)).status_code == 303
    lines = (
        await CartLine.filter(child__first_name="Juliette").order_by("day").values_list("slot__name", "day")
    )
    assert [(name, str(day)) for name, day in lines] == [
        (MEAL, "2018-09-03"),
        (MEAL, "2018-09-06"),
        ("ACM du Soir", "2018-09-07"),
    ]


@ON_SQLITE
async def test_a_copy_to_nobody_or_to_a_stranger(claire: Client, lens: Portal) -> None:
    ids = {child.first_name: str(child.id) for child in await Child.all()}
    answer = await claire.post_form("/planning/copier", {"enfant": ids["Chloé"]})
    assert answer.status_code == 422 and "Choisissez au moins un enfant." in answer.text
    for form in (
        {"enfant": ids["Inès"], "vers": ids["Chloé"]},
        {"enfant": ids["Chloé"], "vers": ids["Inès"]},
    ):
        assert (await claire.post_form("/planning/copier", form)).status_code == 404


async def test_what_is_not_of_the_page_is_refused(claire: Client) -> None:
    form = await week("Chloé", (0, MEAL, 0))
    for jour in ("2-1-1", "0-1-7", "0-999-1", "x", ""):
        assert (await claire.post_form(HOME, [*form, ("jour", jour)])).status_code == 404
    for cle in ("x" * 65, "é", "\x01"):
        assert (await claire.post_form(f"{HOME}/appliquer", [*form, ("cle", cle)])).status_code == 422
        assert (await claire.post_form(f"{HOME}/annuler", {"lot": cle})).status_code == 422
    for day in ("9999-12-31", "0001-01-01", "99999-1-1"):
        odd = await week("Chloé", (0, MEAL, 0), semaine_a=day, debut=day, alterner="1")
        assert (await claire.post_form(HOME, odd)).status_code == 200
        assert (await claire.get(f"{HOME}?debut={day}")).status_code == 200
    assert not await Batch.exists()


async def test_a_year_asks_no_more_of_the_database_than_a_month(
    claire: Client, count_queries: Callable[[], int]
) -> None:
    ticks = [(0, slot, weekday) for slot in (MEAL, "ACM du Matin", "ACM du Soir") for weekday in (0, 1, 3, 4)]

    async def cost(period: str, path: str, *more: tuple[str, str]) -> int:
        form = await week("Chloé", *ticks, periode=period)
        before = count_queries()
        answer = await claire.post_form(path, [*form, *more])
        assert answer.status_code in (200, 303)
        return count_queries() - before

    await claire.post_form(HOME, await week("Chloé", *ticks))  # what the process keeps is read once
    assert await cost("mois", HOME) == await cost("annee", HOME) <= 9
    month = await cost("mois", f"{HOME}/appliquer", ("cle", "a"))
    await CartLine.all().delete()
    assert await cost("annee", f"{HOME}/appliquer", ("cle", "b")) == month <= 16
    assert await CartLine.all().count() == 420
    assert date(2019, 7, 5) in await CartLine.all().values_list("day", flat=True)
