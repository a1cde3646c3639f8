"""The examples of the reference, made as they stand there; and the page that shows them."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from ninja import Schema

from accounts.outbox.models import Message
from accounts.problems import KINDS
from portal.api import api
from portal.stories import BOOKS, STORIES, Call, Story
from tests import phones
from tests.pdfs import service
from tests.platforms import Platform, newest

pytestmark = pytest.mark.django_db
# What says by itself what it is, and has to be the same.
SAME = {"kind", "status", "title", "reason", "channel", "method", "platform", "username", "rights"}
SAME |= {"amr", "code", "tries_left", "idle_seconds", "options", "device"}


def filled(value: Any, known: dict[str, str]) -> Any:
    """``value`` with what is known in the place of braces."""
    if isinstance(value, dict):
        return {name: filled(one, known) for name, one in value.items()}
    if isinstance(value, list):
        return [filled(one, known) for one in value]
    if isinstance(value, str):
        return re.sub(r"\{(\w+)\}", lambda found: known[found[1]], value)
    return value


def part(value: Any, place: str) -> Any:
    for name in place.split("."):
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value


def assert_alike(told: Any, shown: Any, at: str = "") -> None:
    """The same fields of the same types; and the same where the value tells what it is."""
    if isinstance(shown, dict):
        assert isinstance(told, dict), at
        assert told.keys() == shown.keys(), at
        for name, one in shown.items():
            if name in SAME and not isinstance(one, dict):
                assert told[name] == one, f"{at}.{name}"
            assert_alike(told[name], one, f"{at}.{name}")
    elif isinstance(shown, list):
        assert len(told) == len(shown), at
        for number, one in enumerate(shown):
            assert_alike(told[number], one, f"{at}.{number}")
    elif shown is not None:
        assert type(told) is type(shown), at
        if isinstance(shown, str) and "portal.example/" in shown:
            assert told.rpartition("/")[2] == shown.rpartition("/")[2], at


def make(call: Call, known: dict[str, str], clock: Any) -> None:
    clock.shift(call.before)
    if Message.objects.filter(name="security_code").exists():
        code = newest().secret and newest().code()
        if code:
            known["code"], known["wrong"] = code, f"{(int(code) + 1) % 10**6:06d}"
    answer = Client().generic(
        call.method,
        "/api/v1" + filled(call.path, known),
        json.dumps(filled(call.body, known)) if call.body is not None else "",
        content_type="application/json",
        headers=filled(call.headers, known),
    )
    assert answer.status_code == call.status, answer.content.decode()
    if call.answer is None:
        assert answer.content == b""
        return
    told = answer.json()
    assert_alike(told, call.answer)
    for name, place in call.keeps.items():
        known[name] = part(told, place)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_every_call_of_the_reference_is_answered_as_it_says(story: Story, alice, clock, settings):
    settings.SERVICE_TOKENS = [service("books", BOOKS, ":figures+documents+transactions")]
    phone = phones.activated(alice) if "ib_key" in story.has else None
    if "tws" in story.has:
        Platform().sign_in()
        Message.objects.all().delete()
    known = {"service": BOOKS}
    for call in story.calls:
        make(call, known, clock)
        if phone and "match" in known and phone.waits():
            assert phone.approve(phone.waits(), known["match"]).status_code == 200


def test_every_example_of_the_description_is_one_of_a_story():
    told = {call.title for story in STORIES for call in story.calls}
    text = json.dumps(api.get_openapi_schema())
    shown = set(re.findall(r'"summary": "([^"]+)", "value"', text))
    assert shown <= told
    assert len(shown) > 10


def test_every_operation_says_what_it_refuses():
    schema = Client().get("/api/v1/openapi.json").json()
    assert schema["openapi"].startswith("3.1")
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            assert {"429", "503"} <= operation["responses"].keys(), (method, path)
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    assert "application/problem+json" in answer["content"]


def test_every_kind_of_problem_has_its_address():
    for kind in KINDS:
        answer = Client().get(f"/problems/{kind}")
        assert answer.status_code == 302
        assert answer["Location"].endswith(f"/api/v1/reference/#problem-{kind}")
    assert Client().get("/problems/nothing").status_code == 404


def test_the_page_needs_no_sign_in_and_nothing_from_elsewhere():
    page = Client().get("/api/v1/reference/")
    text = page.content.decode()
    assert page.status_code == 200
    for story in STORIES:
        assert story.name in text
    for path in api.get_openapi_schema()["paths"]:
        assert path in text
    # Links may lead away; what is loaded may not.
    loaded = re.findall(r'<(?:link|script|img|iframe)[^>]*(?:src|href)="([^"]+)"', text)
    assert loaded
    assert [one for one in loaded if not one.startswith("/static/")] == []


def test_no_two_shapes_have_one_name():
    """The description would show one of them in the place of both."""
    shapes: dict[str, set[type]] = {}

    def within(model: type) -> None:
        shapes.setdefault(model.__name__, set()).add(model)

    todo = list(Schema.__subclasses__())
    while todo:
        model = todo.pop()
        todo += model.__subclasses__()
        if model.__module__.partition(".")[0] in ("accounts", "sls", "portal"):
            within(model)
    assert [name for name, models in shapes.items() if len(models) > 1] == ["Sent"]
