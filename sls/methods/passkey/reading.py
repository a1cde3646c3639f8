"""What the page's script posts: the JSON of one credential, read strictly.

Whatever is not exactly a credential is none: no duplicate names, no other types, nothing but the
base64url alphabet, nothing large. What is not needed is dropped.
"""

import json
import re

MOST = 8 * 1024
TRANSPORTS = frozenset({"ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb"})
_BYTES = re.compile(r"[A-Za-z0-9_-]+")

Credential = dict[str, str | dict]


def registration(text: str) -> Credential | None:
    """A credential that was just made, or None."""
    found = _object(text)
    credential = _picked(found, "clientDataJSON", "attestationObject")
    if credential is not None:
        said = found["response"].get("transports")
        listed = [one for one in said if isinstance(one, str)] if isinstance(said, list) else []
        credential["response"]["transports"] = sorted(TRANSPORTS.intersection(listed))
    return credential


def assertion(text: str) -> Credential | None:
    """The answer of a credential to a challenge, or None. It may name its user (``userHandle``)."""
    names = ("clientDataJSON", "authenticatorData", "signature")
    found = _object(text)
    response = found.get("response")
    if isinstance(response, dict) and response.get("userHandle") is not None:
        names = (*names, "userHandle")
    return _picked(found, *names)


def dumped(credential: Credential) -> str:
    """The one spelling of a credential."""
    return json.dumps(credential, separators=(",", ":"), sort_keys=True)


def _object(text: str) -> dict:
    """The JSON object in ``text``, or an empty one."""
    if not text.startswith("{") or len(text) > MOST:
        return {}
    try:
        return json.loads(text, object_pairs_hook=_each_name_once)
    except (ValueError, RecursionError):
        return {}


def _each_name_once(pairs: list[tuple[str, object]]) -> dict:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")
    return found


def _picked(found: dict, *names: str) -> Credential | None:
    response = found.get("response")
    if found.get("type") != "public-key" or not isinstance(response, dict):
        return None
    texts = [found.get("id"), found.get("rawId"), *(response.get(name) for name in names)]
    if not all(isinstance(one, str) and _BYTES.fullmatch(one) for one in texts):
        return None
    return {
        "id": found["id"],
        "rawId": found["rawId"],
        "type": "public-key",
        "response": {name: response[name] for name in names},
    }
