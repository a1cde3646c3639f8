"""An authenticator in software, for tests: makes keys and signs as a security key or a phone does.

What it says of itself can be bent by the fields of ``Passkey``; what the browser adds, by ``told``.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from django.utils import timezone
from webauthn.helpers import bytes_to_base64url as b64
from webauthn.helpers import encode_cbor

from accounts.users.models import User
from sls.methods.passkey.models import PasskeyDevice

ORIGIN, HOST = "http://localhost:8000", "localhost"
PRESENT, VERIFIED, ELIGIBLE, BACKED_UP, ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40
NO_MAKER = bytes(16)


def es256() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@dataclass
class Passkey:
    """A key with what its authenticator says. A ``step`` of 0 is one that does not count."""

    key: object = field(default_factory=es256)
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    flags: int = PRESENT | VERIFIED
    counter: int = 0
    step: int = 1
    host: str = HOST
    aaguid: bytes = NO_MAKER
    handle: str | None = None

    def made(self, question: str, /, *, statement: dict | None = None, **told: object) -> str:
        """The answer to a registration; ``statement`` is fmt and attStmt."""
        attested = self.aaguid + len(self.id).to_bytes(2) + self.id + encode_cbor(cose(self.key))
        attestation = {"fmt": "none", "attStmt": {}, "authData": self._data(ATTESTED) + attested}
        attestation |= statement or {}
        return self._credential(
            client_data("webauthn.create", question, **told),
            attestationObject=b64(encode_cbor(attestation)),
            transports=["internal"],
        )

    def answer(self, question: str, /, **told: object) -> str:
        """The answer to a question."""
        self.counter += self.step
        told_data, data = client_data("webauthn.get", question, **told), self._data()
        handle = {} if self.handle is None else {"userHandle": self.handle}
        signature = sign(self.key, data + hashlib.sha256(told_data).digest())
        return self._credential(
            told_data, authenticatorData=b64(data), signature=b64(signature), **handle
        )

    def _data(self, flags: int = 0) -> bytes:
        address = hashlib.sha256(self.host.encode()).digest()
        return address + bytes([self.flags | flags]) + self.counter.to_bytes(4)

    def _credential(self, told: bytes, **response: object) -> str:
        response["clientDataJSON"] = b64(told)
        name = b64(self.id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def client_data(kind: str, question: str, /, **told: object) -> bytes:
    """What the browser says; ``told`` replaces or adds."""
    said = {"type": kind, "challenge": question, "origin": ORIGIN, "crossOrigin": False}
    return json.dumps(said | told).encode()


def cose(key: object) -> dict[int, object]:
    """The public half as COSE."""
    public = key.public_key()
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return {1: 1, 3: -8, -1: 6, -2: public.public_bytes_raw()}
    if isinstance(key, rsa.RSAPrivateKey):
        numbers = public.public_numbers()
        return {1: 3, 3: -257, -1: numbers.n.to_bytes(key.key_size // 8), -2: b"\x01\x00\x01"}
    size = (key.key_size + 7) // 8
    curve, algorithm = {256: (1, -7), 384: (2, -35), 521: (3, -36)}[key.key_size]
    numbers = public.public_numbers()
    x, y = numbers.x.to_bytes(size), numbers.y.to_bytes(size)
    return {1: 2, 3: algorithm, -1: curve, -2: x, -3: y}


def sign(key: object, data: bytes) -> bytes:
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign(data)
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    return key.sign(data, ec.ECDSA(hashes.SHA256()))


def enrolled(
    user: User, passkey: Passkey, name: str = "Passkey", *, at: datetime | None = None
) -> PasskeyDevice:
    """A confirmed passkey of the user, added ``at``, else now."""
    known = PasskeyDevice.objects.filter(user=user).values_list("user_handle", flat=True).first()
    device = PasskeyDevice.objects.create(
        user=user,
        name=name,
        created_at=at or timezone.now(),
        user_handle=known or secrets.token_urlsafe(64),
        credential_id=b64(passkey.id),
        public_key=encode_cbor(cose(passkey.key)),
        sign_count=passkey.counter,
        transports=["internal"],
        backup_eligible=bool(passkey.flags & ELIGIBLE),
        backup_state=bool(passkey.flags & BACKED_UP),
    )
    passkey.handle = device.user_handle
    return device
