"""« Code de la tablette »: chosen by each agent, kept as a slow digest, on the page of the roll where it is asked."""

import hashlib
import re

import pytest

from models.access.member import Member
from models.commune.commune import Commune
from models.rules.accounts.roll_pin import ITERATIONS, WeakPin, made, read
from models.work.audit_log import Event
from tests.models.roll import NOW
from tests.web.checkout import words
from tests.web.test_admin_town_settings import Open

PLACE = "/mairie/compte/code-tablette"
ROLL = "/mairie/pointage"
PIN = "280914"
TYPED = {"code": PIN, "confirmation": PIN}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_code_covers_the_roll_where_the_commune_asks_it(portal: Open) -> None:
    town = await portal("demo", now=NOW)
    leader = await town.client("animateur")
    assert "ne le demande pas" in words(await leader.get_page(PLACE))
    for wrong, said in (
        ({"code": "123456", "confirmation": "123456"}, "ni tous pareils"),
        ({"code": "28091", "confirmation": "28091"}, "6 chiffres"),
        ({"code": PIN, "confirmation": "280915"}, "pas les mêmes"),
    ):
        answer = await leader.post_form(PLACE, wrong)
        assert answer.status_code == 422 and said in words(answer.text) and PIN not in answer.text
    assert 'id="couvert"' not in await leader.get_page(ROLL) and PLACE not in await leader.get_page(
        "/mairie/compte"
    )
    await Commune.all().update(roll_pin=True)
    assert PLACE in await leader.get_page(ROLL) and PLACE in await leader.get_page("/mairie/compte")
    assert (await leader.post_form(PLACE, TYPED)).headers["location"] == f"{PLACE}?fait=1"
    kept = read((await Member.get(username="animateur")).roll_pin)
    assert kept and kept.iterations == ITERATIONS and PIN not in kept.kept
    assert (
        hashlib.pbkdf2_hmac("sha256", PIN.encode(), bytes.fromhex(kept.salt), ITERATIONS).hex() == kept.digest
    )
    page = await leader.get_page(ROLL)
    found = re.search(r'id="couvert".*?data-idle="300" data-tries="5"\s+data-salt="(\w+)"', page, re.DOTALL)
    assert found and found[1] == kept.salt and PLACE not in page
    assert 'id="couvert"' not in await (await town.client("gestion")).get_page(ROLL), "each has their own"
    for _ in range(2):
        assert (await leader.post_form(f"{PLACE}/retrait")).headers["location"] == f"{PLACE}?fait=retrait"
    assert 'id="couvert"' not in await leader.get_page(ROLL)
    noted = [event.action for event in await Event.filter(action__startswith="member.pin").order_by("id")]
    assert noted == ["member.pin_chosen", "member.pin_removed"]
    assert PIN not in str([event.details for event in await Event.all()])


@pytest.mark.parametrize("pin", ["", "12345", "1234567", "28O914", "000000", "456789", "987654", "٢٨٠٩١٤"])
def test_what_somebody_would_try_first_is_no_code(pin: str) -> None:
    with pytest.raises(WeakPin):
        made(pin, b"salt")
