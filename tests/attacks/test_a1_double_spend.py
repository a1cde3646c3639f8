"""A1: what may be used once is used by everybody at the same instant."""

from collections import Counter

import pytest
from django.db import transaction
from django_otp.oath import totp

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges.models import Challenge
from accounts.contacts.models import PhoneNumber
from accounts.origin import Origin
from accounts.sessions.models import KnownDevice, Session
from sls.enrolment.models import Activation
from sls.login.models import Attempt
from sls.methods import registry
from sls.methods.backup_codes.models import CodeSet
from sls.methods.dsc_plus.models import Card
from sls.methods.sms.models import PhoneDevice
from tests.attacks.tools import NEW_PHONE, at_once, browser, other_than, twin
from tests.cast import (
    CODE,
    PASSWORD,
    SEED,
    app_device,
    begin,
    card_device,
    code_for,
    code_set,
    person,
    response,
)

pytestmark = pytest.mark.django_db(transaction=True)

RACERS = 50
SIGNED_IN = (Event.SIGNED_IN, Event.SIGNED_IN_NEW_DEVICE)


def choose(tab, url: str, device) -> str:
    """The sign-in, once it asks for ``device``."""
    tab.post(f"{url}method/", {"device": device.persistent_id})
    return url


def count(user, *events) -> int:
    return Entry.objects.filter(user=user, event__in=events).count()


def test_asvs_6_5_1_fifty_posts_of_one_right_code_make_one_session(client, alice):
    url, code = begin(client), code_for(alice)
    answers = at_once(RACERS, lambda _: twin(client).post(f"{url}answer/", {"code": code}))
    assert {response.status_code for response in answers} <= {200, 302}
    entered = [response for response in answers if "sid" in response.cookies]
    assert len(entered) == Session.objects.count() == KnownDevice.objects.count() == 1
    assert count(alice, *SIGNED_IN) == 1
    device = PhoneDevice.objects.get()
    assert (device.failures, device.disabled_at) == (0, None)
    assert audit.verify(alice) is None


def test_a_right_code_among_wrong_ones_leaves_consistent_counts(client, alice):
    url, code = begin(client), code_for(alice)
    typed = [code] + [other_than(code, number) for number in range(1, RACERS)]
    at_once(RACERS, lambda n: twin(client).post(f"{url}answer/", {"code": typed[n]}))
    sessions = Session.objects.count()
    assert sessions == count(alice, *SIGNED_IN) <= 1
    challenge, device = Challenge.objects.get(), PhoneDevice.objects.get()
    assert bool(sessions) == (challenge.used_at is not None)
    evaluated = 5 - challenge.tries_left
    assert evaluated <= 5
    assert device.failures == (0 if sessions else 5)
    assert audit.verify(alice) is None


def test_two_tabs_answer_with_the_same_code_and_one_gets_in(client, alice, clock):
    first = begin(client)
    code = code_for(alice)
    clock.shift(61)
    second = begin(client)
    urls = [first, second] * 10
    at_once(20, lambda n: twin(client).post(f"{urls[n]}answer/", {"code": code}))
    assert Session.objects.count() == 1
    assert Attempt.objects.filter(ended_at=None).count() == 1


def test_one_code_of_an_app_opens_one_of_two_sign_ins(sam, clock):
    clock.shift(0)
    tabs = [browser(), browser()]
    urls = [begin(tab, "sam") for tab in tabs]
    code = f"{totp(SEED):06d}"
    at_once(20, lambda n: twin(tabs[n % 2]).post(f"{urls[n % 2]}answer/", {"code": code}))
    assert Session.objects.count() == count(sam, *SIGNED_IN) == 1


def test_one_code_of_an_app_serves_a_sign_in_or_a_step_up(signed_in, alice, ask_to_add):
    app = app_device(alice)
    url = ask_to_add(signed_in)
    signed_in.post(url, {"password": PASSWORD})
    tab = browser()
    other = choose(tab, begin(tab), app)
    code = f"{totp(SEED):06d}"
    tabs = [(signed_in, url), (tab, other)]

    def answer(number):
        who, where = tabs[number % 2]
        return twin(who).post(f"{where}answer/", {"code": code})

    at_once(20, answer)
    verified = count(alice, Event.IDENTITY_VERIFIED)
    assert verified + Session.objects.filter(method="authenticator_app").count() == 1


def test_fifty_posts_of_one_backup_code_make_one_session(client, alice):
    url = choose(client, begin(client), code_set(alice))
    answers = at_once(RACERS, lambda _: twin(client).post(f"{url}answer/", {"code": f"{CODE}A"}))
    assert len([response for response in answers if "sid" in response.cookies]) == 1
    assert Session.objects.count() == count(alice, Event.BACKUP_CODE_USED) == 1
    assert CodeSet.objects.get().used == [1]
    assert CodeSet.objects.get().failures == 0


def test_one_backup_code_opens_one_of_many_sign_ins(alice, settings):
    settings.SIGN_INS_PER_ADDRESS_MINUTE = 1000
    codes, tabs = code_set(alice), [browser() for _ in range(8)]
    urls = [choose(tab, begin(tab), codes) for tab in tabs]
    at_once(8, lambda n: tabs[n].post(f"{urls[n]}answer/", {"code": f"{CODE}A"}))
    assert Session.objects.count() == count(alice, Event.BACKUP_CODE_USED) == 1
    assert CodeSet.objects.get().used == [1]
    assert CodeSet.objects.get().failures in range(8)
    assert audit.verify(alice) is None


