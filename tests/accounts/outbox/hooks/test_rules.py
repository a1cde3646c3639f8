from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.audit.events import Event
from accounts.outbox.hooks import rules
from accounts.outbox.hooks.rules import Bad
from accounts.outbox.hooks.verifying import NotGenuine, verified

BODY = b'{"id":"0b7f","type":"account.frozen"}'
KEYS = {"whk_1": "first secret", "whk_2": "second secret"}
AT = 1_767_225_600
# Worked out with: printf '1767225600.{"id":"0b7f","type":"account.frozen"}' | openssl dgst
# -sha256 -hmac "first secret", and the second.
FIRST = "1e36704802b28e5d1abb8dd4b194249772ed137f1a319712347450d522482f62"
SECOND = "daf3c7dec2fd6431b1803760e115fd2cc0904195fca48aa42d041610a3c9dcd4"


def signed(**changes) -> str:
    return rules.signature(**{"body": BODY, "at": AT, "keys": KEYS.items()} | changes)


def test_the_signature_is_what_openssl_makes_of_it():
    assert signed() == f"t={AT},kid=whk_1,v1={FIRST},kid=whk_2,v1={SECOND}"


@pytest.mark.parametrize("kids", [("whk_1",), ("whk_2",), ("whk_1", "whk_2")])
@pytest.mark.parametrize("late", [0, 300, -300])
def test_a_receiver_that_knows_one_of_the_keys_believes_it(kids, late):
    mine = {kid: KEYS[kid] for kid in kids}
    assert verified(BODY, signed(), mine, now=AT + late)["id"] == "0b7f"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "t=",
        f"t={AT}",
        f"t={AT},kid=whk_1",
        f"t={AT},v1={FIRST}",
        f"t={AT},kid=whk_1,v1={FIRST[:-1]}",
        f"t={AT},kid=whk_1,v1={SECOND}",
        f"t={AT},kid=whk_9,v1={FIRST}",
        f"t={AT},kid=whk_1,v0={FIRST}",
        f"t={AT + 1},kid=whk_1,v1={FIRST}",
        f"t=+{AT},kid=whk_1,v1={FIRST}",
        f"t= {AT},kid=whk_1,v1={FIRST}",
        f"t={'9' * 5000},kid=whk_1,v1={FIRST}",
        f"kid=whk_1,v1={FIRST},t={AT}",
        f"t={AT},kid=whk_1,v1=é",
        "t=１７６７２２５６００,kid=whk_1,v1=" + FIRST,
        f"t={AT};kid=whk_1;v1={FIRST}",
    ],
)
def test_anything_else_is_not_genuine(header):
    with pytest.raises(NotGenuine):
        verified(BODY, header, KEYS, now=AT)


@pytest.mark.parametrize("late", [301, -301, 86_400])
def test_one_that_is_too_old_or_from_the_future_is_a_replay(late):
    with pytest.raises(NotGenuine):
        verified(BODY, signed(), KEYS, now=AT + late)


def test_a_body_that_was_touched_is_not_genuine():
    with pytest.raises(NotGenuine):
        verified(BODY.replace(b"frozen", b"thawed"), signed(), KEYS, now=AT)
    with pytest.raises(NotGenuine):
        verified(BODY + b" ", signed(), KEYS, now=AT)


@given(st.text(), st.binary())
def test_nothing_makes_the_verifier_stumble(header, body):
    with pytest.raises(NotGenuine):
        verified(body, header, KEYS, now=AT)


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.broker.example/portal",
        "https://hooks.broker.example",
        "https://hooks.broker.example:8443/a/b?c=d",
        "https://xn--bcher-kva.example/",
        "https://93.184.216.34/hook",
        "https://[2606:2800:220:1:248:1893:25c8:1946]/hook",
    ],
)
def test_public_https_is_taken(url):
    assert rules.refusal(url, at_home=False) is None


INSIDE = [
    *("127.0.0.1", "127.1", "127.0.0.2", "0.0.0.0", "0", "10.0.0.1", "172.16.9.9", "192.168.1.1"),
    *("169.254.169.254", "169.254.170.2", "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1"),
    *("255.255.255.255", "240.0.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1"),
    *("017700000001", "168.63.129.16", "100.100.100.200", "192.0.0.192"),
    *("[::1]", "[::]", "[fe80::1]", "[fc00::1]", "[fd00:ec2::254]", "[fec0::1]", "[ff02::1]"),
    *("[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:10.0.0.1]", "[::ffff:169.254.169.254]"),
    *("[64:ff9b::7f00:1]", "[64:ff9b:1::a00:1]", "[2002:7f00:1::]", "[2001:db8::1]"),
    *("[::127.0.0.1]", "[2001::1]", "[100::1]", "[::ffff:0:127.0.0.1]"),
    *("localhost", "portal", "db.internal", "printer.local", "a.localhost", "nas.lan"),
    *("LOCALHOST", "1.2.3", "1.2.3.4.5", "10.0.0.1.", "localhost.", "hooks.example.com.."),
    *("-", "a..example", "metadata.google.internal", "broker.example.1"),
]


@pytest.mark.parametrize("host", INSIDE)
def test_what_leads_inside_is_refused(host):
    assert rules.refusal(f"https://{host}/", at_home=False) in (Bad.INSIDE, Bad.SHAPE)


