"""Which codes were used, as the outbox is told."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.utils import timezone

from accounts.challenges import using
from accounts.challenges.models import Challenge
from accounts.outbox.models import Message, Status
from tests.cast import begin, code_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(client, alice) -> str:
    """Alice before the code page, with a code that was handed over."""
    url = begin(client)
    Message.objects.filter(is_code=True).update(status=Status.DELIVERED)
    return url


def test_a_right_answer_is_told_and_once(client, alice, asked):
    client.post(f"{asked}answer/", {"code": code_for(alice)})
    assert using.tell() == 1
    assert Message.objects.get(is_code=True).used_at is not None
    assert using.tell() == 0


def test_a_wrong_answer_is_not(client, alice, asked):
    code = code_for(alice)
    client.post(f"{asked}answer/", {"code": f"{(int(code) + 1) % 1_000_000:06d}"})
    assert using.tell() == 0


def test_a_code_that_was_never_handed_over_was_not_used_from_there(client, alice, asked):
    Message.objects.filter(is_code=True).update(status=Status.ABORTED)
    client.post(f"{asked}answer/", {"code": code_for(alice)})
    assert using.tell() == 0


def test_what_was_used_while_beat_stood_still_is_told_later(client, alice, asked, clock):
    using.tell()
    client.post(f"{asked}answer/", {"code": code_for(alice)})
    clock.shift(30 * 60)
    assert using.tell() == 1


def test_a_cache_that_forgot_costs_no_more_than_looking_back(client, alice, asked, clock):
    using.tell()
    client.post(f"{asked}answer/", {"code": code_for(alice)})
    caches["limits"].clear()
    clock.shift(10 * 60)
    assert using.tell() == 1


def test_codes_by_mail_are_none_of_its_business(alice):
    now = timezone.now()
    Challenge.objects.create(
        user=alice,
        purpose="contact",
        method="email",
        bound_to="x",
        destination="alice@example.com",
        tries_left=5,
        created_at=now,
        expires_at=now + timedelta(minutes=5),
        used_at=now,
    )
    assert using.tell() == 0


def test_it_takes_one_statement_while_nothing_was_used(db, counted_queries):
    with counted_queries(most=1):
        using.tell()
