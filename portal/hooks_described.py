"""The part ``webhooks`` of the description (OpenAPI 3.1): what the portal posts by itself."""

import json
from datetime import UTC, datetime
from typing import Any

from accounts.outbox.hooks import rules
from accounts.outbox.hooks.verifying import TOLERANCE
from accounts.sessions.models import End

Json = dict[str, Any]
TAG = "events"
ABOUT = (
    "What the portal posts to systems of the brokerage, at addresses that a security officer keeps "
    "in the support console. Verify the signature before anything else."
)
SIGNATURE = (
    "`t=<seconds of Unix>`, then for each key `kid=<id of the key>,v1=<hex>`: HMAC-SHA256 with the "
    "secret of that key over `<t>.<body>`, byte for byte. While keys are changed there are two. "
    f"Refuse what is more than {TOLERANCE} seconds off."
)
ID = (
    "The `id` of the event. It may come more than once, also after it was taken: do it once. Trust "
    "the one in the body, which is signed."
)
_REFERENCE = {"reference": ({"type": "string"}, "FRZ-7K2M9Q")}
# Of each type: when it is posted, and of each fact its shape and an example.
TYPES: dict[str, tuple[str, dict[str, tuple[Json, Any]]]] = {
    "session.ended": (
        (
            "Sessions of a user name ended, on whatever platform. One that ends by itself after a "
            "time without use is told when it is next used."
        ),
        {
            "sessions": (
                {"type": "array", "items": {"type": "string", "pattern": "^[0-9a-f]{12}$"}},
                ["5be2f09a41c7"],
            ),
            "why": ({"type": "string", "enum": sorted(End.values)}, "frozen"),
        },
    ),
    "account.frozen": ("The owner or our support stopped everything.", _REFERENCE),
    "account.thawed": ("Everything goes on again; what was ended stays ended.", _REFERENCE),
    "device.removed": (
        "An authenticator proves nothing any more.",
        {"method": ({"type": "string"}, "ib_key"), "why": ({"type": "string"}, "removed")},
    ),
    "contact.changed": (
        (
            "An e-mail address or a telephone number was added, verified, made the first, removed, "
            "or a change of them undone. It is not said which."
        ),
        {
            "contact": ({"type": "string", "enum": ["email", "phone"]}, "phone"),
            "change": (
                {
                    "type": "string",
                    "enum": ["added", "primary", "removed", "undone", "verified"],
                },
                "primary",
            ),
        },
    ),
    "test": ("An officer tries the endpoint. It is about nobody: `subject` is empty.", {}),
}
_WHEN = datetime(2026, 1, 5, 9, 30, 0, 120_000, UTC)
_EVENT = "0b7f3b9e-5c0e-4f0b-9d54-6a9a2c1f7e10"


def example(kind: str) -> Json:
    """An event of that type, as it is posted."""
    data = {name: value for name, (_shape, value) in TYPES[kind][1].items()}
    subject = "" if kind == "test" else "alice"
    return json.loads(rules.payload(id=_EVENT, type=kind, at=_WHEN, subject=subject, data=data))


def add(schema: Json) -> None:
    """Puts the webhooks, their shapes and their tag into the description."""
    schema["tags"].append({"name": TAG, "description": ABOUT})
    schema["webhooks"] = {}
    for kind, (about, facts) in TYPES.items():
        name = "".join(word.title() for word in kind.split(".")) + "Event"
        schema["components"]["schemas"][name] = _shape(kind, about, facts)
        schema["webhooks"][kind] = {"post": _operation(kind, about, name)}


def _shape(kind: str, about: str, facts: dict[str, tuple[Json, Any]]) -> Json:
    data = {
        "type": "object",
        "required": list(facts),
        "properties": {name: shape for name, (shape, _value) in facts.items()},
    }
    return {
        "description": about,
        "type": "object",
        "required": ["id", "type", "time", "subject", "data"],
        "properties": {
            "id": {"type": "string", "format": "uuid"},
            "type": {"const": kind},
            "time": {"type": "string", "format": "date-time"},
            "subject": {"type": "string", "description": "The user name."},
            "data": data,
        },
    }


def _operation(kind: str, about: str, name: str) -> Json:
    return {
        "tags": [TAG],
        "operationId": f"hook_{kind.replace('.', '_')}",
        "summary": kind,
        "description": about,
        "parameters": [_header("Portal-Signature", SIGNATURE), _header("Portal-Event-Id", ID)],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"$ref": f"#/components/schemas/{name}"},
                    "example": example(kind),
                }
            },
        },
        "responses": {
            "2XX": {"description": "Taken. Answer at once; what follows from it comes later."},
            "410": {"description": "Gone: the endpoint is switched off."},
            "429": {"description": "Too many: tried again, not before Retry-After."},
            "5XX": {"description": "Tried again, as is silence, with growing waits for a day."},
            "default": {"description": "Not taken; not tried again by itself."},
        },
    }


def _header(name: str, about: str) -> Json:
    shape = {"name": name, "in": "header", "required": True, "description": about}
    return shape | {"schema": {"type": "string"}}