@pytest.mark.parametrize(
    ("url", "bad"),
    [
        ("http://hooks.broker.example/", Bad.SCHEME),
        ("http://localhost:9000/", Bad.SCHEME),
        ("ftp://hooks.broker.example/", Bad.SCHEME),
        ("gopher://127.0.0.1:6379/_x", Bad.SCHEME),
        ("//hooks.broker.example/", Bad.SCHEME),
        ("file:///etc/passwd", Bad.SHAPE),
        ("javascript:alert(1)", Bad.SHAPE),
        ("", Bad.SHAPE),
        ("https://", Bad.SHAPE),
        ("https://hooks.broker.example:0/", Bad.SHAPE),
        ("https://hooks.broker.example:99999/", Bad.SHAPE),
        ("https://hooks.broker.example/a b", Bad.SHAPE),
        ("https://hooks.broker.example/\r\nX: y", Bad.SHAPE),
        ("https://hooks.broker.example\\@10.0.0.1/", Bad.SHAPE),
        ("https://hoöks.example/", Bad.SHAPE),
        ("https://127。0。0。1/", Bad.SHAPE),
        ("https://[::1", Bad.SHAPE),
        ("https://" + "a" * 500 + ".example/", Bad.SHAPE),
        ("https://user:secret@hooks.broker.example/", Bad.CREDENTIALS),
        ("https://hooks.broker.example@10.0.0.1/", Bad.CREDENTIALS),
        ("https://@hooks.broker.example/", Bad.CREDENTIALS),
        ("https://hooks.broker.example/#part", Bad.FRAGMENT),
        ("https://hooks.broker.example/#", Bad.FRAGMENT),
    ],
)
def test_what_is_no_plain_address_is_refused(url, bad):
    assert rules.refusal(url, at_home=False) is bad


@pytest.mark.parametrize(
    "url", ["http://localhost:9000/x", "https://127.0.0.1/", "http://[::1]:9/"]
)
def test_this_machine_is_an_endpoint_outside_production_alone(url):
    assert rules.refusal(url, at_home=True) is None
    assert rules.refusal(url, at_home=False) is not None


def test_outside_production_no_other_inside_is_open():
    for host in ("10.0.0.1", "169.254.169.254", "portal", "[fe80::1]"):
        assert rules.refusal(f"https://{host}/", at_home=True)
    assert rules.refusal("http://hooks.broker.example/", at_home=True) is Bad.SCHEME


@pytest.mark.parametrize("address", ["", "x", "1.2.3", "::ffff:10.0.0.1", "fe80::1%eth0", "::1"])
def test_what_cannot_be_read_is_not_called(address):
    assert not rules.may_call(address, at_home=False)


def test_one_answer_inside_refuses_the_name():
    assert rules.all_may(["93.184.216.34", "2606:2800:220:1::1"], at_home=False)
    assert not rules.all_may(["93.184.216.34", "10.0.0.1"], at_home=False)
    assert not rules.all_may([], at_home=False)


def test_every_event_that_is_told_is_one_of_the_audit():
    known = {event.value for event in Event}
    told = {*rules._SESSIONS, *rules._CONTACTS, "account.frozen", "account.thawed"}
    assert told | {"device.revoked"} <= known
    types = {rules.happened(event, {}, {}).type for event in told | {"device.revoked"}}
    assert types == set(rules.TYPES)


def test_most_of_what_happens_is_nobodys_business_outside():
    for event in Event:
        found = rules.happened(event.value, {"email": "a@example.com", "phone": "+1"}, {})
        if found:
            assert "example" not in str(found.data)
    assert rules.happened("sign_in.done", {}, {}) is None


def test_no_more_than_what_is_named_leaves():
    secret = {"email": "a@example.com", "number": "+14155550101", "device": "My phone"}
    note = {"handles": ["5be2f09a41c7"], "session": "the whole key", "freeze": object()}
    ended = rules.happened("session.ended", {"why": "frozen", "sessions": 1} | secret, note)
    assert ended.data == {"sessions": ["5be2f09a41c7"], "why": "frozen"}
    gone = rules.happened("device.revoked", {"method": "sms", "why": "owner"} | secret, note)
    assert gone.data == {"method": "sms", "why": "owner"}
    moved = rules.happened("phone.primary", secret, note)
    assert moved.data == {"contact": "phone", "change": "primary"}


def test_the_time_is_rfc_3339_in_utc():
    at = datetime(2026, 1, 1, 9, 0, 0, 123_456, tzinfo=timezone(timedelta(hours=9)))
    body = rules.payload(id="1", type="test", at=at, subject="", data={})
    assert '"time":"2026-01-01T00:00:00.123Z"' in body
    assert body == rules.payload(id="1", type="test", at=at.astimezone(UTC), subject="", data={})


def test_an_endpoint_that_fails_rests_longer_each_time_and_never_for_ever():
    assert rules.rest(1, asked=None, jitter=1) == 2
    assert rules.rest(1, asked=None, jitter=0) == 1
    assert rules.rest(5, asked=None, jitter=1) == 32
    assert rules.rest(10**9, asked=None, jitter=1) == rules.REST_MOST
    assert rules.rest(1, asked=60, jitter=0) == 60
    assert rules.rest(1, asked=10**9, jitter=0) == rules.REST_MOST
