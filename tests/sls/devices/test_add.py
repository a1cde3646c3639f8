"""Enrolling a further authenticator."""

import pytest
from django.test import Client

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges.models import Challenge, Purpose
from accounts.outbox.models import Message
from sls.methods.authenticator_app.models import AppDevice
from tests.cast import app_device
from tests.sls.devices.conftest import SLS, app_code, ask, other_than

pytestmark = pytest.mark.django_db(transaction=True)

ADD = f"{SLS}add/authenticator_app/"


@pytest.fixture
def enrolling(signed_in, prove) -> str:
    """The page of an authenticator app that is being enrolled."""
    return prove(signed_in, ADD)["Location"]


def pending(user) -> AppDevice:
    return AppDevice.objects.get(user=user, confirmed=False, revoked_at=None)


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_says_in_the_proof_what_is_added(signed_in):
    assert "Add an authenticator: Authenticator app" in text(signed_in.get(ask(signed_in, ADD)))


def test_is_pending_until_its_first_answer(signed_in, alice, enrolling):
    assert "Pixel" not in text(signed_in.get(enrolling))
    assert not pending(alice).confirmed
    assert signed_in.get(SLS).context["cards"][0].method == "sms"


def test_is_confirmed_by_its_first_answer_and_then_named(signed_in, alice, enrolling):
    done = signed_in.post(f"{enrolling}answer/", {"code": app_code(pending(alice))})
    device = AppDevice.objects.get(user=alice)
    assert device.confirmed
    assert done["Location"] == f"{SLS}authenticator_app/{device.pk}/?new=1"
    page = text(signed_in.get(done["Location"]))
    assert f'value="{device.name}"' in page
    assert "It is added" in page


def test_every_address_and_the_telephone_are_told(signed_in, alice, enrolling):
    Message.objects.all().delete()
    signed_in.post(f"{enrolling}answer/", {"code": app_code(pending(alice))})
    told = set(Message.objects.values_list("name", "channel", "to"))
    assert told == {
        ("authenticator_enrolled", "email", "alice@example.com"),
        ("authenticator_enrolled", "sms", "+14155550101"),
    }
    assert Entry.objects.filter(user=alice, event=Event.DEVICE_ENROLLED).count() == 1


def test_has_a_name_to_tell_it_apart_by(signed_in, alice, prove, clock):
    first = prove(signed_in, ADD)["Location"]
    signed_in.post(f"{first}answer/", {"code": app_code(pending(alice))})
    clock.shift(61)
    prove(signed_in, ADD)
    names = sorted(AppDevice.objects.filter(user=alice).values_list("name", flat=True))
    assert len(set(names)) == 2
    assert names[0].startswith("Authenticator app, ")
    assert names[1].endswith("(2)")


def test_a_wrong_answer_says_how_many_are_left(signed_in, alice, enrolling):
    wrong = other_than(app_code(pending(alice)))
    page = text(signed_in.post(f"{enrolling}answer/", {"code": wrong}))
    assert "You can try 4 more times" in page
    assert not pending(alice).confirmed


def test_after_too_many_wrong_answers_it_starts_again(signed_in, alice, enrolling):
    code = app_code(pending(alice))
    for _try in range(5):
        page = text(signed_in.post(f"{enrolling}answer/", {"code": other_than(code)}))
    assert "Too many answers did not match" in page
    assert "Start again" in page
    assert "Too many" in text(signed_in.post(f"{enrolling}answer/", {"code": code}))
    assert not pending(alice).confirmed


def test_what_took_too_long_starts_again(signed_in, alice, enrolling, clock):
    clock.shift(601)
    assert "That took too long" in text(signed_in.get(enrolling))
    late = signed_in.post(f"{enrolling}answer/", {"code": app_code(pending(alice))})
    assert "That took too long" in text(late)
    assert not pending(alice).confirmed


def test_its_page_leads_on_once_it_is_done(signed_in, alice, enrolling):
    code = app_code(pending(alice))
    done = signed_in.post(f"{enrolling}answer/", {"code": code})
    assert signed_in.get(enrolling)["Location"] == done["Location"]
    assert signed_in.post(f"{enrolling}answer/", {"code": code})["Location"] == done["Location"]


def test_another_session_of_the_same_person_does_not_find_it(signed_in, alice, enrolling, sign_in):
    other = sign_in(Client(), alice)
    code = app_code(pending(alice))
    assert other.get(enrolling).status_code == 404
    assert other.post(f"{enrolling}answer/", {"code": code}).status_code == 404
    assert not pending(alice).confirmed


def test_a_new_enrolment_ends_the_one_before_also_of_another_session(
    signed_in, alice, enrolling, sign_in, prove, clock
):
    old = app_code(pending(alice))
    other = sign_in(Client(), alice)
    clock.shift(61)
    prove(other, ADD)
    late = signed_in.post(f"{enrolling}answer/", {"code": old})
    assert "That took too long" in text(late)
    assert AppDevice.objects.filter(user=alice).count() == 1


def test_a_challenge_of_another_purpose_is_none(signed_in, enrolling):
    Challenge.objects.filter(purpose=Purpose.ENROLMENT).update(purpose=Purpose.TEST)
    assert signed_in.get(enrolling).status_code == 404


def test_holds_no_more_than_ten_of_a_kind(signed_in, alice, prove, clock):
    for place in range(10):
        app_device(alice, f"App {place}")
    refused = prove(signed_in, ADD)
    assert refused["Location"] == SLS
    assert "as many of this kind as can be kept (10)" in text(signed_in.get(SLS))
    assert AppDevice.objects.filter(user=alice).count() == 10


@pytest.mark.parametrize("method", ["sms", "nonsense", "AUTHENTICATOR_APP"])
def test_knows_no_other_methods(signed_in, prove, method):
    response = signed_in.post(f"{SLS}add/{method}/")
    if response.status_code == 302:
        response = prove(signed_in, f"{SLS}add/{method}/")
    assert response.status_code == 404
