"""The protocol of the phone, over HTTP."""

from datetime import timedelta
from unittest.mock import ANY

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.audit.models import Entry
from accounts.contacts.models import PhoneNumber
from accounts.outbox.models import Endpoint, Message
from sls.methods.authenticator_app.models import AppDevice
from sls.methods.ib_key import pushes, rules
from sls.methods.ib_key.models import IbKeyDevice, Push
from tests.accounts.ip_restrictions.lists import restrict
from tests.cast import PASSWORD, app_device, begin, code_for
from tests.passkey_authenticator import Passkey, enrolled
from tests.phones import PIN, Phone, activated

pytestmark = pytest.mark.django_db


def kind(response) -> str:
    return response.json()["type"].rpartition("/")[2]


def became(new: str) -> None:
    """The numbers are so new that they confirm nothing, or have a new SIM card."""
    at = timezone.now() + timedelta(hours=1 if new == "trusted_from" else -1)
    PhoneNumber.objects.update(**{new: at})


@pytest.fixture
def phone(alice) -> Phone:
    return activated(alice)


@pytest.fixture
def tab() -> Client:
    return Client()


def asked(tab: Client, phone: Phone) -> str:
    """A sign-in that waits for the phone; returns its address."""
    url = begin(tab)
    tab.post(f"{url}method/", {"device": phone.row().persistent_id})
    return url


class TestActivation:
    def test_by_password_and_a_code(self, alice):
        phone = Phone(pin=PIN)
        begun = phone.post("activations", {"username": "alice", "password": PASSWORD})
        assert begun.status_code == 201
        said = begun.json()
        assert (said["needs"], said["migrates"], said["username"]) == ("code", False, "alice")
        assert [one["masked"] for one in said["numbers"]] == ["+1 ... 01"]
        way = said["activation"]
        number = said["numbers"][0]["id"]
        sent = phone.post(f"activations/{way}/code", {"number": number, "delivery": "sms"})
        assert (sent.status_code, len(sent.json()["reference"])) == (202, 3)
        assert (sent.json()["next_at"], sent.json()["sends_left"]) == (ANY, 4)
        early = phone.post(f"activations/{way}/code", {"number": number, "delivery": "voice"})
        assert (early.status_code, kind(early)) == (429, "wait")
        assert 25 < int(early["Retry-After"]) <= 30
        wrong = phone.finish(way, code="000000")
        assert (wrong.status_code, kind(wrong)) == (422, "wrong")
        assert phone.finish(way, code=code_for(alice)).status_code == 201
        assert not phone.row().confirmed
        assert phone.call("state").status_code == 401
        assert phone.confirm().json() == {"active": True, "replaced": False}
        assert phone.row().confirmed
        assert phone.call("state").json()["element"] == "pin"
        assert Entry.objects.filter(user=alice, event="device.enrolled").exists()

    def test_a_session_id_is_good_once(self, alice, phone):
        again = Phone()
        assert again.post("activations", {"session_id": "ABCDEFGH"}).status_code == 401

    def test_a_second_phone_takes_the_place_of_the_first(self, alice, phone):
        second = activated(alice, name="Pixel")
        assert IbKeyDevice.objects.filter(confirmed=True).count() == 1
        gone = phone.call("state")
        assert (gone.status_code, kind(gone)) == (410, "replaced")
        assert second.call("state").status_code == 200

    @pytest.mark.parametrize(
        "sent",
        [
            {"username": "alice", "password": "not the one at all"},
            {"username": "nobody", "password": PASSWORD},
            {"session_id": "22222222"},
        ],
    )
    def test_whatever_is_wrong_is_answered_alike(self, alice, sent):
        refused = Phone().post("activations", sent)
        assert (refused.status_code, kind(refused)) == (401, "refused")

    @pytest.mark.parametrize("stronger", [app_device, lambda user: enrolled(user, Passkey())])
    def test_a_number_proves_nothing_for_who_holds_more(self, alice, stronger):
        stronger(alice)
        refused = Phone().post("activations", {"username": "alice", "password": PASSWORD})
        assert refused.status_code == 401
        assert "Sign in to the portal" in refused.json()["detail"]

    def test_nor_for_who_has_exhausted_it(self, alice):
        app_device(alice)
        AppDevice.objects.update(disabled_at=timezone.now())
        refused = Phone().post("activations", {"username": "alice", "password": PASSWORD})
        assert (refused.status_code, kind(refused)) == (401, "refused")

    @pytest.mark.parametrize("new", ["trusted_from", "sim_swapped_at"])
    def test_a_number_that_is_new_or_has_a_new_sim_card_proves_nothing(self, alice, new):
        became(new)
        refused = Phone().post("activations", {"username": "alice", "password": PASSWORD})
        assert (refused.status_code, kind(refused)) == (401, "refused")
        assert "Sign in to the portal" in refused.json()["detail"]
        assert not Message.objects.filter(is_code=True).exists()

    @pytest.mark.parametrize("new", ["trusted_from", "sim_swapped_at"])
    def test_nor_does_one_that_became_so_on_the_way(self, alice, new):
        phone, began = Phone(), {"username": "alice", "password": PASSWORD}
        begun = phone.post("activations", began).json()
        way, number = begun["activation"], {"number": begun["numbers"][0]["id"]}
        assert phone.post(f"activations/{way}/code", number).status_code == 202
        became(new)
        again = phone.post(f"activations/{way}/code", number)
        assert (again.status_code, kind(again)) == (422, "number")
        late = phone.finish(way, code=code_for(alice))
        assert (late.status_code, kind(late)) == (401, "refused")
        assert not IbKeyDevice.objects.exists()

    def test_no_code_of_it_ever_goes_to_a_new_sim_card(self, alice, clock):
        phone, began = Phone(), {"username": "alice", "password": PASSWORD}
        begun = phone.post("activations", began).json()
        number = {"number": begun["numbers"][0]["id"]}
        for delivery in ("sms", "voice"):
            sent = number | {"delivery": delivery}
            answer = phone.post(f"activations/{begun['activation']}/code", sent)
            assert answer.status_code == 202
            clock.shift(31)
        codes = Message.objects.filter(is_code=True).values_list("channel", "sensitive")
        assert set(codes) == {("sms", True), ("voice", True)}

    def test_a_wrong_code_is_recorded(self, alice):
        begun = Phone().post("activations", {"username": "alice", "password": PASSWORD}).json()
        phone = Phone()
        number = {"number": begun["numbers"][0]["id"]}
        phone.post(f"activations/{begun['activation']}/code", number)
        assert phone.finish(begun["activation"], code="000000").status_code == 422
        assert Entry.objects.filter(user=alice, event="account.activation_failed").count() == 1

    def test_an_answer_lost_on_the_way_leaves_nothing_half_done(self, alice, phone):
        begun = Phone().post("activations", {"username": "alice", "password": PASSWORD}).json()
        way, number = begun["activation"], begun["numbers"][0]["id"]
        other = Phone()
        other.post(f"activations/{way}/code", {"number": number})
        assert other.finish(way, code=code_for(alice)).status_code == 201
        # The old one works on; the new one may ask again, and only the last secret counts.
        assert phone.call("state").status_code == 200
        first = other.device
        assert other.finish(way).status_code == 201
        assert other.device != first
        assert other.confirm().json() == {"active": True, "replaced": True}


