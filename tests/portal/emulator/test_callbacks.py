"""Status callbacks: which, in what form, signed how."""

import pytest
from twilio.request_validator import RequestValidator

from portal.emulator.web import Overrides, signature
from tests.emulator_process import until

TOKEN = "emulator_auth_token"
SENDER = "+15005550006"
ALICE = "+14155550101"
FINAL = {"delivered", "undelivered", "failed"}


def is_genuine(hit) -> bool:
    return RequestValidator(TOKEN).validate(hit.url, hit.form, hit.headers["X-Twilio-Signature"])


@pytest.fixture
def send(twilio, customer):
    def make(**fields):
        url = f"{customer.base_url}/status/?id=7"
        fields = {"to": ALICE, "from_": SENDER, "body": "Secret", "status_callback": url} | fields
        return twilio.messages.create(**fields)

    return make


@pytest.fixture
def statuses(customer):
    """The told statuses, once the last of them is there."""

    def wait(final=FINAL):
        until(lambda: final & set(customer.told("/status/", "MessageStatus")))
        return customer.told("/status/", "MessageStatus")

    return wait


def test_tells_sent_and_delivered_but_not_the_first_status(send, statuses):
    send()
    assert statuses() == ["sent", "delivered"]


def test_a_service_also_tells_queued(send, statuses):
    send(messaging_service_sid="MG" + "a" * 32)
    assert statuses() == ["queued", "sent", "delivered"]


def test_is_signed_and_never_carries_the_text(send, statuses, customer):
    sid = send().sid
    statuses()
    for hit in customer.at("/status/"):
        assert is_genuine(hit)
        assert hit.form["MessageSid"] == hit.form["SmsSid"] == sid
        assert hit.form["To"] == ALICE
        assert "Secret" not in str(hit.form)
        assert "Body" not in hit.form


def test_the_fragment_is_neither_sent_nor_signed(send, statuses, customer):
    send(status_callback=f"{customer.base_url}/status/#rc=3&rp=all")
    statuses()
    assert all(is_genuine(hit) for hit in customer.heard)


@pytest.mark.parametrize(
    ("profile", "code"), [({"reachable": False}, "30003"), ({"sms_capable": False}, "30006")]
)
def test_undelivered_names_the_reason(send, statuses, customer, phone, profile, code):
    phone.be(**profile)
    send()
    assert statuses() == ["sent", "undelivered"]
    assert customer.told("/status/", "ErrorCode")[-1] == code


def test_a_message_older_than_its_validity_fails(send, statuses, customer, phone):
    phone.be(delay_ms=2000)
    send(validity_period=1)
    assert statuses() == ["failed"]
    assert customer.told("/status/", "ErrorCode") == ["30036"]


def test_a_server_error_is_tried_again_only_where_the_url_says_so(send, customer):
    customer.status = 500
    send(status_callback=f"{customer.base_url}/once/")
    send(status_callback=f"{customer.base_url}/thrice/#rc=2&rp=5xx")
    until(lambda: len(customer.at("/thrice/")) == 6 and len(customer.at("/once/")) == 2)
    tokens = [hit.headers["I-Twilio-Idempotency-Token"] for hit in customer.at("/thrice/")]
    assert len(set(tokens)) == 2


def test_a_call_tells_what_was_subscribed(twilio, customer, phone):
    twilio.calls.create(
        to=ALICE,
        from_=SENDER,
        twiml="<Response><Say>Hello</Say></Response>",
        status_callback=f"{customer.base_url}/call/",
        status_callback_event=["initiated", "ringing", "answered", "completed"],
    )
    assert phone.act(phone.wait_for_call("ringing")["sid"], "answer") == 204
    until(lambda: "completed" in customer.told("/call/", "CallStatus"))
    told = customer.told("/call/", "CallStatus")
    assert told == ["initiated", "ringing", "in-progress", "completed"]
    assert customer.told("/call/", "SequenceNumber") == ["0", "1", "2", "3"]
    assert all(is_genuine(hit) for hit in customer.heard)
    last = customer.at("/call/")[-1].form
    assert (last["CallDuration"], last["Duration"], last["Called"]) == ("1", "1", ALICE)
    assert last["Timestamp"].endswith("+0000")


def test_a_call_tells_only_its_end_by_default(twilio, customer, phone):
    twilio.calls.create(
        to=ALICE,
        from_=SENDER,
        twiml="<Response/>",
        timeout=1,
        status_callback=f"{customer.base_url}/call/",
        status_callback_method="GET",
    )
    hit = until(lambda: customer.at("/call/"))[0]
    assert hit.method == "GET"
    assert "CallStatus=no-answer" in hit.url
    assert RequestValidator(TOKEN).validate(hit.url, {}, hit.headers["X-Twilio-Signature"])


def test_signs_as_the_published_vector():
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    form = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    assert signature(url, form, "12345") == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_reads_the_overrides_of_a_url():
    overrides = Overrides.of("https://example.com/#rc=9&rp=ct,5xx&ct=100&rt=x")
    assert (overrides.retries, overrides.connect, overrides.read) == (5, 0.1, 15)
    assert overrides.policy == {"ct", "5xx"}


def test_the_log_shows_what_was_told(send, statuses, http, emulator):
    send()
    statuses()
    log = until(
        lambda: (
            len(rows := http.get(f"{emulator.base_url}/control/callbacks").json()["callbacks"]) == 2
            and rows
        )
    )
    assert [row["params"]["MessageStatus"] for row in log] == ["delivered", "sent"]
    assert {row["answer"] for row in log} == {200}
