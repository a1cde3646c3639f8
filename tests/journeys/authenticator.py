"""A virtual authenticator in Chromium, which verifies its owner whenever it is asked."""

from base64 import b64encode
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from playwright.sync_api import Page
from webauthn import base64url_to_bytes

from tests.passkey_authenticator import Passkey


class Authenticator:
    """``refuses()`` makes the person put a finger on it that it does not know; with ``prf`` it
    has the extension of that name."""

    def __init__(self, page: Page, *, prf: bool = False) -> None:
        self._session = page.context.new_cdp_session(page)
        self._session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
            "hasPrf": prf,
        }
        made = self._session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self._id = made["authenticatorId"]

    def holds(self, passkey: Passkey) -> None:
        """One that was enrolled long ago lies in it."""
        key = passkey.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        credential = {
            "credentialId": _text(passkey.id),
            "isResidentCredential": True,
            "rpId": passkey.host,
            "privateKey": _text(key),
            "userHandle": _text(base64url_to_bytes(passkey.handle)),
            "signCount": passkey.counter,
        }
        self._send("addCredential", credential=credential)

    def refuses(self, refuses: bool = True) -> None:
        self._send("setUserVerified", isUserVerified=not refuses)

    def waits(self, waits: bool = True) -> None:
        """Nobody touches it: the browser goes on asking."""
        self._send("setAutomaticPresenceSimulation", enabled=not waits)

    def credentials(self) -> list[dict[str, Any]]:
        return self._send("getCredentials")["credentials"]

    def _send(self, verb: str, **facts: object) -> dict[str, Any]:
        return self._session.send(f"WebAuthn.{verb}", {"authenticatorId": self._id} | facts)


def _text(value: bytes) -> str:
    return b64encode(value).decode()
