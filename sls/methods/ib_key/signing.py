"""What a telephone signs: ES256 over texts that name their purpose, so that no signature of one
kind passes for another. Signatures are r and s, 32 bytes each (RFC 7518 section 3.4)."""

import base64
import binascii
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

POINT_BYTES = 65
_HALF = 32


def decode(text: str) -> bytes | None:
    """Base64url without padding (RFC 4648 section 5); None for anything else."""
    try:
        found = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return found if encode(found) == text else None


def encode(value: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def is_key(point: bytes) -> bool:
    """Whether this is an uncompressed point of P-256."""
    if len(point) != POINT_BYTES:
        return False
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        return False
    return True


def is_signed(point: bytes, text: str, signature: bytes | None) -> bool:
    """Whether the key of ``point`` has signed ``text``."""
    if signature is None or len(signature) != 2 * _HALF:
        return False
    r, s = (int.from_bytes(part) for part in (signature[:_HALF], signature[_HALF:]))
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes(point))
        key.verify(encode_dss_signature(r, s), text.encode(), ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def call_text(*, method: str, path: str, body: bytes, at: int, nonce: str, origin: str) -> str:
    """What a call is signed over."""
    body_digest = encode(hashlib.sha256(body).digest())
    return "\n".join(("ibkey-call", method, path, body_digest, str(at), nonce, origin))


def activation_text(*, activation: str, origin: str) -> str:
    """What shows that the phone holds the key that it names."""
    return "\n".join(("ibkey-activate", activation, origin))


def approval_text(*, push: str, digits: str, action: str, origin: str, at: int) -> str:
    """What an approval is: the push, the digits of the page and the words that were shown."""
    return "\n".join(("ibkey-approve", push, digits, action, origin, str(at)))
