"""The desktop's grid by keyboard and by gestures, and ticks that outlive a cut network and a closed page."""

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.conftest import Serve, Visit
from tests.browser.diary import held_back, settled
from tests.browser.test_planning import MEAL, MONDAY, SEPTEMBER, box, stored

pytestmark = pytest.mark.browser

OPERATIONS = "**/planning/operations"


@pytest.fixture
def lens(serve: Serve) -> str:
    return serve("lens", MONDAY)


async def count_requests(page: Page) -> list[str]:
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.url) if one.url.endswith("/planning/operations") else None)
    return sent


async def focused(page: Page) -> str:
    """The last part of the name: slot and day."""
    said = "document.activeElement.closest('label')?.querySelector('.vh').textContent ?? ''"
    return str(await page.evaluate(said))


async def ticked(page: Page) -> int:
    return await page.locator(".month .see:checked").count()


async def test_one_tab_stop_and_arrows_that_pass_over_closed_days(lens: str, visit: Visit) -> None:
    page = await visit(lens, "famille15", SEPTEMBER)
    assert await page.locator(".month [tabindex='0']").count() == 1
    await box(page, "ACM du Matin", "mardi 4").focus()
    await page.keyboard.press("ArrowRight")  # Wednesday is closed
    assert "ACM du Matin, jeudi 6" in await focused(page)
    await page.keyboard.press("ArrowDown")
    assert "ACM du Soir, jeudi 6" in await focused(page)
    await page.keyboard.press("End")
    assert "ACM du Soir, vendredi 28" in await focused(page)
    await page.keyboard.press("Control+End")
    assert f"{MEAL}, vendredi 28" in await focused(page)
    await page.keyboard.press("Home")
    await page.keyboard.press("ArrowRight")
    assert f"{MEAL}, lundi 3" in await focused(page)
    await page.keyboard.press("Space")
    await expect(page.locator("#cost")).to_have_text("3,40\u00a0€")
    assert await page.locator(".month [tabindex='0']").count() == 1
    assert f"{MEAL}, lundi 3" in await focused(page)
    await page.keyboard.press("PageDown")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("octobre 2018")


async def test_shift_and_arrows_paint_in_one_request(lens: str, visit: Visit) -> None:
    page = await visit(lens, "famille15", SEPTEMBER)
    await box(page, "ACM du Soir", "lundi 3").press("Space")
    await expect(page.locator("#cost")).to_have_text("1,50\u00a0€")
    sent = await count_requests(page)
    await page.keyboard.down("Shift")
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"):  # one too far, and back
        await page.keyboard.press(key)
    await page.keyboard.up("Shift")
    await expect(page.locator("#cost")).to_have_text("4,50\u00a0€")
    assert len(sent) == 1 and await ticked(page) == 3


async def test_a_drag_paints_open_days_in_one_request_and_is_undone(lens: str, visit: Visit) -> None:
    page = await visit(lens, "famille15", SEPTEMBER)
    sent = await count_requests(page)
    await box(page, "ACM du Soir", "lundi 3").hover()
    await page.mouse.down()
    for day in ("mardi 4", "vendredi 7", "mardi 11"):
        await box(page, "ACM du Soir", day).hover()
    await page.mouse.up()
    await expect(page.locator("#cost")).to_have_text("9,00\u00a0€")
    assert len(sent) == 1 and await ticked(page) == 6  # two Wednesdays are closed, one of them passed over
    await page.get_by_role("button", name="Annuler").click()
    await expect(page.locator("#cost")).to_have_text("0,00\u00a0€")
    assert len(sent) == 2 and await ticked(page) == 0 and await stored(page) == 0


async def test_the_space_bar_ticks_after_a_drag(lens: str, visit: Visit) -> None:
    page = await visit(lens, "famille15", SEPTEMBER)
    await box(page, "ACM du Soir", "lundi 3").hover()
    await page.mouse.down()
    await box(page, "ACM du Soir", "mardi 4").hover()
    await page.mouse.up()
    await box(page, "ACM du Soir", "jeudi 6").press("Space")
    await expect(page.locator("#cost")).to_have_text("4,50\u00a0€")
    assert await ticked(page) == 3 and await stored(page) == 3


