"""A sign-in that differs from the usual ones: what it takes, what is told, and what stays."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.contacts.models import PhoneNumber
from accounts.outbox.models import Message
from accounts.sessions.models import Session
from accounts.users.models import User
from sls.login.models import Attempt
from sls.methods import registry
from sls.methods.authenticator_app.models import AppDevice
from sls.step_up.models import Pending
from tests.abroad import AMERICA, GERMANY, JAPAN, at_home
from tests.cast import SEED, app_device, begin, code_for, code_set, post_password
from tests.passkey_authenticator import Passkey, enrolled

PHONES = "/settings/communication/phones/"
HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(alice) -> User:
    """Alice, who has always signed in from America."""
    at_home(alice)
    return alice


@pytest.fixture
def app(home) -> AppDevice:
    return app_device(home, "Work phone")


def abroad(address: str = JAPAN) -> Client:
    """A browser that nobody knows."""
    return Client(REMOTE_ADDR=address)


def unusual(user: User) -> list[list[str]]:
    told = Entry.objects.filter(user=user, event=Event.SIGNED_IN_UNUSUAL)
    return [entry.detail["unusual"] for entry in told]


def finish(tab: Client, url: str, code: str) -> None:
    response = tab.post(f"{url}answer/", {"code": code})
    assert response["Location"] == "/", response.content.decode()


def app_code() -> str:
    return f"{totp(SEED):06d}"


def test_takes_no_text_message_from_who_holds_an_app(app):
    tab = abroad()
    url = begin(tab)
    attempt = Attempt.objects.get()
    assert (attempt.ways, attempt.careful) == (1, 20)
    assert attempt.unusual == "new_country,new_device"
    page = tab.get(url).content.decode()
    assert "Open your authenticator app" in page
    assert "differs from your usual ones" in page
    assert "Text message to" not in page
    assert not Message.objects.exists()


def test_takes_no_text_message_by_choosing_one_either(home, app):
    tab = abroad()
    url = begin(tab)
    phone = next(row.id for row in registry.devices(home.pk) if row.method == "sms")
    response = tab.post(f"{url}method/", {"device": phone})
    assert "one of your own ways" in response.content.decode()
    assert Attempt.objects.get().challenge.method == "authenticator_app"


def test_takes_no_printed_code_from_who_holds_an_app(home, app):
    code_set(home)
    begin(abroad())
    assert Attempt.objects.get().ways == 1


def test_takes_what_there_is_from_who_holds_nothing_stronger(home):
    tab = abroad()
    url = begin(tab)
    finish(tab, url, code_for(home))
    assert unusual(home) == [["new_country", "new_device"]]


def test_an_app_that_was_guessed_at_until_it_was_disabled_opens_nothing_weaker(home, app):
    AppDevice.objects.update(disabled_at=app.created_at)
    page = post_password(abroad()).content.decode()
    assert "too unusual to go on" in page
    assert not Attempt.objects.exists()
    assert not Message.objects.filter(name="security_code").exists()


def test_tells_the_owner_once_in_words(home, app):
    tab = abroad()
    finish(tab, begin(tab), app_code())
    [message] = Message.objects.filter(channel="email")
    assert message.name == "unusual_sign_in"
    told = message.content()["text"]
    assert "A country that you do not usually sign in from: Japan" in told
    assert "A browser that was not used before" in told
    assert "call us now" in told


def test_keeps_the_reasons_in_the_audit_and_no_secret(home, app):
    tab = abroad()
    code = app_code()
    finish(tab, begin(tab), code)
    entry = Entry.objects.get(event=Event.SIGNED_IN_UNUSUAL)
    assert entry.detail["country"] == "JP"
    assert set(entry.detail) == {"unusual", "country", "method", "session"}
    assert code not in str(Entry.objects.values_list("detail"))


def test_the_same_place_is_usual_the_next_time(home, app, clock):
    tab = abroad()
    finish(tab, begin(tab), app_code())
    tab.post("/logout/")
    clock.shift(86_400)
    url = begin(tab)
    assert Attempt.objects.latest("created_at").unusual == ""
    tab.post(f"{url}method/", {"device": app.persistent_id})
    finish(tab, url, app_code())
    assert len(unusual(home)) == 1
    assert Entry.objects.filter(event=Event.SIGNED_IN).count() == 2


def test_a_usual_sign_in_from_a_new_device_is_told_as_before(home, app):
    tab = abroad(AMERICA)
    begin(tab)
    assert Attempt.objects.get().ways == 2
    assert Attempt.objects.get().unusual == "new_device"


def test_wrong_passwords_before_the_right_one_are_told(home):
    tab = abroad(AMERICA)
    for _ in range(3):
        post_password(tab, password="wrong")
    finish(tab, begin(tab), code_for(home))
    assert unusual(home) == [["new_device", "failures"]]


@pytest.mark.parametrize("changed", ["sim_swapped_at", "trusted_from"])
def test_a_number_that_is_new_takes_the_app_in_a_browser_that_is_new(home, app, changed):
    later = timezone.now() + HOUR if changed == "trusted_from" else timezone.now()
    PhoneNumber.objects.filter(user=home).update(**{changed: later})
    begin(abroad(AMERICA))
    assert Attempt.objects.get().unusual == "new_device,contact"
    assert Attempt.objects.get().careful == 20


@pytest.fixture
def suspect(home) -> Client:
    """From a new browser in a new country, an hour after a sign-in at home, with a new SIM."""
    at_home(home, ago=HOUR)
    PhoneNumber.objects.filter(user=home).update(sim_swapped_at=home.created_at)
    return abroad(GERMANY)


def test_stops_what_is_too_unusual_and_tells_the_owner_that_the_password_is_known(
    home, app, suspect
):
    response = post_password(suspect)
    assert response.status_code == 200
    page = response.content.decode()
    assert "a browser that you signed in with before, or a passkey, or call us" in page
    assert not Attempt.objects.exists()
    entry = Entry.objects.get(event=Event.SIGN_IN_STOPPED)
    assert entry.detail["why"] == "unusual"
    assert entry.detail["unusual"] == ["travel", "new_country", "new_device", "contact"]
    assert Message.objects.get().name == "sign_in_stopped"


def test_leaves_a_passkey_to_who_would_be_stopped(home, app, suspect):
    enrolled(home, Passkey())
    page = suspect.get(begin(suspect)).content.decode()
    assert "Use your passkey" in page
    assert Attempt.objects.get().careful == 40


def test_never_stops_a_browser_that_is_known(home, sign_in, suspect, clock):
    tab = Client(REMOTE_ADDR=AMERICA)
    PhoneNumber.objects.update(sim_swapped_at=None)
    sign_in(tab, home)
    tab.post("/logout/")
    clock.shift(61)
    PhoneNumber.objects.update(sim_swapped_at=home.created_at)
    app_device(home)
    tab.defaults["REMOTE_ADDR"] = GERMANY
    finish(tab, begin(tab), app_code())
    assert Session.objects.latest("opened_at").risk == 2


def test_decides_anew_where_the_answer_comes_from(home, app):
    """The password was typed at home, in what looks like the same browser."""
    tab = abroad(AMERICA)
    url = begin(tab)
    phone = next(row.id for row in registry.devices(home.pk) if row.method == "sms")
    tab.post(f"{url}method/", {"device": phone})
    tab.defaults["REMOTE_ADDR"] = JAPAN
    response = tab.post(f"{url}answer/", {"code": code_for(home)})
    assert response["Location"] == "/login/?ended=unusual"
    assert not Session.objects.exists()
    assert Entry.objects.latest("number").event in {Event.SIGN_IN_STOPPED}
    assert "too unusual" in tab.get(response["Location"]).content.decode()


def test_a_session_that_began_unusually_asks_for_more_before_it_changes_anything(home, app):
    key = Passkey()
    tab = abroad()
    finish(tab, begin(tab), app_code())
    enrolled(home, key)
    response = tab.post(PHONES, {"number": "+14155550177"})
    assert response.status_code == 302
    pending = Pending.objects.get()
    assert (pending.least, pending.risk) == (40, 2)


def test_a_session_that_began_as_usual_asks_for_what_it_always_did(home, app):
    tab = abroad(AMERICA)
    url = begin(tab)
    tab.post(f"{url}method/", {"device": app.persistent_id})
    finish(tab, url, app_code())
    enrolled(home, Passkey())
    tab.post(PHONES, {"number": "+14155550177"})
    assert Pending.objects.get().least == 20


def test_is_weighed_for_a_passkey_alone_too(home):
    key = Passkey()
    enrolled(home, key)
    tab = abroad()
    question = tab.post("/login/passkey/question/").json()["challenge"]
    assert tab.post("/login/passkey/", {"code": key.answer(question)})["Location"] == "/"
    assert unusual(home) == [["new_country", "new_device"]]
    assert Session.objects.get().risk == 2
