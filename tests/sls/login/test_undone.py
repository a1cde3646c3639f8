"""Whoever undoes a change of contacts logs everybody off, also those who are on their way in."""

import pytest
from django.test import Client

from accounts.contacts import services, undoing
from accounts.contacts.models import Change
from accounts.origin import Origin
from accounts.sessions.models import Session
from tests.cast import begin, code_for

pytestmark = pytest.mark.django_db
HERE = Origin(address="203.0.113.7")


@pytest.mark.parametrize("kind", ["email", "phone"])
def test_ends_a_sign_in_that_was_begun_before(client, alice, kind):
    typed = {"email": "new@example.com", "phone": "+14155550177"}[kind]
    add = {"email": services.add_email, "phone": services.add_phone}[kind]
    add(user_id=alice.pk, typed=typed, origin=HERE)
    url = begin(client)
    code = code_for(alice)
    assert undoing.undo(change=Change.objects.get(), origin=HERE) is None
    response = client.post(f"{url}answer/", {"code": code})
    assert response["Location"] == "/login/?ended=undone"
    assert "was undone" in client.get(response["Location"]).content.decode()
    assert not Session.objects.exists()


def test_a_new_one_goes_on(alice):
    services.add_email(user_id=alice.pk, typed="new@example.com", origin=HERE)
    undoing.undo(change=Change.objects.get(), origin=HERE)
    client = Client()
    url = begin(client)
    assert client.post(f"{url}answer/", {"code": code_for(alice)})["Location"] == "/"
