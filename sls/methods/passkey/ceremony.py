"""The two ceremonies of WebAuthn: making a passkey, and being answered by one.

First the list of ``rules``, then the ``webauthn`` library, which checks the same again and what is
signed. The library and its parsers raise whatever they stumble over; every such answer is unread.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers import (
    base64url_to_bytes,
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    encode_cbor,
    parse_authenticator_data,
    parse_cbor,
    verify_signature,
)
from webauthn.helpers.cose import COSECRV, COSEKTY, COSEAlgorithmIdentifier, COSEKey
from webauthn.helpers.structs import AuthenticatorData

from sls.methods.passkey import rules
from sls.methods.passkey.models import PasskeyDevice
from sls.methods.passkey.reading import Credential
from sls.methods.passkey.rules import Flaw, Said, Wanted

ES256 = COSEAlgorithmIdentifier.ECDSA_SHA_256
EDDSA = COSEAlgorithmIdentifier.EDDSA
RS256 = COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256
OFFERED = (ES256, EDDSA, RS256)
RSA_BITS = 2048


@dataclass(frozen=True, slots=True)
class Made:
    """A passkey that was just made, and what is kept of it."""

    credential_id: str
    public_key: bytes
    sign_count: int
    aaguid: UUID
    transports: list[str]
    backup_eligible: bool
    backup_state: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """A right answer of a passkey, and what has changed about it."""

    sign_count: int
    backup_state: bool


def make(credential: Credential, *, challenge: str) -> Made | Flaw:
    """Verifies the answer to a registration."""
    response = credential["response"]
    try:
        attestation = parse_cbor(base64url_to_bytes(response["attestationObject"]))
        data = parse_authenticator_data(attestation["authData"])
        said = _said(response["clientDataJSON"], data)
        key = data.attested_credential_data.credential_public_key
    except Exception:  # noqa: BLE001  (see above)
        return Flaw.UNREADABLE
    flaw = rules.flaw(said, wanted(rules.CREATE, challenge))
    if flaw is not None:
        return flaw
    if not _is_offered(key):
        return Flaw.ALGORITHM
    if not _was_asked_for(attestation):
        return Flaw.ATTESTATION
    try:
        verified = verify_registration_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=settings.PUBLIC_HOST,
            expected_origin=settings.PUBLIC_BASE_URL,
            require_user_verification=True,
            supported_pub_key_algs=list(OFFERED),
        )
    except Exception:  # noqa: BLE001
        return Flaw.SIGNATURE
    if base64url_to_bytes(credential["id"]) != verified.credential_id:
        return Flaw.OTHER  # the page speaks of another passkey than the authenticator
    return Made(
        credential_id=credential["id"],
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        aaguid=UUID(verified.aaguid),
        transports=response["transports"],
        backup_eligible=said.backup_eligible,
        backup_state=said.backed_up,
    )


def answer(credential: Credential, passkey: PasskeyDevice, *, challenge: str) -> Answered | Flaw:
    """Verifies the answer of ``passkey`` to ``challenge``.

    A counter that went back is only spoken of once the signature is right: then the key itself
    has answered, or a copy of it.
    """
    response = credential["response"]
    handle = response.get("userHandle", passkey.user_handle)
    if credential["id"] != passkey.credential_id or handle != passkey.user_handle:
        return Flaw.OTHER
    try:
        data = parse_authenticator_data(base64url_to_bytes(response["authenticatorData"]))
        said = _said(response["clientDataJSON"], data)
    except Exception:  # noqa: BLE001
        return Flaw.UNREADABLE
    flaw = rules.flaw(said, wanted(rules.GET, challenge))
    if flaw is not None:
        return flaw
    if said.backup_eligible != passkey.backup_eligible:
        return Flaw.BACKUP
    try:
        verify_authentication_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=settings.PUBLIC_HOST,
            expected_origin=settings.PUBLIC_BASE_URL,
            credential_public_key=bytes(passkey.public_key),
            credential_current_sign_count=0,  # judged below
            require_user_verification=True,
        )
    except Exception:  # noqa: BLE001
        return Flaw.SIGNATURE
    if rules.went_back(known=passkey.sign_count, now=said.counter):
        return Flaw.COUNTER
    return Answered(said.counter, said.backed_up)


def challenge_of(credential: Credential) -> str:
    """The challenge that an answer says it answers, "" when it says none."""
    try:
        said = _client_data(credential["response"]["clientDataJSON"])["challenge"]
    except Exception:  # noqa: BLE001
        return ""
    return said if isinstance(said, str) and said.isascii() else ""


def is_signed(credential: Credential, public_key: bytes | None) -> bool:
    """Whether the holder of the key has signed this, right or wrong in other ways.

    Without a key a decoy is tried, so that it takes as long.
    """
    response = credential["response"]
    try:
        client_data = base64url_to_bytes(response["clientDataJSON"])
        key = decode_credential_public_key(bytes(public_key or _decoy()))
        verify_signature(
            public_key=decoded_public_key_to_cryptography(key),
            signature_alg=key.alg,
            signature=base64url_to_bytes(response["signature"]),
            data=base64url_to_bytes(response["authenticatorData"])
            + hashlib.sha256(client_data).digest(),
        )
    except Exception:  # noqa: BLE001
        return False
    return public_key is not None


def wanted(kind: str, challenge: str) -> Wanted:
    """What this portal accepts."""
    return Wanted(
        type=kind,
        challenge=challenge,
        origin=settings.PUBLIC_BASE_URL,
        address=hashlib.sha256(settings.PUBLIC_HOST.encode()).digest(),
        synced=settings.PASSKEYS_MAY_SYNC,
    )


def _client_data(text: str) -> dict:
    return json.loads(base64url_to_bytes(text))


def _said(client_data: str, data: AuthenticatorData) -> Said:
    client = _client_data(client_data)
    return Said(
        type=client["type"],
        challenge=client["challenge"],
        origin=client["origin"],
        embedded=client.get("crossOrigin", False) is not False or "topOrigin" in client,
        address=data.rp_id_hash,
        present=data.flags.up,
        verified=data.flags.uv,
        backup_eligible=data.flags.be,
        backed_up=data.flags.bs,
        counter=data.sign_count,
    )


def _is_offered(cose: bytes) -> bool:
    """Whether the key is of a kind that was offered, on its own curve, and large enough."""
    try:
        key = decode_credential_public_key(cose)
        loaded = decoded_public_key_to_cryptography(key)
    except Exception:  # noqa: BLE001
        return False
    kind = (type(key.alg), key.kty, key.alg, getattr(key, "crv", None))
    if kind == (int, COSEKTY.RSA, RS256, None):
        return loaded.key_size >= RSA_BITS
    return kind in {
        (int, COSEKTY.EC2, ES256, COSECRV.P256),
        (int, COSEKTY.OKP, EDDSA, COSECRV.ED25519),
    }


def _was_asked_for(attestation: dict) -> bool:
    """No statement was asked for; the one that browsers leave in vouches for nothing either.

    Statements with certificates are refused unread: nobody here would believe them.
    """
    statement = attestation.get("attStmt")
    if attestation.get("fmt") == "none":
        return statement == {}
    is_self = isinstance(statement, dict) and "x5c" not in statement
    return attestation.get("fmt") == "packed" and is_self


@cache
def _decoy() -> bytes:
    """A key that belongs to nobody."""
    numbers = ec.generate_private_key(ec.SECP256R1()).public_key().public_numbers()
    return encode_cbor(
        {
            COSEKey.KTY.value: COSEKTY.EC2.value,
            COSEKey.ALG.value: ES256.value,
            COSEKey.CRV.value: COSECRV.P256.value,
            COSEKey.X.value: numbers.x.to_bytes(32),
            COSEKey.Y.value: numbers.y.to_bytes(32),
        }
    )
