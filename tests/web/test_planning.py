"""The planning: what it shows, what a tick answers, what a form without scripts changes."""

import gzip
import html
from collections.abc import Callable
from datetime import date

import pytest

from models.activities.slot import Slot
from models.bookings.cart import CartLine
from models.families.child import Child
from tests.engines import ON_SQLITE
from tests.portal import Client, Portal
from tests.web.grid import cell, element, names, plain, tick

SEPTEMBER = "/planning?vue=mois&debut=2018-09-01"
TEN = "2018-08-27T10:00:00"


@pytest.fixture
async def lens(portal) -> Portal:
    return await portal("lens", now=TEN)


@pytest.fixture
async def claire(lens: Portal) -> Client:
    return await lens.client("famille15")


async def test_the_total_moves_at_each_tick(claire: Client) -> None:
    wished = [
        ("ACM du Matin", "2018-09-03", "0,70"),
        ("ACM du Soir", "2018-09-03", "2,20"),
        ("ACM du Soir", "2018-09-04", "3,70"),
        ("ACM du Soir", "2018-09-06", "5,20"),
        ("ACM du Soir", "2018-09-07", "6,70"),
        ("Rest Sco", "2018-09-03", "10,10"),
        ("Rest Sco", "2018-09-06", "13,50"),
        ("Rest Sco", "2018-09-07", "16,90"),
    ]
    for n, (slot, day, total) in enumerate(wished, start=1):
        answer = await tick(claire, "Chloé", slot, day)
        assert f"{total}\u00a0€" in element(answer, "cost")
        said = plain(element(answer, "panier"))
        assert f"{n} réservation" in said and f"{total}\u00a0€" in said
        assert f'id="cell-{await cell("Chloé", slot, day)}"' in answer
        assert 'data-s="picked"' in answer and "checked" in answer
        assert len(answer.encode()) <= 1850
    page = await claire.get_page(SEPTEMBER)
    assert "16,90\u00a0€" in element(page, "cost")
    assert "Récapitulatif (8)" in page


async def test_a_tick_is_answered_within_two_kilobytes(claire: Client) -> None:
    """With its headers, those that uvicorn adds too, and the longest name of a slot."""
    sent = {
        "op": f"{await cell('Chloé', 'Rest Sco', '2018-09-03')}:1",
        "vue": "mois",
        "debut": "2018-09-01",
    }
    answer = await claire.post_part("/planning/operations", {**sent, "modifier": "1"})
    added = "HTTP/1.1 200 OK\r\ndate: Sun, 22 Nov 2026 04:50:00 GMT\r\n\r\n"
    headers = "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items())
    assert len((added + headers).encode()) + len(answer.content) <= 2048


@ON_SQLITE
async def test_a_tick_asks_little_of_the_database(claire: Client, count_queries: Callable[[], int]) -> None:
    """Who asks, what the planning rests on, the line and the key; BEGIN brings the lock with it."""
    await tick(claire, "Chloé", "Rest Sco", "2018-09-03", cle="one")
    before = count_queries()
    await claire.post_part(
        "/planning/operations", {"op": f"{await cell('Chloé', 'Rest Sco', '2018-09-04')}:1", "cle": "b"}
    )
    assert count_queries() - before - 2 <= 4  # two are the test's own
    assert await CartLine.all().count() == 2


async def test_a_box_says_its_slot_its_day_its_price_and_its_deadline(claire: Client) -> None:
    page = await claire.get_page(f"{SEPTEMBER}&modifier=1")
    evening = next(name for name in names(page) if name.startswith("ACM du Soir, lundi 3 septembre 2018"))
    assert "libre" in evening and "1,50\u00a0€, à l’unité" in evening
    assert "Modifiable jusqu’à mercredi 29 août à 23:59" in evening
    assert not any("mercredi 5 septembre" in name for name in names(page))


@ON_SQLITE
async def test_nothing_can_be_ticked_before_modifier(claire: Client) -> None:
    page = await claire.get_page(SEPTEMBER)
    assert names(page) == []
    assert "Modifier" in page and "ACM du Soir, lundi 3 septembre 2018, libre" in page


@ON_SQLITE
async def test_too_late_by_a_second_says_until_when_it_was(lens: Portal, claire: Client, at) -> None:
    at("2018-08-29T23:59:59")
    assert 'data-s="picked"' in await tick(claire, "Chloé", "Rest Sco", "2018-09-03")
    at("2018-08-30T00:00:00")
    answer = await tick(claire, "Chloé", "Rest Sco", "2018-09-04")
    assert "Trop tard pour mardi 4 septembre\u00a0: la limite était mercredi 29 août à 23:59." in answer
    assert 'data-s="past"' in answer
    assert await CartLine.filter(day=date(2018, 9, 4)).count() == 0


