"""Secrets at rest: a fresh key for every secret, wrapped by a named key-encryption key.

A sealed blob is ``0x01 | len(key id) | key id | AES key wrap(KEK, DEK) | nonce | AES-256-GCM``
(RFC 3394, NIST SP 800-38D). The identity of the row is authenticated with it, so a blob copied
to another row, field or user does not open. Rotation rewraps the DEK and never sees the secret.
"""

import base64
import binascii
import functools
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap,
    aes_key_wrap,
)
from django.conf import settings

VERSION = b"\x01"
INDEX = "index"  # the key of blind indexes; production demands its file
PUSH = "push"  # what notifications are sent under; browsers pin it
AUDIT = "audit"  # what signs checkpoints; older ones are named audit.1, audit.2, ...
WRAPPED_BYTES = 40
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
NONCE_BYTES = 12


class CannotOpen(Exception):
    """The blob was altered, belongs to another row, or its key is not here. Means no."""


@functools.cache
def _keys() -> dict[str, bytes]:
    """Key-encryption keys by id: the files of ``KEK_DIR``, 32 bytes each in hex or Base64."""
    if not settings.KEK_DIR:
        return {settings.KEK_ACTIVE: hashlib.sha256(b"development kek, not a secret").digest()}
    return read_keys(Path(settings.KEK_DIR))


def read_keys(folder: Path) -> dict[str, bytes]:
    """The keys of ``folder`` by id. Raises ``OSError``, and ``ValueError`` naming a bad file."""
    return {path.name: _decode(path) for path in folder.iterdir() if path.is_file()}


def _decode(path: Path) -> bytes:
    text = path.read_text().strip()
    for read in (bytes.fromhex, functools.partial(base64.b64decode, validate=True)):
        try:
            key = read(text)
        except (ValueError, binascii.Error):
            continue
        if len(key) == 32:
            return key
    raise ValueError(f"key file {path.name} does not hold 32 bytes in hex or Base64")


def _about(about: dict[str, str]) -> bytes:
    return json.dumps(about, sort_keys=True, separators=(",", ":")).encode()


def seal(secret: bytes, **about: str) -> bytes:
    """Encrypts ``secret`` for the row that ``about`` names (table, row, field).

    Returns the blob to store. The same ``about`` must be given to ``unseal``.
    """
    key_id = settings.KEK_ACTIVE
    dek = AESGCM.generate_key(256)
    nonce = secrets.token_bytes(NONCE_BYTES)
    wrapped = aes_key_wrap(_keys()[key_id], dek)
    sealed = AESGCM(dek).encrypt(nonce, secret, _about(about))
    return VERSION + bytes([len(key_id)]) + key_id.encode() + wrapped + nonce + sealed


def _split(blob: bytes) -> tuple[str, bytes, bytes]:
    blob = bytes(blob)
    if blob[:1] != VERSION or len(blob) < 2:
        raise CannotOpen("unknown format")
    end = 2 + blob[1]
    wrapped_end = end + WRAPPED_BYTES
    return blob[2:end].decode("ascii", "replace"), blob[end:wrapped_end], blob[wrapped_end:]


def _unwrap(key_id: str, wrapped: bytes) -> bytes:
    try:
        return aes_key_unwrap(_keys()[key_id], wrapped)
    except (KeyError, InvalidUnwrap, ValueError):
        raise CannotOpen(f"no working key {key_id!r}") from None


def unseal(blob: bytes, **about: str) -> bytes:
    """The secret that ``seal`` was given. Raises ``CannotOpen``; never returns a guess."""
    key_id, wrapped, rest = _split(blob)
    dek = _unwrap(key_id, wrapped)
    try:
        return AESGCM(dek).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], _about(about))
    except (InvalidTag, ValueError):
        raise CannotOpen("altered, or sealed for another row") from None


def key_id(blob: bytes) -> str:
    """The id of the key-encryption key that wraps ``blob``."""
    return _split(blob)[0]


def rewrap(blob: bytes) -> bytes:
    """The same secret under the active key-encryption key, without decrypting the secret."""
    old, wrapped, rest = _split(blob)
    dek = _unwrap(old, wrapped)
    active = settings.KEK_ACTIVE
    new = aes_key_wrap(_keys()[active], dek)
    return VERSION + bytes([len(active)]) + active.encode() + new + rest


def blind_index(value: str, purpose: str) -> str:
    """A keyed digest (hex) by which equal values are found without storing them."""
    return hmac.new(_index_key(), f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()


@functools.cache
def _index_key() -> bytes:
    # Not the active key: an index must survive rotation. Its own file is named "index".
    keys = _keys()
    base = keys.get(INDEX) or keys[settings.KEK_ACTIVE]
    return hmac.new(base, b"blind index", hashlib.sha256).digest()


def signing_key() -> tuple[str, Callable[[bytes], bytes]]:
    """The id of the key that signs checkpoints now, and its signature (Ed25519, RFC 8032)."""
    keys = _keys()
    private = _signer(keys.get(AUDIT) or keys[settings.KEK_ACTIVE])
    return _id_of(private.public_key()), private.sign


def push_key() -> ec.EllipticCurvePrivateKey:
    """The key that this server names itself by to push services (VAPID, RFC 8292).

    Browsers bind their subscriptions to it: with another one they have to be made anew.
    """
    keys = _keys()
    seed = keys.get(PUSH) or keys[settings.KEK_ACTIVE]
    wide = int.from_bytes(hashlib.sha512(b"notifications of IB Key" + seed).digest())
    return ec.derive_private_key(wide % (_ORDER - 1) + 1, ec.SECP256R1())


def checking_keys() -> dict[str, Ed25519PublicKey]:
    """What checks signatures, by id: the present key and those before it."""
    keys = _keys()
    seeds = [seed for name, seed in keys.items() if name.partition(".")[0] == AUDIT]
    publics = [_signer(seed).public_key() for seed in seeds or [keys[settings.KEK_ACTIVE]]]
    return {_id_of(public): public for public in publics}


def _signer(seed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(
        hmac.digest(seed, b"checkpoints of the audit", "sha256")
    )


def _id_of(public: Ed25519PublicKey) -> str:
    return hashlib.sha256(public.public_bytes_raw()).hexdigest()[:16]
