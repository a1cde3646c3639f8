"""A17: coming back in out of order, in another browser, twice, or round the second factor."""

from itertools import permutations

import pytest
from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.test import Client
from django_otp.oath import totp

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges.models import Challenge
from accounts.contacts import services as contacts
from accounts.contacts.models import EmailAddress
from accounts.freeze.models import How, Trading
from accounts.freeze.services import freeze
from accounts.origin import SYSTEM
from accounts.outbox.models import Message
from accounts.sessions.models import Session
from accounts.users.models import User
from sls.methods import registry
from sls.methods.authenticator_app.models import AppDevice
from sls.recovery import state
from sls.recovery.models import Delay, Recovery
from sls.recovery.receivers import NOT_ME
from tests.attacks.tools import at_once, browser, other_than, twin
from tests.cast import PASSWORD, app_device, code_for
from tests.cast import begin as sign_in_begin
from tests.recovering import (
    NEW,
    begin,
    by_mail,
    by_text,
    heading,
    mailed,
    names_bob,
    post,
    user_device,
    waiting,
)

HOUR = 3600
STEPS = ["code", "again", "way", "answer", "resend", "password", "lost", "wait", "enrol"]
PATHS = [*(f"{step}/" for step in STEPS), "password/advice/", "enrol/answer/"]
PARTIAL = [
    {},
    {"code": ""},
    {"code": ["000000", "000000"]},
    {"password": ""},
    {"device": ""},
    {"device": "sls.phonedevice/1"},
    {"method": ""},
    {"method": "sms"},
    {"delivery": "sms"},
    {"goal": "factor", "proven_at": "2020-01-01", "mailed_at": "2020-01-01"},
]


def unharmed(user: User) -> None:
    """The password is the old one, nobody is in, nothing waits and nothing was enrolled."""
    user.refresh_from_db()
    assert check_password(PASSWORD, user.password)
    assert not Session.objects.filter(ended_at=None).exists()
    assert not Delay.objects.exists()
    assert not AppDevice.objects.filter(user=user, confirmed=True).exists()


# --- Order ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["/recover/", "/recover/device/"])
def test_cve_2026_49448_no_empty_or_partial_post_passes_a_step(bob, page):
    tab = browser()
    url = begin(tab, "bob", page)
    for path in PATHS:
        for fields in PARTIAL:
            assert tab.post(url + path, fields).status_code in (200, 302, 400, 404, 429)
        assert tab.post(url + path, "{}", content_type="application/json").status_code < 500
        assert tab.post(url + path, "x", content_type="text/plain").status_code < 500
    assert Recovery.objects.get().mailed_at is None
    unharmed(bob)


def test_cve_2026_18963_the_proof_by_mail_cannot_be_skipped(bob, clock):
    tab = browser()
    url = begin(tab, "bob")
    device = registry.devices(bob.pk)[0].id
    tab.post(f"{url}way/", {"device": device})
    assert not Message.objects.filter(channel="sms").exists()
    for code in (mailed(bob), "000000"):
        tab.post(f"{url}answer/", {"code": code})
        tab.post(f"{url}password/", {"password": NEW})
    unharmed(bob)


def test_the_second_factor_cannot_be_skipped(bob, clock):
    tab = browser()
    url = by_mail(tab, bob)
    for path, fields in (
        ("password/", {"password": NEW}),
        ("answer/", {"code": "123456"}),
        ("code/", {"code": "123456"}),
        ("wait/", {}),
        ("enrol/", {"method": "authenticator_app"}),
        ("enrol/answer/", {"code": "000000"}),
    ):
        assert tab.post(url + path, fields)["Location"] == url
        assert tab.post(url + "password/", {"password": NEW})["Location"] == url
    unharmed(bob)


@pytest.mark.parametrize("order", list(permutations(["password", "answer", "way"])))
def test_reordered_steps_lead_nowhere(bob, order, clock):
    tab = browser()
    url = by_mail(tab, bob)
    device = user_device(tab, url)
    fields = {
        "password": {"password": NEW},
        "answer": {"code": "000000"},
        "way": {"device": device},
    }
    for step in order:
        tab.post(f"{url}{step}/", fields[step])
    unharmed(bob)


