"""A virtual authenticator in Chromium, which verifies its owner whenever it is asked."""

from typing import Any

from playwright.sync_api import Page


class Authenticator:
    """``refuses()`` makes the person put a finger on it that it does not know."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        self._session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        made = self._session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self._id = made["authenticatorId"]

    def refuses(self, refuses: bool = True) -> None:
        self._send("setUserVerified", isUserVerified=not refuses)

    def waits(self, waits: bool = True) -> None:
        """Nobody touches it: the browser goes on asking."""
        self._send("setAutomaticPresenceSimulation", enabled=not waits)

    def credentials(self) -> list[dict[str, Any]]:
        return self._send("getCredentials")["credentials"]

    def _send(self, verb: str, **facts: object) -> dict[str, Any]:
        return self._session.send(f"WebAuthn.{verb}", {"authenticatorId": self._id} | facts)
