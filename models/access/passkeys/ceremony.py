"""A key is added, opens a session, is taken away. py_webauthn checks what devices say; it is slow to import."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from models.access.guardian_account import prove
from models.access.passkeys import challenge
from models.access.passkeys.challenge import Challenge, Use
from models.access.passkeys.passkey import LONGEST_ID, LONGEST_NAME, Passkey
from models.access.session import Session
from models.access.sign_in import (
    NOBODY,
    Blocked,
    Opened,
    Person,
    TooManyTries,
    family_of,
    network_limit,
    note_refusal,
)
from models.access.throttle import Throttle
from models.families.guardian import Guardian
from models.rules.states.notices import NoticeKind
from models.storage.database import transaction
from models.work.audit_log import Event
from models.work.notice import Notice

MOST = 10  # keys of one person
ALGORITHMS = (-8, -7, -257)  # EdDSA, ES256, RS256: what py_webauthn checks
TIME = 300_000  # milliseconds that a device waits for its owner


class WrongKey(Exception):
    """Not a key of this portal, not of its owner, not for this address, or a copy: nobody is told which."""


class TooManyKeys(Exception):
    """This account has as many keys as it may have."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where keys are for, from the settings and never from the request: a device offers them to no other."""

    address: str  # « https://famille.lens.fr »

    @property
    def host(self) -> str:
        return urlsplit(self.address).hostname or ""

    @property
    def origin(self) -> str:
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page carries: for the device, and for the portal when the form comes back."""

    options: str  # JSON
    sealed: str


async def begin(person: Person, password: str, name: str, site: Site) -> Asked:
    """Ask a device for a new key. Raises WrongPassword, TooManyTries, TooManyKeys."""
    await prove(person, password)
    known = await Passkey.of(person)
    if len(known) >= MOST:
        raise TooManyKeys
    handle = await Passkey.handle_of(person)
    made, sealed = challenge.make(Use.ADD, person.actor, (name.strip()[:LONGEST_NAME], handle))
    options = {
        "rp": {"id": site.host, "name": "Portail Famille"},
        "user": {
            "id": handle,
            "name": person.username,
            "displayName": person.name,
        },
        "challenge": made.text,
        "pubKeyCredParams": [{"type": "public-key", "alg": number} for number in ALGORITHMS],
        "timeout": TIME,
        "excludeCredentials": [{"type": "public-key", "id": key.credential} for key in known],
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": True,
            "userVerification": "required",
        },
        "attestation": "none",
    }
    return Asked(json.dumps(options), sealed)


async def add(person: Person, sealed: str, said: str, site: Site, now: datetime) -> Passkey:
    """The device has made it. The owner is told, in case it was not them. Raises ChallengeOver, WrongKey."""
    made = challenge.read(sealed, Use.ADD, person.actor)
    checked, (name, handle) = _made(said, made, site), made.facts
    credential = str(json.loads(said)["id"])
    if len(credential) > LONGEST_ID:
        raise WrongKey
    async with transaction():
        await made.use()
        if await Passkey.exists(credential=credential):
            raise WrongKey
        is_parent = isinstance(person, Guardian)
        row = await Passkey.create(
            guardian_id=person.id if is_parent else None,
            member_id=None if is_parent else person.id,
            credential=credential,
            handle=handle,
            public_key=checked.credential_public_key,
            signatures=checked.sign_count,
            name=name,
            made_at=now,
        )
        about, family = f"passkey:{row.id}", family_of(person)
        await Event.note(now, person.actor, "passkey.added", about, family, name=name)
        if family:
            await Notice.say(NoticeKind.PASSKEY_ADDED, family, person.actor, now, about, name=name)
    return row


async def remove(person: Person, id: int, now: datetime) -> bool:
    """False when this person has no such key; one that was taken away already is so."""
    async with transaction():
        if await Passkey.of(person).filter(id=id).update(removed_at=now):
            await Event.note(now, person.actor, "passkey.removed", f"passkey:{id}", family_of(person))
            return True
    return await Passkey.ever_of(person).filter(id=id).exists()


def ask(site: Site) -> Asked:
    """Who comes? Any key of this portal: the device knows which it has, and nobody is told who has one."""
    made, sealed = challenge.make(Use.SIGN_IN)
    options = {"challenge": made.text, "rpId": site.host, "timeout": TIME, "userVerification": "required"}
    return Asked(json.dumps(options), sealed)


async def sign_in(
    sealed: str, said: str, site: Site, now: datetime, *, network: str, remembered: bool, device: str
) -> Opened:
    """Open a session: for an agent too without another code, since a device that was unlocked is two things at once.

    Raises ChallengeOver, WrongKey, TooManyTries, Blocked.
    """
    made, limit = challenge.read(sealed, Use.SIGN_IN), network_limit(network)
    if seconds := await Throttle.attempt(limit):
        raise TooManyTries(seconds)
    key = await _key(said)
    try:
        if key is None:
            raise WrongKey
        secret = await _open(key, made, _signed(said, key, made, site), now, remembered, device)
    except WrongKey:
        who = key.person.actor if key else NOBODY
        await note_refusal(key.person if key else None, f"passkey:{who}", now, network)
        raise
    await Throttle.refund(limit.key)
    return Opened(secret, key.person, key.person.actor)


async def _key(said: str) -> Passkey | None:
    """The one that the device names, with its owner, where the device names them as it did at first."""
    try:
        told = json.loads(said)
        credential, handle = told["id"], told["response"]["userHandle"]
    except (ValueError, KeyError, TypeError):
        return None
    if not isinstance(credential, str) or len(credential) > LONGEST_ID:
        return None
    found = await Passkey.get_or_none(credential=credential, removed_at=None).select_related(
        "guardian", "guardian__family", "member"
    )
    return found if found and found.handle == handle else None


async def _open(
    key: Passkey, made: Challenge, signatures: int, now: datetime, remembered: bool, device: str
) -> str:
    person = key.person
    if person.blocked_at:
        raise Blocked
    own = {"guardian": person.id} if isinstance(person, Guardian) else {"member": person.id}
    async with transaction():
        await made.use()
        if not await key.used(signatures, now):
            raise WrongKey
        await Event.note(now, person.actor, "session.open", person.actor, family_of(person), by="passkey")
        return await Session.open(**own, remembered=remembered, device=device)


def _made(said: str, made: Challenge, site: Site) -> Any:
    """py_webauthn's VerifiedRegistration. Raises WrongKey."""
    from webauthn import verify_registration_response
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        return verify_registration_response(
            credential=said,
            expected_challenge=made.raw,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, LookupError, TypeError):  # the latter for what is no answer at all
        raise WrongKey from None


def _signed(said: str, key: Passkey, made: Challenge, site: Site) -> int:
    """How many signatures the device has made. Raises WrongKey, where that number goes back too: a copy was made."""
    from webauthn import verify_authentication_response
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        return verify_authentication_response(
            credential=said,
            expected_challenge=made.raw,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=bytes(key.public_key),
            credential_current_sign_count=key.signatures,
            require_user_verification=True,
        ).new_sign_count
    except (WebAuthnException, ValueError, LookupError, TypeError):
        raise WrongKey from None
