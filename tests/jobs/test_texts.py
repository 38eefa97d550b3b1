"""Text messages: what is urgent, to mobile telephones of who wants it, once, however often its carrier is away."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from jobs import speaking, texting
from models import clock
from models.families.guardian import Guardian
from models.messages.mass import sending
from models.messages.mass.mass_message import MassMessage
from models.notifying.texts import carrier as carriers
from models.notifying.texts.carrier import CarrierAway, Refused
from models.notifying.texts.text_message import TextMessage
from models.rules.notices.texts import LONGEST, mobile_of, text_of
from models.rules.notices.topics import KEY
from models.rules.states.texts import TextState
from models.work.task import GiveUp
from tests.models.test_mass_messages import begun
from tests.portal import Portal
from tests.web.checkout import words

OpenPortal = Callable[..., Awaitable[Portal]]
SOPHIE, CAMILLE = "+33600001003", "+33600001001"
PREFERENCES = "/compte/notifications"
TEXTS = "/demo/sms"
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


class FakeCarrier:
    """Takes each reference once; away while it is told so; refuses some numbers."""

    name = "fake"

    def __init__(self) -> None:
        self.away = False
        self.refused: set[str] = set()
        self.taken: dict[str, tuple[str, str]] = {}
        self.became = TextState.SENT

    async def send(self, reference: str, phone: str, text: str) -> None:
        if self.away:
            raise CarrierAway
        if phone in self.refused:
            raise Refused("numéro non attribué")
        self.taken[reference] = (phone, text)

    async def state(self, reference: str) -> TextState:
        if self.away:
            raise CarrierAway
        return self.became


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch) -> FakeCarrier:
    fake = FakeCarrier()
    monkeypatch.setattr(carriers, "_used", [fake])
    return fake


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    """Sophie has a mobile; Camille wants no text message; the others of the town have none."""
    opened = await portal("demo", now="2025-09-22T23:30:00")  # at night too
    await Guardian.all().update(phone="01 00 00 00 00")
    await Guardian.filter(username="sophie.moreau").update(phone="06 00 00 10 03")
    unwanted = {KEY: {"urgent.text": False}}
    await Guardian.filter(username="camille.durand").update(phone="06 00 00 10 01", preferences=unwanted)
    return opened


async def told(town: Portal, *, urgent: bool = True) -> None:
    """Everybody, but for what the carrier does."""
    await begun(urgent=urgent)
    mass = await MassMessage.get()
    await sending.send_mass_message(mass.id, 0, clock.now())


async def test_a_carrier_that_is_away_is_tried_again_and_texts_once(
    town: Portal, carrier: FakeCarrier
) -> None:
    carrier.away = True
    await told(town)
    with pytest.raises(CarrierAway):
        await town.run_jobs()
    [text] = await TextMessage.all()
    assert (text.phone, text.state) == (SOPHIE, TextState.WAITING)
    carrier.away, ctx = False, {"settings": town.settings}
    for _ in range(2):  # killed before it was marked, or asked twice
        await TextMessage.filter(id=text.id).update(state=TextState.WAITING)
        await speaking.send_text(ctx, text.id)
    [(phone, said)] = carrier.taken.values()
    assert phone == SOPHIE and "URGENT" in said and "/messages/" in said and len(said) <= LONGEST
    assert "Emma" not in said and "€" not in said
    await speaking.ask_text(ctx, text.id, 0)
    assert (await TextMessage.get()).state == TextState.SENT  # on its way still
    carrier.became = TextState.DELIVERED
    await speaking.ask_text(ctx, text.id, 1)
    await speaking.ask_text(ctx, text.id, 1)
    done = await TextMessage.get()
    assert done.state == TextState.DELIVERED and done.ended_at


async def test_a_refused_number_fails_with_its_reason(town: Portal, carrier: FakeCarrier) -> None:
    carrier.refused = {SOPHIE}
    await told(town)
    await town.run_jobs()
    text = await TextMessage.get()
    assert (text.state, text.reason) == (TextState.FAILED, "numéro non attribué") and not carrier.taken


async def test_two_parents_with_one_telephone_get_one(town: Portal, carrier: FakeCarrier) -> None:
    sophie = await Guardian.get(username="sophie.moreau")
    await Guardian.filter(family_id=sophie.family_id).update(phone="06 00 00 10 03")
    await told(town)
    await town.run_jobs()
    assert await TextMessage.all().count() == len(carrier.taken) == 1


async def test_what_is_not_urgent_sends_none(town: Portal, carrier: FakeCarrier) -> None:
    await told(town, urgent=False)
    await town.run_jobs()
    assert not await TextMessage.all().exists() and not carrier.taken


async def test_the_demo_shows_them_and_parents_choose(town: Portal) -> None:
    """With the demo's own carrier, which takes all but the numbers that end in 99."""
    await Guardian.filter(username="karim.petit").update(phone="07 00 00 00 99")
    await told(town)
    await town.run_jobs(within=100.0)
    page = words(await (await town.client()).get_page(TEXTS))
    assert (
        SOPHIE in page and "remis" in page and "échec : numéro non attribué" in page and CAMILLE not in page
    )
    sophie = await town.client("sophie.moreau")
    page = await sophie.get_page(PREFERENCES)
    assert ">SMS</th>" in page and 'name="urgent.text" value="1"' in page and 'name="place.text"' not in page
    await sophie.post_form(PREFERENCES, {"place.email": "1"})
    kept = (await Guardian.get(username="sophie.moreau")).preferences or {}
    assert kept[KEY]["urgent.text"] is False and "place.text" not in kept[KEY]


async def test_without_a_carrier_none_is_written(town: Portal) -> None:
    real = replace(town.settings, demo=False)
    assert carriers.carrier(real) is None
    with pytest.raises(GiveUp):
        await texting.send(real, (await _one(town)).id)


async def _one(town: Portal) -> TextMessage:
    await told(town)
    await town.run_jobs()
    return await TextMessage.get(phone=SOPHIE)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("06 00 00 10 03", SOPHIE),
        ("07.11.22.33.44", "+33711223344"),
        ("01 23 45 67 89", None),
        ("+3221234567", None),
        (None, None),
    ],
)
def test_only_a_mobile_telephone_is_reached(engine: str, typed: str | None, found: str | None) -> None:
    assert mobile_of(typed) == found


def test_a_long_title_gives_way_to_its_link(engine: str) -> None:
    link = "https://famille.exemple.fr/messages/12"
    text = text_of("Mairie de Lens", "URGENT : " + "x" * 200, link)
    assert len(text) == LONGEST and text.endswith(f"… {link}")
