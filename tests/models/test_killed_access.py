"""The process is killed (-9) before each statement of what opens an account, and of what gives it another password.

After it either nothing happened, and the same link still opens it, or everything did, and the link is over.
"""

import pytest

from models import clock, commune_file
from models.access import first_connection, forgotten, passwords
from models.access.session import Session, digest
from models.access.token import LinkOver, Purpose, Token
from models.families.guardian import Guardian
from models.storage import encryption
from models.storage.integrity import verify
from models.work.audit_log import Event
from models.work.notice import Notice
from tests.conftest import KEYS
from tests.models.test_killed import (
    LONGEST,
    Copies,
    Work,
    copies,
    in_a_child,
    sweep,
    without_transactions,
)
from tests.web.accounts import NEW

__all__ = ["copies"]  # a fixture
MARC, CLAIRE = "delattre17", "famille15"
SECRET = "the secret of the tests"


async def prepare() -> None:
    encryption.use(KEYS)
    await commune_file.load(commune_file.read(commune_file.shipped("lens")), demo=True)
    for username, purpose in ((MARC, Purpose.ACTIVATION), (CLAIRE, Purpose.PASSWORD)):
        guardian = await Guardian.get(username=username)
        token = await Token.make(guardian, purpose, guardian.email, clock.now())
        await Token.filter(id=token.id).update(digest=digest_of(purpose))
    await Session.open(guardian=(await Guardian.get(username=CLAIRE)).id)


def digest_of(purpose: Purpose) -> str:
    return digest(f"{SECRET} {purpose}")


async def activate() -> None:
    secret = f"{SECRET} {Purpose.ACTIVATION}"
    await first_connection.activate(secret, clock.now(), username="marc.d", password=NEW)


async def opened_or_not() -> None:
    assert await verify() == []
    marc = await Guardian.get(first_name="Marc")
    done = marc.password is not None
    assert marc.username == ("marc.d" if done else MARC)
    assert await Session.filter(guardian_id=marc.id).count() == done
    assert await Event.filter(action="account.open").count() == done
    await once(activate, done)
    assert await Session.filter(guardian_id=marc.id).count() == 1


async def reset() -> None:
    await forgotten.reset(f"{SECRET} {Purpose.PASSWORD}", NEW, clock.now())


async def changed_or_not() -> None:
    assert await verify() == []
    claire = await Guardian.get(username=CLAIRE)
    done = await passwords.verify(claire.password, NEW)
    assert (await Session.filter(guardian_id=claire.id, revoked=True).count() == 1) == done
    assert await Notice.filter(kind="password_changed").count() == done
    await once(reset, done)
    assert await Notice.filter(kind="password_changed").count() == 1


async def once(work: Work, done: bool) -> None:
    """The same link again: over when it was used, good when it was not."""
    if done:
        with pytest.raises(LinkOver):
            await work()
    else:
        await work()


def test_killed_at_any_statement_the_account_is_open_or_not(copies: Copies) -> None:
    assert sweep(copies, activate, opened_or_not, prepare) > 5


def test_killed_at_any_statement_the_password_is_another_or_not(copies: Copies) -> None:
    assert sweep(copies, reset, changed_or_not, prepare) > 5


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_without_transactions_an_account_is_half_open(copies: Copies) -> None:
    """The sweep sees what it looks for."""

    async def bare() -> None:
        without_transactions()
        await activate()

    in_a_child(copies.base, prepare)
    with pytest.raises(AssertionError):
        for n in range(1, LONGEST):
            url = copies.fresh()
            in_a_child(url, bare, kill_at=n)
            in_a_child(url, opened_or_not)
