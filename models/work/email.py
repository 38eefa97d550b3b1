"""An e-mail: written once (its key is unique), sent at least once, kept so that the mairie can see it went."""

from tortoise import fields
from tortoise.models import Model

from models.storage import encryption
from models.storage.fields import Instant


class Email(Model):
    id = fields.IntField(primary_key=True)
    key = fields.CharField(max_length=200)
    recipient = fields.CharField(max_length=254)
    subject = fields.CharField(max_length=200)
    text = fields.TextField()
    html = fields.TextField()
    # Nobody reads an answer to it: its Reply-To says so.
    no_reply = fields.BooleanField(default=False, db_default=False)
    # Text and HTML carry a secret, and are kept under the portal's keys.
    sealed = fields.BooleanField(default=False, db_default=False)
    # What lets its reader stop e-mails of this kind without signing in; none where it must be sent.
    unsubscribe = fields.CharField(max_length=300, null=True)
    written_at = Instant()
    sent_at = Instant(null=True)

    class Meta:
        table = "email"

    def seal(self) -> None:
        self.text, self.html, self.sealed = _sealed(self.text), _sealed(self.html), True

    @property
    def opened(self) -> tuple[str, str]:
        """Text and HTML as they are sent. Raises encryption.Unreadable."""
        return (_unsealed(self.text), _unsealed(self.html)) if self.sealed else (self.text, self.html)


def _sealed(said: str) -> str:
    return encryption.seal(said.encode()).decode()


def _unsealed(kept: str) -> str:
    return encryption.unseal(kept.encode()).decode()
