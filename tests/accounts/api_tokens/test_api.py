"""The one form of answers to programs."""

import json

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import Client
from ninja import Router

from accounts.api_tokens import services
from accounts.api_tokens.rules import Scope
from accounts.marks import open_to_tokens, unmarked
from accounts.origin import SYSTEM
from portal import api
from tests.programs import OPERATIONS, call, issue

pytestmark = pytest.mark.django_db

LEAKS = "/api/v1/leaks"


def is_problem(answer: HttpResponse, status: int) -> None:
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert "no-store" in answer["Cache-Control"]
    body = answer.json()
    assert body["status"] == status
    assert {"type", "title", "detail"} <= body.keys()
    assert ("WWW-Authenticate" in answer) == (status == 401)


@pytest.mark.parametrize(("method", "path", "scope"), OPERATIONS)
def test_without_a_token_every_operation_says_how_to_send_one(method, path, scope):
    answer = Client().generic(method, path)
    is_problem(answer, 401)
    assert answer["WWW-Authenticate"] == 'Bearer realm="portal"'


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/api/v1/", 404),
        ("GET", "/api/", 404),
        ("GET", "/api/v1/freeze", 405),
        ("DELETE", "/api/v1/token", 405),
        ("PUT", LEAKS, 405),
        ("GET", "/api/v1/activity?before=0", 400),
        ("GET", "/api/v1/activity?before=x", 400),
        ("GET", "/api/v1/activity?before=99999999999999999999", 400),
        ("GET", "/api/v1/token?token=cpt_x", 400),
    ],
)
def test_every_error_is_a_problem(alice, method, path, status):
    is_problem(call(issue(alice).text, path, method), status)


def test_a_refused_scope_and_a_used_up_rate_are_problems(alice, settings):
    settings.API_CALLS_PER_MINUTE = 1
    text = issue(alice, scopes=[Scope.ACTIVITY]).text
    is_problem(call(text), 403)
    call(text, "/api/v1/activity")
    is_problem(call(text, "/api/v1/activity"), 429)


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        b"null",
        b"1e309",
        b"{}",
        b'{"tokens": []}',
        b'{"tokens": [1]}',
        b'{"tokens": "cpt_x"}',
        b'{"tokens": [{"a": 1}]}',
        json.dumps({"tokens": ["x"] * 21}).encode(),
        b"[" * 20_000,
    ],
)
def test_what_is_malformed_is_400_and_not_repeated(sent):
    answer = Client().post(LEAKS, sent, content_type="application/json")
    is_problem(answer, 400)
    assert "cpt_" not in answer.content.decode()


def test_an_answer_is_not_stored(alice):
    text = issue(alice).text
    for method, path, _scope in OPERATIONS:
        assert "no-store" in call(text, path, method)["Cache-Control"]


def test_the_operations_are_described():
    shown = Client().get("/api/v1/openapi.json").json()
    described = {(method, path) for path, one in shown["paths"].items() for method in one}
    assert {(method.lower(), path) for method, path, _ in OPERATIONS} < described
    assert ("post", LEAKS) in described


def test_an_operation_without_a_mark_refuses_to_start():
    router = Router()
    router.get("/x")(lambda request: None)
    with pytest.raises(ImproperlyConfigured, match="/x"):
        api._guard(router)


def test_one_with_a_mark_starts():
    router = Router()
    router.get("/x")(open_to_tokens(Scope.STOP)(lambda request: None))
    router.get("/y")(unmarked("anybody may")(lambda request: None))
    assert api._guard(router) is router


def test_a_program_freezes_and_stops(alice):
    stopped = call(issue(alice).text, "/api/v1/automation/stop", "POST").json()
    assert stopped == {"stopped": True, "changed": True}
    alice.refresh_from_db()
    assert alice.automation_stopped_at is not None


def test_a_page_of_the_record_leads_to_the_next(alice):
    text = issue(alice).text
    for _ in range(55):
        issued = issue(alice)
        services.revoke(row=issued.row, why="owner", origin=SYSTEM)
    first = call(text, "/api/v1/activity").json()
    assert len(first["entries"]) == 50
    then = call(text, f"/api/v1/activity?before={first['before']}").json()
    numbers = [one["number"] for one in first["entries"] + then["entries"]]
    assert numbers == sorted(set(numbers), reverse=True)
