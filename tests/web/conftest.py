"""What several files of pages begin with."""

import pytest

from models.access import current_session, guardian_account, session, throttle
from models.access.staff import second_step
from models.settings import Settings
from models.storage import encryption
from tests.portal import Portal
from tests.town import settle
from tests.web.agents import Clock, agent, real_portal
from web.app import create_app


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Real time stands still, for sessions, throttle and codes, until a test moves it."""
    clock = Clock()
    for module in (second_step, session, current_session, throttle, guardian_account):
        monkeypatch.setattr(module, "real", clock)
    return clock


@pytest.fixture
async def staffed(db: str, settings: Settings, stopped: Clock) -> Portal:
    """A portal that is no demo, with Odile, an administrator who has no second step yet."""
    await settle()
    await agent("odile", "administrator")
    encryption.use(settings.secret_keys)
    return real_portal(Portal(create_app(settings), settings))
