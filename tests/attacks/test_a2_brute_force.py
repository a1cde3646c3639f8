"""A2: guessing, by every way that might give a guesser fresh tries.

Counters are rows, so neither a restart nor an empty cache is a way; the last test shows it.
"""

from collections import Counter

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.test import Client
from django_otp.oath import totp

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges.models import Challenge, Purpose
from accounts.contacts.models import PhoneNumber
from accounts.lockout.models import PasswordFailures
from accounts.outbox.models import Message
from accounts.sessions.models import Session
from accounts.users import services as users
from sls.enrolment.models import Activation
from sls.methods.dsc_plus.models import Card
from sls.methods.sms.models import PhoneDevice
from tests.attacks.tools import NEW_PHONE, at_once, browser, other_than, twin, wrong_code
from tests.cast import (
    CODE,
    PASSWORD,
    SEED,
    app_device,
    begin,
    card_device,
    code_for,
    code_set,
    post_password,
    response,
)

races = pytest.mark.django_db(transaction=True)

DAY = 86_400


@pytest.fixture(autouse=True)
def no_address_limit(settings):
    """The guesser has a thousand addresses; what is left is what protects the person."""
    settings.SIGN_INS_PER_ADDRESS_MINUTE = 100_000
    settings.SENDS_PER_ADDRESS_HOUR = 100_000


@pytest.fixture
def compared(monkeypatch):
    """The passwords that were really hashed and compared."""
    seen: list[str] = []
    check = users.check

    def noting(*, user, password):
        seen.append(password)
        return check(user=user, password=password)

    monkeypatch.setattr(users, "check", noting)
    return seen


# --- The code ------------------------------------------------------------------------------------


def test_one_sign_in_has_five_tries_and_ends_for_the_right_code_too(client, alice):
    url, right = begin(client), code_for(alice)
    for number in range(1, 12):
        client.post(f"{url}answer/", {"code": other_than(right, number)})
    client.post(f"{url}answer/", {"code": right})
    assert not Session.objects.exists()
    assert Challenge.objects.get().tries_left == 0
    assert PhoneDevice.objects.get().failures == 5


@pytest.mark.parametrize("same_browser", [True, False])
def test_cve_2026_128332_a_new_sign_in_brings_no_new_budget(alice, clock, same_browser):
    tab = Client()
    for _ in range(6):
        tab = tab if same_browser else Client()
        response = post_password(tab)
        if response.status_code != 302:
            break
        for _ in range(6):
            tab.post(f"{response['Location']}answer/", {"code": wrong_code(alice)})
        clock.shift(301)
    device = PhoneDevice.objects.get()
    assert device.failures == 20
    assert device.disabled_at is not None
    assert "There is no way left" in response.content.decode()
    clock.shift(30 * DAY)
    assert post_password(Client()).status_code == 200


def test_the_owner_hears_of_the_disabled_authenticator_once(alice, clock):
    for _ in range(4):
        tab = Client()
        url = begin(tab)
        for _ in range(7):
            tab.post(f"{url}answer/", {"code": wrong_code(alice)})
        clock.shift(301)
    assert Entry.objects.filter(user=alice, event=Event.DEVICE_DISABLED).count() >= 1
    told = Message.objects.filter(name="authenticator_disabled")
    assert sorted(message.channel for message in told) == ["email", "sms"]


def test_a_new_code_in_the_same_sign_in_brings_no_new_budget(client, alice, clock):
    url = begin(client)
    for opened in range(1, 4):
        for _ in range(6):
            client.post(f"{url}answer/", {"code": wrong_code(alice)})
        assert PhoneDevice.objects.get().failures == opened * 5
        clock.shift(61)
        client.post(f"{url}resend/", {"delivery": "voice"})
    assert Challenge.objects.count() == 4


def test_a_repeat_of_the_code_brings_no_new_tries(client, alice, clock):
    url, right = begin(client), code_for(alice)
    for number in range(1, 5):
        client.post(f"{url}answer/", {"code": other_than(right, number)})
    for wait in (30, 60, 60):
        clock.shift(wait)
        assert client.post(f"{url}resend/", {"delivery": "sms"}).status_code == 302
    assert Challenge.objects.get().tries_left == 1
    client.post(f"{url}answer/", {"code": other_than(right, 9)})
    client.post(f"{url}answer/", {"code": right})
    assert not Session.objects.exists()


