from dataclasses import replace

import pytest

from jobs.emails import smtp
from jobs.emails.smtp import NO_SERVER, Server
from jobs.runner import Runner
from models.commune.commune import Commune
from models.work.email import Email
from models.work.task import Task
from tests import servers
from tests.engines import ON_SQLITE
from tests.jobs.town import NOW, troubles


@pytest.fixture
def postbox():
    with servers.smtp() as box:
        yield box


@pytest.fixture
async def email(db):
    await Commune.create(
        id=1,
        name="Ville de Lens",
        email="cantine@lens.example",
        insee="62498",
        zone="B",
        phone="03",
        address="-",
    )
    email = await Email.create(
        key="receipt:1:1",
        recipient="claire@durand.example",
        subject="Reçu de paiement\u00a0: 16,90\u00a0€",
        text="Merci. 16,90\u00a0€\n",
        html="<p>Merci. 16,90\u00a0€</p>\n",
        written_at=NOW,
    )
    await Task.later("send_email", email.id, key=f"email:{email.id}")
    return email


def runner(settings, **changes):
    return Runner({"settings": replace(settings, **changes)})


async def sent():
    return (await Email.all().get()).sent_at is not None


async def test_a_email_is_sent_once_with_both_twins(db, email, settings, postbox):
    real = runner(settings, smtp_url=postbox.url, demo=False)
    await real.run_due()
    await Task.later("send_email", email.id)
    await real.run_due()
    [mail] = postbox.emails
    assert mail["From"] == "Mairie de Lens – Portail Famille <cantine@lens.example>"
    assert mail["To"] == "claire@durand.example"
    assert mail["Subject"] == "Reçu de paiement\u00a0: 16,90\u00a0€"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == f"<email.{email.id}.{NOW.timestamp():.0f}@lens.example>"
    assert mail["Date"].datetime == NOW
    assert mail.get_body(("plain",)).get_content() == email.text
    assert mail.get_body(("html",)).get_content() == email.html
    assert await sent()


@ON_SQLITE
async def test_a_server_that_refuses_then_accepts_gets_it_once(db, email, settings, postbox):
    real = runner(settings, smtp_url=postbox.url, demo=False)
    postbox.refuse = "451 busy"
    await real.run_due()
    [trouble] = await troubles()
    assert not trouble.failed and "451" in str(trouble.error)
    assert not await sent()
    postbox.refuse = None
    await real.run_all()
    assert len(postbox.emails) == 1
    assert await sent() and await troubles() == []


async def test_a_server_that_is_away_is_tried_again(db, email, settings):
    url = f"smtp://127.0.0.1:{servers.free_port()}"
    await runner(settings, smtp_url=url, demo=False).run_due()
    [trouble] = await troubles()
    assert not trouble.failed and "SMTPConnectError" in str(trouble.error)


async def test_an_address_that_is_refused_is_not_tried_again(db, email, settings, postbox):
    async def handle_RCPT(server, session, envelope, address, options):
        return "550 no such mailbox"

    postbox.handle_RCPT = handle_RCPT
    await runner(settings, smtp_url=postbox.url, demo=False).run_due()
    [trouble] = await troubles()
    assert trouble.failed
    assert trouble.error == "L’adresse claire@durand.example est refusée\u00a0: 550 no such mailbox"


async def test_in_a_demo_a_email_counts_as_sent(db, email, settings):
    await runner(settings).run_due()
    assert await sent()


@ON_SQLITE
async def test_without_a_server_it_waits_and_the_mairie_sees_why(db, email, settings, postbox):
    await runner(settings, demo=False).run_due()
    [trouble] = await troubles()
    assert trouble.failed and trouble.error == NO_SERVER
    assert not await sent()

    await smtp.catch_up()  # the server is named at last
    await runner(settings, smtp_url=postbox.url, demo=False).run_due()
    assert len(postbox.emails) == 1 and await sent()


@ON_SQLITE
async def test_an_e_mail_that_nobody_answers_says_where_to_write(db, email, settings, postbox):
    await Email.filter(id=email.id).update(no_reply=True)
    await runner(settings, smtp_url=postbox.url, demo=False).run_due()
    [mail] = postbox.emails
    [where] = mail["Reply-To"].addresses
    assert where.display_name == "Répondez sur le portail, pas à ce courriel"
    assert where.addr_spec == "ne-pas-repondre@lens.example"


@ON_SQLITE
async def test_an_e_mail_that_may_be_stopped_says_how_in_one_line(db, email, settings, postbox):
    """As RFC 8058 wants it, however long the address; one that must be sent says nothing."""
    await Email.filter(id=email.id).update(unsubscribe="1234.place." + "a" * 22)
    portal = "https://famille.ville-de-saint-quelque-chose-sur-mer.example"
    await runner(settings, smtp_url=postbox.url, demo=False, base_url=portal).run_due()
    [mail] = postbox.emails
    as_it_came = dict(mail.raw_items())["List-Unsubscribe"]
    assert as_it_came.strip() == f"<{portal}/desabonnement/1234.place.{'a' * 22}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    await Email.filter(id=email.id).update(unsubscribe=None)
    assert "List-Unsubscribe" not in smtp.message(await Email.get(), await Commune.get(), portal)


@ON_SQLITE
async def test_a_subject_of_two_lines_makes_no_header(db, email, settings, postbox):
    await Email.all().update(subject="Bonjour\r\nBcc: tous@lens.example")
    await runner(settings, smtp_url=postbox.url, demo=False).run_due()
    [mail] = postbox.emails
    assert mail["Bcc"] is None


@pytest.mark.parametrize(
    ("url", "server", "start_tls"),
    [
        ("smtp://relay", Server("relay", 25, None, None, False), None),
        ("smtp://127.0.0.1:1025", Server("127.0.0.1", 1025, None, None, False), None),
        ("smtp://mairie:s%40@mail.example", Server("mail.example", 587, "mairie", "s@", False), True),
        ("smtps://mairie:x@mail.example", Server("mail.example", 465, "mairie", "x", True), False),
    ],
)
def test_the_address_of_the_mail_server(url, server, start_tls):
    assert Server.of(url) == server
    assert server.start_tls is start_tls
