"""Calls that are repeated because their answer got lost."""

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.challenges.models import Challenge
from accounts.lockout.models import PasswordFailures
from accounts.outbox.models import Message
from tests.attacks.tools import at_once
from tests.platforms import Platform

pytestmark = pytest.mark.django_db
KEY = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}


def test_the_first_answer_is_given_again_and_nothing_is_sent_twice(alice):
    platform = Platform()
    first, again = platform.begin(**KEY), platform.begin(**KEY)
    assert again.json() == first.json()
    assert again["Idempotent-Replayed"] == "true"
    assert again["Content-Type"] == first["Content-Type"]
    assert Message.objects.count() == Challenge.objects.count() == 1
    assert platform.step()["kind"] == "ask_answer"


def test_without_a_key_every_call_counts(alice, clock):
    platform = Platform()
    platform.begin()
    clock.shift(31)
    platform.begin()
    assert Challenge.objects.count() == 2


def test_another_request_with_the_same_key_is_refused(alice):
    platform = Platform()
    platform.begin(**KEY)
    other = platform.begin(password="another-password", **KEY)
    assert other.status_code == 422
    assert other.json()["type"].endswith("/problems/key-reused")
    assert "attempt" not in other.json()


def test_the_same_key_from_elsewhere_is_another_one(alice):
    Platform().begin(**KEY)
    elsewhere = Platform(address="198.51.100.7").begin(**KEY)
    assert "Idempotent-Replayed" not in elsewhere


def test_a_wrong_password_is_counted_once(alice):
    platform = Platform()
    for _ in range(3):
        assert platform.begin(password="wrong", **KEY).status_code == 401
    assert PasswordFailures.objects.get().count == 1


def test_too_early_may_be_tried_again_with_the_same_key(alice, clock):
    platform = Platform()
    platform.begin()
    assert platform.go("resend", {"delivery": "sms"}, **KEY).status_code == 429
    clock.shift(31)
    assert platform.go("resend", {"delivery": "sms"}, **KEY).status_code == 200
    assert platform.go("resend", {"delivery": "sms"}, **KEY)["Idempotent-Replayed"] == "true"
    assert Message.objects.count() == 2


@pytest.mark.parametrize("key", ["", "x" * 129, "a b", "é"])
def test_a_key_that_is_none_is_malformed(alice, key):
    answer = Platform().begin(**{"Idempotency-Key": key})
    assert answer.status_code == 400
    assert not Message.objects.exists()


def test_what_is_kept_opens_nothing(alice):
    platform = Platform()
    platform.begin(**KEY)
    client = cache._cache.get_client()
    kept = b"".join(client.get(name) or b"" for name in client.keys("*once:*"))
    assert kept
    assert platform.attempt.encode() not in kept


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_is_done(alice):
    def act(_number: int) -> int:
        return Platform(client=Client(raise_request_exception=False)).begin(**KEY).status_code

    answers = at_once(8, act)
    assert set(answers) <= {200, 409}
    assert 200 in answers
    assert Challenge.objects.count() == 1
