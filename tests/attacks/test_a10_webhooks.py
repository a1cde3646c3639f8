"""A10: callbacks that Twilio did not send, sent twice, sent late, or sent about somebody else."""

import hashlib
import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.conf import settings as portal
from django.test import Client
from django.utils import timezone

from accounts import limits
from accounts.audit.models import Entry
from accounts.outbox import services, signals
from accounts.outbox.models import Channel, Inbound, Message, Status
from tests.callbacks import CA, SM, fields_of, post, signature

pytestmark = pytest.mark.django_db


def sent(user, channel, about="00000000-0000-4000-8000-00000000c0de"):
    """A message that the provider has taken, whose id is not known yet."""
    now = timezone.now()
    message = services.enqueue(
        user=user,
        channel=channel,
        name="security_code",
        to="+14155550101",
        language="en",
        context={"code": "493817", "reference": "KMP"},
        expires_at=now + timedelta(minutes=5),
        about=about,
        is_code=True,
    )
    Message.objects.filter(pk=message.pk).update(
        status=Status.SENT, detail="queued", sent_at=now, posting_at=now
    )
    return message


@pytest.fixture
def text(alice):
    return sent(alice, Channel.SMS)


@pytest.fixture
def call(alice):
    return sent(alice, Channel.VOICE)


def status_path(message):
    return f"/twilio/status/{message.pk}/"


def voice_path(message, turn=0):
    return f"/twilio/voice/{message.pk}/" + (f"?turn={turn}" if turn else "")


def snapshot():
    return (
        list(Message.objects.order_by("pk").values()),
        Entry.objects.count(),
        Inbound.objects.count(),
    )


# --- What is genuine -----------------------------------------------------------------------------


def test_a_genuine_callback_moves_the_message(text):
    assert post(status_path(text), fields_of(text)).status_code == 204
    text.refresh_from_db()
    assert (text.status, text.provider_id) == (Status.DELIVERED, SM)


def test_fields_that_twilio_adds_tomorrow_are_signed_and_ignored(text):
    assert post(status_path(text), fields_of(text, RawDlrDoneDate="2611211200")).status_code == 204


def test_an_older_token_serves_while_tokens_are_exchanged(text, settings):
    settings.TWILIO_AUTH_TOKENS = ["new", "old"]
    assert post(status_path(text), fields_of(text), token="old").status_code == 204


def test_a_json_body_counts_with_its_signed_hash(text):
    body = json.dumps(fields_of(text))
    path = f"{status_path(text)}?bodySHA256={hashlib.sha256(body.encode()).hexdigest()}"
    signed = signature(portal.PUBLIC_BASE_URL + path, {})
    reply = post(path, {}, signed=signed, body=body, content_type="application/json")
    assert reply.status_code == 204
    text.refresh_from_db()
    assert text.status == Status.DELIVERED


def test_a_public_address_with_a_port_is_verified_as_it_is_configured(text, settings):
    settings.PUBLIC_BASE_URL = "https://portal.example:8443"
    assert post(status_path(text), fields_of(text), secure=True).status_code == 204


def test_the_address_the_request_claims_does_not_matter(text, settings):
    settings.PUBLIC_BASE_URL = "https://portal.example"
    assert post(status_path(text), fields_of(text), HTTP_HOST="localhost:8000").status_code == 204


# --- What is not ---------------------------------------------------------------------------------


