"""What tests ask of a running emulator over HTTP: handsets, mailboxes, faults."""

import json
import urllib.request
from typing import Any


class Wire:
    """The emulator at ``base``."""

    def __init__(self, base: str) -> None:
        self.base = base

    def get(self, path: str) -> dict[str, Any]:
        """The JSON at ``path``."""
        return self._ask("GET", path)

    def post(self, path: str, **fields: Any) -> None:
        """Posts ``fields`` as JSON; raises what is not a success."""
        self._ask("POST", path, fields)

    def delete(self, path: str) -> None:
        """Deletes what is at ``path``."""
        self._ask("DELETE", path)

    def fault(self, on: str, fault: str, **more: Any) -> None:
        """The next request ``on`` messages, calls, callbacks or smtp fails so."""
        self.post("/control/faults", on=on, fault=fault, **more)

    def messages(self, number: str) -> list[dict[str, Any]]:
        """What the handset shows, newest first."""
        return self.get(f"/phone/{number}/messages.json")["messages"]

    def calls(self, number: str) -> list[dict[str, Any]]:
        """The calls of a handset, newest first."""
        return self.get(f"/phone/{number}/calls.json")["calls"]

    def mails(self, address: str) -> list[dict[str, Any]]:
        """The mails of an address, newest first."""
        return self.get(f"/mail/{address}.json")["mails"]

    def ask_card(self, serial: str, *, pin: str, challenge: str) -> str:
        """What the card shows for a PIN and a challenge."""
        fields = {"pin": pin, "challenge": challenge}
        return self._ask("POST", f"/card/{serial}/respond", fields)["response"]

    def _ask(self, method: str, path: str, fields: dict | None = None) -> dict[str, Any]:
        request = urllib.request.Request(
            self.base + path,
            method=method,
            data=json.dumps(fields or {}).encode() if method == "POST" else None,
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            body = answer.read()
        return json.loads(body) if body else {}
