"""A telephone with IB Key, as tests drive it over HTTP: it makes keys, signs, and computes OCRA."""

import json
import secrets
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.http import HttpResponse
from django.test import Client

from accounts.origin import SYSTEM
from accounts.users.models import User
from sls.algorithms import ocra
from sls.methods.ib_key import activations, rules, signing
from sls.methods.ib_key.calls import site
from sls.methods.ib_key.models import IbKeyDevice

BASE = "/api/v1/ib-key"
PIN = "7a3k"


@dataclass
class Phone:
    """One user on one telephone. ``skew`` is how wrong its clock is, in seconds."""

    pin: str | None = None
    name: str = "iPhone of Alice"
    instance: str = field(default_factory=lambda: str(uuid.uuid4()))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    client: Client = field(default_factory=Client)
    device: str = ""
    secret: bytes = b""
    suite: str = ""
    skew: int = 0

    def public_key(self) -> str:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return signing.encode(point)

    def sign(self, text: str) -> str:
        r, s = decode_dss_signature(self.key.sign(text.encode(), ec.ECDSA(SHA256())))
        return signing.encode(r.to_bytes(32) + s.to_bytes(32))

    def post(self, path: str, body: dict[str, Any], **headers: str) -> HttpResponse:
        """Unsigned."""
        return self.client.post(
            f"{BASE}/{path}", json.dumps(body), content_type="application/json", headers=headers
        )

    def header(self, path: str, body: dict[str, Any], *, nonce: str = "") -> str:
        at, nonce = int(time.time()) + self.skew, nonce or signing.encode(secrets.token_bytes(16))
        text = signing.call_text(
            method="POST",
            path=f"{BASE}/{path}",
            body=json.dumps(body).encode(),
            at=at,
            nonce=nonce,
            origin=site(),
        )
        return f"IBKey key={self.device}, at={at}, nonce={nonce}, sig={self.sign(text)}"

    def call(self, path: str, body: dict[str, Any] | None = None) -> HttpResponse:
        """Signed."""
        body = body or {}
        return self.post(path, body, Authorization=self.header(path, body))

    def finish(self, activation: str, **proof: str) -> HttpResponse:
        text = signing.activation_text(activation=activation, origin=site())
        body = {
            "public_key": self.public_key(),
            "proof": self.sign(text),
            "element": "pin" if self.pin else "biometrics",
            "pin": self.pin,
            "phone": {"instance": self.instance, "name": self.name, "platform": "ios"},
        }
        response = self.post(f"activations/{activation}/finish", body | proof)
        if response.status_code == 201:
            given = response.json()
            self.device, self.suite = given["device"], given["suite"]
            self.secret = signing.decode(given["secret"])
        return response

    def respond(self, question: str, *, pin: str | None = None) -> str:
        return ocra.compute(self.suite, self.secret, question, pin=pin or self.pin)

    def confirm(self) -> HttpResponse:
        return self.call("confirm", {"response": self.respond(rules.FIRST_QUESTION)})

    def approval(
        self, waits: dict[str, Any], digits: str, *, action: str | None = None
    ) -> dict[str, Any]:
        """What approves ``waits``."""
        at = int(time.time())
        text = signing.approval_text(
            push=waits["id"],
            digits=digits,
            action=waits["action"] if action is None else action,
            origin=site(),
            at=at,
        )
        response = self.respond(digits.zfill(rules.CHALLENGE_DIGITS)) if self.secret else "0" * 8
        return {"digits": digits, "response": response, "sig": self.sign(text), "at": at}

    def approve(self, waits: dict[str, Any], digits: str, **other: str) -> HttpResponse:
        return self.call(f"approvals/{waits['id']}/approve", self.approval(waits, digits, **other))

    def refuse(self, approval: dict[str, Any], why: str) -> HttpResponse:
        return self.call(f"approvals/{approval['id']}/refuse", {"why": why})

    def waits(self) -> dict[str, Any] | None:
        """What waits for approval."""
        return self.call("state").json()["approval"]

    def row(self) -> IbKeyDevice:
        return IbKeyDevice.objects.get(pk=self.device)


OF_USER: dict[int, Phone] = {}  # the last one of each, where a test holds the user only


def stocked(user: User, **facts: Any) -> Phone:
    """``activated``, and to be found again by the user."""
    OF_USER[user.pk] = activated(user, **facts)
    return OF_USER[user.pk]


def activated(user: User, **facts: Any) -> Phone:
    """A phone that is active for ``user``, by a session ID."""
    phone = Phone(**facts)
    session_id = activations.session_for(user_id=user.pk, origin=SYSTEM)
    begun = phone.post("activations", {"session_id": session_id})
    assert begun.status_code == 201, begun.content
    assert phone.finish(begun.json()["activation"]).status_code == 201
    assert phone.confirm().json()["active"] is True
    return phone
