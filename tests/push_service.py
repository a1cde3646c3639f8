"""A push service on this machine, and a browser that subscribed to it."""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sls.methods.ib_key import signing
from tests.http_receiver import Receiver, answering


@contextmanager
def push_service() -> Iterator[Receiver]:
    """One that answers while it is held open."""
    with answering(Receiver(status=201), "/push/1") as made:
        yield made


@dataclass
class Subscriber:
    """What a browser keeps of a subscription."""

    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    auth: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def subscription(self, url: str) -> dict[str, Any]:
        """As the app tells it to the server."""
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": signing.encode(point), "auth": signing.encode(self.auth)}
        return {"endpoint": url, "keys": keys}

    def read(self, body: bytes) -> dict[str, Any]:
        """What only this browser can read (RFC 8291)."""
        return json.loads(http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth))
