"""What rings on a parent's devices: encrypted, sent once to the reader's eye, never lost, never by night."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from jobs import registry
from jobs.push.encryption import encrypted
from jobs.runner import Runner
from models.bookings.waiting_list import Waiting
from models.clock import real
from models.families.guardian import Guardian
from models.notices.message import SHORTS
from models.notifying.bell_entry import BellEntry
from models.notifying.push_key import PushKey
from models.notifying.push_services import is_push_service
from models.notifying.push_subscription import MOST, Offered, PushSubscription, WrongSubscription
from models.rules.deadlines import PARIS
from models.rules.notices.quiet_hours import QuietHours, wait
from models.rules.notices.topics import BY_KIND, TOPICS, Channel, is_choice, wants
from models.rules.states.notices import NoticeKind
from models.work.email import Email
from models.work.notice import Notice
from models.work.task import Task
from tests.jobs.push_service import PushService, raw
from tests.jobs.told import said, tell
from tests.jobs.town import NOW, build, september, troubles

NIGHT = datetime(2018, 8, 27, 22, 30, tzinfo=PARIS)
MORNING = datetime(2018, 8, 28, 7, 0, tzinfo=PARIS)


@pytest.fixture
async def town(sqlite_db, at):
    at(NOW)
    return await build()


@pytest.fixture
def service() -> Iterator[PushService]:
    one = PushService()
    yield one
    one.close()


@pytest.fixture
def ctx(settings):
    return {"settings": settings}


async def rings(service, username="durand0"):
    guardian = await Guardian.get(username=username)
    return await PushSubscription.add(guardian, service.offered, "Chrome/1 Android", NOW, trial=True)


async def place_offered(town, ctx):
    booking = await town.booking("Chloé", "Repas", september(6), "offered")
    until = NOW + timedelta(days=2)
    await Waiting.create(
        booking_id=booking.id, opening_id=booking.opening_id, since=NOW, state="offered", offered_until=until
    )
    await tell(ctx, NoticeKind.PLACE_OFFERED, "booking", booking)
    return booking


def test_the_encryption_is_that_of_the_rfc():
    """RFC 8291, appendix A."""
    sender = ec.derive_private_key(
        int.from_bytes(raw("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"), ec.SECP256R1()
    )
    key = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    made = encrypted(
        b"When I grow up, I want to be a watermelon",
        raw(key),
        raw("BTBZMqHH6r4Tts7J_aSIgg"),
        sender=sender,
        salt=raw("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert made == raw(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8"
        "wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


async def test_a_freed_place_rings_once_and_is_in_the_bell(town, ctx, service):
    """Told twice, sent twice: one notification, one line of the bell for each parent."""
    await rings(service)
    booking = await place_offered(town, ctx)
    await registry.tell(ctx, (await said(NoticeKind.PLACE_OFFERED, "booking", booking)).id)
    runner = Runner(ctx)
    await runner.run_all()
    [entry] = await BellEntry.filter(guardian__username="durand0")
    assert "Répondez avant" in entry.title and entry.path.startswith("/planning?")
    assert await BellEntry.all().count() == 3, "Zoé, who has no address, reads it on the portal"
    await registry.send_push(ctx, entry.id, (await PushSubscription.all().get()).id)
    assert [asked.headers["topic"] for asked in service.asked] == [f"notice-{entry.notice_id}"] * 2
    assert service.shown == {f"notice-{entry.notice_id}": "Une place s’est libérée, elle vous attend."}
    assert service.opened(service.asked[0])["url"] == f"/notifications/{entry.id}"
    await BellEntry.open(entry.guardian_id, entry.id, NOW)
    await registry.send_push(ctx, entry.id, (await PushSubscription.all().get()).id)
    assert len(service.asked) == 2, "what was read rings no more"


async def test_a_service_that_is_down_gets_it_later(town, ctx, service):
    await rings(service)
    service.status = 503
    await place_offered(town, ctx)
    await Runner(ctx).run_due()
    assert len(service.asked) == 1
    [trouble] = await troubles()
    assert not trouble.failed and "503" in trouble.error
    service.status = 201
    await Runner(ctx).run_all()
    assert len(service.shown) == 1 and await troubles() == []


@pytest.mark.parametrize("status", [404, 410])
async def test_a_browser_that_is_gone_is_forgotten(town, ctx, service, status):
    await rings(service)
    service.status = status
    await place_offered(town, ctx)
    await Runner(ctx).run_all()
    assert not await PushSubscription.exists() and await troubles() == []


async def test_what_a_service_refuses_for_good_is_not_tried_again(town, ctx, service):
    await rings(service)
    service.status = 403
    await place_offered(town, ctx)
    await Runner(ctx).run_all()
    [trouble] = await troubles()
    assert trouble.failed and trouble.error == "Le service de notifications a refusé l’envoi\u00a0: 403."
    assert await PushSubscription.exists()


async def test_by_night_it_waits_for_the_morning(town, ctx, service, at):
    """Both what is told by night, and what the evening did not manage to send."""
    await rings(service)
    at(NIGHT)
    await place_offered(town, ctx)
    await Task.filter(name="send_email").delete()
    [task] = await Task.filter(name="send_push")
    assert 0 <= task.due - real() - (MORNING - NIGHT).total_seconds() + 60 <= 120
    await Task.filter(id=task.id).update(due=0)
    await Runner(ctx).run_due()
    assert service.asked == [], "tried too early, it is put off again"
    at(MORNING)
    await Runner(ctx).run_all(horizon=24 * 3600)
    assert len(service.shown) == 1 and await troubles() == []


async def test_who_chose_less_is_told_less(town, ctx, service):
    """By e-mail not, by notification not; on the portal always."""
    await rings(service)
    await Guardian.filter(username="durand0").update(
        preferences={"notices": {"place.email": False, "place.push": False}}
    )
    await place_offered(town, ctx)
    await Runner(ctx).run_all()
    assert service.asked == []
    assert [email.recipient for email in await Email.all()] == ["paul@durand.example"]
    assert await BellEntry.filter(guardian__username="durand0").count() == 1


async def test_a_browser_rings_for_its_last_parent_and_is_one_row(town, ctx, service):
    first = await rings(service)
    assert (await rings(service)).id == first.id
    await rings(service, "durand1")
    assert [row.guardian_id for row in await PushSubscription.all()] == [
        (await Guardian.get(username="durand1")).id
    ]
    guardian = await Guardian.get(username="durand0")
    offered = service.offered
    for number in range(MOST + 2):
        one = replace(offered, endpoint=f"https://fcm.googleapis.com/fcm/send/{number}")
        await PushSubscription.add(guardian, one, "", NOW, trial=False)
    kept = await PushSubscription.of(guardian.id)
    assert len(kept) == MOST and kept[-1].endpoint.endswith(f"/{MOST + 1}")


@pytest.mark.parametrize(
    ("endpoint", "key", "secret"),
    [
        ("http://127.0.0.1:9/push", None, None),
        ("https://127.0.0.1/push", None, None),
        (None, "BAAA", None),
        (None, "é", None),
        (None, None, "AAAA"),
    ],
)
async def test_what_no_browser_says_is_refused(town, service, endpoint, key, secret):
    good = replace(service.offered, endpoint="https://web.push.apple.com/abc")
    offered = Offered(endpoint or good.endpoint, key or good.key, secret or good.secret)
    with pytest.raises(WrongSubscription):
        await PushSubscription.add(await Guardian.get(username="durand0"), offered, "", NOW, trial=False)
    assert not await PushSubscription.exists()


def test_only_the_services_of_browsers_are_reached():
    good = (
        "https://fcm.googleapis.com/fcm/send/a",
        "https://updates.push.services.mozilla.com/wpush/v2/a",
        "https://web.push.apple.com/a",
        "https://wns2-par02p.notify.windows.com/w/?token=a",
    )
    assert all(is_push_service(one) for one in good)
    for wrong in (
        "http://fcm.googleapis.com/a",
        "https://fcm.googleapis.com.evil.example/a",
        "https://evil.example/fcm.googleapis.com",
        "https://evilpush.apple.com/a",
        "https://user@fcm.googleapis.com/a",
        "https://fcm.googleapis.com:8443/a",
        "https://[::1]/a",
        "https://169.254.169.254/latest",
        "http://127.0.0.1:9/a",
        "https://fcm.googleapis.com\r\nX: y",
        "https://fcm.googleapis.com/" + "a" * 900,
        "https://[",
    ):
        assert not is_push_service(wrong), wrong
    assert is_push_service("http://127.0.0.1:9/a", trial=True)
    assert not is_push_service("http://localhost:9/a", trial=True)


def test_a_locked_screen_tells_no_name_and_no_amount():
    """Of every kind: the words of a kind are fixed, and what fills them in is for the portal."""
    assert set(SHORTS) == set(NoticeKind) == set(BY_KIND), "each kind has its topic and its short words"
    for kind, (short, place) in SHORTS.items():
        assert 10 <= len(short) <= 60 and short.endswith("."), kind
        assert not any(letter.isdigit() or letter in "€{%" for letter in short), kind
        assert place.startswith("/"), kind


def test_nobody_is_woken_and_nothing_waits_longer_than_the_night():
    """Every minute of two days, the day the clocks change among them, and odd hours."""
    start = datetime(2018, 10, 27, tzinfo=PARIS)
    for begins, ends in ((21, 7), (0, 6), (13, 14), (23, 0)):
        preferences = {"quiet": {"from": begins, "to": ends}}
        for minute in range(0, 2 * 1440, 7):
            now = (start.astimezone() + timedelta(minutes=minute)).astimezone(PARIS)
            seconds = wait(preferences, now, urgent=False)
            then = datetime.fromtimestamp(now.timestamp() + seconds, PARIS)
            hours = QuietHours(begins, ends)
            assert hours.over(then) is None and 0 <= seconds <= 11 * 3600
            assert wait(preferences, now, urgent=True) == wait({"quiet": False}, now, urgent=False) == 0
    assert wait(None, NIGHT, urgent=False) == (MORNING - NIGHT).total_seconds()


def test_what_must_be_sent_cannot_be_chosen_away():
    nothing = {"notices": {f"{topic.code}.{channel}": False for topic in TOPICS for channel in Channel}}
    kept = {topic.code for topic in TOPICS if wants(nothing, topic, Channel.EMAIL)}
    assert kept >= {"answer", "invoice", "booking", "account"} and "place" not in kept
    assert not any(wants(nothing, topic, Channel.PUSH) for topic in TOPICS)
    everything = {"notices": {f"{topic.code}.{channel}": True for topic in TOPICS for channel in Channel}}
    assert not wants(everything, BY_KIND[NoticeKind.PASSWORD_LINK], Channel.PUSH)
    assert is_choice("place.email") and not is_choice("invoice.email")
    assert not is_choice("account.push") and not is_choice("nothing.email") and not is_choice("place.sms")


async def test_the_key_is_made_once_and_kept_sealed(town):
    made = await asyncio.gather(*(PushKey.current(NOW) for _ in range(4)))
    assert len({key.public for key in made}) == 1 and len(made[0].private) == 32
    assert made[0].private not in bytes((await PushKey.all().get()).sealed)
    assert await Notice.all().count() == 0
