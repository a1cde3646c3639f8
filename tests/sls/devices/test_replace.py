"""Putting a new authenticator in the place of another."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.outbox.models import Message
from accounts.sessions.models import Session
from sls.devices.models import Replacement
from sls.methods.authenticator_app.models import AppDevice
from sls.methods.sms.models import PhoneDevice
from tests.sls.devices.conftest import SLS, app_code, ask, other_than, page_of

pytestmark = pytest.mark.django_db(transaction=True)


def pending(user) -> AppDevice:
    return AppDevice.objects.get(user=user, confirmed=False, revoked_at=None)


@pytest.fixture
def enrolling(signed_in, app, prove) -> str:
    """The page of the one that takes the place of Alice's app."""
    return prove(signed_in, page_of(app, "replace/"))["Location"]


def is_live(device) -> bool:
    device.refresh_from_db()
    return device.confirmed


def test_says_that_the_old_one_stays_until_the_new_one_works(signed_in, app):
    page = signed_in.get(page_of(app)).content.decode()
    assert "Only when it has worked does this one end" in page
    proof = signed_in.get(ask(signed_in, page_of(app, "replace/"))).content.decode()
    assert "Replace Pixel 9 by a new one" in proof


def test_the_old_one_ends_with_the_first_right_answer(signed_in, alice, app, enrolling):
    assert is_live(app)
    signed_in.post(f"{enrolling}answer/", {"code": other_than(app_code(pending(alice)))})
    assert is_live(app)
    new = pending(alice)
    signed_in.post(f"{enrolling}answer/", {"code": app_code(new)})
    assert is_live(new)
    assert not is_live(app)
    entry = Entry.objects.get(user=alice, event=Event.DEVICE_REVOKED)
    assert (entry.detail["device"], entry.detail["why"]) == ("Pixel 9", "replaced")
    assert not Replacement.objects.exists()


def test_one_that_is_never_finished_changes_nothing(signed_in, app, enrolling, clock):
    clock.shift(601)
    assert "took too long" in signed_in.get(enrolling).content.decode()
    assert is_live(app)


def test_the_last_one_can_be_replaced(signed_in, alice, app, prove):
    PhoneDevice.objects.update(switched_off_at=timezone.now())
    url = prove(signed_in, page_of(app, "replace/"))["Location"]
    new = pending(alice)
    signed_in.post(f"{url}answer/", {"code": app_code(new)})
    assert (is_live(new), is_live(app)) == (True, False)


def test_takes_the_place_in_the_order(signed_in, alice, app, spare, enrolling):
    signed_in.post(f"{SLS}order/", {"device": spare.persistent_id, "to": "up"})
    new = pending(alice)
    signed_in.post(f"{enrolling}answer/", {"code": app_code(new)})
    assert [card.device.pk for card in signed_in.get(SLS).context["cards"]][:2] == [
        spare.pk,
        new.pk,
    ]


def test_a_session_of_the_old_one_goes_on_only_where_the_new_one_was_proven(
    alice, app, prove, sign_in_by
):
    here, elsewhere = sign_in_by(Client(), alice, app), sign_in_by(Client(), alice, app)
    url = prove(here, page_of(app, "replace/"))["Location"]
    new = pending(alice)
    here.post(f"{url}answer/", {"code": app_code(new)})
    assert here.get(SLS).status_code == 200
    assert Session.objects.get(ended_at=None).device == new.persistent_id
    assert elsewhere.get(SLS)["Location"].startswith("/login/")


def test_tells_one_text_message_and_both_mails(signed_in, alice, enrolling):
    Message.objects.all().delete()
    signed_in.post(f"{enrolling}answer/", {"code": app_code(pending(alice))})
    told = sorted(Message.objects.values_list("name", "channel"))
    assert told == [
        ("authenticator_enrolled", "email"),
        ("authenticator_enrolled", "sms"),
        ("authenticator_revoked", "email"),
    ]


def test_an_enrolment_that_replaces_nothing_leaves_the_others(
    signed_in, alice, app, enrolling, prove, clock
):
    clock.shift(61)
    url = prove(signed_in, f"{SLS}add/authenticator_app/")["Location"]
    signed_in.post(f"{url}answer/", {"code": app_code(pending(alice))})
    assert is_live(app)


def test_one_that_was_removed_meanwhile_is_not_revoked_twice(
    signed_in, alice, app, spare, enrolling, prove, clock
):
    clock.shift(61)
    prove(signed_in, page_of(app, "remove/"), by=spare)
    new = pending(alice)
    signed_in.post(f"{enrolling}answer/", {"code": app_code(new)})
    assert is_live(new)
    assert Entry.objects.filter(user=alice, event=Event.DEVICE_REVOKED).count() == 1
