import pytest
from django.test import Client

from accounts.audit.models import Entry
from accounts.challenges.models import Challenge
from accounts.contacts.models import PhoneNumber
from sls.methods.sms.models import PhoneDevice
from tests.cast import code_for


def door(url: str) -> str:
    """The typo door of a code page or a password page."""
    token = url.strip("/").split("/")[1]
    return f"/activate/{token}/number/"


def test_replaces_the_number_and_sends_there(client, nina, code_url):
    old = Challenge.objects.get(user=nina, purpose="enrolment")
    response = client.post(door(code_url), {"number": "(415) 555-0112"})
    assert response.status_code == 302
    assert PhoneNumber.objects.get(user=nina).number == "+14155550112"
    new = Challenge.objects.filter(user=nina).latest("created_at")
    assert new.destination == "+14155550112"
    old.refresh_from_db()
    assert old.cancelled_at is not None
    answer = client.post(f"{response['Location']}answer/", {"code": code_for(nina)})
    assert answer["Location"] == "/"


def test_opens_before_the_password_too(client, nina, password_url):
    response = client.post(door(password_url), {"number": "+14155550112"})
    assert response["Location"] == password_url
    assert "415-555-0112" in client.get(password_url).content.decode()


def test_ends_the_attempt_it_came_from(client, code_url):
    client.post(door(code_url), {"number": "+14155550112"})
    assert client.get(code_url).status_code in {302, 404}


@pytest.mark.parametrize("number", ["", "abc", "+1 900 555 0111", "+7 912 345 67 89", "12"])
def test_says_why_a_number_is_refused(client, nina, code_url, number):
    response = client.post(door(code_url), {"number": number})
    assert response.status_code == 200
    assert response.context["form"].errors["number"]
    assert PhoneNumber.objects.get(user=nina).number == "+14155550111"


def test_keeps_the_count_of_wrong_codes(client, nina, code_url):
    PhoneDevice.objects.filter(user=nina).update(failures=7)
    client.post(door(code_url), {"number": "+14155550112"})
    assert PhoneDevice.objects.get(user=nina).failures == 7


def test_stops_after_some_changes(client, nina, password_url):
    for last in range(5):
        client.post(door(password_url), {"number": f"+1415555012{last}"})
    response = client.post(door(password_url), {"number": "+14155550130"})
    assert "5 times" in response.context["form"].errors["number"][0]
    assert Entry.objects.filter(user=nina, event="phone.added").count() == 5


def test_is_closed_to_other_browsers_and_other_sign_ins(client, nina, code_url, alice):
    assert Client().get(door(code_url)).status_code == 404
    response = client.post("/login/", {"username": "alice", "password": "lantern-orbit-cactus-42"})
    shut = client.post(door(response["Location"]), {"number": "+14155550112"})
    assert shut["Location"] == "/login/"
    assert PhoneNumber.objects.get(user=alice).number == "+14155550101"


def test_is_closed_once_a_number_is_verified(client, nina, code_url):
    other = Client()
    again = other.post("/login/", {"username": "nina", "password": "lantern-orbit-cactus-77"})
    client.post(f"{code_url}answer/", {"code": code_for_url(nina, code_url)})
    shut = other.post(door(again["Location"]), {"number": "+14155550112"})
    assert shut.status_code == 302
    assert PhoneNumber.objects.get(user=nina).number == "+14155550111"


def code_for_url(user, url: str) -> str:
    from accounts.origin import digest

    bound = digest(url.strip("/").split("/")[1])
    return Challenge.objects.get(user=user, bound_to=bound).code()
