"""Didn't receive a security code?"""

import pytest
from django.test import Client

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges.models import Challenge
from accounts.outbox.models import Message, Status
from sls.login.models import Attempt
from tests.bench.counts import SQL
from tests.cast import begin, code_for


def resend(client, url, delivery="sms"):
    return client.post(f"{url}resend/", {"delivery": delivery})


def test_sends_the_same_code_by_the_other_channel_and_keeps_its_end(client, alice, clock):
    url = begin(client)
    before = Challenge.objects.get()
    clock.shift(30)
    assert resend(client, url, "voice").status_code == 302
    after = Challenge.objects.get()
    assert (after.code(), after.expires_at) == (before.code(), before.expires_at)
    assert {m.channel for m in Message.objects.all()} == {"sms", "voice"}


@pytest.mark.parametrize(("seconds", "status"), [(0, 429), (29, 429), (30, 302)])
def test_waits_thirty_seconds_before_the_first_repeat(client, alice, clock, seconds, status):
    clock.move_to("2026-11-21T12:00:00Z", tick=False)
    url = begin(client)
    clock.shift(seconds)
    response = resend(client, url)
    assert response.status_code == status
    if status == 429:
        assert int(response["Retry-After"]) == 30 - seconds
        assert "id_code" in response.content.decode()  # the page still works


def test_stops_after_five_sends_of_one_code(client, alice, clock):
    url = begin(client)
    for gap in (30, 60, 60, 60):
        Message.objects.update(status=Status.SENT)
        clock.shift(gap)
        assert resend(client, url, "voice").status_code == 302
    clock.shift(60)
    assert resend(client, url).status_code == 429
    assert Message.objects.count() == 5


def test_stops_after_ten_codes_a_day_to_one_number(alice, clock):
    for _ in range(10):
        begin(Client())
        clock.shift(400)
    client = Client()
    url = begin(client)
    assert Message.objects.filter(is_code=True).count() == 10
    response = resend(client, url)
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 3600


def test_plans_the_first_code_of_a_new_sign_in_for_when_it_may_be_sent(alice, clock):
    begin(Client())
    clock.shift(10)
    begin(Client())
    first, second = Message.objects.order_by("created_at")
    assert 29 <= (second.not_before - first.created_at).total_seconds() <= 30
    assert second.status == Status.QUEUED


def test_opens_a_new_challenge_once_the_code_is_expired(client, alice, clock):
    url = begin(client)
    old = Challenge.objects.get()
    clock.shift(301)
    assert resend(client, url).status_code == 302
    assert Attempt.objects.get().challenge_id != old.pk
    assert client.post(f"{url}answer/", {"code": code_for(alice)}).status_code == 302


def test_opens_at_most_three_new_challenges_in_one_attempt(client, alice, clock, settings):
    settings.ATTEMPT_LIFE = 3600
    url = begin(client)
    for _ in range(3):
        clock.shift(301)
        assert resend(client, url).status_code == 302
    clock.shift(301)
    assert resend(client, url).status_code == 429
    assert Challenge.objects.count() == 4


def test_resets_no_counter(client, alice, clock):
    url = begin(client)
    wrong = f"{(int(code_for(alice)) + 1) % 1_000_000:06d}"
    for _ in range(3):
        client.post(f"{url}answer/", {"code": wrong})
    clock.shift(30)
    resend(client, url)
    assert Challenge.objects.get().tries_left == 2


def test_aborts_the_older_message_that_still_waits(client, alice, clock):
    url = begin(client)
    clock.shift(30)
    resend(client, url, "voice")
    assert Message.objects.get(channel="sms").status == Status.ABORTED
    assert Message.objects.get(channel="voice").status == Status.QUEUED


def test_is_recorded_with_a_masked_number(client, alice, clock):
    url = begin(client)
    clock.shift(30)
    resend(client, url, "voice")
    entry = Entry.objects.get(event=Event.CODE_RESENT)
    assert entry.detail == {"channel": "voice", "to": "+1 ... 01"}


@pytest.mark.parametrize("delivery", ["", "fax", "email", "SMS"])
def test_refuses_ways_that_do_not_exist(client, alice, delivery):
    url = begin(client)
    assert resend(client, url, delivery).status_code == 400


def test_limits_sends_of_one_address(client, alice, bob, settings):
    settings.SENDS_PER_ADDRESS_HOUR = 1
    begin(client)
    begin(Client(), "bob")
    assert Message.objects.count() == 1


def test_does_not_send_to_a_number_that_takes_no_text_messages(client, alice, clock):
    alice.phonenumbers.update(sms_refused_by_carrier=True)
    url = begin(client)
    assert not Message.objects.exists()
    assert resend(client, url, "voice").status_code == 302


def test_g4_stays_within_its_statements(client, alice, sign_in, counted_queries, clock):
    sign_in(client, alice)  # the browser is known from now on
    client.post("/logout/")
    clock.shift(400)
    with counted_queries(0):
        Client().get("/login/")
    with counted_queries(most=11):
        url = begin(client)
    clock.shift(30)
    with counted_queries(most=8):
        assert resend(client, url, "voice").status_code == 302
    with counted_queries(most=3):
        assert client.get(f"{url}status/").status_code == 200
    code = code_for(alice)
    with counted_queries(most=11):
        assert client.post(f"{url}answer/", {"code": code}).status_code == 302
    with counted_queries(most=SQL["landing"]):
        assert client.get("/").status_code == 200