async def test_a_key_at_the_very_end_of_a_drag_ticks(lens: str, visit: Visit) -> None:
    """On a busy machine it comes before the page has done with the gesture."""
    page = await visit(lens, "famille15", SEPTEMBER)
    days = [await box(page, "ACM du Soir", day).element_handle() for day in ("lundi 3", "mardi 4", "jeudi 6")]
    await page.evaluate(
        """(boxes) => {
            const send = (kind, box) => box.closest("label").dispatchEvent(
                new PointerEvent(kind, { bubbles: true, pointerType: "mouse", button: 0 }));
            send("pointerdown", boxes[0]); send("pointerover", boxes[1]); send("pointerup", boxes[1]);
            boxes[2].click();  // as the space bar's: without detail
        }""",
        days,
    )
    await expect(page.locator("#cost")).to_have_text("4,50\u00a0€")
    assert await ticked(page) == 3 and await stored(page) == 3


async def test_an_answer_that_comes_while_days_are_painted_takes_no_paint_away(
    lens: str, visit: Visit
) -> None:
    page = await visit(lens, "famille15", SEPTEMBER)
    gate = await held_back(page)
    for day in ("lundi 3", "mardi 4"):
        await box(page, "ACM du Soir", day).press("Space")
    await gate.asked.wait()
    await box(page, "ACM du Soir", "lundi 3").hover()
    await page.mouse.down()
    for day in ("mardi 4", "jeudi 6"):
        await box(page, "ACM du Soir", day).hover()
    assert await ticked(page) == 0
    gate.open.set()
    await expect(page.locator("#cost")).to_have_text("3,00\u00a0€")
    assert await ticked(page) == 0, "the paint is still on them"
    await box(page, "ACM du Soir", "lundi 3").hover()
    assert await ticked(page) == 1, "the second is as it was"
    await page.mouse.up()
    await expect(page.locator("#cost")).to_have_text("1,50\u00a0€")
    assert await ticked(page) == 1 and await stored(page) == 1


async def test_paint_stays_on_what_is_still_to_be_sent(lens: str, visit: Visit) -> None:
    page = await visit(lens, "famille15", SEPTEMBER)
    gate = await held_back(page)
    await box(page, "ACM du Soir", "lundi 3").press("Space")
    await gate.asked.wait()
    await box(page, "ACM du Soir", "mardi 4").press("Space")  # waits
    await box(page, "ACM du Soir", "lundi 3").hover()
    await page.mouse.down()
    await box(page, "ACM du Soir", "jeudi 6").hover()
    gate.open.set()
    await expect(page.locator("#cost")).to_have_text("3,00\u00a0€")
    assert await ticked(page) == 0
    await page.mouse.up()
    await settled(page)
    assert await ticked(page) == 0 and await stored(page) == 0


async def test_the_head_of_a_row_turns_what_is_shown(lens: str, visit: Visit) -> None:
    """Twice in a hurry: the answer to the first has not come."""
    page = await visit(lens, "famille15", SEPTEMBER)
    gate = await held_back(page)
    whole = page.get_by_role("checkbox", name="Tout le mois, ACM du Matin")
    await whole.click()
    await gate.asked.wait()
    assert await ticked(page) == 16
    await whole.click()
    assert await ticked(page) == 0
    gate.open.set()
    await settled(page)
    assert await ticked(page) == 0 and await stored(page) == 0


async def test_each_change_of_page_begins_at_its_title(lens: str, visit: Visit) -> None:
    page = await visit(lens, "famille15", SEPTEMBER)
    title = page.get_by_role("heading", level=1)
    await expect(title).not_to_be_focused()
    names = [await page.title()]
    for link in ("Octobre", "Juliette", "Quinzaine", "Une activité et mes enfants"):
        before = page.url
        await page.get_by_role("link", name=link).first.click()
        await expect(title).to_be_focused()
        assert page.url != before
        names.append(await page.title())
    assert len(set(names)) == len(names)