async def test_two_axes_and_three_views_show_the_same(lens: Portal, claire: Client) -> None:
    await tick(claire, "Chloé", "Rest Sco", "2018-09-03")
    restauration = (await Slot.get(name__startswith="Rest Sco")).activity_id
    other = f"/planning?par=activite&id={restauration}&vue=mois&debut=2018-09-01&modifier=1"
    page = await claire.get_page(other)
    assert {name.split(",")[0] for name in names(page)} == {"Chloé", "Juliette", "Léo"}
    assert any(
        name.startswith("Chloé, Rest Sco Pré Paiement 2018-2019, lundi 3 septembre 2018, sélection")
        for name in names(page)
    )
    answer = await tick(claire, "Léo", "Rest Sco", "2018-09-03", par="activite", id=str(restauration))
    assert "6,80\u00a0€" in element(answer, "cost")
    for view in ("mois", "quinzaine", "semaine"):
        child = (await Child.get(first_name="Chloé")).id
        page = await claire.get_page(f"/planning?id={child}&vue={view}&debut=2018-09-03")
        assert "Rest Sco Pré Paiement 2018-2019, lundi 3 septembre 2018, sélection" in page
        assert "3,40\u00a0€" in element(page, "cost")


@ON_SQLITE
async def test_the_head_of_a_row_ticks_every_open_day(portal) -> None:
    town = await portal("lutins", now="2018-06-06T09:00:00")
    anne = await town.client("anne.bourdin")
    row = (await cell("Sarah", "Cantine", "x")).removesuffix("-x")
    place = [("id", row.split("-")[0]), ("vue", "mois"), ("debut", "2018-06-01"), ("modifier", "1")]
    answer = await anne.post_part("/planning", [("rangee", f"{row}:1"), *place])
    assert "28,80\u00a0€" in element(answer.text, "cost")
    days = await CartLine.all().order_by("day").values_list("day", flat=True)
    assert [day.day for day in days] == [18, 19, 21, 22, 25, 26, 28, 29]  # type: ignore[attr-defined]
    assert 'aria-checked="true"' in answer.text
    answer = await anne.post_part("/planning", [("rangee", f"{row}:0"), *place])
    assert "0,00\u00a0€" in element(answer.text, "cost") and await CartLine.all().count() == 0


async def test_the_same_batch_twice_is_applied_once(claire: Client) -> None:
    await tick(claire, "Chloé", "ACM du Soir", "2018-09-03", cle="one")
    await tick(claire, "Chloé", "ACM du Soir", "2018-09-03", on=False, cle="two")
    await tick(claire, "Chloé", "ACM du Soir", "2018-09-03", cle="one")
    assert await CartLine.all().count() == 0


@ON_SQLITE
async def test_a_replayed_batch_says_again_what_is_refused(lens: Portal, claire: Client, at) -> None:
    at("2018-08-30T00:00:00")
    for _ in range(2):
        answer = await tick(claire, "Chloé", "Rest Sco", "2018-09-03", "2018-09-10", cle="a-b")
        assert "Trop tard pour lundi 3 septembre" in answer and "lundi 10 septembre\u00a0: ajoutée." in answer
    assert await CartLine.all().count() == 1
    at("2018-09-05T23:59:00")
    answer = await tick(claire, "Chloé", "Rest Sco", "2018-09-10", cle="a-b")
    assert "lundi 10 septembre\u00a0: ajoutée." in answer
    at("2018-09-06T00:00:00")  # it was not validated in time
    answer = await tick(claire, "Chloé", "Rest Sco", "2018-09-10", cle="a-b")
    assert "Trop tard pour lundi 10 septembre" in answer


@ON_SQLITE
async def test_a_gesture_says_which_closed_days_it_passed_over(claire: Client) -> None:
    days = [f"2018-09-{day:02}" for day in (3, 4, 6, 7, 10, 11, 13)]
    answer = await tick(claire, "Chloé", "ACM du Soir", *days, geste="1")
    assert "7 réservations ajoutées, 2 jours fermés ignorés. Total 10,50\u00a0€." in plain(answer)
    two_rows = [await cell("Chloé", slot, day) for slot in ("ACM du Matin", "Rest Sco") for day in days[:4]]
    place = {"vue": "semaine", "debut": "2018-09-03", "modifier": "1", "geste": "1"}
    sent = [*place.items(), *(("op", f"{one}:1") for one in two_rows)]
    answer = (await claire.post_part("/planning/operations", sent)).text
    assert "8 réservations ajoutées, 1 jour fermé ignoré." in plain(answer)
    answer = await tick(claire, "Chloé", "ACM du Soir", "2018-09-03", "2018-09-13", on=False)
    assert "2 réservations retirées. Total" in plain(answer), "quick ticks: they passed over nothing"


