"""A real worker, real Redis, a push service on this machine: killed half-way."""

import asyncio
import time
from typing import Any

import pytest

from jobs.push import sending
from models.families.guardian import Guardian
from models.notifying.bell_entry import BellEntry
from models.notifying.push_key import PushKey
from models.notifying.push_subscription import PushSubscription
from models.rules.states.notices import NoticeKind
from models.storage import encryption
from models.work.notice import Notice
from models.work.task import Task
from tests import servers
from tests.jobs import town
from tests.jobs.push_service import PushService
from tests.jobs.test_worker import KEY, Worker, bell, on_postgres, redis_server, worker
from tests.jobs.town import NOW

__all__ = ["bell", "redis_server"]  # fixtures


@pytest.mark.redis
@on_postgres
async def test_a_push_sent_by_a_worker_that_dies_is_one_to_the_reader(db, redis_server, bell, tmp_path):
    """The service has it, the portal does not know: it is sent again, and the browser shows one."""
    encryption.use([KEY])
    service, made = PushService(), await town.build()
    guardian = await Guardian.get(username="durand0")
    browser = await PushSubscription.add(guardian, service.offered, "", NOW, trial=True)
    await Guardian.filter(id=guardian.id).update(preferences={"quiet": False})
    key = await PushKey.current(NOW)
    try:
        service.hold()
        await Notice.say(NoticeKind.MESSAGE_ANSWERED, made.family.id, "message:1", NOW)
        notice = await Notice.get()
        said: Any = {
            "title": "La mairie vous a répondu",
            "short": "Nouveau message de la mairie.",
            "path": "/messages",
        }
        entry = await BellEntry.create(guardian_id=guardian.id, notice_id=notice.id, at=NOW, **said)
        await Task.all().delete()
        await sending.ask(entry, browser.id, 0)
        victim = Worker(db, redis_server, tmp_path)
        try:
            assert await asyncio.to_thread(service.knocked.wait, 60)
        finally:
            victim.kill()
            victim.wait()
        service.release()
        await Task.filter(name="send_push").update(lease=0)  # a minute later
        with worker(db, redis_server, tmp_path):
            end = time.monotonic() + servers.PATIENCE
            while await Task.filter(name="send_push").exclude(state="done").exists():
                assert time.monotonic() < end, await Task.filter(name="send_push").values("error")
                await asyncio.sleep(0.05)
    finally:
        service.close()
    assert len(service.asked) == 2 and (await Task.get(name="send_push")).tries == 2
    assert service.shown == {f"notice-{notice.id}": "Nouveau message de la mairie."}
    assert all(f"k={key.public}" in asked.headers["authorization"] for asked in service.asked)
