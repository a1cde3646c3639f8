import pytest
from django.contrib.auth.hashers import check_password
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import limits
from accounts.passwords import wording
from accounts.passwords.advice import to_guess
from accounts.users.slots import NoFreeSlot, hash_slot
from tests.accounts.passwords.conftest import ADVICE, NEW
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db


def test_says_why_not(proven):
    said = proven.post(ADVICE, {"password": "abcdef"}).json()
    assert said["may"] is False
    assert any("12 characters" in sentence for sentence in said["sentences"])


def test_says_how_good_it_is(proven):
    said = proven.post(ADVICE, {"password": NEW}).json()
    assert said == {"may": True, "sentences": [wording.guessed_in(to_guess(NEW, ()))]}


def test_knows_the_last_ones(proven):
    said = proven.post(ADVICE, {"password": PASSWORD}).json()
    assert said["sentences"] == ["You have used this password before. Choose a new one."]


def test_changes_nothing(proven, alice):
    proven.post(ADVICE, {"password": NEW})
    alice.refresh_from_db()
    assert check_password(PASSWORD, alice.password)
    assert not alice.past_passwords.exists()


def test_answers_only_while_a_proof_holds(signed_in):
    assert signed_in.post(ADVICE, {"password": NEW}).status_code == 403


def test_takes_a_password_from_no_address(proven):
    assert proven.get(ADVICE, {"password": NEW}).status_code == 405
    assert proven.post(f"{ADVICE}?password={NEW}").json()["may"] is False


def test_is_not_asked_without_end(proven, monkeypatch):
    monkeypatch.setitem(limits.RATES, "password_advice_per_user", lambda: "2/m")
    answers = [proven.post(ADVICE, {"password": "short"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]


def test_waits_for_no_place_that_nobody_leaves(proven, settings):
    settings.HASH_WAIT = 0
    with hash_slot(), hash_slot():
        proven.raise_request_exception = False
        assert proven.post(ADVICE, {"password": NEW}).status_code == 503
    with pytest.raises(NoFreeSlot), hash_slot(), hash_slot(), hash_slot():
        pass


@given(st.text(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_an_estimate_is_made_of_anything(text):
    assert to_guess(text or "x", ()) >= 0


def test_signs_for_letters_make_no_word_harder_to_guess():
    assert to_guess("p@$$word", ()) == to_guess("password", ())


@pytest.mark.parametrize(
    ("seconds", "word"), [(60, "within a month"), (10**8, "a long time"), (10**12, "centuries")]
)
def test_the_estimate_is_told_in_words(seconds, word):
    assert word in wording.guessed_in(seconds)
