"""The description of ``/api/v1/`` (OpenAPI 3.1): what ninja knows, and what only we know.

Added are the problems of each operation, the headers that are read and sent, and the examples,
which are the calls of ``stories`` (a test makes them all).
"""

import re
from typing import Any

from django.conf import settings

from accounts.problems import KINDS
from portal import hooks_described
from portal.stories import STORIES, Call, Json

PROBLEM = "application/problem+json"
ABOUT = """\
For trading platforms, phones and programs.

**Sign in** at `/api/v1/login` as in the portal: the same second factor, IP restrictions, limits,
locks and freeze hold. Each answer has a `step`: show it, do what it asks, until it is `done` or
`refused`. The token of the session is in one answer; send it as `Authorization: Bearer …`.

**Programs** that read an account send a token that its owner issued in the portal
(`Authorization: Bearer cpt_…`).

**Errors** are problems (RFC 9457) whose `type` stays the same; `detail` is for people. **Times**
are RFC 3339 in UTC. **Rates** are told by `RateLimit` and `RateLimit-Policy`; a 429 or 503 says by
`Retry-After` when to come back. Send an `Idempotency-Key` with whatever sends a message, and repeat
the call with the same key when its answer got lost.

**Events** are posted to systems of the brokerage (`webhooks`), signed with HMAC-SHA256.
"""
TAGS = {
    "signing in": "For platforms, from name and password to a session and its end.",
    "tokens": "What a token of a program says of itself, and how a found one is reported.",
    "account": "For programs, with a token.",
    "decisions": "For the brokerage's own systems, with a token that its operator set.",
    "deliveries": "For the brokerage's own systems: what they deliver for clients to see.",
    "transactions": "For the brokerage's own systems: is a transaction that looked unusual its "
    "client's own?",
    "IB Key": "The protocol of the phone, which signs each call itself.",
}
_SENDS = {"/api/v1/login", "/api/v1/login/{attempt}/method", "/api/v1/login/{attempt}/resend"}
_DELIVERED = {
    "/api/v1/figures": {404, 409, 422},
    "/api/v1/documents": {404, 409, 413, 422},
    "/api/v1/documents/{document}": {404},
    "/api/v1/events": {404, 409, 422},
    "/api/v1/transactions": {404, 409, 422},
    "/api/v1/transactions/{id}": {404},
}
_DESCRIBED = {
    400: "Malformed: nothing was done or counted.",
    401: "No token, or one that is over; or the proof does not match.",
    403: "The token is good, but not for this.",
    404: "There is no such thing, or it is not yours.",
    409: "It does not fit what is there.",
    410: "It is over.",
    413: "It is too large.",
    415: "Send application/json.",
    422: "What was sent is no answer to this.",
    429: "A rate or a number of sends is used up.",
    503: "Away for a moment.",
}


def described(schema: Json) -> Json:
    """The whole description, from that of ninja."""
    schema["info"]["description"] = ABOUT
    schema["tags"] = [{"name": name, "description": text} for name, text in TAGS.items()]
    schema["servers"] = [{"url": settings.PUBLIC_BASE_URL}]
    components = schema["components"]
    for shape in components["schemas"].values():
        _without_nul(shape)
    components["schemas"]["Problem"] = _problem()
    components["headers"] = _headers()
    schemes = components.get("securitySchemes", {})
    if "Signed" in schemes:
        schemes["Signed"] = {"type": "apiKey", "in": "header", "name": "Authorization"}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            _complete(path, method, operation)
    for story in STORIES:
        for call in story.calls:
            _exemplify(schema, call)
    hooks_described.add(schema)
    return schema


def _without_nul(shape: Any) -> None:
    """Says of every text what holds for every body: no NUL is part of it (``bodies.json_of``)."""
    if isinstance(shape, list):
        for one in shape:
            _without_nul(one)
    elif isinstance(shape, dict):
        if shape.get("type") == "string" and not shape.keys() & {"pattern", "format", "enum"}:
            shape["pattern"] = "^[^\\u0000]*$"
        for one in shape.values():
            _without_nul(one)


def _problem() -> Json:
    return {
        "title": "Problem",
        "description": "What went wrong (RFC 9457).",
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string", "examples": _types()},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "reason": {"type": "string"},
            "retry_after": {"type": "integer"},
            "errors": {"type": "array", "items": {"type": "object"}},
        },
    }


def _types() -> list[str]:
    return [f"{settings.PUBLIC_BASE_URL}/problems/{kind}" for kind in KINDS]


def _headers() -> Json:
    text = {"schema": {"type": "string"}}
    return {
        "RateLimit": {"description": "What is left of the rate, and for how long."} | text,
        "RateLimit-Policy": {"description": "The rate that the call was counted in."} | text,
        "Retry-After": {
            "description": "Seconds until it is worth another try.",
            "schema": {"type": "string", "pattern": "^[0-9]+$"},
        },
    }


def _complete(path: str, method: str, operation: Json) -> None:
    answers = operation["responses"]
    for status in _statuses(path, method, operation):
        answers.setdefault(status, _refusal(status))
    for status, answer in answers.items():
        names = ["RateLimit", "RateLimit-Policy"]
        names += ["Retry-After"] if int(status) in (429, 503) else []
        answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    operation["responses"] = {str(status): answers[status] for status in sorted(answers, key=int)}
    for parameter in operation["parameters"]:
        if parameter["name"] in ("attempt", "token"):
            parameter["description"] = "What the first answer gave."
    operation["parameters"] += _read_headers(path)


def _statuses(path: str, method: str, operation: Json) -> set[int]:
    found = {400, 429, 503}
    if "requestBody" in operation:
        found |= {415}
    if "security" in operation:
        found |= {401, 403}
    if "{attempt}" in path:
        found |= {404, 410}
    if path == "/api/v1/login":
        found |= {401}
    if path in _SENDS:
        found |= {409, 422}
    found |= _DELIVERED.get(path, set())
    if "/ib-key/" in path:
        found |= {400, 401, 404, 409, 410, 415, 422}
    return found


def _refusal(status: int) -> Json:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": _DESCRIBED[status], "content": {PROBLEM: {"schema": schema}}}


def _read_headers(path: str) -> list[Json]:
    found = []
    if path in _SENDS or path == "/api/v1/documents":
        found.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "description": "Any text that is used for this call only. Sent again with the same "
                "request, it gives the same answer, and nothing is sent twice.",
                "schema": {"type": "string", "pattern": "^[!-~]{1,128}$"},
            }
        )
    if path.startswith("/api/v1/login"):
        found.append(
            {
                "name": "Device-Token",
                "in": "header",
                "required": False,
                "description": "The `device_token` of the last sign-in on this device.",
                "schema": {"type": "string"},
            }
        )
    return found


def _exemplify(schema: Json, call: Call) -> None:
    path = "/api/v1" + re.sub(r"/login/unknown", "/login/{attempt}", call.path)
    path = re.sub(r"/documents/[0-9a-f-]{36}$", "/documents/{document}", path)
    path = re.sub(r"/transactions/[^/]+$", "/transactions/{id}", path)
    operation = schema["paths"][path][call.method.lower()]
    if call.body is not None and call.status < 300:
        _put(operation["requestBody"]["content"]["application/json"], call.title, call.body)
    answer = operation["responses"].get(str(call.status))
    if answer is not None and call.answer is not None:
        kind = PROBLEM if call.status >= 400 else "application/json"
        _put(answer["content"][kind], call.title, call.answer)


def _put(media: Json, title: str, value: Any) -> None:
    name = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    media.setdefault("examples", {})[name] = {"summary": title, "value": value}
