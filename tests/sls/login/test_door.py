"""Refused outside the list, and the emergency door."""

from datetime import timedelta

import pytest
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from accounts.audit.models import Entry
from accounts.challenges.models import Challenge, Purpose
from accounts.contacts.models import EmailAddress, PhoneNumber
from accounts.ip_restrictions import door
from accounts.outbox.models import Message
from accounts.sessions.models import Session
from accounts.users.models import User
from sls.login.models import Attempt
from sls.methods.authenticator_app.models import AppDevice
from tests.accounts.ip_restrictions.lists import HOME, restrict
from tests.attacks.tools import at_once, other_than, twin
from tests.cast import app_device, post_password

pytestmark = pytest.mark.django_db
ELSEWHERE = {"REMOTE_ADDR": "198.51.100.20"}


@pytest.fixture
def restricted(alice) -> User:
    """Alice may be at 203.0.113.7 alone."""
    restrict(alice, "203.0.113.7")
    Message.objects.all().delete()
    return alice


def text(response) -> str:
    return " ".join(response.content.decode().split())


def newest(user: User) -> str:
    """The code that the telephone got."""
    return Challenge.objects.filter(user=user, method="sms").latest("created_at").code()


def by_mail() -> QuerySet[Challenge]:
    """What was asked for by e-mail at the door."""
    return Challenge.objects.filter(purpose=Purpose.DOOR, method="email")


def mailed(user: User) -> str:
    return by_mail().filter(user=user).latest("created_at").code()


def refused(client: Client) -> str:
    """Right password, wrong place; returns the attempt's address."""
    response = post_password(client)
    assert response.status_code == 302
    return response["Location"]


@pytest.fixture
def outside(client, restricted) -> Client:
    """Alice's browser in a hotel."""
    client.defaults |= ELSEWHERE
    return client


@pytest.fixture
def at_door(outside) -> str:
    """The address of an attempt that asks for the factor at the door."""
    url = refused(outside)
    assert outside.post(f"{url}door/").status_code == 302
    return url


@pytest.fixture
def at_mail(outside, restricted, at_door) -> str:
    """The address of an attempt whose factor is proven."""
    response = outside.post(f"{at_door}answer/", {"code": newest(restricted)})
    assert response["Location"] == f"{at_door}door/"
    return at_door


class TestRefused:
    def test_says_so_after_the_right_password_and_sends_no_code(self, outside, restricted):
        page = text(outside.get(refused(outside), follow=True))
        assert "You cannot sign in from here" in page
        assert "198.51.100.20" in page
        assert "203.0.113.7" not in page
        assert not Challenge.objects.exists()
        assert {message.name for message in Message.objects.all()} == {"sign_in_refused_address"}

    def test_is_written_down_with_its_reason(self, outside, restricted):
        refused(outside)
        entry = Entry.objects.filter(user=restricted).latest("number")
        assert (entry.event, entry.detail) == ("sign_in.refused", {"why": "address"})
        assert entry.origin["address"] == "198.51.100.20"

    def test_is_told_once_a_day(self, outside, restricted):
        for _ in range(3):
            refused(outside)
        assert Message.objects.filter(name="sign_in_refused_address").count() == 1

    def test_other_refusals_are_not_told(self, client, alice):
        alice.phonedevice_set.update(confirmed=False)
        post_password(client)
        assert Entry.objects.filter(user=alice).latest("number").event == "sign_in.refused"
        assert not Message.objects.exists()

    @pytest.mark.parametrize("name", ["alice", "nobody"])
    def test_a_wrong_password_does_not_tell_that_there_is_a_list(self, outside, name):
        page = text(post_password(outside, name, "not the right one"))
        assert "That user name and password do not match." in page

    def test_lets_in_from_the_list(self, client, restricted):
        client.defaults |= {"REMOTE_ADDR": "203.0.113.7"}
        url = refused(client)
        response = client.post(f"{url}answer/", {"code": newest(restricted)})
        assert response["Location"] == "/"

    def test_decides_anew_at_the_end(self, client, restricted):
        client.defaults |= {"REMOTE_ADDR": "203.0.113.7"}
        url = refused(client)
        client.defaults |= ELSEWHERE
        response = client.post(f"{url}answer/", {"code": newest(restricted)})
        assert response["Location"] == "/login/?ended=address"
        assert not Session.objects.exists()
        assert "place that is on your list" in text(client.get(response["Location"]))

    def test_says_so_on_the_form_where_the_door_is_off(self, outside, restricted):
        door.shut(user=restricted, by=restricted, origin=HOME)
        response = post_password(outside)
        assert response.status_code == 200
        assert "or call us" in text(response)
        assert not Attempt.objects.exists()