def tampered(message):
    """Requests that differ from a genuine one in one place: (path, fields, how it is signed)."""
    path, fields = status_path(message), fields_of(message)
    genuine = signature(portal.PUBLIC_BASE_URL + path, fields)
    base = portal.PUBLIC_BASE_URL
    changed = {**fields, "MessageStatus": "failed"}
    return {
        "no signature": (path, fields, {"signed": ""}),
        "empty words": (path, fields, {"signed": "AAAA"}),
        "not ascii": (path, fields, {"signed": "ü" * 28}),
        "another token": (path, fields, {"token": "guess"}),
        "an api secret": (path, fields, {"token": "emulator_api_secret"}),
        "changed field": (path, changed, {"signed": genuine}),
        "added field": (path, {**fields, "ErrorCode": "30003"}, {"signed": genuine}),
        "missing field": (
            path,
            {name: fields[name] for name in fields if name != "ApiVersion"},
            {"signed": genuine},
        ),
        "moved border": (
            path,
            {**{n: v for n, v in fields.items() if n != "To"}, "T": f"o{message.to}"},
            {"signed": signature(base + path, {**fields, "To": "+14155550199"})},
        ),
        "another scheme": (path, fields, {"url": f"https://localhost:8000{path}"}),
        "another host": (path, fields, {"url": f"http://evil.example{path}"}),
        "another port": (path, fields, {"url": f"http://localhost:9000{path}"}),
        "extra query": (f"{path}?x=1", fields, {"url": base + path}),
        "missing query": (path, fields, {"url": f"{base}{path}?x=1"}),
        "another message": (path, fields, {"url": f"{base}/twilio/inbound/"}),
        "another account": (
            path,
            fields_of(message, AccountSid="AC00000000000000000000000000000002"),
            {},
        ),
        "no account": (path, {n: v for n, v in fields.items() if n != "AccountSid"}, {}),
        "another receiver": (path, fields_of(message, To="+14155550199"), {}),
        "another sender": (path, fields_of(message, From="+14155550199"), {}),
        "a call about a text": (path, fields_of(message, CallSid=CA, CallStatus="completed"), {}),
        "fields as text": (path, fields, {"signed": genuine, "content_type": "text/plain"}),
        "fields as parts": (
            path,
            fields,
            {"signed": genuine, "content_type": "multipart/form-data; boundary=x"},
        ),
        "json without its hash": (
            path,
            fields,
            {
                "signed": signature(base + path, {}),
                "content_type": "application/json",
                "body": json.dumps(fields),
            },
        ),
        "json of another hash": (
            f"{path}?bodySHA256={hashlib.sha256(b'{}').hexdigest()}",
            fields,
            {
                "signed": signature(
                    f"{base}{path}?bodySHA256={hashlib.sha256(b'{}').hexdigest()}", {}
                ),
                "content_type": "application/json",
                "body": json.dumps(fields),
            },
        ),
    }


@pytest.mark.parametrize("case", sorted(tampered(Message(channel=Channel.SMS, to="+14155550101"))))
def test_a_forged_callback_changes_nothing(text, case):
    before = snapshot()
    path, fields, how = tampered(text)[case]
    assert post(path, fields, **how).status_code == 403
    assert snapshot() == before


def test_a_callback_about_another_sid_changes_nothing(text):
    Message.objects.filter(pk=text.pk).update(provider_id="SM" + "b" * 32)
    assert post(status_path(text), fields_of(text)).status_code == 403


def test_repeated_fields_are_not_twilios(text):
    fields = fields_of(text)
    before = snapshot()
    body = f"{urlencode(fields)}&{urlencode({'To': text.to})}"
    assert post(status_path(text), fields, body=body).status_code == 400
    assert snapshot() == before


@pytest.mark.parametrize("size", [65 * 1024, 1024 * 1024 + 1])
def test_an_oversized_body_is_refused_unread(text, size):
    fields = fields_of(text, Padding="x" * size)
    before = snapshot()
    assert post(status_path(text), fields).status_code in {400, 413}
    assert snapshot() == before


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete"])
def test_only_posts_are_answered(text, call, method):
    for path in (status_path(text), voice_path(call), "/twilio/inbound/"):
        assert getattr(Client(), method)(path).status_code == 405


def test_a_message_that_never_was_is_not_found(text):
    path = "/twilio/status/00000000-0000-4000-8000-000000000000/"
    assert post(path, fields_of(text)).status_code == 404
    assert post("/twilio/status/1/", fields_of(text)).status_code == 404


