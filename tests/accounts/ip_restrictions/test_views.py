"""The pages of IP restrictions."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.ip_restrictions.models import Restriction
from accounts.ip_restrictions.rules import State
from accounts.sessions.models import Session
from accounts.users.models import User
from tests.accounts.ip_restrictions.lists import restrict, states

pytestmark = pytest.mark.django_db
LIST = "/settings/security/ip/"


@pytest.fixture
def signed_in(client, alice, sign_in) -> Client:
    """Alice at home, which is 127.0.0.1, with an open window for changes of the list."""
    sign_in(client, alice)
    verify()
    return client


def verify() -> None:
    until = timezone.now() + timezone.timedelta(minutes=5)
    Session.objects.update(verified_action="ip_restrictions.change", verified_until=until)


def one(user: User) -> str:
    return f"{LIST}{user.pk}/"


def text(response) -> str:
    return " ".join(response.content.decode().split())


def add(client: Client, user: User, network: str = "127.0.0.1", **more: str):
    return client.post(f"{one(user)}add/", {"network": network} | more)


class TestList:
    def test_teaches_and_offers_one_thing_while_it_is_empty(self, signed_in):
        page = text(signed_in.get(LIST))
        assert "Anyone with your password and device can sign in from anywhere." in page
        assert "Add my address 127.0.0.1" in page

    def test_shows_pending_and_active(self, signed_in, alice):
        restrict(alice, "127.0.0.1")
        add(signed_in, alice, "203.0.113.7", label="Office")
        page = text(signed_in.get(LIST))
        assert "Active" in page
        assert "Pending" in page
        assert "Office" in page

    def test_is_named_on_the_panel_of_security(self, signed_in, alice):
        assert "From anywhere" in text(signed_in.get("/settings/security/"))
        restrict(alice, "127.0.0.1")
        assert "Only from listed places" in text(signed_in.get("/settings/security/"))

    def test_costs_no_more_with_many_entries(self, signed_in, alice, counted_queries):
        signed_in.get(LIST)
        with counted_queries() as few:
            signed_in.get(LIST)
        for place in range(20):
            add(signed_in, alice, f"203.0.113.{place}")
        with counted_queries() as many:
            signed_in.get(LIST)
        assert len(many) == len(few)


class TestAdd:
    def test_drafts_and_changes_nothing(self, signed_in, alice):
        assert add(signed_in, alice).status_code == 302
        assert states(alice) == {"127.0.0.1": State.PENDING}

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ("", "Enter an address"),
            ("203.0.113.7/24", "write 203.0.113.0/24"),
            ("0.0.0.0/0", "every address"),
            ("203.0.113.*", "Stars do not work"),
            ("fe80::1%eth0", "names a part of your own computer"),
            ("64:ff9b::1", "NAT64"),
            ("2002::1", "6to4"),
            ("\uff11.1.1.1", "Type plain digits"),
            ("10.0.0.1/33", "up to 32 for IPv4"),
            ("0.0.0.0/1", "too large"),
            ("224.0.0.1", "Nobody connects"),
            ("home", "not an internet address"),
        ],
    )
    def test_says_in_a_sentence_of_its_own_what_is_wrong(self, signed_in, alice, typed, sentence):
        response = add(signed_in, alice, typed)
        assert response.status_code == 200
        assert sentence in text(response)
        assert not Restriction.objects.exists()

    def test_keeps_what_was_typed(self, signed_in, alice):
        response = add(signed_in, alice, "203.0.113.7/24", label="Office", platform="tws")
        page = text(response)
        assert 'value="203.0.113.7/24"' in page
        assert 'value="Office"' in page
        assert '<option value="tws" selected>' in page

    def test_says_when_it_is_there_already(self, signed_in, alice):
        add(signed_in, alice)
        assert "on the list already" in text(add(signed_in, alice))

    def test_drafts_a_browser(self, signed_in, alice):
        browser = alice.known_devices.get()
        assert "This browser" in text(signed_in.get(LIST))
        assert add(signed_in, alice, "", browser=str(browser.pk)).status_code == 302
        assert Restriction.objects.get().browser == browser

    @pytest.mark.parametrize("browser", ["0", "x", "99999999999999999999", "-1", "\u0661"])
    def test_refuses_a_browser_that_is_none(self, signed_in, alice, browser):
        assert "Choose one of the browsers" in text(add(signed_in, alice, "", browser=browser))

    def test_drops_a_draft(self, signed_in, alice):
        add(signed_in, alice)
        pk = Restriction.objects.get().pk
        assert signed_in.post(f"{one(alice)}{pk}/drop/").status_code == 302
        assert not Restriction.objects.exists()
        assert signed_in.post(f"{one(alice)}{pk}/drop/").status_code == 404


class TestTry:
    def test_shows_the_rehearsal_first(self, signed_in, alice):
        add(signed_in, alice, "203.0.113.7")
        page = text(signed_in.get(f"{one(alice)}try/"))
        assert "0 of your 1 sign-ins would have passed; this 1 would not" in page
        assert "address not on the list" in page
        assert states(alice) == {"203.0.113.7": State.PENDING}

    def test_says_when_all_would_have_passed(self, signed_in, alice):
        add(signed_in, alice)
        assert "The 1 sign-in would have passed." in text(signed_in.get(f"{one(alice)}try/"))

    def test_needs_a_proof_of_identity(self, signed_in, alice):
        add(signed_in, alice)
        Session.objects.update(verified_action="", verified_until=None)
        response = signed_in.post(f"{one(alice)}try/")
        assert response["Location"].startswith("/step-up/")
        assert states(alice) == {"127.0.0.1": State.PENDING}
        assert "Put a changed list" in text(signed_in.get(response["Location"]))

    def test_takes_a_typed_address_where_it_would_shut_one_out(self, signed_in, alice):
        add(signed_in, alice, "203.0.113.7")
        url = f"{one(alice)}try/"
        assert "type 127.0.0.1" in text(signed_in.get(url))
        for typed in ("", "203.0.113.7", "yes", "127.0.0.1/32"):
            response = signed_in.post(url, {"typed": typed})
            assert "would shut you out where you are" in text(response)
        assert states(alice) == {"203.0.113.7": State.PENDING}
        assert signed_in.post(url, {"typed": "127.0.0.1"}).status_code == 302
        assert states(alice) == {"203.0.113.7": State.PROVISIONAL}

    def test_says_when_nothing_is_drafted(self, signed_in, alice):
        assert "Nothing is drafted" in text(signed_in.get(f"{one(alice)}try/"))
        assert signed_in.post(f"{one(alice)}try/").status_code == 200


class TestTrial:
    def test_is_confirmed_from_a_new_sign_in_only(self, signed_in, alice, sign_in, clock):
        add(signed_in, alice)
        signed_in.post(f"{one(alice)}try/")
        page = text(signed_in.get(LIST))
        assert "Sign in once more" in page
        assert "Confirm the list" not in page
        response = signed_in.post(f"{one(alice)}confirm/", follow=True)
        assert "You were signed in before the change" in text(response)
        clock.shift(61)
        new = sign_in(Client(), alice)
        assert "Confirm the list" in text(new.get(LIST))
        response = new.post(f"{one(alice)}confirm/", follow=True)
        assert "confirmed and stays" in text(response)
        assert states(alice) == {"127.0.0.1": State.ACTIVE}

    def test_shows_what_the_clock_has_decided(self, signed_in, alice, clock):
        add(signed_in, alice)
        signed_in.post(f"{one(alice)}try/")
        clock.shift(600)
        page = text(signed_in.get(LIST))
        assert "On trial" not in page
        assert "Rehearse and put in force" in page

    def test_is_taken_back(self, signed_in, alice):
        add(signed_in, alice)
        signed_in.post(f"{one(alice)}try/")
        response = signed_in.post(f"{one(alice)}take-back/", follow=True)
        assert "what it was before" in text(response)
        assert states(alice) == {"127.0.0.1": State.PENDING}


class TestRemove:
    def test_says_the_delay_first_and_can_be_cancelled(self, signed_in, alice):
        restrict(alice, "127.0.0.1")
        url = f"{one(alice)}{Restriction.objects.get().pk}/"
        assert "It takes effect in 24 hours" in text(signed_in.get(f"{url}remove/"))
        assert signed_in.post(f"{url}remove/").status_code == 302
        page = text(signed_in.get(LIST))
        assert "Will be removed" in page
        assert "Keep it" in page
        assert "The entry stays." in text(signed_in.post(f"{url}keep/", follow=True))

    def test_rehearses_where_others_stay(self, signed_in, alice):
        restrict(alice, "127.0.0.1", "203.0.113.7")
        pk = Restriction.objects.get(network="127.0.0.1").pk
        url = f"{one(alice)}{pk}/remove/"
        page = text(signed_in.get(url))
        assert "0 of your 1 sign-ins would have passed" in page
        assert "type 127.0.0.1" in page
        assert "would shut you out" in text(signed_in.post(url, {"typed": "no"}))
        assert signed_in.post(url, {"typed": "127.0.0.1"}).status_code == 302


class TestDoor:
    def test_is_switched_off_at_once_and_on_after_the_delay(self, signed_in, alice):
        Session.objects.update(verified_action="", verified_until=None)
        response = signed_in.post(f"{one(alice)}door/off/", follow=True)
        assert "The emergency door is off." in text(response)
        assert signed_in.post(f"{one(alice)}door/on/")["Location"].startswith("/step-up/")
        verify()
        page = text(signed_in.post(f"{one(alice)}door/on/", follow=True))
        assert "It will be on from" in page
        assert "Leave it off" in page


class TestManager:
    def test_sees_and_changes_the_list_of_a_trader(self, signed_in, alice, carol):
        assert carol.name in text(signed_in.get(LIST))
        assert f"IP Restrictions of {carol.name}" in text(signed_in.get(one(carol)))
        add(signed_in, carol, "203.0.113.7")
        assert signed_in.post(f"{one(carol)}try/").status_code == 302
        assert states(carol) == {"203.0.113.7": State.PROVISIONAL}
        assert Restriction.objects.get().set_by == alice

    def test_a_trader_has_no_list_of_the_owner(self, client, alice, carol, sign_in):
        sign_in(client, carol)
        assert client.get(LIST).status_code == 200
        assert client.get(one(alice)).status_code == 404
        assert alice.name not in text(client.get(LIST))