def test_a_way_that_is_not_offered_is_not_asked(alice, bob):
    app_device(alice)
    tab = browser()
    url = by_mail(tab, alice)
    theirs = [registry.devices(bob.pk)[0].id, registry.devices(alice.pk)[1].id]
    for device in theirs:
        assert "Choose another way" in tab.post(f"{url}way/", {"device": device}).content.decode()
    assert not Challenge.objects.filter(purpose="recovery").exclude(method="email").exists()


def test_a_password_proves_nothing_for_a_new_password(bob):
    tab = browser()
    url = by_mail(tab, bob)
    assert tab.post(f"{url}password/", {"password": PASSWORD})["Location"] == url
    assert Recovery.objects.get().proven_at is None


def test_a_wrong_answer_is_counted_by_its_authenticator(bob, clock):
    device = bob.phonenumbers.get().devices.get()
    tab = browser()
    url = by_mail(tab, bob)
    post(tab, f"{url}way/", device=user_device(tab, url))
    for _ in range(3):
        tab.post(f"{url}answer/", {"code": other_than(code_for(bob))})
    device.refresh_from_db()
    assert device.failures == 3
    other = browser()
    clock.shift(301)
    again = by_mail(other, bob)
    post(other, f"{again}way/", device=user_device(other, again))
    other.post(f"{again}answer/", {"code": other_than(code_for(bob))})
    device.refresh_from_db()
    assert device.failures == 4


# --- Another browser -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", *PATHS])
def test_cve_2026_7507_another_browser_cannot_go_on(bob, path):
    tab = browser()
    url = by_text(tab, bob)
    ask = Client.get if not path else Client.post
    foreign = ask(browser(), url + path)
    assert foreign.status_code == 404
    assert ask(browser(), f"/recover/{'x' * 43}/{path}").status_code == 404


def test_cve_2026_7507_a_browser_that_was_handed_an_address_cannot_go_on(bob):
    attacker, victim = browser(), browser()
    url = begin(attacker, "bob")
    assert victim.get(url).status_code == 404
    assert victim.post(f"{url}code/", {"code": mailed(bob)}).status_code == 404
    assert Recovery.objects.get().mailed_at is None


def test_its_cookie_is_kept_from_scripts_and_lives_as_long_as_it(bob):
    tab = browser()
    begin(tab, "bob")
    [cookie] = [one for name, one in tab.cookies.items() if "attempt-" in name]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 1800 + 2 * 900


def test_the_cookie_of_one_recovery_does_not_open_another(alice, bob):
    tab, other = browser(), browser()
    one, two = begin(tab, "alice"), begin(other, "bob")
    assert tab.get(one).status_code == 200
    assert tab.get(two).status_code == 404


# --- Again, and at once --------------------------------------------------------------------------


def test_a_recovery_that_was_used_is_used(bob, clock):
    tab = browser()
    url = by_text(tab, bob)
    post(tab, f"{url}password/", password=NEW)
    for path in PATHS:
        response = tab.post(url + path, {"password": "other-words-under-water-9", "code": "1"})
        assert response.status_code in (302, 404)
    bob.refresh_from_db()
    assert check_password(NEW, bob.password)


def test_a_code_of_one_recovery_does_not_open_another(bob, clock):
    tab, other = browser(), browser()
    begin(tab, "bob")
    code = mailed(bob)
    clock.shift(301)
    url = begin(other, "bob")
    if code == mailed(bob):
        pytest.fail("the two codes are the same by chance: one in a million")
    assert other.post(f"{url}code/", {"code": code}).status_code == 200
    assert not Recovery.objects.filter(mailed_at__isnull=False).exists()


def test_a_new_password_ends_the_other_recoveries(bob, clock):
    tab, other = browser(), browser()
    url = by_text(tab, bob)
    clock.shift(301)
    second = by_text(other, bob)
    post(tab, f"{url}password/", password=NEW)
    assert other.post(f"{second}password/", {"password": "other-words-under-water-9"}).status_code
    bob.refresh_from_db()
    assert check_password(NEW, bob.password)


def change_address(user: User) -> None:
    new = EmailAddress.objects.create(
        user=user,
        address="new@example.com",
        created_at=user.created_at,
        verified_at=user.created_at,
        trusted_from=user.created_at,
    )
    contacts.make_primary(contact=new, origin=SYSTEM)


def take_off(user: User) -> None:
    change_address(user)
    old = EmailAddress.objects.get(user=user, address=f"{user.username}@example.com")
    contacts.remove(contact=old, origin=SYSTEM)


