"""The pages of opting back in."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.sessions.models import Session
from accounts.users.models import User

URL = "/settings/security/opt-back-in/"


def out(user: User) -> None:
    User.objects.filter(pk=user.pk).update(opted_out=True)


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def inside(client, alice, sign_in) -> Client:
    """Alice, the owner, signed in."""
    return sign_in(client, alice)


@pytest.fixture
def carols(carol, sign_in) -> Client:
    """Carol, who owns nothing, signed in."""
    return sign_in(Client(), carol)


def test_says_that_nobody_is_opted_out(inside):
    assert "All is well." in text(inside, URL)


def test_the_owner_comes_back_and_is_led_to_the_choices(inside, alice):
    out(alice)
    way = f"{URL}{alice.pk}/"
    assert way in text(inside, URL)
    assert "cannot be undone" in text(inside, way)
    assert User.objects.get(pk=alice.pk).opted_out  # looking changes nothing
    response = inside.post(way)
    assert response["Location"] == f"{URL}done/"
    assert not User.objects.get(pk=alice.pk).opted_out
    assert "You are opted back in" in text(inside, response["Location"])


def test_the_choices_are_those_of_the_secure_login_system(inside):
    page = text(inside, f"{URL}done/")
    for way in ("ib_key", "devices", "card_share"):
        assert f'href="{reverse(way)}"' in page
    for choice in ("With the IB Key app", "Without the app", "under another user name"):
        assert choice in page


def test_the_owner_brings_somebody_back_and_stays_on_the_list(inside, carol):
    out(carol)
    assert "Carol Example signs in to trading platforms by password alone" in text(inside, URL)
    response = inside.post(f"{URL}{carol.pk}/", follow=True)
    assert response.redirect_chain == [(URL, 302)]
    page = response.content.decode()
    assert "Carol Example is opted back in." in page
    assert "All is well." in page


def test_others_are_told_who_may(carols, carol):
    out(carol)
    page = text(carols, URL)
    assert "by the owner of your account: Alice Example." in page
    assert f"{URL}{carol.pk}/" not in page


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_opts_in_whom_they_do_not_own(carols, carol, bob, method):
    for user in (carol, bob):
        out(user)
        assert getattr(carols, method)(f"{URL}{user.pk}/").status_code == 404
        assert User.objects.get(pk=user.pk).opted_out


def test_who_has_no_account_is_sent_to_support(inside, alice):
    alice.memberships.all().delete()
    out(alice)
    assert "Please call us" in text(inside, URL)


class TestHome:
    def test_says_it_to_the_owner(self, inside, alice):
        out(alice)
        page = text(inside, "/")
        assert "You are opted out of the Secure Login System" in page
        assert URL in page

    def test_tells_others_who_may(self, carols, carol):
        out(carol)
        page = text(carols, "/")
        assert "The owner of your account can opt you back in: Alice Example." in page

    def test_sends_who_has_no_account_to_support(self, inside, alice):
        alice.memberships.all().delete()
        out(alice)
        assert "Secure Login System. Please call us." in text(inside, "/")

    def test_does_not_tell_neighbours(self, inside, bob):
        out(bob)
        assert "opted out" not in text(inside, "/")

    def test_says_it_to_the_owner_of_somebody_else(self, inside, carol):
        out(carol)
        assert "Somebody on your account is opted out" in text(inside, "/")

    def test_still_costs_no_query_more(self, inside, alice, counted_queries):
        out(alice)
        with counted_queries(most=4):
            inside.get("/")


def test_the_portal_asks_for_a_second_factor_all_the_same(client, alice, sign_in):
    out(alice)
    assert client.get("/").status_code == 302
    sign_in(client, alice)
    assert Session.objects.get().method == "sms"
