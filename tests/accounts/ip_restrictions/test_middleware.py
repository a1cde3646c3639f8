"""Every request of a session is held against the list."""

import pytest
from django.test import Client

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.ip_restrictions import deciding, services
from accounts.ip_restrictions.models import Restriction
from accounts.ip_restrictions.rules import State
from accounts.sessions.models import End, Session
from tests.accounts.ip_restrictions.lists import INSIDE, draft, restrict
from tests.attacks.tools import browser
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE = "127.0.0.1", "198.51.100.20"


@pytest.fixture
def signed_in(client, alice, sign_in) -> Client:
    return sign_in(client, alice)


def from_elsewhere(client: Client, path: str = "/"):
    return client.get(path, REMOTE_ADDR=ELSEWHERE)


def test_costs_nothing_without_restrictions(signed_in, counted_queries):
    signed_in.get("/help/")
    with counted_queries(1):
        signed_in.get("/help/")


def test_costs_at_most_one_query_with_them(signed_in, alice, counted_queries):
    restrict(alice, HERE)
    with counted_queries(2):
        signed_in.get("/help/")
    with counted_queries(1):
        signed_in.get("/help/")


def test_costs_no_more_with_many_entries(signed_in, alice, counted_queries):
    restrict(alice, HERE, *(f"203.0.113.{place}" for place in range(20)))
    with counted_queries(2):
        signed_in.get("/help/")


@pytest.mark.parametrize("path", ["/", "/settings/", "/settings/security/ip/", "/logout/", "/x"])
def test_a_request_from_outside_ends_the_session(signed_in, alice, path):
    restrict(alice, HERE)
    response = from_elsewhere(signed_in, path)
    assert response.status_code == 403
    assert "no-store" in response["Cache-Control"]
    assert Session.objects.get().ended_why == End.ADDRESS
    assert signed_in.get("/").status_code == 302


@pytest.mark.parametrize("path", ["/locked/", "/", "/help/", "/session/left/"])
def test_a_locked_session_is_held_against_it_too(signed_in, alice, path):
    restrict(alice, HERE)
    signed_in.post("/lock/")
    assert from_elsewhere(signed_in, path).status_code == 403
    assert Session.objects.get().ended_why == End.ADDRESS


def test_nobody_unlocks_a_session_from_outside(signed_in, alice):
    restrict(alice, HERE)
    signed_in.post("/lock/")
    for path, fields in (("/locked/", {"password": PASSWORD}), ("/locked/passkey/", {"code": "x"})):
        assert signed_in.post(path, fields, REMOTE_ADDR=ELSEWHERE).status_code in (302, 403)
        assert not Session.objects.filter(ended_at=None).exists()
    assert not Entry.objects.filter(event=Event.SESSION_UNLOCKED).exists()


def test_a_change_counts_for_a_session_that_lives(signed_in, alice):
    assert from_elsewhere(signed_in).status_code == 200
    restrict(alice, HERE)
    assert from_elsewhere(signed_in).status_code == 403


def test_says_what_to_do_and_nothing_of_the_list(signed_in, alice):
    restrict(alice, HERE, "203.0.113.0/24")
    page = from_elsewhere(signed_in).content.decode()
    assert ELSEWHERE in page
    assert "emergency door" in page
    assert "call support" in page
    for secret in (HERE, "203.0.113", "Alice", "alice"):
        assert secret not in page.replace("http://127.0.0.1", "")


def test_speaks_the_language_of_its_reader(dai, client, sign_in):
    sign_in(client, dai)
    restrict(dai, HERE)
    assert '<html lang="ja"' in from_elsewhere(client).content.decode()


def test_is_written_down_with_the_address(signed_in, alice):
    restrict(alice, HERE)
    from_elsewhere(signed_in)
    entry = Entry.objects.filter(user=alice, event="session.ended").get()
    assert entry.detail == {"why": "address"}
    assert entry.origin["address"] == ELSEWHERE


def test_posts_and_polls_are_requests_too(signed_in, alice):
    restrict(alice, HERE)
    other = browser()
    other.cookies = signed_in.cookies
    response = other.post(
        "/settings/communication/phones/",
        {"number": "+14155550177"},
        headers={"HX-Request": "true"},
        REMOTE_ADDR=ELSEWHERE,
    )
    assert response.status_code == 403
    assert not alice.phonenumbers.filter(number="+14155550177").exists()


def test_an_entry_for_another_platform_leaves_the_portal_open(signed_in, alice):
    restrict(alice, "203.0.113.7", platform="tws")
    assert from_elsewhere(signed_in).status_code == 200


def test_a_session_of_another_platform_opens_no_page_at_all(signed_in, alice):
    """Its own calls are held against the list of that platform (A15)."""
    restrict(alice, "203.0.113.7", platform="tws")
    Session.objects.update(platform="tws")
    assert from_elsewhere(signed_in)["Location"].startswith("/login/")


def test_a_browser_that_is_not_listed_is_outside(signed_in, alice):
    known = alice.known_devices.get()
    Restriction.objects.create(
        user=alice, browser=known, platform="web", set_by=alice, made_at=known.first_at
    )
    here = type(INSIDE)(address=HERE, device=known.digest)
    assert services.apply(user=alice, by=alice, origin=here) is None
    assert Restriction.objects.get().state == State.PROVISIONAL
    assert signed_in.get("/").status_code == 200
    del signed_in.cookies["device"]
    assert signed_in.get("/").status_code == 403


def test_a_trial_that_is_over_lets_in_again(signed_in, alice, clock):
    draft(alice, HERE)
    services.apply(user=alice, by=alice, origin=INSIDE)
    clock.shift(600)
    assert from_elsewhere(signed_in).status_code == 200


def test_an_exception_answers_no_request(alice, sign_in, monkeypatch):
    """authentik, CVE-2024-47070."""
    client = sign_in(browser(), alice)
    restrict(alice, HERE)

    def broken(*args: object) -> None:
        raise ArithmeticError

    monkeypatch.setattr(deciding, "entries", broken)
    response = client.get("/settings/")
    assert response.status_code == 500
    assert alice.name not in response.content.decode()
