"""What calls follow each other, with what is sent and answered: the examples of the reference.

A test makes every call of every story as it stands here, and compares what comes back. What the
answer before has told stands in braces: ``{attempt}``, ``{token}``; ``{code}`` is what the
telephone got.
"""

import base64
import hashlib
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

Json = dict[str, Any]
ATTEMPT = "Zb3Yq0mVh1s7T2kX9cLrPq8uWnE4aGfDiJoKlMxNyQw"
TOKEN = "q7LrV2yT0bXn5KcMa9HdWsEfGi3JoPuYzQx1RvBtNkI"  # noqa: S105
DEVICE = "9fTqLw3uR7yXb2Kc.v8NsEaGi1JoPzQxRtBkHdWm"
BOOKS = "token-of-a-system-that-its-operator-made"
# A PDF of one empty page, as short as one can be.
PDF = (
    b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
    b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
)
KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"
WORDS = {
    "field": "Security Code",
    "submit": "OK",
    "again": "Request new Security Code",
    "ok": "OK",
}


@dataclass(frozen=True, slots=True)
class Call:
    """``before`` are seconds that pass, ``keeps`` the names under which a test keeps parts of the
    answer, by their place in it."""

    title: str
    method: str
    path: str
    status: int
    answer: Json | None
    body: Json | None = None
    headers: dict[str, str] = field(default_factory=dict)
    keeps: dict[str, str] = field(default_factory=dict)
    before: int = 0


@dataclass(frozen=True, slots=True)
class Story:
    """``who`` of the cast does it, and with what: the names of authenticators."""

    name: str
    about: str
    calls: list[Call]
    has: tuple[str, ...] = ()


def _problem(status: int, kind: str, title: str, detail: str, **more: Any) -> Json:
    return {
        "type": f"https://portal.example/problems/{kind}",
        "title": title,
        "status": status,
        "detail": detail,
    } | more


def _question(**changed: Any) -> Json:
    return {
        "kind": "ask_answer",
        "method": "sms",
        "destination": "+1 ... 01",
        "reference": "KMP",
        "challenge": "",
        "delivery": {"channel": "sms", "status": "queued", "text": "It is about to be sent."},
        "resend": {
            "after_seconds": 30,
            "options": ["sms", "voice"],
            "sends_left": 4,
            "reason": "",
        },
        "expires_at": "2026-11-26T15:05:00Z",
        "alternatives": [],
        "why": "",
        "words": WORDS,
        "error": None,
    } | changed


_BEGIN = {
    "username": "alice",
    "password": "lantern-orbit-cactus-42",
    "platform": "tws",
    "client_version": "10.30 latest",
    "device_name": "Desk in the study",
}
_SESSION = {
    "id": "5be2f09a41c7",
    "username": "alice",
    "platform": "tws",
    "auth_time": "2026-11-26T15:01:12Z",
    "expires_at": "2026-11-29T06:00:00Z",
    "idle_seconds": 3600,
    "amr": ["pwd", "sms", "mfa"],
    "acr": "https://portal.example/acr/telephone",
    "rights": ["view", "trade"],
}
_DONE = {"step": {"kind": "done", "session": _SESSION | {"token": TOKEN, "device_token": DEVICE}}}
_SMS = {
    "id": "sls.phonedevice/1",
    "method": "sms",
    "label": "Text message to +1 ... 01",
    "last_used": None,
    "preferred": False,
}
_IB_KEY = {
    "id": "sls.ibkeydevice/1",
    "method": "ib_key",
    "label": "IB Key on iPhone of Alice",
    "last_used": None,
    "preferred": True,
}


def _begin(**changed: Any) -> Call:
    facts: Json = {
        "title": "Name and password",
        "method": "POST",
        "path": "/login",
        "status": 200,
        "headers": {"Idempotency-Key": KEY},
        "body": _BEGIN,
        "answer": {"attempt": ATTEMPT, "step": _question()},
        "keeps": {"attempt": "attempt"},
    }
    return Call(**facts | changed)


def _answer(title: str, body: Json, answer: Json, **changed: Any) -> Call:
    return Call(title, "POST", "/login/{attempt}/answer", 200, answer, body, **changed)


_STATEMENT = {
    "account": "U1000001",
    "kind": "daily",
    "period": "2025-06-30",
    "title": "Activity statement",
    "sha256": hashlib.sha256(PDF).hexdigest(),
    "content": base64.b64encode(PDF).decode(),
}
_FIGURES = {
    "account": "U1000001",
    "as_of": "2025-06-30T15:00:00Z",
    "currency": "USD",
    "cash": "120500.25",
    "net_liquidation": "750000.00",
    "margin_used": "80000.00",
    "positions": [
        {"symbol": "AAPL", "quantity": "120", "value": "33120.00", "currency": "USD"},
        {"symbol": "7203.T", "quantity": "-300", "value": "-930000", "currency": "JPY"},
    ],
}