def test_the_step_up_spends_the_same_budget_as_the_sign_in(signed_in, alice, ask_to_add, clock):
    for _ in range(3):
        url = ask_to_add(signed_in)
        signed_in.post(url, {"password": PASSWORD})
        for _ in range(6):
            signed_in.post(f"{url}answer/", {"code": wrong_code(alice)})
        clock.shift(301)
    assert PhoneDevice.objects.get().failures == 15
    tab = Client()
    url = begin(tab)
    for _ in range(5):
        tab.post(f"{url}answer/", {"code": wrong_code(alice)})
    assert PhoneDevice.objects.get().disabled_at is not None
    assert not Entry.objects.filter(event=Event.IDENTITY_VERIFIED).exists()


def test_choosing_the_method_again_brings_no_new_budget(sam, clock):
    app_device(sam, "Second app")
    tab = browser()
    url = begin(tab, "sam")
    first, second = (f"sls.appdevice/{pk}" for pk in sam.appdevice_set.values_list("pk", flat=True))
    for device in (first, second) * 5:
        tab.post(f"{url}method/", {"device": device})
        for _ in range(5):
            tab.post(f"{url}answer/", {"code": "000000"})
    assert sorted(sam.appdevice_set.values_list("failures", flat=True)) == [20, 20]
    assert not Session.objects.exists()


def test_ten_wrong_backup_codes_over_ever_new_sign_ins_disable_the_set(alice, clock):
    codes = code_set(alice)
    for number in range(14):
        tab = browser()
        url = begin(tab)
        tab.post(f"{url}method/", {"device": codes.persistent_id})
        tab.post(f"{url}answer/", {"code": f"{CODE}{'KMNOPQRSTUVWXY'[number]}"})
        clock.shift(301)
    codes.refresh_from_db()
    assert codes.failures == 10
    assert codes.disabled_at is not None
    told = Message.objects.filter(name="authenticator_disabled")
    assert sorted(message.channel for message in told) == ["email", "sms"]
    tab = browser()
    tab.post(f"{begin(tab)}answer/", {"code": f"{CODE}A"})
    assert not Session.objects.exists()


def wrong_response() -> str:
    return response(Challenge.objects.filter(method="dsc_plus").latest("created_at"), pin="0000")


def test_ten_wrong_responses_over_sessions_and_restarts_disable_the_card(alice, clock):
    device = card_device(alice)
    for _ in range(6):
        tab = browser()
        url = begin(tab)
        tab.post(f"{url}method/", {"device": device.persistent_id})
        for _ in range(5):
            tab.post(f"{url}answer/", {"code": wrong_response()})
        for cache in caches.all():
            cache.clear()
        clock.shift(601)
    card = Card.objects.get()
    assert (card.failures, card.disabled_at is not None) == (10, True)
    told = Message.objects.filter(name="authenticator_disabled")
    assert sorted(message.channel for message in told) == ["email", "sms"]
    assert not Session.objects.exists()


def test_asking_a_card_anew_brings_no_new_budget(client, alice, settings):
    settings.CHALLENGES_PER_ATTEMPT = settings.CARD_CHALLENGES = 20
    device = card_device(alice)
    url = begin(client)
    client.post(f"{url}method/", {"device": device.persistent_id})
    for _ in range(8):
        for _ in range(5):
            client.post(f"{url}answer/", {"code": wrong_response()})
        client.post(f"{url}resend/", {"delivery": "new"})
    assert Card.objects.get().failures == 10
    client.post(f"{url}answer/", {"code": response(Challenge.objects.latest("created_at"))})
    assert not Session.objects.exists()


def test_a_step_up_spends_the_budget_of_the_card_too(signed_in, alice, ask_to_add, clock):
    device = card_device(alice)
    for _ in range(2):
        signed_in.post(url := ask_to_add(signed_in), {"password": PASSWORD})
        for _ in range(4):
            signed_in.post(f"{url}answer/", {"code": wrong_response()})
        clock.shift(301)
    assert Card.objects.get().failures == 6
    tab = browser()
    url = begin(tab)
    for _ in range(2):
        tab.post(f"{url}method/", {"device": device.persistent_id})
        for _ in range(4):
            tab.post(f"{url}answer/", {"code": wrong_response()})
        tab.post(f"{url}resend/", {"delivery": "new"})
    assert Card.objects.get().disabled_at is not None
    assert not Entry.objects.filter(event=Event.IDENTITY_VERIFIED).exists()