async def test_undo_says_what_it_did_and_leaves_what_was_refused(serve: Serve, visit: Visit) -> None:
    page = await visit(serve("lens", "2018-08-30T00:00:00"), "famille15", SEPTEMBER)
    late, said = box(page, "ACM du Soir", "lundi 3"), page.locator("#annonce")
    await late.evaluate("(box) => box.removeAttribute('aria-disabled')")
    undo = page.get_by_role("button", name="Annuler")
    await late.press("Space")
    await expect(page.locator("#alerte")).to_contain_text("Trop tard pour lundi 3 septembre")
    await undo.click()
    await expect(said).to_have_text("Rien à annuler.")
    # In one gesture: one is refused, two are taken; undone, two are taken back.
    await late.evaluate(
        "(box) => { box.removeAttribute('aria-disabled'); box.parentElement.querySelector('.lock')?.remove(); }"
    )
    await late.hover()
    await page.mouse.down()
    for day in ("vendredi 7", "lundi 10", "mardi 11"):
        await box(page, "ACM du Soir", day).hover()
    await page.mouse.up()
    await expect(page.locator("#alerte")).to_contain_text("Trop tard pour lundi 3 septembre")
    await expect(said).to_contain_text("réservations ajoutées, 1 jour fermé ignoré. Total 3,00\u00a0€.")
    await expect(late).not_to_be_checked()
    await undo.click()
    await expect(said).to_have_text("2 réservations retirées. Total 0,00\u00a0€.")
    await expect(page.locator("#alerte")).to_be_empty()
    await expect(undo).to_be_focused()
    assert await ticked(page) == 0 and await stored(page) == 0


async def test_shift_and_click_extend(lens: str, visit: Visit) -> None:
    page = await visit(lens, "famille15", SEPTEMBER)
    await box(page, "ACM du Matin", "lundi 3").click()
    await box(page, "ACM du Soir", "jeudi 6").click(modifiers=["Shift"])
    await expect(page.locator("#cost")).to_have_text("6,60\u00a0€")  # two rows of three open days
    assert await ticked(page) == 6 and await stored(page) == 6


async def test_ticks_of_a_cut_network_wait_on_reload_too(lens: str, visit: Visit, said: list[str]) -> None:
    page = await visit(lens, "famille15", SEPTEMBER)

    async def cut(route: Route) -> None:
        await route.abort("connectionfailed")

    await page.route(OPERATIONS, cut)
    for day in ("lundi 3", "mardi 4", "jeudi 6"):
        await box(page, "ACM du Soir", day).click()
    await expect(page.locator("#envoi")).to_have_text("3 modifications à envoyer")
    await expect(page.locator("#alerte")).to_contain_text("La connexion est interrompue")
    assert await page.locator("[data-unsent]").count() == 3
    await page.get_by_role("link", name="Terminer les modifications").click()
    await expect(page.locator("#alerte")).to_contain_text("Connectez-vous à Internet pour terminer")
    await page.reload()
    assert await ticked(page) == 3
    await expect(page.locator("#envoi")).to_have_text("3 modifications à envoyer")
    await page.unroute(OPERATIONS)
    await expect(page.locator("#cost")).to_have_text("4,50\u00a0€")
    await expect(page.locator("#envoi")).to_be_hidden()
    assert await stored(page) == 3
    said.clear()  # the requests that were cut


PLACES = """() => {
  const at = (name) => document.querySelector(name).getBoundingClientRect();
  const frame = document.querySelector(".scroll");
  frame.scrollTo(900, 900);
  const head = at(".month thead").top - at(".scroll").top;
  const names = at(".month th[scope=row]").left - at(".scroll").left;
  return [head, names, frame.scrollTop, frame.scrollLeft];
}"""


async def test_the_days_and_the_names_stay_in_sight(serve: Serve, visit: Visit) -> None:
    screen = {"width": 800, "height": 500}
    page = await visit(serve("demo", "2025-09-22T10:00:00"), "camille.durand", "/accueil", viewport=screen)
    await page.goto("/planning?vue=mois&debut=2025-10-06&modifier=1")
    top, left, down, across = await page.evaluate(PLACES)
    assert down > 0 and across > 0, "there is something to scroll"
    assert 0 <= top < 2 and 0 <= left < 6
