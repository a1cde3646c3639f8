"""Small PDFs, made here, and a system of the brokerage that delivers them."""

import base64
import hashlib
import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

BOOKS = "token-of-the-books-of-the-test"
PATH = "/api/v1/documents"


def service(name: str, token: str, scopes: str = "") -> str:
    """A line of ``SERVICE_TOKENS``."""
    return f"{name}:{hashlib.sha256(token.encode()).hexdigest()}{scopes}"


def pdf(text: str = "Activity statement", *, size: int = 0) -> bytes:
    """One page that says ``text``; with ``size`` filled up to so many bytes."""
    stream = f"BT /F1 18 Tf 72 720 Td ({text}) Tj ET".encode()
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources 6 0 R>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Font<</F1 5 0 R>>>>",
    ]
    made, places = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(made))
        made += b"%d 0 obj%s endobj\n" % (number, part)
    index = b"xref\n0 7\n0000000000 65535 f \n"
    index += b"".join(b"%010d 00000 n \n" % place for place in places)
    index += b"trailer<</Size 7/Root 1 0 R>>\nstartxref\n"
    end = b"\n%%EOF\n"
    # A comment, of which no two stretches are the same.
    left = size - len(made) - len(index) - len(str(size)) - len(end) - 2
    made += b"%" + b"".join(b"%08x" % n for n in range(max(0, left) // 8 + 1))[: max(0, left)]
    made += b"\n"
    return made + index + str(len(made)).encode() + end


def sha256_of(content: bytes) -> str:
    """In hex."""
    return hashlib.sha256(content).hexdigest()


def sent(of: bytes | None = None, **changed: Any) -> dict[str, Any]:
    """What the books send of a document."""
    content = pdf() if of is None else of
    return {
        "account": "U1000001",
        "kind": "daily",
        "period": "2024-11-25",
        "title": "Activity statement",
        "sha256": sha256_of(content),
        "content": base64.b64encode(content).decode(),
    } | changed


def deliver(
    of: bytes | None = None, *, token: str = BOOKS, key: str = "", **changed: Any
) -> HttpResponse:
    """Delivers it."""
    headers = {"Authorization": f"Bearer {token}"} | ({"Idempotency-Key": key} if key else {})
    return Client(raise_request_exception=False).post(
        PATH,
        json.dumps(sent(of, **changed)),
        content_type="application/json",
        headers=headers,
    )