@pytest.mark.parametrize("change", [change_address, take_off])
@pytest.mark.parametrize("proven", [by_mail, by_text])
def test_it_ends_when_a_contact_changes(bob, change, proven):
    tab = browser()
    url = proven(tab, bob)
    change(bob)
    assert heading(tab, url) == "Please start again"
    tab.post(f"{url}password/", {"password": NEW})
    unharmed(bob)


def test_an_address_that_went_without_a_word_proves_nothing(bob):
    tab = browser()
    url = by_text(tab, bob)
    EmailAddress.objects.filter(user=bob).update(primary=False, verified_at=None)
    assert "start again" in tab.post(f"{url}password/", {"password": NEW}).content.decode()
    unharmed(bob)


def test_an_authenticator_that_went_without_a_word_proves_nothing(bob):
    tab = browser()
    url = by_text(tab, bob)
    bob.phonenumbers.get().devices.update(disabled_at=bob.created_at)
    assert "start again" in tab.post(f"{url}password/", {"password": NEW}).content.decode()
    unharmed(bob)


def test_a_closed_user_never_passes(bob):
    tab = browser()
    url = by_text(tab, bob)
    User.objects.update(is_active=False)
    assert "start again" in tab.post(f"{url}password/", {"password": NEW}).content.decode()
    unharmed(bob)


def test_its_time_ends(bob, clock):
    tab = browser()
    url = by_text(tab, bob)
    clock.shift(16 * 60)
    assert tab.post(f"{url}password/", {"password": NEW})["Location"] == url
    assert heading(tab, url) == "Please start again"
    unharmed(bob)


def test_reset_then_sign_in_takes_the_second_factor(bob, clock):
    tab = browser()
    url = by_text(tab, bob)
    post(tab, f"{url}password/", password=NEW)
    clock.shift(61)
    attempt = sign_in_begin(tab, "bob", password=NEW)
    assert tab.get("/").status_code == 302
    assert tab.post(f"{attempt}answer/", {"code": other_than(code_for(bob))}).status_code == 200
    assert tab.get("/").status_code == 302


def test_a_reported_call_ends_everything(bob):
    tab = browser()
    url = by_mail(tab, bob)
    post(tab, f"{url}way/", device=user_device(tab, url))
    happens(Event.CALL_REPORTED, bob)
    assert heading(tab, url) == "Please start again"


def happens(event: Event, user: User) -> None:
    """The owner says that something was not they."""
    if event == Event.FROZEN:
        freeze(user_id=user.pk, origin=SYSTEM, how=How.LINK, trading=Trading.NOTHING)
        return
    with transaction.atomic():
        row = audit.lock(user.pk)
        contacts_of = {"email": user.emailaddresss.get(), "phone": user.phonenumbers.get()}
        note = {**contacts_of, "dropped": []}
        audit.record(event, user=row, origin=SYSTEM, note=note)


@pytest.mark.parametrize("event", sorted(NOT_ME))
def test_whoever_says_that_it_was_not_they_stops_the_wait(bob, event):
    waiting(browser(), bob)
    happens(Event(event), bob)
    assert Delay.objects.get().ended_why == "cancelled"
    bob.refresh_from_db()
    assert not bob.recovering


