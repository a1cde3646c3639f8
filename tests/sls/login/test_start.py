"""Name and password."""

import pytest
from django.test import Client

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges.models import Challenge
from accounts.lockout.models import PasswordFailures
from accounts.outbox.models import Message
from accounts.users.models import User
from sls.login.models import Attempt
from tests.cast import PASSWORD, post_password

SENTENCE = "That user name and password do not match."


def events(user):
    return list(Entry.objects.filter(user=user).order_by("number").values_list("event", flat=True))


def test_asks_for_the_code_after_the_right_password(client, alice):
    response = post_password(client)
    assert response.status_code == 302
    attempt = Attempt.objects.get()
    assert attempt.user == alice
    assert Message.objects.get().to == "+14155550101"
    assert events(alice) == [Event.SIGN_IN_STARTED]


def test_shows_neither_attempt_nor_code_in_the_table(client, alice):
    url = post_password(client)["Location"]
    token = url.rstrip("/").rsplit("/", 1)[1]
    attempt, message, challenge = (
        Attempt.objects.get(),
        Message.objects.get(),
        Challenge.objects.get(),
    )
    assert token != attempt.digest
    assert len(token) >= 43
    code = challenge.code().encode()
    assert code not in bytes(challenge.secret)
    assert code not in bytes(message.body)


@pytest.mark.parametrize("name", ["alice", "nobody-of-that-name", "ALICE", "ａｌｉｃｅ"])
def test_one_sentence_serves_unknown_name_and_wrong_password(client, alice, name):
    response = post_password(client, name, "wrong-orbit-cactus-42")
    assert response.status_code == 200
    assert SENTENCE in response.content.decode()
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("name", ["alice", "nobody-of-that-name"])
def test_slows_from_the_fifth_failure_and_says_until_when(client, alice, name):
    for _ in range(5):
        assert post_password(client, name, "wrong").status_code == 200
    response = post_password(client, name, "wrong")
    assert response.status_code == 429
    assert 1 <= int(response["Retry-After"]) <= 16


@pytest.mark.parametrize("name", ["alice", "nobody-of-that-name"])
def test_says_how_many_tries_are_left_once_they_are_few(client, alice, name, clock):
    pages = []
    for _ in range(9):
        pages.append(post_password(client, name, "wrong").content.decode())
        clock.shift(300)
    said = [page.count("this user name is paused for a while") for page in pages]
    assert said == [0, 0, 0, 0, 1, 1, 1, 1, 1]
    assert "After 5 more that do not match" in pages[4]
    assert "After 1 more that does not match" in pages[8]


@pytest.mark.parametrize("name", ["alice", "nobody-of-that-name"])
def test_locks_at_ten_for_a_day_also_against_the_right_password(client, alice, name, clock):
    fail_ten_times(client, name, clock)
    response = post_password(client, name)
    assert response.status_code == 200
    assert "paused until" in response.content.decode()
    clock.shift(86_400 + 1)
    assert post_password(client, "alice").status_code == 302


def fail_ten_times(client, name, clock):
    for _ in range(10):
        assert post_password(client, name, "wrong").status_code == 200
        clock.shift(300)


def test_cve_2026_97764_counts_spellings_of_a_name_together(client, alice):
    for name in ["alice", "ALICE", "ａｌｉｃｅ", "Alice ", "aLiCe"]:
        post_password(client, name, "wrong")
    assert PasswordFailures.objects.get().count == 5


def test_tells_the_owner_of_the_lock_once(client, alice, clock):
    fail_ten_times(client, "alice", clock)
    for _ in range(5):
        post_password(client, "alice", "wrong")
    assert events(alice).count(Event.SIGN_IN_LOCKED) == 1


def test_lets_a_known_browser_in_while_strangers_are_locked_out(client, alice, sign_in, clock):
    sign_in(client, alice)
    client.post("/logout/")
    fail_ten_times(Client(), "alice", clock)
    assert post_password(Client()).status_code == 200
    assert post_password(client).status_code == 302


def test_forgets_failures_only_when_the_sign_in_is_complete(client, alice, sign_in):
    post_password(client, "alice", "wrong")
    post_password(client)
    assert PasswordFailures.objects.get().count == 1
    sign_in(client, alice)
    assert not PasswordFailures.objects.exists()


@pytest.mark.parametrize("field", ["username", "password"])
def test_says_which_field_is_missing_and_counts_nothing(client, alice, field):
    data = {"username": "alice", "password": PASSWORD, field: ""}
    response = client.post("/login/", data)
    assert response.status_code == 200
    assert "error-summary" in response.content.decode()
    assert not PasswordFailures.objects.exists()


def test_takes_a_password_exactly_as_it_was_set_but_for_its_unicode_form(client, alice):
    alice.set_password("caf\u00e9 lantern orbit")
    alice.save()
    assert post_password(client, password="cafe\u0301 lantern orbit").status_code == 302
    assert post_password(client, password=" caf\u00e9 lantern orbit").status_code == 200


def test_does_not_hash_an_endless_password(client, alice):
    response = post_password(client, password="x" * 2000)
    assert response.status_code == 200
    assert not PasswordFailures.objects.exists()


def test_refuses_who_is_no_longer_active_with_the_same_sentence(client, alice):
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert SENTENCE in post_password(client).content.decode()


def test_limits_sign_ins_of_one_address(client, alice, settings):
    settings.SIGN_INS_PER_ADDRESS_MINUTE = 3
    answers = [post_password(client, f"name-{n}", "wrong") for n in range(4)]
    assert [r.status_code for r in answers] == [200, 200, 200, 429]
    assert int(answers[-1]["Retry-After"]) >= 1


def test_g17_writes_nothing_for_who_only_looks(client, db, counted_queries):
    with counted_queries(0):
        response = client.get("/login/")
    assert response.status_code == 200
    assert set(response.cookies) <= {"csrf"}


def test_get_never_sends(client, alice):
    url = post_password(client)["Location"]
    for path in (url, f"{url}status/"):
        assert client.get(path).status_code == 200
    for path in (f"{url}resend/", f"{url}answer/", f"{url}method/"):
        assert client.get(path).status_code == 405
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    "next_path",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)",
     "\\\\evil.example", "evil", "https:evil"],
)  # fmt: skip
def test_leads_nowhere_else_after_the_sign_in(client, alice, next_path):
    url = post_password(client, next=next_path)["Location"]
    code = Challenge.objects.get().code()
    assert client.post(f"{url}answer/", {"code": code})["Location"] == "/"


def test_honours_a_path_of_ours_after_the_sign_in(client, alice):
    url = post_password(client, next="/settings/?a=b")["Location"]
    code = Challenge.objects.get().code()
    assert client.post(f"{url}answer/", {"code": code})["Location"] == "/settings/?a=b"
