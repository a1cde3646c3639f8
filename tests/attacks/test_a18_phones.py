"""A18, and the hand-over tokens of CVE rows 6 and 10, against the API of the phone."""

import json
import uuid

import pytest
from django.test import Client

from accounts.lockout.models import PasswordFailures
from accounts.origin import SYSTEM
from sls.methods.ib_key import activations, signing
from sls.methods.ib_key.models import IbKeyDevice, PhoneActivation, Push
from tests.cast import PASSWORD, begin, code_for
from tests.phones import BASE, Phone, activated

pytestmark = pytest.mark.django_db
JSON = "application/json"
GOOD = json.dumps({"username": "alice", "password": PASSWORD})


def post(path: str, body: str | bytes, content_type: str = JSON, **headers: str):
    return Client().post(f"{BASE}/{path}", body, content_type=content_type, headers=headers)


UNREADABLE = {
    "a key twice": f'{{"username":"alice","password":"x","password":"{PASSWORD}"}}',
    "deep": "[" * 10_000,
    "infinite": '{"username":"alice","password":1e309}',
    "a lone surrogate": f'{{"username":"alice\\ud800","password":"{PASSWORD}"}}',
    "NUL": f'{{"username":"alice\\u0000","password":"{PASSWORD}"}}',
    "a boolean": '{"username":true,"password":true}',
    "a list": f'{{"username":["alice"],"password":["{PASSWORD}"]}}',
    "an object": '{"username":{"a":1},"password":{}}',
    "a field too many": f'{{"username":"alice","password":"{PASSWORD}","staff":true}}',
    "not UTF-8": GOOD.encode("utf-16"),
    "a list of bodies": f"[{GOOD}]",
    "nothing": "",
    "10 MB": f'{{"username":"alice","password":"{"0" * 10_000_000}"}}',
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_an_unreadable_body_begins_nothing(alice, body):
    refused = post("activations", body)
    assert 400 <= refused.status_code < 500, refused.status_code
    assert not PhoneActivation.objects.exists()


@pytest.mark.parametrize("username", ["alice\u202e", "аlice", " ", "alice" * 100, "'--"])
def test_odd_names_are_unknown_names(alice, username):
    refused = Phone().post("activations", {"username": username, "password": PASSWORD})
    assert refused.status_code in (400, 401, 422)
    assert not PhoneActivation.objects.exists()


def test_spellings_of_a_name_find_one_user_and_one_counter(alice):
    for name in ("ALICE", "Alice", "alice"):
        Phone().post("activations", {"username": name, "password": "not the one at all"})
    assert [one.count for one in PasswordFailures.objects.all()] == [3]


@pytest.fixture
def way(alice) -> str:
    """An activation whose code is on its way."""
    phone = Phone()
    begun = phone.post("activations", {"username": "alice", "password": PASSWORD}).json()
    number = {"number": begun["numbers"][0]["id"]}
    phone.post(f"activations/{begun['activation']}/code", number)
    return begun["activation"]


@pytest.mark.parametrize("code", ["", "  ", "12345", "1234567", "१२३४५६ ७", "abcdef", "-12345"])
def test_what_is_no_code_is_no_try(alice, way, code):
    assert Phone().finish(way, code=code).status_code == 422
    assert not IbKeyDevice.objects.exists()
    assert Phone().finish(way, code=code_for(alice)).status_code == 201


def test_digits_of_any_keyboard_are_read(alice, way):
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code_for(alice))
    assert Phone().finish(way, code=wide).status_code == 201


@pytest.mark.parametrize(
    "digits", [True, 123, ["123"], {"a": "123"}, None, "1" * 1000, "12\u0000", "\ud800"]
)
def test_odd_digits_end_no_request(alice, digits):
    phone, tab = activated(alice), Client()
    tab.post(f"{begin(tab)}method/", {"device": phone.row().persistent_id})
    waits = phone.waits()
    body = phone.approval(waits, "123") | {"digits": digits}
    assert 400 <= phone.call(f"approvals/{waits['id']}/approve", body).status_code < 500
    assert Push.objects.get().stored == "waiting"


@pytest.mark.parametrize("push", ["0", "../state", str(uuid.uuid4()), "%00", "a" * 400])
def test_odd_requests_are_unknown(alice, push):
    phone = activated(alice)
    assert phone.call(f"approvals/{push}/seen").status_code in (400, 401, 404)


@pytest.mark.parametrize(
    "header",
    [
        "IBKey key=1, at=99999999999999999999, nonce=" + "a" * 22 + ", sig=" + "a" * 86,
        "IBKey key=999999999999999999, at=1, nonce=" + "a" * 22 + ", sig=" + "A" * 86,
        "IBKey key=١, at=1, nonce=" + "a" * 22 + ", sig=" + "a" * 86,
        "IBKey " + "a" * 5000,
    ],
)
def test_odd_headers_are_no_signatures(alice, header):
    assert post("state", "{}", Authorization=header.encode().decode("latin-1")).status_code == 401


def test_a_token_of_an_activation_is_over_with_it(alice, way):
    """CVE row 6: what hands over is good once."""
    phone = Phone()
    assert phone.finish(way, code=code_for(alice)).status_code == 201
    assert phone.confirm().status_code == 200
    again = Phone().finish(way)
    assert again.status_code == 410
    assert IbKeyDevice.objects.filter(confirmed=True).get().pk == int(phone.device)


def test_a_proof_is_bound_to_its_activation(alice):
    """CVE row 10: what one phone signed for one way is worth nothing in another."""
    one, other = Phone(), Phone()
    ways = []
    for phone in (one, other):
        session_id = activations.session_for(user_id=alice.pk, origin=SYSTEM)
        ways.append(phone.post("activations", {"session_id": session_id}).json()["activation"])
    signed_for = signing.activation_text(activation=ways[0], origin="https://other.example")
    wrong = {"proof": one.sign(signed_for)}
    assert one.finish(ways[0], **wrong).status_code == 422
    elsewhere = one.sign(signing.activation_text(activation=ways[1], origin="http://localhost"))
    assert one.finish(ways[0], proof=elsewhere).status_code == 422
    assert not IbKeyDevice.objects.exists()


def test_a_signed_call_is_bound_to_its_path_and_body(alice):
    phone = activated(alice)
    header = phone.header("state", {})
    assert phone.post("remove", {}, Authorization=header).status_code == 401
    assert phone.post("rename", {"name": "X"}, Authorization=header).status_code == 401
    assert phone.row().confirmed
