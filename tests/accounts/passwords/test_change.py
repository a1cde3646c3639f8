import html
import unicodedata

import pytest
from django.contrib.auth.hashers import check_password
from django.core.cache import caches
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.passwords.models import PastPassword
from accounts.users.models import User
from sls.step_up.models import Pending
from tests.accounts.passwords.conftest import ADVICE, NEW, PAGE
from tests.cast import PASSWORD, post_password

pytestmark = pytest.mark.django_db


def shown(response) -> str:
    return html.unescape(response.content.decode())


def test_asks_for_a_proof_first(signed_in):
    page = shown(signed_in.get(PAGE))
    assert "First we verify that it is you." in page
    assert 'name="password"' not in page
    assert signed_in.post(PAGE)["Location"].startswith("/step-up/")


def test_the_password_is_changed_after_a_proof(signed_in, alice, prove, clock):
    prove(signed_in, alice)
    answer = signed_in.post(PAGE, {"password": NEW})
    assert answer["Location"] == "/settings/login/"
    assert "Your new password is in use." in shown(signed_in.get("/settings/login/"))
    assert "Changed today" in shown(signed_in.get("/settings/login/"))
    clock.shift(61)
    assert post_password(Client(), password=PASSWORD).status_code == 200
    assert post_password(Client(), password=NEW).status_code == 302


def test_the_page_says_what_follows_and_what_managers_need(proven):
    page = shown(proven.get(PAGE))
    assert "withdrawals wait for 24 hours" in page
    assert "do not share it, use it elsewhere or note it down" in page
    assert 'autocomplete="new-password"' in page
    assert 'autocomplete="username"' in page
    assert page.count('type="password"') == 1


def test_a_change_closes_the_window(proven):
    proven.post(PAGE, {"password": NEW})
    assert "First we verify that it is you." in shown(proven.get(PAGE))
    proven.post(PAGE, {"password": "copper kettle meadow"})
    assert not Pending.objects.filter(fields__isnull=False).exists()
    assert PastPassword.objects.count() == 1


def test_who_took_too_long_is_led_back_and_nothing_is_kept(signed_in, alice):
    page = signed_in.post(PAGE, {"password": NEW}, follow=True)
    assert page.redirect_chain == [(PAGE, 302)]
    assert "That took too long." in shown(page)
    assert not Pending.objects.exists()
    alice.refresh_from_db()
    assert check_password(PASSWORD, alice.password)


@pytest.mark.parametrize("fields", [{}, {"password": ""}, {"passwort": NEW}])
def test_cve_2026_49448_an_empty_post_changes_nothing(proven, alice, fields):
    before = alice.password
    assert proven.post(PAGE, fields).status_code in (200, 302)
    alice.refresh_from_db()
    assert alice.password == before
    assert alice.past_passwords.count() == 0


@pytest.mark.parametrize(
    "body",
    [
        b"password=lantern%00orbit-cactus",
        b"password=%ED%A0%80lantern-orbit-cactus",
        b"password[]=lantern-orbit-violet",
        b"password=lantern-orbit-violet&password=lantern-orbit-violet",
        b"password=" + b"a" * 10_000_000,
    ],
    ids=["nul", "surrogate", "array", "twice", "ten megabytes"],
)
@pytest.mark.parametrize("path", [PAGE, ADVICE])
def test_a_body_that_nobody_can_type_is_refused(proven, alice, body, path):
    before = alice.password
    form = "application/x-www-form-urlencoded"
    assert proven.post(path, body, content_type=form).status_code == 400
    alice.refresh_from_db()
    assert alice.password == before


def test_256_characters_of_several_bytes_are_taken_whole(proven, real_hash, clock):
    password = "".join(chr(0x4E00 + 37 * place) for place in range(255))
    assert proven.post(PAGE, {"password": f"{password}一"}).status_code == 302
    assert User.objects.get().check_password(f"{password}一")
    assert not User.objects.get().check_password(password)
    assert not User.objects.get().check_password(f"{password}丁")


def test_257_characters_are_too_long(proven, alice):
    page = shown(proven.post(PAGE, {"password": "".join(chr(0x4E00 + n) for n in range(257))}))
    assert "Use at most 256 characters." in page


def test_composed_and_decomposed_sign_in_alike(proven, clock):
    proven.post(PAGE, {"password": "café violet harbour"})
    clock.shift(61)
    for form in ("NFC", "NFD"):
        begun = post_password(Client(), password=unicodedata.normalize(form, "café violet harbour"))
        assert begun.status_code == 302
        clock.shift(61)


PIECES = st.sampled_from(
    ["lantern", "violet", "harbour ", "1234", "aaaa", "alice", "qwerty", "password", "é", "一", " "]
)
TYPED = st.lists(PIECES, min_size=1, max_size=6).map("".join) | st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\N{REPLACEMENT CHARACTER}"),
    max_size=300,
)


@given(TYPED)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_advice_is_what_the_page_says(proven, typed):
    caches["limits"].clear()
    said = proven.post(ADVICE, {"password": typed}).json()
    with transaction.atomic():
        page = proven.post(PAGE, {"password": typed})
        transaction.set_rollback(True)
    assert said["may"] is (page.status_code == 302)
    if not said["may"]:
        assert said["sentences"]
        assert all(sentence in shown(page) for sentence in said["sentences"])