@ON_SQLITE
async def test_another_month_child_or_view_begins_at_its_title(claire: Client) -> None:
    focus = '<h1 tabindex="-1" autofocus>'
    assert focus not in await claire.get_page(SEPTEMBER)
    assert focus not in await claire.get_page(SEPTEMBER, headers={"referer": "http://h/accueil"})
    assert focus in await claire.get_page(SEPTEMBER, headers={"referer": "http://h/planning?vue=mois"})


@pytest.mark.parametrize(
    "address",
    [
        "/planning?par=x",
        "/planning?id=999",
        "/planning?id=abc",
        "/planning?par=activite&id=999",
        "/planning?id=99999999999999",
    ],
)
async def test_what_is_not_there_is_not_found(claire: Client, address: str) -> None:
    await claire.get_page(address, status=404)


@pytest.mark.parametrize(
    "address", [f"/planning?{q}" for q in ("vue=x", "debut=hier", "debut=0001-01-01", "debut=9999-12-31")]
)
async def test_a_strange_address_still_shows_a_planning(claire: Client, address: str) -> None:
    assert "Coût de la période" in await claire.get_page(address)


MEANINGLESS = ("", "x", "1-1-2018-09-03", "1-1-2018-09-03:2", "1-1-2018-02-30:1", "1-x-2018-09-03:1")
NOT_THERE = ("1-1-0001-01-01:1", "9999-1-2018-09-03:1", "1-9999-2018-09-03:1")


@pytest.mark.parametrize(
    ("op", "status"), [*((op, 422) for op in MEANINGLESS), *((op, 404) for op in NOT_THERE)]
)
async def test_a_tick_that_means_nothing_changes_nothing(claire: Client, op: str, status: int) -> None:
    for answer in (
        await claire.post_form("/planning/operations", {"op": op}),
        await claire.post_part("/planning/operations", {"op": op}),
    ):
        assert answer.status_code == status
    good = f"{await cell('Chloé', 'Rest Sco', '2018-09-03')}:1"
    answer = await claire.post_part("/planning/operations", [("op", good), ("op", op)])
    assert answer.status_code == status and await CartLine.all().count() == 0


async def test_a_batch_has_a_limit_and_a_plain_key(claire: Client) -> None:
    good = f"{await cell('Chloé', 'Rest Sco', '2018-09-03')}:1"
    for form in (
        [],
        [("op", good)] * 1001,
        [("op", good), ("cle", "x" * 65)],
        [("op", good), ("cle", "\x01")],
    ):
        assert (await claire.post_part("/planning/operations", form)).status_code == 422
    assert await CartLine.all().count() == 0


async def test_a_phone_gets_the_week(lens: Portal) -> None:
    phone = await lens.client("famille15", headers={"user-agent": "Mozilla/5.0 (Linux; Android 14) Mobile"})
    assert 'data-view="week"' in await phone.get_page("/planning")
    phone.carry("vue", "mois")
    assert 'data-view="month"' in await phone.get_page("/planning")


@ON_SQLITE
async def test_before_the_year_the_first_month_is_shown(claire: Client) -> None:
    page = await claire.get_page("/planning")
    assert "septembre 2018" in page and "Cette activité est ouverte à partir du 03/09/2018" in page
    assert "préparez votre carte bancaire" in page and "Paiement immédiat" in page


@ON_SQLITE
async def test_a_membership_comes_first(portal) -> None:
    town = await portal("alixan", now="2022-07-04T14:00:00")
    paule = await town.client("paule.martin")
    page = await paule.get_page("/planning?vue=mois&debut=2022-09-01&modifier=1")
    assert "Vous devez d’abord payer l’adhésion Cantine d'Alixan 2022/2023" in html.unescape(page)
    meal = next(name for name in names(page) if name.startswith("Cantine d'Alixan, jeudi 1er septembre 2022"))
    assert "adhésion à payer d’abord" in meal
    ops = [("op", f"{await cell('Louis', 'Cantine', '2022-09-01')}:1")]
    answer = await paule.post_part("/planning/operations", ops)
    assert "l’adhésion doit être payée" in answer.text and await CartLine.all().count() == 0


@ON_SQLITE
async def test_a_month_is_light_and_its_queries_do_not_grow(
    claire: Client, count_queries: Callable[[], int]
) -> None:
    await claire.get_page(SEPTEMBER)
    before = count_queries()
    page = await claire.get_page(SEPTEMBER)
    few = count_queries() - before
    assert len(gzip.compress(page.encode())) <= 10_000
    for day in ("2018-09-03", "2018-09-04", "2018-09-06", "2018-09-07", "2018-09-10"):
        await tick(claire, "Chloé", "Rest Sco", day)
        await tick(claire, "Juliette", "Rest Sco", day)
    before = count_queries()
    await claire.get_page(SEPTEMBER)
    assert count_queries() - before == few <= 10
