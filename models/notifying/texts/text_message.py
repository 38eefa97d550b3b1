"""A text message to one telephone about one notice: handed over, delivered or not."""

from collections.abc import Sequence
from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models.families.guardian import Guardian
from models.notifying.texts.carrier import Carrier, Refused
from models.rules.notices.texts import LONGEST
from models.rules.states.texts import ENDED, TextState
from models.storage.fields import Instant
from models.work.notice import Notice
from models.work.task import Task

ASKED_AFTER = (60.0, 600.0, 3600.0, 6 * 3600.0)  # seconds: when the carrier is asked what became of it


class TextMessage(Model):
    id = fields.IntField(primary_key=True)
    notice: fields.ForeignKeyRelation[Notice] = fields.ForeignKeyField(
        "models.Notice", "text_messages", on_delete=fields.RESTRICT
    )
    guardian: fields.ForeignKeyRelation[Guardian] = fields.ForeignKeyField(
        "models.Guardian", "text_messages", on_delete=fields.RESTRICT
    )
    phone = fields.CharField(max_length=20)  # « +33600001003 »
    text = fields.CharField(max_length=LONGEST)
    state = fields.CharField(max_length=10, default=TextState.WAITING)  # a TextState
    reason = fields.CharField(max_length=200, default="")  # why it failed
    carrier = fields.CharField(max_length=20, default="")
    written_at = Instant()
    sent_at = Instant(null=True)
    ended_at = Instant(null=True)  # delivered, or failed

    notice_id: int
    guardian_id: int

    class Meta:
        table = "text_message"

    @property
    def reference(self) -> str:
        """By which its carrier knows it: the same is sent once."""
        return f"portail-{self.id}"

    @classmethod
    async def write(cls, messages: "Sequence[TextMessage]") -> None:
        """In the transaction that tells the notice: one for each telephone, asked to be sent."""
        if not messages:
            return
        await cls.bulk_create(messages, ignore_conflicts=True)
        for one in await cls.filter(notice_id=messages[0].notice_id, state=TextState.WAITING):
            await Task.later("send_text", one.id, key=f"text:{one.id}")

    async def send(self, carrier: Carrier, now: datetime) -> None:
        """Once its carrier has it, it is asked what became of it. Raises CarrierAway: later."""
        if self.state != TextState.WAITING:
            return
        waiting = TextMessage.filter(id=self.id, state=TextState.WAITING)
        try:
            await carrier.send(self.reference, self.phone, self.text)
        except Refused as exc:
            await waiting.update(
                state=TextState.FAILED, reason=str(exc)[:200], carrier=carrier.name, ended_at=now
            )
            return
        await waiting.update(state=TextState.SENT, carrier=carrier.name, sent_at=now)
        await self._ask_later(0)

    async def ask(self, carrier: Carrier, turn: int, now: datetime) -> None:
        """What became of it. Raises CarrierAway: later."""
        if self.state != TextState.SENT:
            return
        state = await carrier.state(self.reference)
        if state in ENDED:
            reason = "non remis" if state == TextState.FAILED else ""
            sent = TextMessage.filter(id=self.id, state=TextState.SENT)
            await sent.update(state=state, reason=reason, ended_at=now)
        elif turn + 1 < len(ASKED_AFTER):
            await self._ask_later(turn + 1)

    async def _ask_later(self, turn: int) -> None:
        key = f"text:{self.id}:{turn}"
        await Task.later("ask_text", self.id, turn, key=key, after=ASKED_AFTER[turn])
