"""What the description says of webhooks is what is posted."""

import json

import pytest
from django.utils import timezone
from jsonschema_rs import Draft202012Validator

from accounts.outbox.hooks import rules
from accounts.outbox.hooks.verifying import verified
from portal import hooks_described
from portal.api import api
from portal.reference import pages

SCHEMA = api.get_openapi_schema()


def shape(kind: str) -> Draft202012Validator:
    content = SCHEMA["webhooks"][kind]["post"]["requestBody"]["content"]["application/json"]
    name = content["schema"]["$ref"].rpartition("/")[2]
    return Draft202012Validator(SCHEMA["components"]["schemas"][name])


def test_every_type_is_described():
    assert SCHEMA["openapi"].startswith("3.1")
    assert set(SCHEMA["webhooks"]) == {*rules.TYPES, rules.TEST}


@pytest.mark.parametrize("kind", [*rules.TYPES, rules.TEST])
def test_the_example_is_of_its_shape(kind):
    assert list(shape(kind).iter_errors(hooks_described.example(kind))) == []
    assert list(shape(kind).iter_errors({"id": "x"}))


@pytest.mark.parametrize(
    ("event", "detail", "note"),
    [
        ("session.ended", {"why": "frozen", "sessions": 1}, {"handles": ["5be2f09a41c7"]}),
        ("sign_in.out", {"why": "signed_out"}, {"handles": ["5be2f09a41c7"]}),
        ("account.frozen", {"reference": "FRZ-1", "how": "page"}, {}),
        ("account.thawed", {"reference": "FRZ-1"}, {}),
        ("device.revoked", {"method": "sms", "why": "removed"}, {}),
        ("email.undone", {"email": "a@example.com"}, {}),
        ("phone.added", {"phone": "+14155550101"}, {}),
    ],
)
def test_what_is_posted_is_of_the_shape_that_is_described(event, detail, note):
    found = rules.happened(event, detail, note)
    body = rules.payload(
        id=hooks_described.example("test")["id"],
        type=found.type,
        at=timezone.now(),
        subject="alice",
        data=found.data,
    )
    assert list(shape(found.type).iter_errors(json.loads(body))) == []


def test_the_verifier_of_the_page_runs_as_it_is_copied():
    copied: dict = {}
    exec(pages.verifier(), copied)
    body = b'{"id":"1"}'
    header = rules.signature(body, at=1000, keys=[("whk_1", "secret")])
    for verify in (copied["verified"], verified):
        assert verify(body, header, {"whk_1": "secret"}, now=1000.0) == {"id": "1"}


def test_the_page_tells_of_them(client):
    page = client.get("/api/v1/reference/").content.decode()
    for kind in (*rules.TYPES, "Portal-Signature", "compare_digest"):
        assert kind in page
