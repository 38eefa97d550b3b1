"""A notice becomes an e-mail by a real worker, Redis and mail server; the worker is killed half-way, twice."""

import asyncio
import threading
import time
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from models.families.guardian import Guardian
from models.notifying.bell_entry import BellEntry
from models.rules.states.notices import NoticeKind
from models.storage import encryption
from models.work.email import Email
from models.work.notice import Notice
from models.work.task import Task
from tests import servers
from tests.jobs import town
from tests.jobs.test_worker import KEY, Worker, bell, on_postgres, redis_server
from tests.jobs.town import NOW
from tests.servers import Postbox

__all__ = ["bell", "redis_server"]  # fixtures


class SlowPostbox(Postbox):
    """One that can keep a worker waiting: before it takes the e-mail, or between having it and saying so."""

    holds = ""  # MAIL | DATA | nothing

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.knocked, self.released = threading.Event(), threading.Event()

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self._hold("MAIL")
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        await self._hold("DATA")
        return answer

    async def _hold(self, step: str) -> None:
        if self.holds == step:
            self.knocked.set()
            await asyncio.to_thread(self.released.wait)


async def killed_at(step: str, box: SlowPostbox, run: Any) -> None:
    """The worker is killed while the mail server keeps it waiting there; its lease is over a minute later."""
    box.holds = step
    box.knocked.clear()
    box.released.clear()
    victim = run()
    try:
        assert await asyncio.to_thread(box.knocked.wait, servers.PATIENCE), step
    finally:
        victim.kill()
        victim.wait()
        box.holds = ""
        box.released.set()
    await Task.filter(state="ready").update(lease=0)


@pytest.mark.redis
@on_postgres
async def test_a_notice_whose_worker_dies_comes_and_is_one_to_the_reader(
    db: str, redis_server: Any, bell: Any, tmp_path: Any
) -> None:
    encryption.use([KEY])
    made = await town.build()
    with servers.smtp(SlowPostbox) as box:
        assert isinstance(box, SlowPostbox)

        def run() -> Any:
            return Worker(db, redis_server, tmp_path, SMTP_URL=box.url)

        guardian = await Guardian.get(username="durand0")
        await Notice.say(NoticeKind.PASSWORD_CHANGED, made.family.id, f"guardian:{guardian.id}", NOW)
        await killed_at("MAIL", box, run)
        email = await Email.get()
        assert box.emails == [] and await Email.exists(sent_at=None)
        await killed_at("DATA", box, run)
        assert len(box.emails) == 1 and await Email.exists(sent_at=None), "the server has it, we do not know"
        last = run()
        try:
            end = time.monotonic() + servers.PATIENCE
            while await Email.exists(sent_at=None):
                assert time.monotonic() < end, await Task.exclude(state="done").values("name", "error")
                await asyncio.sleep(0.05)
        finally:
            last.kill()
            last.wait()
    first, second = box.emails
    assert first["Subject"] == "Votre mot de passe a été changé" and first["To"] == email.recipient
    assert first["Message-ID"] == second["Message-ID"] is not None  # which mail programs show once
    assert first["Date"] == second["Date"]
    assert [one.get_content() for one in first.iter_parts()] == [
        one.get_content() for one in second.iter_parts()
    ]
    assert (await Task.get(name="send_email")).tries == 3
    assert await BellEntry.all().count() == 1 and await Notice.all().count() == 1