@pytest.mark.django_db(transaction=True)
def test_of_many_new_passwords_at_once_one_is_set(bob):
    tab = browser()
    url = by_text(tab, bob)
    words = [f"other-words-under-water-{number}" for number in range(6)]
    tabs = [twin(tab) for _ in words]
    at_once(6, lambda n: tabs[n].post(f"{url}password/", {"password": words[n]}).status_code)
    bob.refresh_from_db()
    assert sum(check_password(one, bob.password) for one in words) == 1
    assert Recovery.objects.get().ended_why == "new_password"
    assert events(bob).count("password.changed") == 1
    assert events(bob).count("recovery.done") == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_right_codes_at_once_one_is_taken(bob):
    tab = browser()
    url = begin(tab, "bob")
    code, tabs = mailed(bob), [twin(tab) for _ in range(6)]
    at_once(6, lambda n: tabs[n].post(f"{url}code/", {"code": code}).status_code)
    assert events(bob).count("recovery.proven") == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_requests_at_once_one_waits(bob):
    tab = browser()
    url = by_mail(tab, bob, "/recover/device/")
    post(tab, f"{url}password/", password=PASSWORD)
    tabs = [twin(tab) for _ in range(6)]
    at_once(6, lambda n: tabs[n].post(f"{url}wait/").status_code)
    assert Delay.objects.count() == 1
    assert Message.objects.filter(name="recovery_requested", channel="email").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_stop_and_a_completion_at_once_are_one_of_the_two(bob, clock):
    tab = browser()
    waiting(tab, bob)
    clock.shift(72 * HOUR + 1)
    url = by_mail(tab, bob, "/recover/device/")
    post(tab, f"{url}password/", password=PASSWORD)
    post(tab, f"{url}enrol/", method="authenticator_app")
    code = f"{totp(AppDevice.objects.get().open_seed()):06d}"
    reference = Delay.objects.get().reference
    tabs = [twin(tab) for _ in range(4)]

    def act(number: int) -> int:
        if number == 0:
            fields = {"reference": reference, "act": "stop"}
            return tabs[0].post("/recover/status/", fields).status_code
        return tabs[number].post(f"{url}enrol/answer/", {"code": code}).status_code

    at_once(4, act)
    confirmed = AppDevice.objects.filter(confirmed=True).count()
    assert Delay.objects.get().ended_why == ("done" if confirmed else "cancelled")
    assert confirmed <= 1
    assert events(bob).count("device.enrolled") == confirmed


def events(user: User) -> list[str]:
    return list(Entry.objects.filter(user=user).order_by("number").values_list("event", flat=True))


# --- The wait ------------------------------------------------------------------------------------


def test_nothing_shortens_the_wait(bob, clock):
    tab = browser()
    waiting(tab, bob)
    for _ in range(3):
        clock.shift(301)
        url = by_mail(tab, bob, "/recover/device/")
        post(tab, f"{url}password/", password=PASSWORD)
        tab.post(f"{url}wait/")
        assert tab.post(f"{url}enrol/", {"method": "authenticator_app"})["Location"] == url
    assert Delay.objects.count() == 1
    assert not state.ripe(bob.pk, Delay.objects.get().begun_at).exists()
    assert not AppDevice.objects.exists()


def test_waiting_alone_opens_nothing_without_new_proofs(bob, clock):
    tab = browser()
    waiting(tab, bob)
    clock.shift(72 * HOUR + 1)
    url = begin(tab, "bob", "/recover/device/")
    assert tab.post(f"{url}enrol/", {"method": "authenticator_app"})["Location"] == url
    post(tab, f"{url}code/", code=mailed(bob))
    assert tab.post(f"{url}enrol/", {"method": "authenticator_app"})["Location"] == url
    assert not AppDevice.objects.exists()


@pytest.mark.parametrize("method", ["sms", "backup_codes", "dsc_plus", "x", ""])
def test_only_what_is_offered_is_enrolled(bob, clock, method):
    tab = browser()
    waiting(tab, bob)
    clock.shift(72 * HOUR + 1)
    url = by_mail(tab, bob, "/recover/device/")
    post(tab, f"{url}password/", password=PASSWORD)
    assert tab.post(f"{url}enrol/", {"method": method}).status_code == 200
    assert len(registry.devices(bob.pk)) == 1


def test_the_reference_opens_nothing(bob, clock):
    waiting(browser(), bob)
    clock.shift(72 * HOUR + 1)
    page = browser().post("/recover/status/", {"reference": Delay.objects.get().reference})
    text = page.content.decode()
    assert "/recover/device/" in text
    assert not names_bob(text)


def test_references_cannot_be_guessed_at_for_long(bob, settings):
    settings.SIGN_INS_PER_ADDRESS_MINUTE = 5
    tab = browser()
    answers = [
        tab.post("/recover/status/", {"reference": "R7KD-2QXM-9PTA"}).status_code for _ in range(8)
    ]
    assert answers[-1] == 429


def test_who_guesses_at_the_strong_factor_does_not_get_the_weak_one(alice, clock):
    device = app_device(alice)
    tab = browser()
    url = by_mail(tab, alice)
    AppDevice.objects.filter(pk=device.pk).update(disabled_at=alice.created_at)
    sms = next(row.id for row in registry.devices(alice.pk))
    assert tab.post(f"{url}way/", {"device": sms}).status_code == 200
    assert not Challenge.objects.filter(purpose="recovery", method="sms").exists()
