"""A code opens once, is told to its owner, and counts towards its set when it is wrong."""

import pytest

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges.models import Challenge
from accounts.challenges.rules import Outcome
from accounts.outbox.models import Message
from accounts.sessions.models import Session
from accounts.users import slots
from sls.methods import registry
from sls.methods.backup_codes import rules
from sls.methods.backup_codes.models import CodeSet
from tests.cast import CODE, begin, code_set, person

pytestmark = pytest.mark.django_db(transaction=True)
CODES = registry.get("backup_codes")


@pytest.fixture
def user():
    return person("alice", mobile="+14155550101")


@pytest.fixture
def codes(user) -> CodeSet:
    return code_set(user)


def sign_in(client, codes, code) -> int:
    """The status of the answer."""
    url = begin(client)
    client.post(f"{url}method/", {"device": codes.persistent_id})
    return client.post(f"{url}answer/", {"code": code}).status_code


def test_each_code_is_used_once(codes, answer):
    assert answer(codes, f"{CODE}A").is_ok
    again = answer(codes, f"{CODE}A")
    assert (again.outcome, again.evaluated) == (Outcome.USED, True)
    assert answer(codes, f"{CODE}B").is_ok
    assert CodeSet.objects.get().used == [1, 2]


def test_a_used_code_counts_as_a_wrong_one(codes, answer):
    answer(codes, f"{CODE}A")
    answer(codes, f"{CODE}A")
    assert CodeSet.objects.get().failures == 1


def test_the_use_is_told_to_every_address_and_the_telephone(codes, answer):
    answer(codes, f"{CODE}C")
    entry = Entry.objects.get(event=Event.BACKUP_CODE_USED)
    assert entry.detail == {"method": "backup_codes", "number": 3, "left": 9}
    told = Message.objects.filter(name="backup_code_used").values_list("channel", "to")
    assert set(told) == {("email", "alice@example.com"), ("sms", "+14155550101")}


def test_a_wrong_code_is_told_to_nobody(codes, answer):
    answer(codes, f"{CODE}Z")
    assert not Message.objects.filter(name="backup_code_used").exists()


def test_the_last_code_still_signs_in_and_then_the_set_is_offered_no_more(client, user, codes):
    CodeSet.objects.update(used_bits=rules.ALL_USED - rules.bit(7))
    assert sign_in(client, codes, f"{CODE}G") == 302
    assert Session.objects.count() == 1
    assert client.get("/").status_code == 200
    assert not CODES.devices(user.pk).exists()


def test_ten_wrong_ones_over_all_challenges_disable_the_set(codes, answer):
    outcomes = [answer(codes, f"{CODE}Z").outcome for _ in range(10)]
    assert outcomes == [Outcome.WRONG] * 9 + [Outcome.DISABLED]
    assert CodeSet.objects.get().disabled_at is not None


def test_codes_of_another_set_open_nothing(codes, answer):
    other = person("mallory", mobile="+14155550199")
    theirs = code_set(other)
    CodeSet.objects.filter(pk=codes.pk).update(salt=b"another")
    assert answer(codes, f"{CODE}A").outcome is Outcome.WRONG
    assert answer(theirs, f"{CODE}A").is_ok


def test_codes_copied_to_another_row_open_nothing(codes, answer):
    other = code_set(person("mallory", mobile="+14155550199"))
    CodeSet.objects.filter(pk=codes.pk).update(key=bytes(other.key), digests=bytes(other.digests))
    assert answer(codes, f"{CODE}A").outcome is Outcome.WRONG


def test_nothing_is_hashed_for_a_challenge_that_takes_no_answer(codes, ask, monkeypatch):
    challenge = ask(codes)
    Challenge.objects.update(tries_left=0)
    monkeypatch.setattr("sls.methods.backup_codes.hashing.digest", None)
    found = Challenge.objects.get(pk=challenge.pk)
    assert CODES.verify(found, f"{CODE}A", origin=None).outcome is Outcome.NO_TRIES


def test_waits_for_a_place_like_a_password_and_counts_nothing_without_one(
    client, codes, settings, monkeypatch
):
    def full():
        raise slots.NoFreeSlot

    url = begin(client)
    client.post(f"{url}method/", {"device": codes.persistent_id})
    monkeypatch.setattr("sls.methods.backup_codes.services.hash_slot", full)
    client.raise_request_exception = False
    response = client.post(f"{url}answer/", {"code": f"{CODE}A"})
    assert (response.status_code, response["Retry-After"]) == (503, "2")
    assert CodeSet.objects.get().failures == 0
    assert Challenge.objects.filter(method="backup_codes").get().tries_left == 5
