"""Failures on demand, as the official client and the customer see them."""

import smtplib
import time

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator

from tests.emulator_process import until

SENDER = "+15005550006"
ALICE = "+14155550101"
BOB = "+14155550102"


@pytest.fixture
def order(http, emulator):
    def make(on, fault, **more):
        body = {"on": on, "fault": fault} | more
        return http.post(f"{emulator.base_url}/control/faults", json=body).status_code

    return make


@pytest.fixture
def send(twilio, customer):
    url = f"{customer.base_url}/status/"
    return lambda to=ALICE: twilio.messages.create(
        to=to, from_=SENDER, body="Hello", status_callback=url
    )


def called(twilio):
    return twilio.calls.create(to=ALICE, from_=SENDER, twiml="<Response/>")


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [("http_429", 429, 20429), ("http_500", 500, 20500), ("http_503", 503, 20503)],
)
def test_an_http_fault_refuses_and_stores_nothing(order, send, twilio, phone, fault, status, code):
    assert order("messages", fault) == order("calls", fault) == 204
    for create in (send, lambda: called(twilio)):
        with pytest.raises(TwilioRestException) as raised:
            create()
        assert (raised.value.status, raised.value.code) == (status, code)
    assert phone.messages() == phone.calls() == []
    assert send().sid


@pytest.mark.parametrize("fault", ["reset", "timeout"])
def test_a_broken_connection_stores_nothing(order, send, twilio, phone, fault):
    order("messages", fault)
    order("calls", fault)
    for create in (send, lambda: called(twilio)):
        with pytest.raises(requests.exceptions.ConnectionError):
            create()
    assert phone.messages() == phone.calls() == []
    assert send().sid


@pytest.mark.parametrize("fault", ["accept_then_reset", "accept_then_timeout"])
def test_accepted_and_broken_is_carried_out(order, send, phone, customer, fault):
    order("messages", fault)
    with pytest.raises(requests.exceptions.ConnectionError):
        send()
    until(lambda: "delivered" in customer.told("/status/", "MessageStatus"))
    assert len(phone.messages()) == 1


def test_accepted_and_500_is_carried_out(order, twilio, phone):
    order("calls", "accept_then_500")
    with pytest.raises(TwilioRestException) as raised:
        called(twilio)
    assert raised.value.code == 20500
    assert len(phone.calls()) == 1


def test_a_fault_is_for_its_number_and_times_only(order, send, http, emulator):
    order("messages", "http_429", to=BOB, times=2)
    assert send().sid
    for _ in range(2):
        with pytest.raises(TwilioRestException):
            send(BOB)
    assert send(BOB).sid
    assert http.get(f"{emulator.base_url}/control/faults").json() == {"faults": []}


def test_a_delay_answers_late_but_as_usual(order, send):
    order("messages", "delay", ms=100, times=3)
    order("messages", "http_503")
    began = time.monotonic()
    with pytest.raises(TwilioRestException):
        send()
    assert send().sid
    assert send().sid
    assert time.monotonic() - began >= 0.3


def test_a_429_may_say_when_to_come_back(order, http, emulator):
    order("messages", "http_429", retry_after=7)
    account = "AC00000000000000000000000000000001"
    url = f"{emulator.base_url}/2010-04-01/Accounts/{account}/Messages.json"
    answer = http.post(url, data={}, auth=(account, "emulator_auth_token"))
    assert answer.headers["Retry-After"] == "7"


def test_no_callback_comes(order, send, customer, phone):
    order("callbacks", "no_callback", times=2)
    send()
    until(lambda: phone.messages()[0]["status"] == "delivered")
    send(BOB)
    until(lambda: len(customer.told("/status/", "To")) == 2)
    assert set(customer.told("/status/", "To")) == {BOB}


def test_callbacks_come_late_or_in_another_order(order, send, customer):
    order("callbacks", "late_callback", ms=300)
    send()
    until(lambda: customer.told("/status/", "MessageStatus") == ["delivered", "sent"])
    customer.heard.clear()
    order("messages", "reordered_callbacks")
    send()
    until(lambda: customer.told("/status/", "MessageStatus") == ["delivered", "sent"])


def test_a_callback_held_back_as_the_last_still_comes(order, send, customer):
    order("callbacks", "reordered_callbacks", times=9)
    send()
    until(lambda: len(customer.told("/status/", "MessageStatus")) == 2)


def test_a_callback_comes_twice(order, send, customer):
    order("callbacks", "duplicate_callback")
    send()
    until(lambda: len(customer.at("/status/")) == 3)
    assert customer.told("/status/", "MessageStatus") == ["sent", "sent", "delivered"]
    tokens = [hit.headers["I-Twilio-Idempotency-Token"] for hit in customer.at("/status/")]
    assert tokens[0] == tokens[1] != tokens[2]


def test_a_forged_callback_has_a_wrong_signature(order, send, customer):
    order("callbacks", "forged_callback")
    send()
    until(lambda: len(customer.at("/status/")) == 2)
    validator = RequestValidator("emulator_auth_token")
    genuine = [
        validator.validate(hit.url, hit.form, hit.headers["X-Twilio-Signature"])
        for hit in customer.at("/status/")
    ]
    assert genuine == [False, True]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"on": "messages"},
        {"on": "mail", "fault": "reset"},
        {"on": "messages", "fault": "nonsense"},
        {"on": "callbacks", "fault": "http_500"},
        {"on": "smtp", "fault": "no_callback"},
        {"on": "messages", "fault": "reset", "times": 0},
        {"on": "messages", "fault": "reset", "times": "many"},
        {"on": "messages", "fault": "reset", "extra": 1},
    ],
)
def test_a_bad_order_is_400(http, emulator, body):
    assert http.post(f"{emulator.base_url}/control/faults", json=body).status_code == 400


def test_orders_are_listed_and_deleted(order, http, emulator):
    order("messages", "reset", times=3, to=ALICE)
    url = f"{emulator.base_url}/control/faults"
    (row,) = http.get(url).json()["faults"]
    assert (row["on"], row["fault"], row["times"], row["to"]) == ("messages", "reset", 3, ALICE)
    assert http.delete(url).status_code == 204
    assert http.get(url).json() == {"faults": []}


@pytest.mark.parametrize(
    ("fault", "code"), [("http_429", 450), ("http_503", 421), ("http_500", 554)]
)
def test_the_mail_server_refuses(order, mail, inbox, fault, code):
    order("smtp", fault)
    with pytest.raises(smtplib.SMTPDataError) as raised:
        mail()
    assert raised.value.smtp_code == code
    assert inbox() == []


@pytest.mark.parametrize(
    ("fault", "kept"), [("reset", 0), ("timeout", 0), ("accept_then_reset", 1)]
)
def test_the_mail_server_hangs_up(order, mail, inbox, fault, kept):
    order("smtp", fault, to="alice@example.com")
    with pytest.raises(smtplib.SMTPServerDisconnected):
        mail()
    assert len(inbox()) == kept


def test_the_mail_server_delays(order, mail, inbox):
    order("smtp", "delay", ms=50, times=2)
    mail()
    mail()
    assert len(inbox()) == 2