class TestApproval:
    def test_signs_in(self, alice, tab, phone):
        url = asked(tab, phone)
        waits = phone.waits()
        assert (waits["action"], waits["platform"]) == ("Sign in", "web")
        digits = Push.objects.get().shown()
        early = tab.post(f"{url}answer/", {"code": "approved"})
        assert "Not approved on your phone yet." in early.content.decode()
        assert phone.approve(waits, digits).json()["state"] == "approved"
        assert tab.post(f"{url}answer/", {"code": "approved"})["Location"] == "/"
        assert phone.call("state").json()["last"]["state"] == "used"

    def test_other_digits_end_it(self, tab, phone):
        url = asked(tab, phone)
        digits = Push.objects.get().shown()
        other = f"{(int(digits) + 1) % 1000:03d}"
        wrong = phone.approve(waits := phone.waits(), other)
        assert (wrong.status_code, kind(wrong)) == (422, "digits")
        late = phone.approve(waits, digits)
        assert (late.status_code, kind(late)) == (409, "wrong")
        assert tab.post(f"{url}answer/", {"code": "approved"}).status_code == 200

    def test_refused_is_over_for_every_way(self, tab, phone):
        url = asked(tab, phone)
        question = Push.objects.get().challenge.question
        said = phone.refuse(waits := phone.waits(), "not_me").json()
        assert said["state"] == "refused"
        link = said["freeze_url"].partition("localhost")[2].partition("/")[2]
        page = tab.get(f"/{link}")
        assert (page.status_code, b"Stop everything now" in page.content) == (200, True)
        with time_machine.travel(timezone.now() + timedelta(hours=1, seconds=2)):
            assert tab.get(f"/{link}").status_code == 410
        assert phone.approve(waits, Push.objects.get().shown()).status_code == 409
        answered = tab.post(f"{url}answer/", {"code": phone.respond(question)})
        assert answered.status_code == 200

    def test_a_new_one_takes_the_place_of_the_old(self, tab, phone):
        asked(tab, phone)
        old = phone.waits()
        asked(Client(), phone)
        assert phone.waits()["id"] != old["id"]
        late = phone.approve(old, Push.objects.get(pk=old["id"]).shown())
        assert (late.status_code, kind(late)) == (409, "superseded")

    def test_is_not_asked_again_by_the_same_page_for_twenty_seconds(self, tab, phone):
        url = asked(tab, phone)
        first = phone.waits()
        with time_machine.travel(timezone.now(), tick=False) as clock:
            early = tab.post(f"{url}resend/", {"delivery": "new"})
            assert early.status_code == 429
            assert int(early["Retry-After"]) <= 20
            assert phone.waits()["id"] == first["id"]
            clock.shift(21)
            assert tab.post(f"{url}resend/", {"delivery": "new"}).status_code == 302
        second = phone.waits()
        assert second["id"] != first["id"]
        # The same sign-in, with digits of its own: the challenge is the one of before.
        assert second["expires_at"] == first["expires_at"]
        late = phone.approve(first, Push.objects.get(pk=first["id"]).shown())
        assert (late.status_code, kind(late)) == (409, "superseded")
        phone.approve(second, Push.objects.get(pk=second["id"]).shown())
        assert tab.post(f"{url}answer/", {"code": "approved"})["Location"] == "/"

    def test_is_asked_again_at_once_after_other_digits_but_three_times_at_most(self, tab, phone):
        url = asked(tab, phone)
        for _n in range(3):
            digits = Push.objects.latest("created_at").shown()
            phone.approve(phone.waits(), f"{(int(digits) + 1) % 1000:03d}")
            answer = tab.post(f"{url}resend/", {"delivery": "new"})
        assert answer.status_code == 429
        assert 500 < int(answer["Retry-After"]) <= 600
        assert Push.objects.count() == 3

    def test_after_three_without_success_only_the_response_is_left(self, phone):
        for _n in range(4):
            asked(Client(), phone)
        third = Push.objects.order_by("created_at").last()
        assert Push.objects.count() == 3
        assert phone.waits()["id"] == str(third.pk)

    def test_the_same_approval_twice_is_one(self, tab, phone):
        asked(tab, phone)
        waits, digits = phone.waits(), Push.objects.get().shown()
        body = phone.approval(waits, digits)
        path = f"approvals/{waits['id']}/approve"
        assert [phone.call(path, body).status_code for _n in range(2)] == [200, 200]
        assert Push.objects.get().stored == "approved"

    def test_takes_the_pin_too(self, alice, tab):
        phone = activated(alice, pin=PIN)
        asked(tab, phone)
        waits, digits = phone.waits(), Push.objects.get().shown()
        phone.pin = "0000"
        wrong = phone.approve(waits, digits)
        assert (wrong.status_code, kind(wrong)) == (422, "pin")
        assert (phone.row().failures, Push.objects.get().stored) == (1, "waiting")
        phone.pin = PIN
        assert phone.approve(waits, digits).status_code == 200

    def test_ten_wrong_pins_suspend(self, alice, tab):
        phone = activated(alice, pin=PIN)
        asked(tab, phone)
        waits, digits = phone.waits(), Push.objects.get().shown()
        phone.pin = "0000"
        statuses = [phone.approve(waits, digits).status_code for _n in range(11)]
        assert statuses == [422] * 10 + [410]
        assert Entry.objects.filter(user=alice, event="device.disabled").count() == 1

    def test_other_words_are_not_what_was_asked(self, tab, phone):
        asked(tab, phone)
        waits, digits = phone.waits(), Push.objects.get().shown()
        assert phone.approve(waits, digits, action="Pay somebody").status_code == 401
        assert Push.objects.get().stored == "waiting"


