"""Hands an entry of the bell to the service of one browser; the same entry twice is one to the reader's eye."""

import json

from jobs.push.encryption import encrypted, signed
from models.clock import now, real
from models.commune.commune import Commune
from models.notifying.bell_entry import BellEntry
from models.notifying.push_key import PushKey
from models.notifying.push_services import is_push_service
from models.notifying.push_subscription import PushSubscription, decoded
from models.rules.notices.quiet_hours import wait
from models.rules.notices.topics import BY_KIND, Channel, wants
from models.settings import Settings, is_loopback
from models.work.task import GiveUp, Task

TIMEOUT = 15.0
LIFE = 24 * 3600  # seconds that a service keeps it for a device that is off
URGENT_LIFE = 4 * 3600
GONE = (404, 410)
OVER = (400, 401, 403, 413)  # another try cannot help
TITLE = "Portail Famille"
TRIAL = "C’est un essai\u00a0: les notifications arrivent sur cet appareil."


async def ask(entry: BellEntry, subscription: int, after: float, part: str = "") -> None:
    """To be sent so many seconds from now, once."""
    key = f"push:{entry.id}:{subscription}{part}"
    await Task.later("send_push", entry.id, subscription, key=key, after=after)


async def send(settings: Settings, entry_id: int, subscription_id: int) -> None:
    """Unless it was read meanwhile, or is wanted no more. What comes too late in the evening waits for the morning."""
    entry = await BellEntry.get_or_none(id=entry_id).select_related("notice", "guardian")
    browser = await PushSubscription.get_or_none(id=subscription_id)
    if entry is None or browser is None or entry.read_at or browser.guardian_id != entry.guardian_id:
        return
    topic, guardian = BY_KIND[entry.notice.kind], entry.guardian
    if guardian.blocked_at or not wants(guardian.preferences, topic, Channel.PUSH):
        return
    if seconds := wait(guardian.preferences, now(), urgent=topic.urgent):
        return await ask(entry, browser.id, seconds, f":{now():%Y-%m-%d}")
    said = {"body": entry.short, "url": f"/notifications/{entry.id}", "tag": f"notice-{entry.notice_id}"}
    await _hand_over(settings, browser, said, urgent=topic.urgent)


async def send_trial(settings: Settings, subscription_id: int) -> None:
    """At once, whatever the hour: somebody waits for it."""
    if browser := await PushSubscription.get_or_none(id=subscription_id):
        said = {"body": TRIAL, "url": "/compte/notifications", "tag": "trial"}
        await _hand_over(settings, browser, said, urgent=True)


async def _hand_over(
    settings: Settings, browser: PushSubscription, said: dict[str, str], *, urgent: bool
) -> None:
    """Raises GiveUp when the service refuses for good, and httpx.HTTPError when it is away."""
    import httpx  # here: five megabytes

    if not is_push_service(browser.endpoint, trial=settings.demo):
        raise GiveUp("Ce n’est pas l’adresse d’un service de notifications.")
    commune = await Commune.all().first()
    if commune is None:
        raise GiveUp("Aucune commune n’est chargée\u00a0: la notification n’a pas d’expéditeur.")
    key = await PushKey.current(now())
    headers = signed(key.private, browser.endpoint, commune.email, real()) | {
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(URGENT_LIFE if urgent else LIFE),
        "Urgency": "high" if urgent else "normal",
        "Topic": said["tag"],  # the service keeps the last of a topic only
    }
    text = json.dumps({"title": TITLE, **said}, ensure_ascii=False).encode()
    content = encrypted(text, decoded(browser.key), decoded(browser.secret))
    trusts = not is_loopback(browser.endpoint)  # a proxy of the environment is for the world outside
    async with httpx.AsyncClient(timeout=TIMEOUT, trust_env=trusts) as client:
        answer = await client.post(browser.endpoint, content=content, headers=headers)
    if answer.status_code in GONE:
        return await browser.gone(now())
    if answer.status_code in OVER:
        raise GiveUp(f"Le service de notifications a refusé l’envoi\u00a0: {answer.status_code}.")
    if not answer.is_success:
        raise httpx.HTTPError(f"the service answered {answer.status_code}")
