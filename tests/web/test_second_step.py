"""The code after the password: once, for half a minute, or one of recovery; and how often it may be wrong."""

import asyncio

import pytest

from models.access.member import Member
from models.access.staff import second_step
from models.access.staff.recovery_code import RecoveryCode
from models.clock import now
from models.work.audit_log import Event
from tests.engines import ON_SQLITE
from tests.portal import Portal
from tests.web.agents import (
    CODE,
    PASSWORD,
    STEP,
    Clock,
    enrolled,
    password_typed,
    tried,
)  # fmt: skip
from tests.web.checkout import words

HOME = "/mairie/tableau-de-bord"
sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


async def test_a_code_opens_once_whoever_comes_with_it(staffed: Portal, stopped: Clock) -> None:
    telephone, _ = await enrolled(staffed, stopped)
    assert not await tried(staffed, telephone.code(-1)), "the one it was set up with"
    two = [await staffed.client(), await staffed.client()]
    assert sorted(await asyncio.gather(*(tried(staffed, telephone.code(), one) for one in two))) == [
        False,
        True,
    ]
    stopped.now += 30
    assert not await tried(staffed, telephone.code(-1)), "used"
    assert await tried(staffed, telephone.code(1)), "half a minute early"
    assert not await tried(staffed, telephone.code()), "older than the last that was used"
    opened = await Event.filter(
        action="session.open", actor=f"member:{(await Member.get(username='odile')).id}"
    )
    assert [event.details for event in opened] == [{"by": "code"}] * 2


@ON_SQLITE
async def test_two_requests_that_know_the_same_agent_open_one_session(
    staffed: Portal, stopped: Clock
) -> None:
    """Both have read the row before either writes it."""
    telephone, _ = await enrolled(staffed, stopped)
    read = [await Member.get(username="odile") for _ in range(2)]
    done = await asyncio.gather(
        *(second_step.enter(one, telephone.code(), now(), network="", device="") for one in read),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in done) == ["Opened", "WrongCode"]


@sqlite
@pytest.mark.parametrize(("drift", "taken"), [(-2, False), (2, False), (-1, True)])
async def test_a_telephone_may_be_half_a_minute_off(
    staffed: Portal, stopped: Clock, drift: int, taken: bool
) -> None:
    telephone, _ = await enrolled(staffed, stopped)
    stopped.now += 60
    assert await tried(staffed, telephone.code(drift)) == taken


@ON_SQLITE
async def test_a_recovery_code_opens_once(staffed: Portal, stopped: Clock) -> None:
    _, codes = await enrolled(staffed, stopped)
    two = [await staffed.client(), await staffed.client()]
    typed = codes[0].replace("-", " ").lower()
    assert sorted(await asyncio.gather(*(tried(staffed, typed, one) for one in two))) == [False, True]
    assert not await tried(staffed, codes[0])
    assert await RecoveryCode.left((await Member.get(username="odile")).id) == 9
    assert await RecoveryCode.filter(digest__contains=codes[1]).count() == 0
    browser = await staffed.client()
    assert await tried(staffed, codes[1], browser)
    wrong = await browser.post_form(f"{STEP}/codes", {"actuel": "faux"})
    assert wrong.status_code == 422
    answer = await browser.post_form(f"{STEP}/codes", {"actuel": PASSWORD})
    assert "Vos codes de secours" in words(answer.text) and codes[2] not in answer.text
    assert not await tried(staffed, codes[2]), "replaced"


async def test_wrong_codes_wait_longer_and_longer(staffed: Portal, stopped: Clock) -> None:
    telephone, _ = await enrolled(staffed, stopped)
    browser = await staffed.client()
    await password_typed(browser, "odile")
    answers = [await browser.post_form(CODE, {"code": "000000"}) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [422] * 5
    late = await browser.post_form(CODE, {"code": telephone.code()})
    assert late.status_code == 429 and int(late.headers["retry-after"]) >= 1, "the right one too"
    stopped.now += 3
    assert (await browser.post_form(CODE, {"code": telephone.code()})).status_code == 303
    assert await Event.filter(action="session.refused").count() == 5


@sqlite
async def test_the_password_is_not_forgotten_for_long(staffed: Portal, stopped: Clock) -> None:
    telephone, _ = await enrolled(staffed, stopped)
    assert (await (await staffed.client()).post_form(CODE, {"code": telephone.code()})).headers[
        "location"
    ] == "/connexion"
    assert (await (await staffed.client()).get(CODE)).headers["location"] == "/connexion"
    browser = await staffed.client()
    await password_typed(browser, "odile")
    assert "Code à 6 chiffres" in words(await browser.get_page(CODE))
    assert (await browser.post_form(CODE, {"code": " "})).status_code == 422
    stopped.now += second_step.PATIENCE
    assert (await browser.post_form(CODE, {"code": telephone.code()})).headers["location"] == "/connexion"
    await password_typed(browser, "odile")
    await Member.filter(username="odile").update(password="another")
    assert (await browser.post_form(CODE, {"code": telephone.code()})).headers["location"] == "/connexion"
