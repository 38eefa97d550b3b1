"""What is urgent goes to telephones too, where the commune has a carrier of text messages."""

from collections.abc import Sequence

from models.clock import now
from models.commune.commune import Commune
from models.families.guardian import Guardian
from models.french import mairie
from models.notices.message import Message
from models.notifying.texts.carrier import Carrier, carrier
from models.notifying.texts.text_message import TextMessage
from models.rules.notices.texts import mobile_of, text_of
from models.rules.notices.topics import BY_KIND, Channel, wants
from models.settings import Settings
from models.work.notice import Notice
from models.work.task import GiveUp

NO_CARRIER = "La commune n’a pas de service de SMS."


async def texts_of(
    settings: Settings, notice: Notice, message: Message, guardians: Sequence[Guardian]
) -> list[TextMessage]:
    """One to each mobile telephone of those who want it; two who share one get one."""
    topic, commune = BY_KIND[notice.kind], await Commune.all().first()
    if topic.text is None or commune is None or carrier(settings) is None:
        return []
    text = text_of(mairie(commune.name), message.title, f"{settings.base_url}{message.place}")
    by_phone: dict[str, Guardian] = {}
    for guardian in guardians:
        phone = mobile_of(guardian.phone)
        if phone and not guardian.blocked_at and wants(guardian.preferences, topic, Channel.TEXT):
            by_phone.setdefault(phone, guardian)
    return [
        TextMessage(notice_id=notice.id, guardian_id=guardian.id, phone=phone, text=text, written_at=now())
        for phone, guardian in by_phone.items()
    ]


async def send(settings: Settings, id: int) -> None:
    """Raises GiveUp without a carrier, CarrierAway where it does not answer."""
    text = await TextMessage.get(id=id)
    await text.send(_carrier(settings), now())


async def ask(settings: Settings, id: int, turn: int) -> None:
    """Raises GiveUp without a carrier, CarrierAway where it does not answer."""
    text = await TextMessage.get(id=id)
    await text.ask(_carrier(settings), turn, now())


def _carrier(settings: Settings) -> Carrier:
    found = carrier(settings)
    if found is None:
        raise GiveUp(NO_CARRIER)
    return found
