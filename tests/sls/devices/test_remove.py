"""Removing an authenticator."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges.models import Challenge, Purpose
from accounts.origin import Origin
from accounts.outbox.models import Message
from accounts.sessions.models import Session
from sls.devices import removal
from sls.devices.rules import Refusal
from sls.methods.authenticator_app.models import AppDevice
from sls.methods.sms.models import PhoneDevice
from tests.cast import PASSWORD
from tests.sls.devices.conftest import SLS, ask, page_of

pytestmark = pytest.mark.django_db(transaction=True)


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def newest_session() -> Session:
    return Session.objects.latest("opened_at")


def test_ends_it_for_good(signed_in, alice, app, spare, prove):
    done = prove(signed_in, page_of(app, "remove/"), by=spare)
    assert done["Location"] == SLS
    app.refresh_from_db()
    assert (app.confirmed, app.revoked_at is not None, app.seed) == (False, True, None)
    page = text(signed_in.get(SLS))
    assert "Pixel 9 was removed." in page
    assert "Pixel 9" not in [card.name for card in signed_in.get(SLS).context["cards"]]
    entry = Entry.objects.get(user=alice, event=Event.DEVICE_REVOKED)
    assert (entry.detail["device"], entry.detail["why"]) == ("Pixel 9", "removed")


def test_every_address_and_the_telephone_are_told(signed_in, app, spare, prove):
    Message.objects.all().delete()
    prove(signed_in, page_of(app, "remove/"), by=spare)
    told = set(Message.objects.filter(name="authenticator_revoked").values_list("channel", "to"))
    assert told == {("email", "alice@example.com"), ("sms", "+14155550101")}


def test_says_before_what_follows_from_it(signed_in, app, spare):
    page = text(signed_in.get(page_of(app)))
    assert "Withdrawals are held for 24 hours" in page
    assert "Remove Pixel 9, so that" in text(signed_in.get(ask(signed_in, page_of(app, "remove/"))))


def test_the_last_one_stays_and_the_page_says_so(signed_in, app):
    PhoneDevice.objects.update(switched_off_at=timezone.now())
    page = text(signed_in.get(page_of(app)))
    assert "the last authenticator that you can sign in with" in page
    assert f'action="{page_of(app, "remove/")}"' not in page


def test_the_last_one_stays_whatever_is_posted(signed_in, app, prove):
    PhoneDevice.objects.update(switched_off_at=timezone.now())
    done = prove(signed_in, page_of(app, "remove/"), by=app)
    assert done["Location"] == SLS
    assert "the last authenticator that you can sign in with" in text(signed_in.get(SLS))
    app.refresh_from_db()
    assert app.confirmed


def test_a_number_that_is_on_counts(signed_in, app, prove):
    prove(signed_in, page_of(app, "remove/"))
    app.refresh_from_db()
    assert app.revoked_at is not None


def test_a_disabled_one_may_go_by_another_that_is_as_strong(signed_in, app, spare, prove):
    AppDevice.objects.filter(pk=app.pk).update(disabled_at=timezone.now())
    prove(signed_in, page_of(app, "remove/"))
    app.refresh_from_db()
    assert app.revoked_at is not None


def test_wrong_codes_do_not_make_a_telephone_enough_to_remove_it(signed_in, app):
    AppDevice.objects.update(disabled_at=timezone.now())
    url = ask(signed_in, page_of(app, "remove/"))
    signed_in.post(url, {"password": PASSWORD})
    assert "Please call us" in text(signed_in.get(url))
    assert not Challenge.objects.filter(purpose=Purpose.STEP_UP).exists()


def test_one_that_is_gone_is_not_removed_twice(alice, app, spare):
    origin = Origin(address="203.0.113.7")
    assert removal.remove(device=app, proven_by="", origin=origin) is None
    assert removal.remove(device=app, proven_by="", origin=origin) is Refusal.GONE
    assert Entry.objects.filter(user=alice, event=Event.DEVICE_REVOKED).count() == 1


def test_ends_other_sessions_that_it_opened(signed_in, alice, app, spare, prove, sign_in_by):
    elsewhere = sign_in_by(Client(), alice, app)
    prove(signed_in, page_of(app, "remove/"), by=spare)
    assert elsewhere.get(SLS)["Location"].startswith("/login/")
    assert signed_in.get(SLS).status_code == 200


def test_this_session_goes_on_if_another_one_proved_it(alice, app, spare, prove, sign_in_by):
    browser = sign_in_by(Client(), alice, app)
    prove(browser, page_of(app, "remove/"), by=spare)
    row = newest_session()
    assert (row.ended_at, row.device) == (None, spare.persistent_id)
    assert browser.get(SLS).status_code == 200
    prove(browser, page_of(spare, "remove/"))
    assert newest_session().ended_at is not None


def test_the_removed_one_does_not_prove_it_if_another_can(signed_in, app, spare):
    url = ask(signed_in, page_of(app, "remove/"))
    signed_in.post(url, {"password": PASSWORD})
    assert Challenge.objects.get(purpose=Purpose.STEP_UP).device == spare.persistent_id
    assert "Other ways to verify" not in text(signed_in.get(url))


def test_this_session_ends_if_the_removed_one_proved_it(alice, app, prove, sign_in_by):
    browser = sign_in_by(Client(), alice, app)
    done = prove(browser, page_of(app, "remove/"))
    assert newest_session().ended_at is not None
    assert done["Location"] == "/login/?ended=removed"
    page = text(browser.get(done["Location"]))
    assert "Your session had been opened by that authenticator, so it ended too" in page
    assert browser.get(SLS)["Location"].startswith("/login/")


def test_says_before_what_becomes_of_the_limits(signed_in, app, settings):
    settings.WITHDRAWAL_LIMITS = {
        **settings.WITHDRAWAL_LIMITS,
        "authenticator_app": (1_000_000, 1_000_000),
    }
    page = text(signed_in.get(page_of(app)))
    assert "If you remove this your daily limit becomes USD 200,000" in page
