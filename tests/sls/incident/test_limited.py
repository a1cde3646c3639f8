"""A session that is limited to the way back: every other address, and what it may not become."""

from itertools import product

import pytest
from django.test import Client

from accounts import marks
from accounts.cases import services as cases
from accounts.cases.models import Kind, Letter
from accounts.origin import SYSTEM
from accounts.sessions.models import Session
from accounts.sessions.rules import INCIDENT
from tests.sls.enrolment.test_gate import closed, patterns, url_of
from tests.staged import staged

pytestmark = pytest.mark.django_db
PAGES = {
    *("incident", "incident_password", "incident_password_advice", "incident_factors"),
    *("incident_contacts", "incident_questions", "incident_gaps", "incident_thaw"),
    *("incident_add", "incident_enrol", "incident_receipt"),
    *("session_left", "session_extend", "case"),
}
OPEN = {url_of(name, pattern) for name, pattern in patterns() if name in PAGES}


def everything() -> list[str]:
    """Every address of the site that a limited session has no business at. Those of Twilio's
    webhooks hold ids of its own making, and take no cookie."""
    others = [(name, one) for name, one in patterns() if not name.startswith("twilio_")]
    return sorted({url_of(name, pattern) for name, pattern in others} - OPEN)


def test_what_it_opens_is_this_and_no_more():
    marked = {
        name
        for name, pattern in patterns()
        if INCIDENT in getattr(pattern.callback, marks.LIMIT, ())
    }
    assert marked == PAGES


def test_every_other_page_leads_to_the_way(inside, subtests):
    again = staged(inside)
    for method, url in product(("get", "post"), sorted(set(closed()) - OPEN)):
        with subtests.test(method=method, url=url), again():
            response = getattr(inside, method)(url)
            assert response.status_code == 302
            assert response["Location"] == "/frozen/way/"


def test_no_other_address_sees_anybody(inside, settings, subtests):
    """Also those that are open to everybody: they answer as to a stranger."""
    settings.SIGN_INS_PER_ADDRESS_MINUTE = 1000
    again = staged(inside)
    for method, url in product(("get", "post"), everything()):
        with subtests.test(method=method, url=url), again():
            request = getattr(inside, method)(url).wsgi_request
            assert request.user.is_anonymous
            assert getattr(request, "session_row", None) is None


def test_what_a_page_asks_by_itself_is_refused(inside):
    assert inside.get("/activity/", headers={"HX-Request": "true"}).status_code == 403


def test_other_methods_are_refused_too(inside):
    for method in ("put", "patch", "delete"):
        assert getattr(inside, method)("/settings/")["Location"] == "/frozen/way/"


def test_other_spellings_of_an_address_open_nothing(inside):
    for path in ("/frozen/../", "/frozen/way/../../settings/", "//settings/", "/Settings/"):
        assert inside.get(path).status_code in (301, 302, 404)
        assert b"Alice" not in inside.get(path).content


def test_the_case_of_the_freeze_is_read_and_written_to(inside, freeze):
    address = f"/cases/{freeze.reference}/"
    assert address in inside.get("/frozen/receipt/").content.decode()
    page = inside.get(address).content.decode()
    assert 'href="/frozen/way/"' in page
    assert 'href="/settings/"' not in page
    sent = inside.post(address, {"text": "I have my phone back."}, follow=True).content.decode()
    assert "Sent." in sent
    assert "I have my phone back." in sent


def test_what_else_she_reported_stays_shut(inside, alice):
    other = cases.open(user=alice, kind=Kind.EMAIL, origin=SYSTEM, text="It asks for my password")
    for method in ("get", "post"):
        answer = getattr(inside, method)(f"/cases/{other.reference}/", {"text": "More"})
        assert answer.status_code == 404
    assert not Letter.objects.filter(text="More").exists()


def test_logging_off_ends_it(inside):
    assert inside.post("/logout/").status_code == 200
    assert Session.objects.latest("opened_at").ended_why == "signed_out"


def test_the_entrance_leads_on(inside):
    assert inside.get("/frozen/")["Location"] == "/frozen/way/"


def test_a_new_sign_in_ends_it(inside, bob, sign_in):
    sign_in(inside, bob)
    assert Session.objects.get(limited_to=INCIDENT).ended_why == "signed_out"


def test_a_whole_session_has_no_limit(client, bob, sign_in):
    sign_in(client, bob)
    assert Session.objects.get().limited_to == ""
    assert client.get("/").status_code == 200


def test_a_key_that_was_copied_opens_no_more_elsewhere(inside):
    other = Client()
    other.cookies = inside.cookies
    assert other.get("/settings/")["Location"] == "/frozen/way/"
    assert other.get("/frozen/password/").status_code == 200