def test_a_flood_of_forgeries_is_cut_off(text, monkeypatch):
    monkeypatch.setitem(limits.RATES, "unverified_callbacks_per_address", lambda: "2/m")
    answers = [post(status_path(text), fields_of(text), signed="x").status_code for _ in range(3)]
    assert answers == [403, 403, 429]
    assert post(status_path(text), fields_of(text)).status_code == 204


def test_a_status_never_proves_anybody(text, client):
    post(status_path(text), fields_of(text))
    assert client.get("/").status_code == 302


# --- Repeated and reordered ----------------------------------------------------------------------


def test_a_replay_changes_nothing(text):
    post(status_path(text), fields_of(text))
    before = snapshot()
    assert post(status_path(text), fields_of(text)).status_code == 204
    assert snapshot() == before


def test_what_comes_late_does_not_undo_what_came_first(text):
    post(status_path(text), fields_of(text))
    before = snapshot()
    post(status_path(text), fields_of(text, MessageStatus="sent"))
    post(status_path(text), fields_of(text, MessageStatus="failed", ErrorCode="30008"))
    assert snapshot() == before


@pytest.mark.parametrize("word", ["", "bogus", "received", "DELIVERED", "x" * 200])
def test_an_unknown_status_is_taken_and_ignored(text, word):
    before = snapshot()
    assert post(status_path(text), fields_of(text, MessageStatus=word)).status_code == 204
    assert snapshot() == before


# --- The call ------------------------------------------------------------------------------------


def press(message, key, turn=0, **fields):
    given = {"CallStatus": "in-progress", **({"Digits": key} if key else {}), **fields}
    return post(voice_path(message, turn), fields_of(message, **given))


def test_a_stranger_gets_no_code(call):
    reply = Client().post(voice_path(call), fields_of(call, Digits="1"))
    assert reply.status_code == 403
    assert "4, 9, 3" not in reply.text


def test_nothing_is_read_without_a_key(call):
    reply = press(call, "")
    assert "4, 9, 3" not in reply.text
    assert "<Hangup/>" in reply.text


def test_the_key_reads_letters_and_digits_twice(call):
    reply = press(call, "1")
    assert reply["Content-Type"].startswith("text/xml")
    assert reply.text.count("4, 9, 3, 8, 1, 7") == 2
    assert reply.text.count("K, M, P") == 2
    assert f"/twilio/voice/{call.pk}/?turn=1" in reply.text
    call.refresh_from_db()
    assert (call.status, call.key_pressed) == (Status.DELIVERED, "1")


def test_the_key_reads_again_at_the_next_turn(call):
    press(call, "1")
    assert "4, 9, 3, 8, 1, 7" in press(call, "1", turn=1).text


def test_a_replayed_key_hears_no_code(call):
    press(call, "1")
    before = snapshot()
    reply = press(call, "1")
    assert reply.status_code == 200
    assert "4, 9, 3" not in reply.text
    assert snapshot() == before


@pytest.mark.parametrize("turn", [1, 5, -1])
def test_a_turn_that_is_not_due_hears_no_code(call, turn):
    assert "4, 9, 3" not in press(call, "1", turn=turn).text


def test_readings_end(call):
    assert all("4, 9, 3" in press(call, "1", turn=turn).text for turn in range(6))
    assert "4, 9, 3" not in press(call, "1", turn=6).text


def test_after_its_end_a_call_reads_nothing(call):
    post(status_path(call), fields_of(call, CallStatus="completed"))
    assert "4, 9, 3" not in press(call, "1").text


def test_after_its_life_a_code_is_not_read(call, clock):
    clock.shift(301)
    assert "4, 9, 3" not in press(call, "1").text


def test_a_text_message_is_not_read_aloud(text):
    fields = fields_of(text, CallSid=CA, Digits="1")
    fields.pop("MessageSid")
    reply = post(f"/twilio/voice/{text.pk}/", fields)
    assert reply.status_code == 403
    assert "493817" not in reply.text


