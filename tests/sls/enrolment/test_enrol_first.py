"""A session that is there to add a passkey: what it opens, and when it opens everything."""

from itertools import product

import pytest
from django.test import Client

from accounts.contacts.models import PhoneNumber
from accounts.sessions.models import Session
from sls.enrolment.middleware import ENROLS, READS
from sls.policy.services import today_everywhere
from tests.sls.devices.conftest import SLS
from tests.sls.enrolment.test_gate import patterns, url_of
from tests.staged import staged

pytestmark = pytest.mark.django_db(transaction=True)
EMAILS, PHONES = "/settings/communication/emails/", "/settings/communication/phones/"


@pytest.fixture
def narrow(client, alice, sign_in, clock) -> Client:
    """Alice's browser, in a session that may only enrol."""
    sign_in(client, alice)
    Session.objects.update(enrol_only_from=today_everywhere())
    clock.shift(61)
    return client


def closed() -> list[str]:
    """Every signed-in page that has nothing to do with enrolling."""
    return sorted(
        url_of(name, pattern)
        for name, pattern in patterns()
        if getattr(pattern.callback, "login_required", True)
        and name not in ENROLS | READS
        and not name.startswith("step_up")
    )


def test_everything_else_is_closed(narrow, subtests):
    again = staged(narrow)
    for method, url in product(("get", "post"), closed()):
        with subtests.test(method=method, url=url), again():
            response = getattr(narrow, method)(url)
            assert response.status_code == 403
            assert "Add a passkey first" in response.content.decode()


def test_the_list_of_what_is_closed_is_not_empty():
    assert {"/", "/settings/", "/activity/", "/console/"} <= set(closed())


@pytest.mark.parametrize("url", [SLS, PHONES, EMAILS, "/help/"])
def test_what_is_needed_stays_open(narrow, url):
    assert narrow.get(url).status_code == 200


@pytest.mark.parametrize(("url", "field"), [(PHONES, "number"), (EMAILS, "email")])
def test_contacts_can_be_read_and_not_changed(narrow, url, field):
    assert narrow.post(url, {field: "+14155550177"}).status_code == 403


def test_one_can_log_off(narrow):
    assert narrow.post("/logout/").status_code == 200


def test_no_authenticator_can_be_taken_away(narrow, alice):
    phone = alice.phonenumbers.get().devices.get()
    for act in ("remove", "replace"):
        assert narrow.post(f"{SLS}sms/{phone.pk}/{act}/").status_code == 403


def test_a_number_is_not_added_on_the_way(narrow, alice):
    narrow.post(PHONES, {"number": "+14155550177"})
    assert PhoneNumber.objects.count() == 1
