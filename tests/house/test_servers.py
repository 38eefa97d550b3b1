import smtplib
from email.message import EmailMessage
from urllib.parse import urlsplit

import asyncpg
import pytest
from redis.asyncio import Redis

from tests import servers


@pytest.fixture(scope="module")
def server():
    with servers.postgres() as url:
        yield url


async def ask(url: str, question: str) -> object:
    connection = await asyncpg.connect(url.replace("asyncpg:", "postgresql:"))
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


@pytest.mark.postgres
async def test_a_database_is_a_copy_of_its_template(server: str) -> None:
    template = await servers.create_database(server)
    await ask(template, "CREATE TABLE town (name text)")
    await ask(template, "INSERT INTO town VALUES ('Lens')")
    copy = await servers.create_database(server, template.rpartition("/")[2])
    assert await ask(copy, "SELECT name FROM town") == "Lens"
    for url in (copy, template):
        await servers.drop_database(url, server)
        with pytest.raises(asyncpg.InvalidCatalogNameError):
            await ask(url, "SELECT 1")


@pytest.mark.postgres
async def test_a_durable_server_keeps_its_guarantees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)
    with servers.postgres(durable=True) as url:
        assert await ask(url, "SHOW fsync") == "on"
        assert await ask(url, "SHOW synchronous_commit") == "on"


@pytest.mark.redis
async def test_redis_answers() -> None:
    with servers.redis() as url:
        client = Redis.from_url(url)
        assert await client.ping()
        await client.aclose()


@pytest.mark.parametrize("start", [servers.postgres, servers.redis])
def test_a_missing_server_is_said_and_not_skipped(start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)
    monkeypatch.delenv("TEST_REDIS_URL", raising=False)
    monkeypatch.setattr(servers, "postgres_programs", lambda: None)
    monkeypatch.setattr(servers.shutil, "which", lambda name: None)
    with pytest.raises(RuntimeError, match="apt-get install"), start():
        pass


def test_the_mail_server_keeps_letters() -> None:
    with servers.smtp() as postbox:
        send(postbox.url, "Ticket de paiement n° 12")
        [letter] = postbox.emails
        assert letter["Subject"] == "Ticket de paiement n° 12"
        assert letter.get_content() == "16,90 €\n"


def test_the_mail_server_can_refuse() -> None:
    with servers.smtp() as postbox:
        postbox.refuse = "451 busy"
        with pytest.raises(smtplib.SMTPDataError):
            send(postbox.url, "Refusé")
        assert postbox.emails == []


def send(url: str, subject: str) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "mairie@exemple.fr", "lea@exemple.fr", subject
    letter.set_content("16,90 €")
    where = urlsplit(url)
    with smtplib.SMTP(where.hostname or "", where.port or 0) as client:
        client.send_message(letter)
