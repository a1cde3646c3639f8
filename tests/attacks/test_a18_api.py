"""Bodies that no program sends (SECURITY A18): a problem, and nothing counted."""

import json

import pytest
from django.test import Client

from accounts.challenges.models import Challenge
from accounts.lockout.models import PasswordFailures
from accounts.outbox.models import Message
from tests.cast import PASSWORD
from tests.platforms import LOGIN, Platform

pytestmark = pytest.mark.django_db
GOOD = {"username": "alice", "password": PASSWORD, "platform": "tws"}


def text(**changed: object) -> bytes:
    return json.dumps(GOOD | changed).encode()


BODIES = {
    "nothing": b"",
    "no JSON": b"{",
    "no UTF-8": b'{"username": "\xff"}',
    "UTF-16": text().decode().encode("utf-16"),
    "a list": b"[]",
    "null": b"null",
    "a name twice": text()[:-1] + b', "username": "bob"}',
    "NaN": text()[:-1] + b', "client_version": NaN}',
    "Infinity": text()[:-1] + b', "device_name": Infinity}',
    "1e309": text()[:-1] + b', "device_name": 1e309}',
    "a huge number": text()[:-1] + b', "device_name": ' + b"9" * 10_000 + b"}",
    "deep": b"[" * 20_000,
    "deep and closed": b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    "an unknown field": text(admin=True),
    "a list for a name": text(username=["alice"]),
    "true for a name": text(username=True),
    "a number for a password": text(password=1),
    "null for a password": text(password=None),
    "no platform": json.dumps({"username": "alice", "password": PASSWORD}).encode(),
    "the portal as platform": text(platform="web"),
    "another platform": text(platform="TWS"),
    "NUL": text(username="alice\x00"),
    "a lone surrogate": b'{"username": "\\ud800", "password": "x", "platform": "tws"}',
    "a surrogate in a password": b'{"username": "a", "password": "\\ud800", "platform": "tws"}',
    "a line break": text(device_name="x\nlevel=critical"),
    "a version of another kind": text(client_version="10.30 nightly"),
    "a version with a line": text(client_version="10.30 latest\n"),
    "a long name": text(username="a" * 1000),
    "a long password": text(password="a" * 257),
}


def refused(answer, status: int = 400) -> dict:
    assert answer.status_code == status, answer.content.decode()[:300]
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert PASSWORD not in answer.content.decode()
    return body


@pytest.mark.parametrize("what", BODIES)
def test_a_malformed_body_is_a_problem_and_counts_nothing(alice, what):
    client = Client(raise_request_exception=False)
    refused(client.post(LOGIN, BODIES[what], content_type="application/json"))
    assert not PasswordFailures.objects.exists()
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "text/json",
        "application/json; charset=utf-16",
        "multipart/form-data; boundary=x",
        "",
    ],
)
def test_another_type_of_body_is_refused_unread(alice, kind):
    client = Client(raise_request_exception=False)
    answer = client.generic("POST", LOGIN, text(), content_type=kind)
    assert refused(answer, 415)["type"].endswith("/problems/media-type")


def test_an_oversized_body_is_refused(alice):
    client = Client(raise_request_exception=False)
    refused(client.post(LOGIN, text(device_name="x" * 100_000), content_type="application/json"))


@pytest.mark.parametrize("code", [493817, True, None, ["493817"], {"code": "1"}, 4.9e5])
def test_a_code_is_text_and_a_wrong_type_counts_nothing(alice, code):
    platform = Platform()
    platform.begin()
    refused(platform.go("answer", {"code": code}))
    refused(platform.go("answer", {"code": "123456", "take_over": "true"}))
    refused(platform.go("answer", {"code": "123456", "x": 1}))
    refused(platform.go("answer", {}))
    assert Challenge.objects.get().tries_left == 5


@pytest.mark.parametrize("path", ["method", "resend", "answer"])
@pytest.mark.parametrize("attempt", ["x", "a" * 43, "%00", "..", "é", "a" * 5000])
def test_an_attempt_that_is_none_is_not_found(alice, path, attempt):
    body = {"method": {"device": "x"}, "resend": {"delivery": "sms"}, "answer": {"code": "1"}}
    answer = Platform().send("POST", f"{LOGIN}/{attempt}/{path}", body[path])
    refused(answer, 404)


def test_cookies_open_nothing_and_a_foreign_page_can_send_nothing(alice):
    """CSRF: JSON is asked for by its type, and no cookie is read (SECURITY A7)."""
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    answer = strict.post(LOGIN, text(), content_type="text/plain", headers={"Origin": "null"})
    refused(answer, 415)
    began = strict.post(LOGIN, text(), content_type="application/json")
    assert began.status_code == 200
    assert not began.cookies
