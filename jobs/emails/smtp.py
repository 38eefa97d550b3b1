"""Hands an e-mail to the mail server, and marks it sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import Policy
from urllib.parse import unquote, urlsplit

from aiosmtplib import SMTPRecipientsRefused
from aiosmtplib import send as hand_over

from models.clock import now
from models.commune.commune import Commune
from models.french import mairie
from models.notifying import addresses
from models.settings import LOOPBACK, Settings
from models.work.email import Email
from models.work.email_attachment import EmailAttachment
from models.work.task import GiveUp, Task

TIMEOUT = 15.0
NOT_HERE = "Répondez sur le portail, pas à ce courriel"
NO_SERVER = "SMTP_URL n’est pas réglé\u00a0: le courriel attend. Réglez-le et redémarrez le portail."


async def send(settings: Settings, email_id: int) -> None:
    """Send it unless it went already. Killed between the server's yes and our mark, it goes twice."""
    email = await Email.get(id=email_id)
    if email.sent_at or not email.recipient:  # none: its family was anonymised meanwhile
        return
    if settings.smtp_url:
        await _send(settings, Server.of(settings.smtp_url), email)
        await addresses.accepted(email.recipient)
    elif not settings.demo:
        raise GiveUp(NO_SERVER)
    await Email.filter(id=email.id, sent_at=None).update(sent_at=now())


async def catch_up() -> None:
    """SMTP_URL is set at last: the e-mails that waited for it go."""
    for task in await Task.filter(name="send_email", state="failed", error=NO_SERVER):
        await Task.retry_now(task.id)


@dataclass(frozen=True)
class Server:
    """smtp://user:password@host:port, or smtps://."""

    host: str
    port: int
    user: str | None
    password: str | None
    tls: bool

    @classmethod
    def of(cls, url: str) -> "Server":
        parts = urlsplit(url)
        tls = parts.scheme == "smtps"
        port = 465 if tls else 587 if parts.username else 25
        return cls(
            host=parts.hostname or "localhost",
            port=parts.port or port,
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            tls=tls,
        )

    @property
    def start_tls(self) -> bool | None:
        """None takes it when offered; a password never crosses a network in clear."""
        if self.tls:
            return False
        return True if self.user and self.host not in LOOPBACK else None


async def _send(settings: Settings, server: Server, email: Email) -> None:
    commune = await Commune.all().first()
    if commune is None:
        raise GiveUp("Aucune commune n’est chargée\u00a0: le courriel n’a pas d’expéditeur.")
    try:
        await hand_over(
            message(
                email,
                commune,
                settings.base_url,
                await EmailAttachment.filter(email_id=email.id).order_by("id"),
            ),
            sender=commune.email,
            recipients=[email.recipient],
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            use_tls=server.tls,
            start_tls=server.start_tls,
            timeout=TIMEOUT,
        )
    except SMTPRecipientsRefused as exc:
        if all(500 <= refusal.code < 600 for refusal in exc.recipients):
            refusals = ", ".join(f"{refusal.code} {refusal.message}" for refusal in exc.recipients)
            await addresses.refused(email.recipient, now())
            raise GiveUp(f"L’adresse {email.recipient} est refusée\u00a0: {refusals}") from exc
        raise


class _Unsubscribe(str):
    """The header as it is: Python would write a long address as coded words, which no mail program reads there."""

    name = "List-Unsubscribe"

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


def message(
    email: Email, commune: Commune, portal: str, files: Sequence[EmailAttachment] = ()
) -> EmailMessage:
    """The same e-mail is the same message, whenever it is sent again."""
    mail = EmailMessage()
    name = f"{mairie(commune.name)} – Portail Famille"
    mail["From"] = Address(display_name=name, addr_spec=commune.email)
    mail["To"] = Address(addr_spec=email.recipient)
    mail["Subject"] = " ".join(email.subject.splitlines())
    mail["Date"] = email.written_at
    domain = commune.email.rpartition("@")[2]
    if email.no_reply:
        mail["Reply-To"] = Address(display_name=NOT_HERE, addr_spec=f"ne-pas-repondre@{domain}")
    mail["Message-ID"] = f"<email.{email.id}.{email.written_at.timestamp():.0f}@{domain}>"
    if email.unsubscribe:
        mail[_Unsubscribe.name] = _Unsubscribe(f"<{portal}/desabonnement/{email.unsubscribe}>")
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = "fr"
    text, html = email.opened
    mail.set_content(text, cte="quoted-printable")
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    for file in files:
        main, _, sub = file.kind.partition("/")
        mail.add_attachment(bytes(file.content), maintype=main, subtype=sub, filename=file.name)
    return mail
