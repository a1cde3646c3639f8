"""Testing whether an authenticator works."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges.models import Challenge, Purpose
from accounts.outbox.models import Message
from sls.methods.authenticator_app.models import AppDevice
from tests.sls.devices.conftest import SLS, app_code, other_than, page_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def url(signed_in, app) -> str:
    """The page of a test that has begun."""
    path = page_of(app, "test/")
    assert signed_in.post(path)["Location"] == path
    return path


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_a_look_opens_nothing(signed_in, app):
    assert "Start the test" in text(signed_in.get(page_of(app, "test/")))
    assert not Challenge.objects.filter(purpose=Purpose.TEST).exists()


def test_says_that_it_works(signed_in, alice, app, url):
    assert signed_in.post(url, {"code": app_code(app)})["Location"] == url
    assert "It works" in text(signed_in.get(url))
    assert Entry.objects.filter(user=alice, event=Event.DEVICE_TESTED).count() == 1


def test_can_be_repeated(signed_in, app, url, clock):
    signed_in.post(url, {"code": app_code(app)})
    clock.shift(31)
    signed_in.post(url)
    signed_in.post(url, {"code": other_than(app_code(app))})
    assert "It works" not in text(signed_in.get(url))
    signed_in.post(url, {"code": app_code(app)})
    assert "It works" in text(signed_in.get(url))


def test_wrong_answers_count_like_all_others(signed_in, alice, app, url):
    page = text(signed_in.post(url, {"code": other_than(app_code(app))}))
    assert "You can try 4 more times" in page
    app.refresh_from_db()
    assert app.failures == 1
    assert Entry.objects.filter(user=alice, event=Event.DEVICE_TEST_FAILED).count() == 1


def test_what_is_no_code_is_not_counted(signed_in, app, url):
    assert "too short" in text(signed_in.post(url, {"code": "12"}))
    app.refresh_from_db()
    assert app.failures == 0


def test_the_last_wrong_answer_disables_it_and_the_owner_is_told(signed_in, alice, app, url):
    AppDevice.objects.update(failures=19)
    page = text(signed_in.post(url, {"code": other_than(app_code(app))}))
    assert "switched off after too many codes" in page
    assert Entry.objects.filter(user=alice, event=Event.DEVICE_DISABLED).count() == 1
    told = Message.objects.filter(name="authenticator_disabled")
    assert sorted(message.channel for message in told) == ["email", "sms"]
    signed_in.post(url)
    assert Challenge.objects.filter(purpose=Purpose.TEST).count() == 1


def test_a_disabled_one_opens_no_test(signed_in, app):
    AppDevice.objects.update(disabled_at=timezone.now())
    page = text(signed_in.post(page_of(app, "test/")))
    assert "switched off" in page or "any more" in page
    assert not Challenge.objects.filter(purpose=Purpose.TEST).exists()


def test_an_expired_test_begins_anew(signed_in, app, url, clock):
    clock.shift(301)
    assert "Start the test" in text(signed_in.get(url))
    assert signed_in.post(url, {"code": app_code(app)})["Location"] == url
    assert "It works" not in text(signed_in.get(url))


def test_opens_nothing_in_another_session(signed_in, alice, app, url, sign_in_by):
    other = sign_in_by(Client(), alice, app)
    signed_in.post(url)
    assert "Start the test" in text(other.get(url))
    assert other.post(url, {"code": app_code(app)})["Location"] == url
    assert Challenge.objects.filter(purpose=Purpose.TEST, used_at__isnull=False).count() == 0


def test_is_no_sign_in_and_no_step_up(signed_in, app, url):
    assert signed_in.post(url, {"code": app_code(app)}).status_code == 302
    later = signed_in.post(page_of(app, "remove/"))
    assert later["Location"].startswith("/step-up/")


def test_the_number_is_tested_on_its_own_page(signed_in, alice):
    device = alice.phonenumbers.get().devices.get()
    assert signed_in.post(f"{SLS}sms/{device.pk}/test/").status_code == 404
