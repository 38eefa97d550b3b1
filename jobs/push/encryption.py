"""A message that only one browser can read (RFC 8291, aes128gcm), and who sends it (VAPID, RFC 8292)."""

import base64
import json
import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RECORD = 4096  # bytes: a message is one record
LONGEST = 3000  # bytes of a message: every service takes as many
LAST = b"\x02"  # what ends the last record
LIFE = 12 * 3600  # seconds that a signature lasts; a day is the most
CURVE = ec.SECP256R1()


def encrypted(
    content: bytes,
    key: bytes,
    secret: bytes,
    *,
    sender: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes = b"",
) -> bytes:
    """For the browser with this key (a point of P-256) and secret. `sender` and `salt` are made for each message; a
    test may give its own. Raises ValueError for a key that is none, or too long a message."""
    if len(content) > LONGEST:
        raise ValueError(f"a message of {len(content)} bytes")
    sender, salt = sender or ec.generate_private_key(CURVE), salt or os.urandom(16)
    own = point(sender.public_key())
    receiver = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, key)
    shared = sender.exchange(ec.ECDH(), receiver)
    material = _derived(shared, secret, b"WebPush: info\0" + key + own, 32)
    cipher = _derived(material, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(material, salt, b"Content-Encoding: nonce\0", 12)
    head = salt + RECORD.to_bytes(4, "big") + bytes([len(own)]) + own
    return head + AESGCM(cipher).encrypt(nonce, content + LAST, None)


def signed(private: bytes, endpoint: str, contact: str, moment: float) -> dict[str, str]:
    """The header by which a service knows the portal: for this service alone, and for half a day."""
    key = ec.derive_private_key(int.from_bytes(private, "big"), CURVE)
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(moment) + LIFE,
        "sub": f"mailto:{contact}",
    }
    text = f"{_json({'typ': 'JWT', 'alg': 'ES256'})}.{_json(claims)}"
    first, second = decode_dss_signature(key.sign(text.encode(), ec.ECDSA(SHA256())))
    signature = encoded(first.to_bytes(32, "big") + second.to_bytes(32, "big"))
    return {"Authorization": f"vapid t={text}.{signature}, k={encoded(point(key.public_key()))}"}


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _derived(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(material)


def _json(said: Mapping[str, Any]) -> str:
    return encoded(json.dumps(said, separators=(",", ":")).encode())