class TestResponse:
    @pytest.mark.parametrize("pin", [None, PIN])
    def test_signs_in_without_any_network(self, alice, tab, pin):
        phone = activated(alice, pin=pin)
        url = asked(tab, phone)
        question = Push.objects.get().challenge.question
        answered = tab.post(f"{url}answer/", {"code": phone.respond(question)})
        assert answered["Location"] == "/"

    def test_a_wrong_pin_is_a_wrong_response(self, alice, tab):
        phone = activated(alice, pin=PIN)
        url = asked(tab, phone)
        question = Push.objects.get().challenge.question
        answered = tab.post(f"{url}answer/", {"code": phone.respond(question, pin="0000")})
        assert "does not match" in answered.content.decode()
        assert phone.row().failures == 1

    def test_ten_wrong_ones_suspend(self, alice, tab, phone):
        IbKeyDevice.objects.update(failures=9)
        url = asked(tab, phone)
        tab.post(f"{url}answer/", {"code": "00000000"})
        gone = phone.call("state")
        assert (gone.status_code, kind(gone)) == (410, "suspended")
        # and back: it is activated again
        assert activated(alice).call("state").status_code == 200


class TestCalls:
    def test_are_good_once(self, phone):
        header = phone.header("state", {})
        assert phone.post("state", {}, Authorization=header).status_code == 200
        assert phone.post("state", {}, Authorization=header).status_code == 401

    def test_tell_the_time_to_a_wrong_clock(self, phone):
        phone.skew = 86_400
        told = phone.call("state")
        assert (told.status_code, kind(told)) == (401, "clock")
        phone.skew += told.json()["now"] - (int(told.json()["now"]) + 86_400)
        assert phone.call("state").status_code == 200

    @pytest.mark.parametrize("header", ["", "Bearer x", "IBKey key=1, at=1, nonce=x, sig=y"])
    def test_are_signed(self, phone, header):
        assert phone.post("state", {}, Authorization=header).status_code == 401

    def test_cost_few_statements(self, tab, phone, counted_queries):
        asked(tab, phone)
        with counted_queries(most=8):
            waits = phone.waits()
        with counted_queries(most=8):
            assert phone.approve(waits, Push.objects.get().shown()).status_code == 200


