import re
import time

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts import floor
from accounts.audit.models import Entry
from accounts.challenges.models import Challenge
from accounts.contacts.models import EmailAddress, PhoneNumber
from accounts.outbox.models import Message
from sls.enrolment import activation
from tests.cast import code_for
from tests.sls.enrolment.conftest import GOOD


def later(minutes: float):
    return time_machine.travel(timezone.now() + timezone.timedelta(minutes=minutes), tick=True)


def page(response) -> str:
    """The page without what differs from one request to the next."""
    text = re.sub(r'value="[^"]*"', "", response.content.decode())
    return re.sub(r'nonce="[^"]*"', "", text)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_leads_from_the_code_to_the_first_sign_in(client, nina, code_url):
    number = PhoneNumber.objects.get(user=nina)
    assert Message.objects.filter(to=number.number, channel="sms").count() == 1
    response = client.post(f"{code_url}answer/", {"code": code_for(nina)})
    assert response["Location"] == "/"
    assert client.get("/").status_code == 200
    nina.refresh_from_db()
    number.refresh_from_db()
    assert None not in (nina.activated_at, number.verified_at)
    assert number.primary
    events = list(
        Entry.objects.filter(user=nina).order_by("number").values_list("event", flat=True)
    )
    for event in ("email.verified", "password.set", "phone.consented", "device.enrolled"):
        assert events.count(event) == 1
    mails = Message.objects.filter(user=nina, channel="email").values_list("name", flat=True)
    assert sorted(mails) == ["account_activated", "activation"]


def test_verifies_the_address_that_the_code_went_to(nina, password_url):
    email = EmailAddress.objects.get(user=nina)
    assert email.verified_at is not None
    assert email.primary


@pytest.mark.parametrize("write", ["{0} {1}", "{0}-{1}", "#{0}{1}", " {0}{1} "])
def test_takes_a_code_as_it_was_pasted(client, nina, code, write):
    typed = write.format(code[:3], code[3:])
    assert client.post("/activate/", {"username": "NINA", "code": typed}).status_code == 302


@pytest.mark.parametrize("typed", ["", "abcdef", "12345", "1234567"])
def test_says_what_cannot_be_a_code_and_counts_nothing(client, nina, typed):
    response = client.post("/activate/", {"username": "nina", "code": typed})
    assert response.status_code == 200
    assert response.context["form"].errors["code"]
    assert Challenge.objects.get(user=nina).tries_left == 5


def test_answers_the_same_for_every_reason(client, nina, alice, code):
    answers = []

    def post(username: str, typed: str) -> None:
        response = client.post("/activate/", {"username": username, "code": typed})
        assert response.status_code == 200
        answers.append(page(response))

    post("nobody", code)
    post("alice", code)
    for _ in range(5):
        post("nina", wrong(code))
    post("nina", code)  # right, but no tries left
    assert len(set(answers)) == 1
    assert Entry.objects.filter(user=nina, event="account.activation_failed").count() == 6


def test_does_not_take_an_expired_code(client, nina, code):
    with later(30.1):
        assert client.post("/activate/", {"username": "nina", "code": code}).status_code == 200


def test_does_not_take_a_code_twice(client, nina, code, password_url):
    assert Client().post("/activate/", {"username": "nina", "code": code}).status_code == 200


def test_limits_the_guesses_of_an_address(client, db, settings):
    settings.SIGN_INS_PER_ADDRESS_MINUTE = 3
    for _ in range(3):
        client.post("/activate/", {"username": "nobody", "code": "123456"})
    response = client.post("/activate/", {"username": "nobody", "code": "123456"})
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0


def test_works_in_no_other_browser(client, password_url):
    assert client.get(password_url).status_code == 200
    assert Client().get(password_url).status_code == 404
    assert Client().post(password_url, {"password": GOOD}).status_code == 404
    assert client.get("/activate/unknown/password/").status_code == 404


def test_ends_after_a_quarter_of_an_hour(client, password_url):
    with later(15.1):
        response = client.post(password_url, {"password": GOOD})
    assert response["Location"] == "/activate/?ended=expired"


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("", "Enter a password"),
        ("short", "at least 12"),
        ("qwertyuiop12", "tried first"),
        ("rossi and the tramway", "Leave out your name"),
        ("the 415-555-0111 line", "Leave out your name"),
        ("x7!" * 90, "at most 256"),
    ],
)
def test_says_why_a_password_is_refused(client, nina, password_url, password, words):
    response = client.post(password_url, {"password": password})
    assert response.status_code == 200
    assert any(words in text for text in response.context["form"].errors["password"])
    assert 'value="short"' not in response.content.decode()
    nina.refresh_from_db()
    assert not nina.has_usable_password()