def test_two_backup_codes_for_one_sign_in_use_up_one(client, alice):
    url = choose(client, begin(client), code_set(alice))
    typed = [f"{CODE}{last}" for last in "ABCDEFGHIJ"]
    at_once(10, lambda n: twin(client).post(f"{url}answer/", {"code": typed[n]}))
    assert Session.objects.count() == len(CodeSet.objects.get().used) == 1


def test_fifty_posts_of_one_response_make_one_session(client, alice):
    url = choose(client, begin(client), card_device(alice))
    right = response(Challenge.objects.latest("created_at"))
    answers = at_once(RACERS, lambda _: twin(client).post(f"{url}answer/", {"code": right}))
    assert len([answer for answer in answers if "sid" in answer.cookies]) == 1
    assert Session.objects.count() == count(alice, *SIGNED_IN) == 1
    assert Card.objects.get().failures == 0
    assert audit.verify(alice) is None


def test_asking_a_card_anew_at_once_opens_one_challenge(client, alice, settings):
    url = choose(client, begin(client), card_device(alice))
    Challenge.objects.update(tries_left=0)
    answers = at_once(20, lambda _: twin(client).post(f"{url}resend/", {"delivery": "new"}))
    assert {answer.status_code for answer in answers} == {302}
    assert Challenge.objects.filter(method="dsc_plus").count() == 2
    assert Card.objects.get().issued == 2
    assert Attempt.objects.get().openings == 1


def test_two_user_names_with_one_card_at_once_get_challenges_of_their_own(alice, settings):
    settings.CARD_CHALLENGES = 20
    people = [alice, person("alice2")]
    devices = [card_device(one) for one in people]
    tabs = [browser() for _ in range(10)]
    urls = [begin(tab, people[n % 2].username) for n, tab in enumerate(tabs)]

    def ask_and_answer(number: int) -> int:
        choose(tabs[number], urls[number], devices[number % 2])
        mine = Challenge.objects.filter(user=people[number % 2]).latest("created_at")
        return tabs[number].post(f"{urls[number]}answer/", {"code": response(mine)}).status_code

    assert set(at_once(10, ask_and_answer)) <= {200, 302}
    asked = Challenge.objects.filter(method="dsc_plus").values_list("question", flat=True)
    assert len(set(asked)) == len(asked) == Card.objects.get().issued
    assert all(audit.verify(one) is None for one in people)


def test_two_new_sets_at_once_leave_one(alice):
    def renew(_number):
        with transaction.atomic():
            user = audit.lock(alice.pk)
            return registry.get("backup_codes").enrol(user=user, origin=Origin(), bound_to="")

    made = at_once(5, renew)
    [live] = CodeSet.objects.filter(revoked_at=None)
    assert live.left == 10
    assert live.pk in {begun.device.pk for begun in made}


def test_one_grant_of_a_step_up_is_used_once(signed_in, alice, granted):
    confirm = granted(signed_in, alice)
    answers = at_once(20, lambda _: confirm(twin(signed_in)))
    places = Counter(response["Location"].split("/")[1] for response in answers)
    assert places == {"settings": 1, "step-up": 19}
    assert PhoneNumber.objects.filter(number=NEW_PHONE).count() == 1
    assert count(alice, Event.PHONE_ADDED) == 1


def test_one_code_answers_a_step_up_once(signed_in, alice, ask_to_add):
    url = ask_to_add(signed_in)
    signed_in.post(url, {"password": PASSWORD})
    code = code_for(alice)
    at_once(20, lambda _: twin(signed_in).post(f"{url}answer/", {"code": code}))
    assert count(alice, Event.IDENTITY_VERIFIED) == 1


def test_a_contact_is_verified_once(signed_in, alice, added):
    code = code_for(alice)
    at_once(20, lambda _: twin(signed_in).post(added, {"code": code}))
    assert count(alice, Event.PHONE_VERIFIED) == 1
    assert PhoneNumber.objects.get(number=NEW_PHONE).verified_at is not None


def test_an_activation_code_opens_one_activation(nina, activation_code, settings):
    settings.SIGN_INS_PER_ADDRESS_MINUTE = 1000
    posted = {"username": "nina", "code": activation_code}
    answers = at_once(RACERS, lambda _: browser().post("/activate/", posted))
    assert sorted(r.status_code for r in answers) == [200] * (RACERS - 1) + [302]
    assert Activation.objects.count() == 1
    assert audit.verify(nina) is None


def test_a_first_password_is_set_once(client, nina, activation_code):
    posted = {"username": "nina", "code": activation_code}
    url = client.post("/activate/", posted)["Location"]
    words = [f"lantern-orbit-cactus-{n}" for n in range(71, 81)]
    answers = at_once(10, lambda n: twin(client).post(url, {"password": words[n]}))
    to_code = [r for r in answers if r.status_code == 302 and len(r["Location"]) > 30]
    assert len(to_code) == Attempt.objects.count() == 1
    assert count(nina, Event.PASSWORD_SET) == 1