def test_a_used_backup_code_is_no_free_guess(alice, clock):
    codes = code_set(alice)
    codes.use(1)
    codes.save()
    for _ in range(2):
        tab = browser()
        url = begin(tab)
        tab.post(f"{url}method/", {"device": codes.persistent_id})
        for _ in range(7):
            tab.post(f"{url}answer/", {"code": f"{CODE}A"})
        clock.shift(301)
    codes.refresh_from_db()
    assert codes.failures == 10


def test_going_from_method_to_method_brings_no_new_budget(alice, clock):
    devices = [PhoneDevice.objects.get(), app_device(alice), code_set(alice)]
    wrong = ["000000", "000001", f"{CODE}Z"]
    PhoneDevice.objects.update(failures=15)
    for _ in range(12):
        tab = browser()
        response = post_password(tab)
        if response.status_code != 302:
            break
        url = response["Location"]
        for device, typed in zip(devices, wrong, strict=True):
            tab.post(f"{url}method/", {"device": device.persistent_id})
            for _ in range(6):
                tab.post(f"{url}answer/", {"code": typed})
        clock.shift(301)
    assert [type(d).objects.get(pk=d.pk).failures for d in devices] == [20, 20, 10]
    assert "There is no way left" in response.content.decode()
    assert not Session.objects.exists()


def test_a_code_typed_for_another_method_is_not_tried_there(client, alice):
    app_device(alice)
    codes = code_set(alice)
    url = begin(client)
    client.post(f"{url}method/", {"device": PhoneDevice.objects.get().persistent_id})
    for _ in range(30):
        client.post(f"{url}answer/", {"code": f"{CODE}A"})
    for _ in range(8):
        client.post(f"{url}answer/", {"code": f"{totp(SEED):06d}"})
    codes.refresh_from_db()
    assert (codes.failures, codes.used) == (0, [])
    assert alice.appdevice_set.get().failures == 0
    assert PhoneDevice.objects.get().failures == 5
    assert not Session.objects.exists()


def test_a_new_number_of_a_contact_gets_five_tries_a_code_and_five_codes_a_day(
    signed_in, alice, added, clock
):
    for _ in range(12):
        for _ in range(6):
            signed_in.post(added, {"code": wrong_code(alice)})
        clock.shift(61)
        signed_in.post(added, {"delivery": "voice"})
    tried = Challenge.objects.filter(user=alice, purpose=Purpose.CONTACT)
    assert sum(5 - row.tries_left for row in tried) <= 5 * 5
    assert PhoneNumber.objects.get(number=NEW_PHONE).verified_at is None


@races
def test_fifty_wrong_codes_of_a_contact_at_once_are_five(signed_in, alice, added):
    right = code_for(alice)
    at_once(50, lambda n: twin(signed_in).post(added, {"code": other_than(right, n + 1)}))
    assert Challenge.objects.filter(purpose=Purpose.CONTACT).get().tries_left == 0


def test_activation_codes_get_five_tries_each_and_twenty_until_staff_unlock(nina, clock):
    for _ in range(12):
        right = code_for(nina)
        for number in range(1, 6):
            posted = {"username": "nina", "code": other_than(right, number)}
            assert browser().post("/activate/", posted).status_code == 200
        browser().post("/activate/", {"username": "nina", "code": right})
        clock.shift(61)
        browser().post("/activate/resend/", {"username": "nina"})
    assert not Activation.objects.exists()
    tried = Challenge.objects.filter(user=nina, purpose=Purpose.ACTIVATION)
    assert sum(5 - row.tries_left for row in tried) == 20
    clock.shift(DAY)
    browser().post("/activate/resend/", {"username": "nina"})
    assert tried.count() == 4
    call_command("unlock", "nina", reason="called us, ticket 7")
    browser().post("/activate/resend/", {"username": "nina"})
    posted = {"username": "nina", "code": code_for(nina)}
    assert browser().post("/activate/", posted).status_code == 302


@races
def test_fifty_wrong_activation_codes_at_once_are_five(nina, activation_code):
    def guess(number):
        posted = {"username": "nina", "code": other_than(activation_code, number + 1)}
        return browser().post("/activate/", posted)

    at_once(50, guess)
    assert Challenge.objects.get(user=nina).tries_left == 0
    assert not Activation.objects.exists()


# --- The password --------------------------------------------------------------------------------