_FLAGGED = {
    "id": "fraud-2026-004471",
    "account": "U1000001",
    "kind": "withdrawal",
    "what": "Bank of Nowhere, account ending 4471",
    "amount": "25000.00",
    "currency": "USD",
    "at": "2025-06-30T14:55:00Z",
}
_WAITING = {
    "id": "fraud-2026-004471",
    "reference": "4K7T-Q29M",
    "account": "U1000001",
    "state": "waiting",
    "held": True,
    "until": "2026-11-27T15:00:00Z",
    "answered_at": None,
}


def _delivery(
    title: str,
    path: str,
    status: int,
    body: Json,
    answer: Json,
    *,
    keeps: dict[str, str] | None = None,
    **more: str,
) -> Call:
    headers = {"Authorization": "Bearer {service}"} | more
    return Call(title, "POST", path, status, answer, body, headers, keeps or {})


_RIGHT = _answer("The right code", {"code": "{code}"}, _DONE, keeps={"token": "step.session.token"})

STORIES = [
    Story(
        "Sign in by text message",
        "From name and password to a session that asks about itself, and ends.",
        [
            _begin(),
            _answer(
                "A wrong code is the same step, with the reason",
                {"code": "{wrong}"},
                {
                    "step": _question(
                        error={
                            "code": "wrong",
                            "text": "That code does not match. You can try 4 more times.",
                            "tries_left": 4,
                        }
                    )
                },
            ),
            _RIGHT,
            Call(
                "The session asks about itself",
                "GET",
                "/session",
                200,
                _SESSION
                | {
                    "device": "tws 10.30 latest (Desk in the study)",
                    "seen_at": "2026-11-26T15:01:12Z",
                },
                headers={"Authorization": "Bearer {token}"},
            ),
            Call(
                "Sign out",
                "DELETE",
                "/session",
                204,
                None,
                headers={"Authorization": "Bearer {token}"},
            ),
            Call(
                "A token that is over",
                "GET",
                "/session",
                401,
                _problem(
                    401,
                    "no-token",
                    "Unauthorized",
                    "The session was signed out.",
                    reason="signed_out",
                ),
                headers={"Authorization": "Bearer {token}"},
            ),
        ],
    ),
    Story(
        "Have the code read out",
        "The same code again by telephone, once the first wait is over.",
        [
            _begin(),
            Call(
                "Too early",
                "POST",
                "/login/{attempt}/resend",
                429,
                _problem(
                    429,
                    "too-many",
                    "Too Many Requests",
                    "You can ask for another code at 10:00:30 EST.",
                    retry_after=30,
                    reason="spacing",
                ),
                {"delivery": "voice"},
            ),
            Call(
                "Call me",
                "POST",
                "/login/{attempt}/resend",
                200,
                {
                    "step": _question(
                        delivery={
                            "channel": "voice",
                            "status": "queued",
                            "text": "It is about to be sent.",
                        }
                    )
                },
                {"delivery": "voice"},
                before=31,
            ),
            _RIGHT,
        ],
    ),
    Story(
        "Approve with IB Key",
        "Choose the phone, show the digits, and ask every few seconds until it has approved.",
        [
            _begin(
                answer={
                    "attempt": ATTEMPT,
                    "step": {
                        "kind": "ask_method",
                        "devices": [_IB_KEY, _SMS],
                        "why": "",
                        "words": WORDS,
                        "error": None,
                    },
                },
                keeps={"attempt": "attempt", "device": "step.devices.0.id"},
            ),
            Call(
                "Choose a device",
                "POST",
                "/login/{attempt}/method",
                200,
                {
                    "step": {
                        "kind": "wait",
                        "method": "ib_key",
                        "match": "417",
                        "text": "Waiting for your phone.",
                        "challenge": "492817",
                        "expires_at": "2026-11-26T15:03:00Z",
                        "again_after": 20,
                        "alternatives": [_SMS],
                        "words": WORDS,
                        "error": None,
                    }
                },
                {"device": "{device}"},
                keeps={"match": "step.match"},
            ),
            Call(
                "Has the phone approved?",
                "GET",
                "/login/{attempt}",
                200,
                {
                    "step": {
                        "kind": "done",
                        "session": _DONE["step"]["session"]
                        | {
                            "amr": ["pwd", "hwk", "mfa"],
                            "acr": "https://portal.example/acr/typed-code",
                        },
                    }
                },
            ),
            Call(
                "The token is told once",
                "GET",
                "/login/{attempt}",
                410,
                _problem(
                    410,
                    "gone",
                    "Gone",
                    "That sign-in is complete. Its token was handed out once.",
                ),
            ),
        ],
        has=("ib_key",),
    ),
    Story(
        "Take over from another trading session",
        "One user name has one trading session. The answer is sent again with the word.",
        [
            _begin(),
            _answer(
                "Another session is in the way",
                {"code": "{code}"},
                {
                    "step": {
                        "kind": "refused",
                        "reason": "session_in_use",
                        "text": "You are signed in on a trading platform already. Take over, and "
                        "the other session ends; or cancel.",
                        "retry_after": 0,
                    }
                },
            ),
            _answer("Take over", {"code": "{code}", "take_over": True}, _DONE),
        ],
        has=("tws",),
    ),
    Story(
        "Deliver balances and a statement",
        "A system of the brokerage shows a client what its books say. The client hears that there "
        "is a statement, and opens it in the portal. What went to the wrong account is withdrawn.",
        [
            _delivery(
                "Balances and positions",
                "/figures",
                200,
                _FIGURES,
                {"account": "U1000001", "as_of": "2025-06-30T15:00:00Z", "positions": 2},
            ),
            _delivery(
                "Older ones change nothing",
                "/figures",
                409,
                _FIGURES | {"as_of": "2025-06-30T14:59:00Z"},
                _problem(409, "conflict", "Conflict", "Newer figures are there.", reason="older"),
            ),
            _delivery(
                "A statement",
                "/documents",
                201,
                _STATEMENT,
                {
                    "id": "0b8f5c1e-6f0a-4c39-9a54-3a8f0f6f7b21",
                    "account": "U1000001",
                    "kind": "daily",
                    "period": "2025-06-30",
                    "sha256": _STATEMENT["sha256"],
                    "size": len(PDF),
                    "new": True,
                },
                keeps={"document": "id"},
                **{"Idempotency-Key": KEY},
            ),
            _delivery(
                "A hash of something else",
                "/documents",
                422,
                _STATEMENT | {"sha256": "0" * 64},
                _problem(
                    422,
                    "unsound",
                    HTTPStatus(422).phrase,  # which RFC 9110 renamed
                    "The SHA-256 is that of something else.",
                    reason="sha256",
                ),
            ),
            _delivery(
                "A period that has not ended",
                "/documents",
                422,
                _STATEMENT | {"kind": "annual", "period": "2999"},
                _problem(
                    422,
                    "unsound",
                    HTTPStatus(422).phrase,
                    "That period has not ended.",
                    reason="to_come",
                ),
            ),
            Call(
                "Withdraw what went to the wrong account",
                "DELETE",
                "/documents/{document}",
                200,
                {
                    "id": "0b8f5c1e-6f0a-4c39-9a54-3a8f0f6f7b21",
                    "account": "U1000001",
                    "withdrawn_at": "2026-11-26T15:00:00Z",
                    "opened_by": [],
                },
                headers={"Authorization": "Bearer {service}"},
            ),
            Call(
                "A document that does not exist",
                "DELETE",
                "/documents/0b8f5c1e-6f0a-4c39-9a54-3a8f0f6f7b22",
                404,
                _problem(404, "not-found", "Not Found", "There is no such document."),
                headers={"Authorization": "Bearer {service}"},
            ),
        ],
    ),
    Story(
        "Ask whether a transaction was theirs",
        "What watches transactions has the owner asked, and keeps back what is held until they, or "
        "our staff who have spoken to them, let it go on.",
        [
            _delivery("It looked unusual", "/transactions", 201, _FLAGGED, _WAITING),
            _delivery("The same again asks nobody", "/transactions", 201, _FLAGGED, _WAITING),
            Call(
                "What did they say?",
                "GET",
                f"/transactions/{_FLAGGED['id']}",
                200,
                _WAITING,
                headers={"Authorization": "Bearer {service}"},
            ),
            _delivery(
                "An id stands for one transaction",
                "/transactions",
                409,
                _FLAGGED | {"amount": "26000.00"},
                _problem(
                    409,
                    "conflict",
                    "Conflict",
                    "That id stands for another transaction.",
                    reason="other",
                ),
            ),
        ],
    ),
    Story(
        "What is refused",
        "Every refusal is a problem of a type that stays the same.",
        [
            _begin(
                title="A wrong password, or a name that does not exist",
                body=_BEGIN | {"password": "another-password"},
                headers={},
                status=401,
                answer=_problem(
                    401,
                    "wrong-credentials",
                    "Unauthorized",
                    "That user name and password do not match. Check both and try again.",
                ),
                keeps={},
            ),
            Call(
                "A sign-in that does not exist",
                "GET",
                "/login/unknown",
                404,
                _problem(404, "not-found", "Not Found", "There is no such sign-in."),
            ),
            _begin(
                title="A request of another form",
                body={"username": "alice", "platform": "tws"},
                headers={},
                status=400,
                answer=_problem(
                    400,
                    "malformed",
                    "Bad Request",
                    "The request is malformed.",
                    errors=[{"at": "body.sent.password", "text": "Field required"}],
                ),
                keeps={},
            ),
        ],
    ),
]