class TestOwner:
    def test_changes_the_pin_by_the_old_one(self, alice, tab):
        phone = activated(alice, pin=PIN)
        question = phone.call("pin/question").json()["question"]
        wrong = phone.call("pin", {"response": "00000000", "pin": "b4cd"})
        assert wrong.status_code == 422
        question = phone.call("pin/question").json()["question"]
        assert (
            phone.call("pin", {"response": phone.respond(question), "pin": "abcd"}).status_code
            == 422
        )
        done = phone.call("pin", {"response": phone.respond(question), "pin": "b4cd"})
        assert done.status_code == 200
        phone.pin = "b4cd"
        assert phone.row().answers(rules.FIRST_QUESTION, phone.respond(rules.FIRST_QUESTION))

    def test_renames_and_removes_it(self, alice, phone):
        app_device(alice)
        assert phone.call("rename", {"name": "  Work phone "}).status_code == 200
        assert phone.row().name == "Work phone"
        assert phone.call("remove").status_code == 200
        gone = phone.call("state")
        assert (gone.status_code, kind(gone)) == (410, "removed")

    def test_is_not_left_without_any_way(self, alice, phone):
        kept = phone.call("remove")
        assert (kept.status_code, kind(kept)) == (409, "last")

    def test_says_where_notifications_go(self, phone):
        keys = {"p256dh": "B" * 87, "auth": "A" * 22}
        subscription = {"endpoint": "https://fcm.googleapis.com/fcm/1", "keys": keys}
        assert phone.call("push", {"subscription": subscription}).status_code == 200
        assert phone.call("state").json()["push"] is True
        assert phone.row().endpoint.opened()["endpoint"] == "https://fcm.googleapis.com/fcm/1"
        assert phone.call("push", {"subscription": None}).status_code == 200
        assert phone.call("state").json()["push"] is False
        assert not Endpoint.objects.exists()


class TestAddresses:
    @pytest.mark.parametrize(
        ("call", "body"),
        [("rename", {"name": "X"}), ("remove", {}), ("pin/question", {})],
    )
    def test_a_phone_changes_nothing_of_itself_outside_the_list(self, alice, phone, call, body):
        restrict(alice, "203.0.113.0/24")
        held = phone.call(call, body)
        assert (held.status_code, kind(held)) == (403, "address")
        assert (phone.row().confirmed, phone.row().name) == (True, phone.name)

    def test_a_phone_on_mobile_data_approves_what_was_asked_from_inside(self, alice, tab, phone):
        restrict(alice, "203.0.113.0/24")
        inside = {"REMOTE_ADDR": "203.0.113.7"}
        tab = Client(**inside)
        url = asked(tab, phone)
        waits = phone.waits()  # from another address
        assert waits["address"] == "203.0.113.7"
        assert phone.approve(waits, Push.objects.get().shown()).status_code == 200
        assert tab.post(f"{url}answer/", {"code": "approved"})["Location"] == "/"

    def test_nobody_activates_a_phone_outside_the_list(self, alice):
        restrict(alice, "203.0.113.0/24")
        refused = Phone().post("activations", {"username": "alice", "password": PASSWORD})
        assert (refused.status_code, kind(refused)) == (401, "refused")


def test_a_push_of_another_phone_is_unknown(alice, bob, tab, phone):
    asked(tab, phone)
    waits = phone.waits()
    other = activated(bob)
    assert other.approve(waits, Push.objects.get().shown()).status_code == 404
    assert other.refuse(waits, "not_me").status_code == 404
    assert pushes.of_challenge(Push.objects.get().challenge).state == "waiting"