class TestDoor:
    def test_takes_factor_and_mail_and_lets_the_address_in(self, outside, restricted, at_mail):
        assert "Check your e-mail" in text(outside.get(f"{at_mail}door/"))
        code = mailed(restricted)
        response = outside.post(f"{at_mail}door/", {"code": code})
        assert response["Location"] == "/"
        assert outside.get("/").status_code == 200
        user = User.objects.get(pk=restricted.pk)
        assert (user.door_address, door.standing(user).address) == ("198.51.100.20",) * 2

    def test_is_told_to_every_contact(self, outside, restricted, at_mail):
        outside.post(f"{at_mail}door/", {"code": mailed(restricted)})
        told = Message.objects.filter(name="door_opened")
        assert {message.channel for message in told} == {"email", "sms"}
        assert Entry.objects.filter(user=restricted, event="door.opened").count() == 1

    def test_ends_the_session_after_half_an_hour(self, outside, restricted, at_mail, clock):
        outside.post(f"{at_mail}door/", {"code": mailed(restricted)})
        clock.shift(14 * 60)
        assert outside.get("/").status_code == 200
        clock.shift(14 * 60)
        assert outside.get("/").status_code == 200
        clock.shift(3 * 60)
        assert outside.get("/").status_code == 403

    def test_asks_for_the_strongest_factor_alone(self, outside, restricted):
        app_device(restricted)
        url = refused(outside)
        outside.post(f"{url}door/")
        assert Challenge.objects.get().method == "authenticator_app"
        phone = restricted.phonedevice_set.get().persistent_id
        outside.post(f"{url}method/", {"device": phone})
        assert Challenge.objects.get().method == "authenticator_app"

    def test_who_guesses_at_the_strongest_factor_does_not_get_the_next(self, outside, restricted):
        app_device(restricted)
        AppDevice.objects.update(disabled_at=timezone.now())
        url = refused(outside)
        assert "no way left to verify" in text(outside.post(f"{url}door/"))
        assert not Challenge.objects.exists()

    def test_nor_does_who_exhausts_them_while_standing_there(self, outside, restricted):
        for name in ("Work", "Home"):
            app_device(restricted, name)
        url = refused(outside)
        outside.post(f"{url}door/")
        AppDevice.objects.update(disabled_at=timezone.now())
        phone = restricted.phonedevice_set.get().persistent_id
        outside.post(f"{url}method/", {"device": phone})
        assert not Challenge.objects.filter(method="sms").exists()

    @pytest.mark.parametrize("new", ["trusted_from", "sim_swapped_at"])
    def test_asks_no_number_that_is_new_or_has_a_new_sim_card(self, outside, restricted, new):
        at = timezone.now() + timedelta(hours=1 if new == "trusted_from" else -1)
        PhoneNumber.objects.update(**{new: at})
        url = refused(outside)
        assert "no way left to verify" in text(outside.post(f"{url}door/"))
        assert not Challenge.objects.exists()

    def test_a_text_message_of_it_never_goes_to_a_new_sim_card(self, restricted, at_door):
        assert Message.objects.get(channel="sms", is_code=True).sensitive

    def test_the_factor_alone_opens_nothing(self, outside, restricted, at_mail):
        code = mailed(restricted)
        outside.post(f"{at_mail}answer/", {"code": code})
        outside.post(f"{at_mail}door/", {"code": other_than(code)})
        assert outside.get("/").status_code == 302
        assert not Session.objects.exists()
        assert not User.objects.get(pk=restricted.pk).door_address

    def test_no_other_way_leads_round_the_mail(self, outside, restricted, at_mail):
        phone = restricted.phonedevice_set.get().persistent_id
        before = Challenge.objects.count()
        outside.post(f"{at_mail}method/", {"device": phone})
        outside.post(f"{at_mail}resend/", {"delivery": "sms"})
        outside.post(f"{at_mail}resend/", {"delivery": "new"})
        assert Challenge.objects.count() == before

    def test_the_mail_alone_opens_nothing(self, outside, restricted, at_door):
        assert not by_mail().exists()
        for fields in ({"delivery": "email"}, {"code": "123456"}):
            response = outside.post(f"{at_door}door/", fields)
            assert response["Location"] == at_door
        assert not by_mail().exists()

    def test_sends_no_code_to_an_address_that_is_new(self, outside, restricted):
        then = restricted.emailaddresss.get()
        then.primary = False
        then.save(update_fields=["primary"])
        soon = timezone.now() + timedelta(hours=72)
        facts = {"created_at": soon, "verified_at": soon, "trusted_from": soon, "primary": True}
        EmailAddress.objects.create(user=restricted, address="new@example.com", **facts)
        url = refused(outside)
        outside.post(f"{url}door/")
        outside.post(f"{url}answer/", {"code": newest(restricted)})
        asked = by_mail().get()
        assert asked.destination == then.address

    def test_takes_no_code_of_an_address_that_left_the_list(self, outside, restricted, at_mail):
        code = mailed(restricted)
        EmailAddress.objects.update(primary=False, removed_at=timezone.now())
        page = text(outside.post(f"{at_mail}door/", {"code": code}))
        assert "Send a new code" in page
        assert not Session.objects.exists()

    def test_a_wrong_code_counts(self, outside, restricted, at_mail):
        code = mailed(restricted)
        for left in (4, 3, 2, 1):
            page = text(outside.post(f"{at_mail}door/", {"code": other_than(code)}))
            assert f"{left} more time" in page
        outside.post(f"{at_mail}door/", {"code": other_than(code)})
        assert "Send a new code" in text(outside.post(f"{at_mail}door/", {"code": code}))
        assert not Session.objects.exists()

    def test_sends_the_same_code_again_and_not_too_often(self, outside, restricted, at_mail, clock):
        assert outside.post(f"{at_mail}door/", {"delivery": "email"}).status_code == 429
        clock.shift(31)
        assert outside.post(f"{at_mail}door/", {"delivery": "email"}).status_code == 302
        assert by_mail().count() == 1

    def test_belongs_to_the_browser_that_gave_the_password(self, at_mail):
        stranger = Client()
        assert stranger.get(f"{at_mail}door/").status_code == 404
        assert stranger.post(f"{at_mail}door/", {"code": "1"}).status_code == 404

    def test_is_shut_while_somebody_stands_in_it(self, outside, restricted, at_mail):
        code = mailed(restricted)
        door.shut(user=restricted, by=restricted, origin=HOME)
        response = outside.post(f"{at_mail}door/", {"code": code})
        assert response["Location"] == "/login/?ended=address"
        assert not Session.objects.exists()

    def test_is_no_way_for_who_has_no_factor_left(self, outside, restricted):
        restricted.phonedevice_set.update(disabled_at=restricted.activated_at)
        url = refused(outside)
        page = text(outside.post(f"{url}door/"))
        assert "There is no way left to verify that it is you." in page

    def test_an_ordinary_attempt_has_no_door(self, client, alice):
        url = refused(client)
        assert client.get(f"{url}door/")["Location"] == url
        assert client.post(f"{url}door/", {"code": "123456"})["Location"] == url


@pytest.mark.django_db(transaction=True)
def test_of_many_right_codes_at_the_door_one_opens(client, restricted):
    client.defaults |= ELSEWHERE
    url = refused(client)
    client.post(f"{url}door/")
    client.post(f"{url}answer/", {"code": newest(restricted)})
    code = mailed(restricted)

    def enter(number: int) -> str:
        tab = twin(client)
        tab.defaults |= ELSEWHERE
        return tab.post(f"{url}door/", {"code": code}).headers.get("Location", "")

    assert at_once(6, enter).count("/") == 1
    assert Session.objects.count() == 1
