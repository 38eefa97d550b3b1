"""A browser and the service that reaches it, on this machine: what the portal sends is opened as a browser would."""

import base64
import json
import os
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from models.notifying.push_subscription import Offered
from tests.banks.server import Asked, Reply, Server

CURVE = ec.SECP256R1()


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def a_browser(endpoint: str) -> Offered:
    """One that nobody listens to."""
    return Offered(endpoint, text(point_of(ec.generate_private_key(CURVE))), text(bytes(16)))


def point_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


class PushService(Server):
    """`status` is what it answers. `shown` is what its one browser shows, by tag: the second of a tag replaces the
    first."""

    def __init__(self) -> None:
        super().__init__()
        self.status = 201
        self.key, self.secret = ec.generate_private_key(CURVE), os.urandom(16)

    @property
    def offered(self) -> Offered:
        """What the browser says of itself when its user lets the portal ring."""
        return Offered(f"{self.url}/push/1", text(point_of(self.key)), text(self.secret))

    def reply(self, asked: Asked) -> Reply:
        return self.status, "text/plain", b""

    def opened(self, asked: Asked) -> dict[str, Any]:
        """What the browser reads, once its service has checked who sends it."""
        assert asked.headers["content-encoding"] == "aes128gcm" and int(asked.headers["ttl"]) > 0
        assert len(asked.headers["topic"]) <= 32
        self.check(asked.headers["authorization"])
        content = http_ece.decrypt(
            asked.body, private_key=self.key, auth_secret=self.secret, version="aes128gcm"
        )
        read: dict[str, Any] = json.loads(content)
        return read

    def check(self, header: str) -> None:
        """As RFC 8292 asks of a service."""
        kind, _, said = header.partition(" ")
        parts = dict(part.strip().split("=", 1) for part in said.split(","))
        signed, _, signature = parts["t"].rpartition(".")
        claims = json.loads(raw(signed.split(".")[1]))
        assert kind == "vapid" and claims["aud"] == self.url and claims["sub"].startswith("mailto:")
        key = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, raw(parts["k"]))
        first, second = (int.from_bytes(half, "big") for half in (raw(signature)[:32], raw(signature)[32:]))
        key.verify(encode_dss_signature(first, second), signed.encode(), ec.ECDSA(SHA256()))

    @property
    def shown(self) -> dict[str, str]:
        read = [self.opened(asked) for asked in self.asked]
        return {one["tag"]: one["body"] for one in read}