@races
def test_cve_2023_47111_fifty_passwords_at_once_do_not_outrun_the_count(alice, compared):
    answers = at_once(50, lambda n: post_password(browser(), "alice", f"wrong {n}"))
    statuses = Counter(response.status_code for response in answers)
    assert set(statuses) <= {200, 429, 503}
    assert statuses[200] == len(compared) <= 5
    assert PasswordFailures.objects.get().count == len(compared)
    assert Entry.objects.filter(user=alice, event=Event.PASSWORD_FAILED).count() == len(compared)


def test_a_day_of_guesses_from_ever_new_browsers_compares_ten(alice, clock, compared):
    for number in range(15):
        post_password(browser(), "alice", f"wrong {number}")
        clock.shift(300)
    assert len(compared) == 10
    assert Message.objects.filter(name="sign_in_locked").count() == 1
    assert post_password(browser()).status_code == 200
    assert len(compared) == 10


@pytest.mark.parametrize("proxies", [0, 1])
def test_forged_addresses_bring_no_new_budget(alice, settings, compared, proxies):
    settings.TRUSTED_PROXY_COUNT = proxies
    settings.SIGN_INS_PER_ADDRESS_MINUTE = 4
    statuses = []
    for number in range(8):
        forged = f"198.51.100.{number}"
        chain = f"{forged}, 203.0.113.9" if proxies else forged
        headers = {"X-Forwarded-For": chain, "X-Real-IP": forged, "Forwarded": f"for={forged}"}
        statuses.append(post_password(browser(**headers), f"name-{number}", "wrong").status_code)
    assert statuses == [200] * 4 + [429] * 4
    assert len(compared) == 4


def test_a_forged_device_cookie_brings_no_new_budget(alice, settings, compared):
    for number in range(8):
        tab = browser()
        tab.cookies[settings.DEVICE_COOKIE_NAME] = f"invented-{number}"
        post_password(tab, "alice", "wrong")
    assert len(compared) == 5


def test_somebody_elses_known_browser_brings_no_new_budget(alice, bob, sign_in, compared):
    tab = sign_in(Client(), bob)
    tab.post("/logout/")
    compared.clear()
    for number in range(4):
        post_password(tab, "alice", f"wrong {number}")
        post_password(browser(), "alice", f"wrong {number}")
    assert len(compared) == 5


def test_every_spelling_of_a_name_spends_one_budget(alice, compared):
    spellings = [
        "alice",
        "ALICE",
        "ａｌｉｃｅ",
        " alice ",
        "aLiCe",
        "ⓐⓛⓘⓒⓔ",
        "Alice\u3000",
        "𝐚𝐥𝐢𝐜𝐞",
    ]
    for name in spellings:
        post_password(browser(), name, "wrong")
    assert len(compared) == 5
    assert PasswordFailures.objects.get().count == 5


def test_cve_2026_123521_a_stolen_session_cannot_guess_the_password(
    signed_in, alice, ask_to_add, compared, clock
):
    compared.clear()
    for number in range(14):
        signed_in.post(ask_to_add(signed_in), {"password": f"wrong {number}"})
        clock.shift(250)
    assert len(compared) == 10
    signed_in.post(ask_to_add(signed_in), {"password": PASSWORD})
    assert not Challenge.objects.filter(purpose=Purpose.STEP_UP).exists()


@races
def test_fifty_passwords_at_once_in_a_step_up_do_not_outrun_the_count(
    signed_in, alice, ask_to_add, compared
):
    url = ask_to_add(signed_in)
    compared.clear()
    at_once(50, lambda n: twin(signed_in).post(url, {"password": f"wrong {n}"}))
    assert 1 <= len(compared) <= 5


def test_a_right_password_alone_forgets_no_wrong_ones(alice, compared):
    for number in range(3):
        post_password(browser(), "alice", f"wrong {number}")
        begin(browser())
    assert PasswordFailures.objects.get().count == 3


def test_counters_do_not_live_in_the_cache(alice):
    tab = browser()
    url = begin(tab)
    for number in range(5):
        post_password(browser(), "alice", f"wrong {number}")
        tab.post(f"{url}answer/", {"code": wrong_code(alice)})
    for cache in caches.all():
        cache.clear()
    assert post_password(browser(), "alice", PASSWORD).status_code == 429
    assert Challenge.objects.get().tries_left == 0
    assert PhoneDevice.objects.get().failures == 5
