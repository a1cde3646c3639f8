"""A7: what another site makes a browser send. The routes come from the resolver."""

from collections.abc import Iterator
from http.cookies import SimpleCookie

import pytest
from django.apps import apps
from django.conf import settings as portal
from django.test import Client
from django.urls import URLPattern

from accounts.challenges.models import Challenge
from accounts.sessions.models import Session
from sls.login.models import Attempt
from sls.step_up.models import Pending
from tests.cast import PASSWORD, begin
from tests.sls.enrolment.test_gate import patterns as named
from tests.sls.step_up.test_marks import address, patterns

pytestmark = pytest.mark.django_db

# They come from Twilio, without cookies, and prove themselves by a signature (A10).
SIGNED = {"twilio_status", "twilio_voice", "twilio_inbound"}
REFUSED = {403, 404, 405}
FIELDS = {"number": "+14155550177", "email": "evil@example.com", "password": "another-password-1"}


def strict(client: Client | None = None) -> Client:
    """A browser that is checked as in production, with the cookies of ``client``."""
    tab = Client(enforce_csrf_checks=True, raise_request_exception=False)
    if client is not None:
        values = {name: morsel.value for name, morsel in client.cookies.items()}
        tab.cookies = SimpleCookie(values)
    return tab


def routes() -> Iterator[tuple[str, URLPattern]]:
    for route, pattern in patterns():
        # Programs send a token and no cookie opens what they call (A15).
        if pattern.name not in SIGNED and not route.startswith("/api/v1/"):
            yield route, pattern


def everything() -> dict[str, list]:
    """All rows of all tables."""
    return {model._meta.label: list(model.objects.order_by("pk").values()) for model in _tables()}


def _tables() -> list:
    return [model for model in apps.get_models() if model._meta.managed]


def token_of(tab: Client) -> str:
    """What the forms of this browser carry."""
    page = tab.get("/verify-caller/").content.decode()
    return page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]


@pytest.fixture
def victim(signed_in) -> Client:
    """Alice's browser, whose visit has been noted already."""
    tab = strict(signed_in)
    tab.get("/")
    return tab


@pytest.fixture
def foreign(bob, sign_in, clock) -> str:
    """A token of the attacker's own session."""
    clock.shift(61)
    return token_of(sign_in(Client(), bob))


@pytest.fixture
def places(alice, victim) -> list[str]:
    """Every address of the site, with ids of Alice's own things."""
    return [address(route, pattern, alice) for route, pattern in routes()]


def unchanged_by(victim: Client, places: list[str], **how) -> None:
    """Each address refuses a POST, and no row anywhere is another one afterwards."""
    assert len(places) > 60
    victim.get("/")
    before = everything()
    for path in places:
        answer = victim.post(path, **{"data": FIELDS} | how)
        assert answer.status_code in REFUSED | {400}, f"{path}: {answer.status_code}"
    assert everything() == before


def test_only_what_twilio_signs_is_exempt():
    exempt = {name for name, pattern in named() if getattr(pattern.callback, "csrf_exempt", False)}
    assert {name for name in exempt if not name.startswith("api:")} == SIGNED


def test_no_form_without_a_token_is_taken(victim, places):
    unchanged_by(victim, places)


def test_the_token_of_somebody_else_is_none(victim, places, foreign):
    unchanged_by(victim, places, data=FIELDS | {"csrfmiddlewaretoken": foreign})


def test_nor_is_it_in_a_header(victim, places, foreign):
    unchanged_by(victim, places, headers={"X-CSRFToken": foreign})


@pytest.mark.parametrize(
    "origin", ["null", "https://evil.example", "http://testserver.evil.example"]
)
def test_a_right_token_from_another_origin_is_refused(victim, places, origin):
    fields = FIELDS | {"csrfmiddlewaretoken": token_of(victim)}
    unchanged_by(victim, places, data=fields, headers={"Origin": origin})


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "application/csp-report", ""])
def test_other_bodies_than_forms_are_refused(victim, places, kind):
    body = '{"number": "+14155550177", "email": "evil@example.com"}'
    unchanged_by(victim, places, data=body, content_type=kind or "x/y")


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_no_header_turns_a_look_into_a_deed(victim, places, header):
    before = everything()
    for path in places:
        for method in ("POST", "DELETE"):
            victim.get(path, FIELDS | {"_method": method}, headers={header: method})
    assert everything() == before


def test_looking_changes_nothing(victim, places):
    before = everything()
    for path in places:
        for look in (victim.get, victim.head, victim.options):
            # Nothing is ready here: no worker runs.
            assert look(path).status_code < 500 or path == "/readyz", path
    assert everything() == before


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_change_nothing(victim, places, method):
    before = everything()
    for path in places:
        assert getattr(victim, method)(path).status_code in REFUSED | {400, 302}, path
    assert everything() == before


def test_nobody_is_signed_in_as_the_attacker(alice, bob):
    """Login CSRF: a victim who types into somebody else's account."""
    attacker, tab = Client(), strict()
    fields = {"username": "bob", "password": PASSWORD}
    for more in ({}, {"csrfmiddlewaretoken": token_of(attacker)}):
        assert tab.post("/login/", fields | more).status_code == 403
    assert not Attempt.objects.exists()


def test_no_code_of_the_attacker_is_answered_in_the_browser_of_the_victim(alice, bob):
    attacker = Client()
    url = begin(attacker, "bob")
    code = Challenge.objects.latest("created_at").code()
    tab = strict()
    token = token_of(tab)
    fields = {"code": code, "csrfmiddlewaretoken": token}
    assert tab.post(f"{url}answer/", fields).status_code == 404
    assert not Session.objects.exists()


def test_nobody_is_logged_off_from_outside(victim):
    assert victim.post("/logout/").status_code == 403
    assert victim.get("/logout/").status_code == 405
    image = {"Sec-Fetch-Dest": "image", "Sec-Fetch-Mode": "no-cors"}
    assert victim.get("/logout/", headers=image).status_code == 405
    assert victim.get("/").status_code == 200


def test_nobody_is_locked_or_kept_signed_in_from_outside(victim):
    for path in ("/lock/", "/session/extend/"):
        assert victim.post(path).status_code == 403
    assert Session.objects.get().locked_at is None


def test_a_link_in_a_mail_decides_nothing(victim, ask_to_add):
    """What waits for a proof is confirmed by a form of ours, never by a link to it."""
    fields = {"number": "+14155550177", "csrfmiddlewaretoken": token_of(victim)}
    held = victim.post("/settings/communication/phones/", fields)["Location"]
    for path in (held, f"{held}confirm/", f"{held}answer/?code=000000"):
        victim.get(path)
    assert not Pending.objects.filter(password_at__isnull=False).exists()
    assert victim.post(held, {"password": PASSWORD}).status_code == 403


def test_the_token_is_changed_by_the_sign_in(alice, sign_in):
    tab = Client()
    token_of(tab)
    before = tab.cookies[portal.CSRF_COOKIE_NAME].value
    sign_in(tab, alice)
    assert tab.cookies[portal.CSRF_COOKIE_NAME].value != before