def test_sets_one_password_only(client, nina, password_url, code_url):
    response = client.post(password_url, {"password": "another-orbit-lantern-9"})
    assert response["Location"] == "/login/"
    nina.refresh_from_db()
    assert nina.check_password(GOOD)


def test_can_be_finished_by_signing_in(nina, code_url):
    other = Client()
    with later(16):
        response = other.post("/login/", {"username": "nina", "password": GOOD})
        code_page = response["Location"]
        response = other.post(f"{code_page}answer/", {"code": code_for(nina)})
        assert response["Location"] == "/"


def test_takes_as_long_for_a_name_that_does_not_exist(client, nina, settings, monkeypatch):
    settings.TESTING = False
    monkeypatch.setattr(floor, "SECONDS", 0.2)

    def seconds(username: str) -> float:
        before = time.perf_counter()
        client.post("/activate/", {"username": username, "code": "000000"})
        return time.perf_counter() - before

    seconds("nobody")  # templates are compiled once
    for name in ("nina", "nobody"):
        # The quickest of several: a busy machine only ever adds.
        assert 0.2 <= min(seconds(name) for _ in range(4)) < 0.3


def test_speaks_the_language_of_the_client(client, nina, password_url):
    nina.language = "ja"
    nina.save()
    assert '<html lang="ja">' in client.get(password_url).content.decode()


class TestResend:
    def post(self, client, username):
        return client.post("/activate/resend/", {"username": username})

    def test_answers_the_same_for_every_name(self, client, nina, alice):
        with later(2):
            answers = {page(self.post(client, name)) for name in ("nina", "alice", "nobody")}
        assert len(answers) == 1

    def test_sends_the_same_code_again(self, client, nina, code):
        with later(2):
            self.post(client, "nina")
            assert Message.objects.filter(user=nina).count() == 2
            assert client.post("/activate/", {"username": "nina", "code": code}).status_code == 302

    def test_keeps_its_distance(self, client, nina):
        self.post(client, "nina")
        assert Message.objects.filter(user=nina).count() == 1

    def test_sends_a_new_code_once_the_old_one_is_spent(self, client, nina, code):
        for _ in range(5):
            client.post("/activate/", {"username": "nina", "code": wrong(code)})
        with later(2):
            self.post(client, "nina")
            newest = Challenge.objects.filter(user=nina).latest("created_at")
            assert newest.tries_left == 5
            typed = {"username": "nina", "code": newest.code()}
            assert client.post("/activate/", typed).status_code == 302

    def test_leaves_nothing_behind_when_it_may_not_send(self, client, nina, code):
        for _ in range(5):
            client.post("/activate/", {"username": "nina", "code": wrong(code)})
        self.post(client, "nina")
        assert Challenge.objects.filter(user=nina).count() == 1

    def test_sends_nothing_to_people_with_a_password(self, client, alice):
        self.post(client, "alice")
        assert not Message.objects.exists()

    def test_sends_nothing_on_get(self, client, nina):
        with later(2):
            assert client.get("/activate/resend/").status_code == 200
        assert Message.objects.count() == 1


def test_activations_are_deleted_when_they_are_long_over(nina, password_url, clock, settings):
    clock.shift(settings.CHALLENGE_KEEP_DAYS * 86400)
    assert activation.purge() == 0
    clock.shift(settings.ATTEMPT_LIFE + 1)
    assert activation.purge() == 1


def test_advises_while_the_first_password_is_typed(client, password_url, nina):
    answers = [
        client.post(f"{password_url}advice/", {"password": typed}).json()
        for typed in ("short", "call 5550111 this evening", GOOD)
    ]
    assert [answer["may"] for answer in answers] == [False, False, True]
    nina.refresh_from_db()
    assert not nina.has_usable_password()


def test_advises_nobody_but_the_browser_that_gave_the_code(client, password_url):
    advice = f"{password_url}advice/"
    assert Client().post(advice, {"password": GOOD}).status_code == 404
    assert client.post("/activate/unknown/password/advice/").status_code == 404
    assert client.get(advice).status_code == 405


def test_remembers_the_first_password(client, code_url, nina):
    assert nina.past_passwords.count() == 1
