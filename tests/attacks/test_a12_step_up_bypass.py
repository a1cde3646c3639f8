"""A12: reaching what needs a proof of identity with none, with an old one, or with another's."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges.models import Challenge, Purpose
from accounts.contacts import services as contacts
from accounts.contacts.models import EmailAddress, PhoneNumber
from accounts.origin import SYSTEM
from accounts.outbox.models import Message
from accounts.sessions.models import Session
from accounts.users.models import User
from sls.methods.authenticator_app.models import AppDevice
from sls.step_up import flow, rules
from sls.step_up.models import Pending
from tests.attacks.tools import EMAILS, NEW_PHONE, PHONES, at_once, browser, other_than, twin
from tests.cast import PASSWORD, app_device, begin, code_for
from tests.sls.devices.conftest import SLS, app_code
from tests.sls.devices.conftest import confirm as press

OTHER_PHONE = "+14155550178"
RACERS = 50

pytestmark = pytest.mark.django_db
races = pytest.mark.django_db(transaction=True)


@pytest.fixture
def confirm(signed_in, alice, granted) -> Callable[[Client], object]:
    """Alice has proven the adding of a number; posts what her last page would post."""
    return granted(signed_in, alice)


def is_held(response) -> bool:
    return response.status_code == 302 and response["Location"].startswith("/step-up/")


def added() -> set[str]:
    listed = PhoneNumber.objects.filter(number__in=(NEW_PHONE, OTHER_PHONE))
    return set(listed.values_list("number", flat=True))


def record(user: User, event: Event, **note: object) -> None:
    with transaction.atomic():
        audit.record(event, user=audit.lock(user.pk), origin=SYSTEM, note=note)


# --- Stale, used, altered ------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [300, 301, 3600, 86_400])
def test_a_stale_proof_opens_nothing(signed_in, confirm, clock, seconds):
    clock.shift(seconds)
    response = confirm(signed_in)
    assert response["Location"].startswith(("/step-up/", "/login/"))
    assert added() == set()


def test_a_replayed_proof_opens_nothing(signed_in, confirm):
    assert not is_held(confirm(signed_in))
    PhoneNumber.objects.filter(number=NEW_PHONE).delete()
    assert is_held(confirm(signed_in))
    assert added() == set()


@pytest.mark.parametrize(
    "payload",
    [
        {"number": OTHER_PHONE},
        {"number": [NEW_PHONE, OTHER_PHONE]},
        {"number": NEW_PHONE, "primary": "1"},
        {"number": f" {NEW_PHONE}"},
        {"Number": NEW_PHONE},
    ],
)
def test_a_payload_that_was_changed_after_the_proof_is_held(signed_in, confirm, payload):
    response = signed_in.post(PHONES, payload)
    assert is_held(response) or response.status_code in (200, 400)
    assert added() == set()


def test_a_query_that_was_added_after_the_proof_is_held(signed_in, confirm):
    assert is_held(signed_in.post(f"{PHONES}?number=%2B14155550178", {"number": NEW_PHONE}))
    assert added() == set()


# --- Another action, object, session, person -----------------------------------------------------


def test_the_proof_of_one_action_opens_no_other(signed_in, confirm):
    assert is_held(signed_in.post(EMAILS, {"email": "thief@example.org", "number": NEW_PHONE}))
    assert EmailAddress.objects.count() == 1


def test_the_proof_for_one_object_opens_no_other(signed_in, alice, ask_to_add):
    now = timezone.now()
    one, other = (
        EmailAddress.objects.create(user=alice, address=f"{n}@example.com", created_at=now)
        for n in (1, 2)
    )
    url = signed_in.post(f"{EMAILS}{one.pk}/remove/")["Location"]
    signed_in.post(url, {"password": PASSWORD})
    signed_in.post(f"{url}answer/", {"code": code_for(alice)})
    assert is_held(signed_in.post(f"{EMAILS}{other.pk}/remove/"))
    assert EmailAddress.objects.filter(pk=other.pk).exists()


def test_the_proof_of_one_session_opens_no_other(signed_in, alice, confirm, sign_in, clock):
    clock.shift(61)
    assert is_held(confirm(sign_in(browser(), alice)))
    assert added() == set()


def test_the_proof_of_one_person_opens_nothing_for_another(confirm, bob, sign_in, clock):
    clock.shift(61)
    assert is_held(confirm(sign_in(browser(), bob)))
    assert added() == set()


def test_a_token_instead_of_a_session_opens_nothing(signed_in, confirm):
    row = Session.objects.get(ended_at=None)
    for header in (f"Bearer {row.key}", f"Bearer {signed_in.cookies['sid'].value}", "Basic YTpi"):
        response = confirm(browser(authorization=header))
        assert response["Location"].startswith("/login/")
    assert added() == set()


# --- Another verb --------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "POSTS"])
def test_another_verb_opens_nothing(signed_in, confirm, method):
    form = "application/x-www-form-urlencoded"
    response = signed_in.generic(method, PHONES, f"number=%2B{NEW_PHONE[1:]}", form)
    assert response.status_code in (403, 405)
    assert added() == set()
    assert not is_held(confirm(signed_in))


@pytest.mark.parametrize(
    "name", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "X-Original-URL"]
)
def test_an_override_of_the_verb_or_the_address_is_no_way_round(signed_in, name):
    value = PHONES if name == "X-Original-URL" else "POST"
    signed_in.get(PHONES, {"number": NEW_PHONE}, headers={name: value})
    signed_in.post("/help/", {"number": NEW_PHONE, "_method": "POST"}, headers={name: value})
    assert is_held(signed_in.post(PHONES, {"number": NEW_PHONE}, headers={name: "GET"}))
    assert added() == set()


# --- The proof itself ----------------------------------------------------------------------------


def test_the_steps_cannot_be_skipped(signed_in, alice, ask_to_add):
    url = ask_to_add(signed_in)
    for path, fields in (
        ("answer/", {"code": "123456"}),
        ("answer/", {}),
        ("resend/", {"delivery": "sms"}),
        ("resend/", {"way": "0"}),
    ):
        assert signed_in.post(f"{url}{path}", fields)["Location"] == url
    assert signed_in.get(f"{url}confirm/")["Location"] == url
    assert not Challenge.objects.filter(purpose=Purpose.STEP_UP).exists()
    assert is_held(signed_in.post(PHONES, {"number": NEW_PHONE}))


def test_the_code_of_a_sign_in_proves_nothing_here_and_the_other_way_round(
    signed_in, alice, ask_to_add, clock
):
    url = ask_to_add(signed_in)
    signed_in.post(url, {"password": PASSWORD})
    step_up = code_for(alice)
    clock.shift(61)
    thief = browser()
    attempt = begin(thief)
    sign_in = other_than(step_up) if code_for(alice) == step_up else code_for(alice)
    thief.post(f"{attempt}answer/", {"code": step_up})
    signed_in.post(f"{url}answer/", {"code": sign_in})
    assert Session.objects.count() == 1
    assert not Pending.objects.filter(granted_at__isnull=False).exists()


def test_the_code_that_the_owner_reads_does_not_open_the_request_of_a_thief(
    signed_in, alice, ask_to_add, sign_in, clock
):
    clock.shift(61)
    thief = sign_in(browser(), alice)
    clock.shift(61)
    his = ask_to_add(thief, OTHER_PHONE)
    thief.post(his, {"password": PASSWORD})
    stolen = Challenge.objects.latest("created_at")
    clock.shift(61)
    hers = ask_to_add(signed_in)
    signed_in.post(hers, {"password": PASSWORD})
    code = code_for(alice)
    if code != stolen.code():
        thief.post(f"{his}answer/", {"code": code})
    assert thief.get(hers).status_code == 404
    assert thief.post(f"{hers}answer/", {"code": code}).status_code == 404
    assert not Pending.objects.filter(granted_at__isnull=False).exists()


def test_a_weaker_factor_does_not_prove_for_whom_a_stronger_one_is_held(
    signed_in, alice, ask_to_add
):
    app_device(alice)
    url = ask_to_add(signed_in)
    signed_in.post(url, {"password": PASSWORD})
    for number in range(4):
        signed_in.post(f"{url}resend/", {"way": str(number)})
        signed_in.post(f"{url}resend/", {"delivery": "sms"})
    asked = Challenge.objects.filter(purpose=Purpose.STEP_UP)
    assert set(asked.values_list("method", flat=True)) == {"authenticator_app"}


def test_a_request_that_was_begun_with_the_weaker_one_ends_when_a_stronger_is_enrolled(
    signed_in, alice, ask_to_add
):
    url = ask_to_add(signed_in)
    signed_in.post(url, {"password": PASSWORD})
    app_device(alice)
    record(alice, Event.DEVICE_ENROLLED, device="none")
    signed_in.post(f"{url}answer/", {"code": code_for(alice)})
    assert not Pending.objects.filter(granted_at__isnull=False).exists()
    assert "This was stopped" in signed_in.get(url).content.decode()


def test_an_authenticator_revoked_after_its_answer_proves_nothing(signed_in, alice, confirm):
    alice.phonenumbers.get().devices.update(disabled_at=timezone.now())
    record(alice, Event.DEVICE_DISABLED)
    assert is_held(confirm(signed_in))
    assert added() == set()


def test_a_code_that_reached_a_new_sim_card_before_that_was_known_proves_nothing(
    signed_in, alice, ask_to_add
):
    url = ask_to_add(signed_in)
    signed_in.post(url, {"password": PASSWORD})
    alice.phonenumbers.update(sim_swapped_at=timezone.now())
    signed_in.post(f"{url}answer/", {"code": code_for(alice)})
    assert not Pending.objects.filter(granted_at__isnull=False).exists()


def test_a_code_to_a_number_that_was_taken_off_the_list_meanwhile_proves_nothing(
    signed_in, alice, ask_to_add
):
    then = timezone.now() - timedelta(days=30)
    lost = PhoneNumber.objects.create(
        user=alice, number=OTHER_PHONE, created_at=then, verified_at=then, trusted_from=then
    )
    url = ask_to_add(signed_in)
    signed_in.post(url, {"password": PASSWORD})
    signed_in.post(f"{url}resend/", {"way": "1"})
    assert Challenge.objects.latest("created_at").destination == lost.number
    assert contacts.remove(contact=lost, origin=SYSTEM) is None
    signed_in.post(f"{url}answer/", {"code": code_for(alice)})
    assert not Pending.objects.filter(granted_at__isnull=False).exists()


# --- What ends a proof ---------------------------------------------------------------------------


def test_a_proof_is_dead_after_logging_off(signed_in, alice, confirm, sign_in, clock):
    thief = twin(signed_in)
    signed_in.post("/logout/")
    assert confirm(thief)["Location"].startswith("/login/")
    clock.shift(61)
    assert is_held(confirm(sign_in(signed_in, alice)))
    assert added() == set()


@pytest.mark.parametrize(
    "event",
    [
        *(Event.PASSWORD_SET, Event.CALL_REPORTED, Event.DEVICE_ENROLLED),
        *(Event.DEVICE_REVOKED, Event.DEVICE_DISABLED, Event.SMS_SWITCHED_OFF),
        *(Event.PHONE_NEW_SIM, Event.PHONE_REMOVED),
    ],
)
def test_a_proof_is_dead_once_what_it_stood_on_has_changed(signed_in, alice, confirm, event):
    record(alice, event, device="none", phone=alice.phonenumbers.get())
    assert is_held(confirm(signed_in))
    assert added() == set()


@pytest.mark.parametrize(
    "event",
    [
        *(Event.PASSWORD_SET, Event.CALL_REPORTED, Event.DEVICE_ENROLLED),
        *(Event.DEVICE_REVOKED, Event.SMS_SWITCHED_OFF),
    ],
)
def test_an_enrolment_that_a_proof_began_ends_with_the_proof(signed_in, alice, event):
    held = signed_in.post(f"{SLS}add/authenticator_app/")["Location"]
    signed_in.post(held, {"password": PASSWORD})
    proven = signed_in.post(f"{held}answer/", {"code": code_for(alice)})
    page = press(signed_in, proven["Location"])["Location"]
    record(alice, event, device="none")
    signed_in.post(f"{page}answer/", {"code": app_code(AppDevice.objects.get())})
    assert not AppDevice.objects.filter(confirmed=True).exists()
    assert "Start again" in signed_in.get(page).content.decode()


def test_a_proof_of_somebody_else_lives_on(signed_in, bob, confirm):
    record(bob, Event.PASSWORD_SET)
    assert not is_held(confirm(signed_in))


def test_a_closed_user_proves_and_uses_nothing(signed_in, alice, confirm):
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert confirm(signed_in)["Location"].startswith("/login/")
    assert added() == set()


# --- A window ------------------------------------------------------------------------------------


def test_a_window_is_inherited_by_no_other_session_and_opens_nothing_that_is_used_once(
    signed_in, alice, sign_in, clock
):
    until = timezone.now() + rules.GRANTED
    first = Session.objects.get(ended_at=None)
    Session.objects.update(verified_action="contacts.change", verified_until=until)
    assert is_held(signed_in.post(PHONES, {"number": NEW_PHONE}))
    clock.shift(61)
    sign_in(browser(), alice)
    later = Session.objects.exclude(pk=first.pk).get()
    assert (later.verified_action, later.verified_until) == ("", None)
    assert added() == set()


# --- Races ---------------------------------------------------------------------------------------


@races
def test_of_fifty_that_use_one_proof_one_passes(signed_in, alice, confirm):
    answers = at_once(RACERS, lambda _: confirm(twin(signed_in)))
    assert sum(not is_held(response) for response in answers) == 1
    assert {response.status_code for response in answers} == {302}
    assert Entry.objects.filter(user=alice, event=Event.PHONE_ADDED).count() == 1
    assert audit.verify(alice) is None


@races
def test_a_proof_that_is_used_while_it_is_ended_is_used_once_or_not_at_all(
    signed_in, alice, confirm
):
    def act(number: int) -> object:
        if number == 7:
            return record(alice, Event.PASSWORD_SET)
        return confirm(twin(signed_in))

    answers = [answer for answer in at_once(20, act) if answer is not None]
    passed = sum(not is_held(response) for response in answers)
    assert passed == len(added()) <= 1
    assert is_held(confirm(signed_in))


@races
def test_fifty_right_answers_to_one_request_grant_it_once(signed_in, alice, ask_to_add):
    url = ask_to_add(signed_in)
    signed_in.post(url, {"password": PASSWORD})
    code = code_for(alice)
    at_once(RACERS, lambda _: twin(signed_in).post(f"{url}answer/", {"code": code}))
    assert Entry.objects.filter(user=alice, event=Event.IDENTITY_VERIFIED).count() == 1
    assert Pending.objects.filter(granted_at__isnull=False).count() == 1


@races
def test_a_proof_that_is_begun_many_times_at_once_asks_once(signed_in, alice, ask_to_add):
    ask_to_add(signed_in)
    at_once(20, lambda _: flow.begin(Pending.objects.get(), origin=SYSTEM))
    asked = Challenge.objects.get(purpose=Purpose.STEP_UP)
    assert Pending.objects.get().challenge == asked
    assert Message.objects.filter(about=str(asked.pk)).count() == 1


def test_no_proof_outlives_five_minutes_whatever_the_table_says():
    assert timedelta(minutes=5) >= rules.GRANTED