def test_the_code_is_in_no_address(call):
    reply = press(call, "1")
    assert "493817" not in reply.text.replace(" ", "").replace("4,9,3,8,1,7", "")


def test_nine_reports_the_call_once(call, alice):
    before = Entry.objects.filter(event="code.call_reported").count()
    assert "4, 9, 3" not in press(call, "9").text
    press(call, "9")
    [entry] = Entry.objects.filter(event="code.call_reported")
    assert before == 0
    assert (entry.user, entry.detail) == (alice, {"reference": "KMP", "to": "... 01"})
    call.refresh_from_db()
    assert (call.key_pressed, call.body) == ("9", None)


def test_a_reported_test_call_is_recorded_too(alice):
    assert press(sent(alice, Channel.VOICE, about=""), "9").status_code == 200
    assert Entry.objects.filter(event="code.call_reported", user=alice).exists()


def test_nine_works_after_the_code_was_read(call):
    press(call, "1")
    press(call, "9", turn=1)
    assert Entry.objects.filter(event="code.call_reported").count() == 1


@pytest.mark.parametrize("key", ["2", "#", "*", "1" * 300, "<Say>"])
def test_any_other_key_ends_the_call(call, key):
    reply = press(call, key)
    assert ("4, 9, 3" in reply.text) == key.startswith("1")


def test_a_call_that_ends_without_a_key_was_not_heard(call):
    post(status_path(call), fields_of(call, CallStatus="in-progress"))
    post(status_path(call), fields_of(call, CallStatus="completed"))
    call.refresh_from_db()
    assert (call.status, call.detail, call.body) == (Status.UNDELIVERED, "no_key", None)


def test_a_call_that_was_heard_stays_delivered(call):
    press(call, "1")
    post(status_path(call), fields_of(call, CallStatus="completed"))
    call.refresh_from_db()
    assert (call.status, call.body) == (Status.DELIVERED, None)


# --- What people write back ----------------------------------------------------------------------


@pytest.fixture
def heard():
    words = []

    def hear(sender, number, word, **kwargs):
        words.append((number, word))

    signals.inbound.connect(hear)
    yield words
    signals.inbound.disconnect(hear)


def written(body, **fields):
    return {
        "AccountSid": portal.TWILIO_ACCOUNT_SID,
        "MessageSid": SM,
        "From": "+14155550101",
        "To": portal.TWILIO_FROM,
        "Body": body,
        **fields,
    }


@pytest.mark.parametrize(
    ("body", "word"), [("STOP", "stop"), (" stop ", "stop"), ("Start", "start"), ("help", "help")]
)
def test_the_words_are_heard_once(heard, body, word):
    for _ in range(2):
        assert post("/twilio/inbound/", written(body)).status_code == 204
    assert heard == [("+14155550101", word)]


@pytest.mark.parametrize("body", ["hello", "", "STOP it", "493817"])
def test_other_words_mean_nothing(heard, body):
    assert post("/twilio/inbound/", written(body)).status_code == 204
    assert heard == []


@pytest.mark.parametrize(
    "fields", [{"To": "+14155550199"}, {"AccountSid": "AC" + "9" * 32}, {"AccountSid": ""}]
)
def test_words_to_others_are_refused(heard, fields):
    assert post("/twilio/inbound/", written("STOP", **fields)).status_code == 403
    assert heard == []


@pytest.mark.parametrize("number", ["", "anonymous", "+1", "+1415555<script>"])
def test_a_sender_that_is_no_number_stops_nobody(heard, number):
    assert post("/twilio/inbound/", written("STOP", From=number)).status_code == 204
    assert heard == []


def test_a_forged_stop_is_refused(heard):
    assert post("/twilio/inbound/", written("STOP"), token="guess").status_code == 403
    assert heard == []
