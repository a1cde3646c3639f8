"""A5, A6 and A7 as they meet a server: the portal alone, and behind nginx."""

import json
import re
from urllib.parse import urlencode

import pytest
from django.conf import settings

from accounts.sessions.models import Session
from tests.attacks import raw

pytestmark = pytest.mark.django_db(transaction=True)
FORM = "application/x-www-form-urlencoded"
# What differs between any two answers.
CHANGING = re.compile(
    r"(?im)^(?:date|set-cookie|x-request-id|content-security-policy|content-length):.*$|"
    r'nonce="[^"]*"|value="[\w-]{64}"|\b[0-9a-f]{8}-[0-9a-f-]{27}\b'
)


@pytest.fixture(params=["direct", "nginx"])
def port(request, fronts) -> int:
    return getattr(fronts, request.param)


def opened(port: int, cookie: str = "") -> tuple[str, str]:
    """The token of a form, and the cookies to post it with."""
    page = raw.get(port, "/login/" if not cookie else "/", [("Cookie", cookie)])
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
    name = settings.CSRF_COOKIE_NAME
    secret = re.search(rf"(?im)^set-cookie: {name}=([^;]+)", page.text)[1]
    return token, "; ".join(filter(None, [cookie, f"{name}={secret}"]))


def refused(port: int, name: str) -> tuple[list[int], str]:
    """The whole answer to a wrong password, without what always differs and the name itself."""
    token, cookie = opened(port)
    fields = {"csrfmiddlewaretoken": token, "username": name, "password": "not the one"}
    answer = raw.post(port, "/login/", urlencode(fields), [("Cookie", cookie)])
    return answer.statuses, CHANGING.sub("", answer.text).replace(name, "NAME")


@pytest.fixture
def hers(client, alice, sign_in) -> str:
    """The cookie of Alice's session."""
    sign_in(client, alice)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def is_in(port: int, cookie: str) -> bool:
    return raw.get(port, "/", [("Cookie", cookie)]).status == 200


def test_a_wrong_password_is_answered_alike_for_every_name(port, alice):
    statuses, text = refused(port, "alice")
    assert statuses == [200]
    assert refused(port, "celia") == (statuses, text)


def test_a_session_of_ones_own_making_is_none(port, alice):
    made_up = f"{settings.SESSION_COOKIE_NAME}={'a' * 32}"
    assert not is_in(port, made_up)
    token, cookie = opened(port)
    fields = {"csrfmiddlewaretoken": token, "username": "alice", "password": "not the one"}
    raw.post(port, "/login/", urlencode(fields), [("Cookie", f"{made_up}; {cookie}")])
    assert not is_in(port, made_up)


def test_a_session_in_the_address_is_none(port, hers):
    assert is_in(port, hers)
    assert raw.get(port, f"/?{hers}").status == 302


def test_a_session_that_was_logged_off_is_over(port, hers):
    token, cookie = opened(port, hers)
    body = urlencode({"csrfmiddlewaretoken": token})
    assert raw.post(port, "/logout/", body, [("Cookie", cookie)]).status == 200
    assert not is_in(port, hers)


@pytest.mark.parametrize(
    ("more", "kind", "status"),
    [
        ([("Origin", "https://evil.example")], FORM, 403),
        ([("Origin", "null")], FORM, 403),
        ([], "text/plain", 400),
        ([("X-HTTP-Method-Override", "POST")], "application/json", 400),
    ],
)
def test_another_site_posts_nothing(port, hers, more, kind, status):
    token, cookie = opened(port, hers)
    fields = {"csrfmiddlewaretoken": token}
    body = urlencode(fields) if kind == FORM else json.dumps(fields)
    answer = raw.post(port, "/logout/", body, [("Cookie", cookie), *more], kind=kind)
    assert answer.status == status
    assert Session.objects.get().ended_at is None


def test_a_form_without_its_token_is_refused(port, hers):
    _token, cookie = opened(port, hers)
    assert raw.post(port, "/logout/", "", [("Cookie", cookie)]).status == 403
    assert is_in(port, hers)


def test_what_another_site_opens_changes_nothing(port, hers):
    for path in ("/logout/", "/lock/"):
        assert raw.get(port, path, [("Cookie", hers)]).status == 405
    assert is_in(port, hers)
