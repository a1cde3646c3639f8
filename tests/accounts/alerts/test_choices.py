"""What an owner adds to their alerts, and what nobody can silence."""

import pytest
from django.db import transaction

from accounts.alerts import categories, choices, pages, services
from accounts.alerts.catalogue import CATALOGUE
from accounts.alerts.categories import Category, Way
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.origin import Origin
from accounts.outbox.models import Message
from accounts.users.models import User
from tests.cast import PASSWORD, code_for

pytestmark = pytest.mark.django_db
ORIGIN = Origin(address="203.0.113.7")
PAGE = "/settings/communication/alerts/"
PHONE = "+14155550101"


def record(user: User, event: Event) -> None:
    with transaction.atomic():
        audit.record(event, user=audit.lock(user.pk), origin=ORIGIN)


def told(name: str) -> set[tuple[str, str]]:
    return set(Message.objects.filter(name=name).values_list("channel", "to"))


def switch(user: User, category: Category, way: Way, *, on: bool) -> bool:
    return choices.switch(user_id=user.pk, category=category, way=way, on=on, origin=ORIGIN)


def test_every_alert_has_a_category_with_words():
    assert {categories.of(event) for event in CATALOGUE} <= {*categories.WORDS}
    assert {*categories.WORDS} == {*Category}


def test_only_what_tells_of_what_was_sent_may_be_silenced():
    """Whatever somebody who took over an account would do is told whatever was chosen."""
    assert {"card.shipped", "card.returned", "document.delivered"} == categories.SILENCEABLE
    assert set(CATALOGUE) >= categories.SILENCEABLE


def test_a_text_message_may_be_added_to_any_alert(alice):
    record(alice, Event.SIGNED_IN_NEW_DEVICE)
    assert told("new_device_sign_in") == {("email", "alice@example.com")}
    assert switch(alice, Category.SIGN_INS, Way.SMS, on=True)
    Message.objects.all().delete()
    record(alice, Event.SIGNED_IN_NEW_DEVICE)
    assert told("new_device_sign_in") == {("email", "alice@example.com"), ("sms", PHONE)}
    text = Message.objects.get(channel="sms").content()["text"]
    assert "Signed in from a new device" in text
    record(alice, Event.OPTED_OUT)
    assert told("opted_out") == {("email", "alice@example.com")}


def test_mails_about_the_post_may_be_silenced_and_none_else(alice):
    assert switch(alice, Category.CARDS, Way.EMAIL, on=False)
    Message.objects.all().delete()
    record(alice, Event.CARD_SHIPPED)
    assert not Message.objects.exists()
    record(alice, Event.CARD_LOST)
    assert told("card_lost") == {("email", "alice@example.com"), ("sms", PHONE)}
    assert alice.unread == 0
    assert User.objects.get(pk=alice.pk).unread == 3


@pytest.mark.parametrize("category", sorted({*Category} - {Category.CARDS, Category.DOCUMENTS}))
def test_nothing_else_can_be_silenced(alice, category):
    with pytest.raises(choices.NotSilenceable):
        switch(alice, category, Way.EMAIL, on=False)


def test_an_alert_about_security_is_not_silenced_whatever_the_row_says(alice):
    """Also if somebody wrote into the database."""
    alice.alert_choices = {"no_email": [category.value for category in Category]}
    silenced = {
        event for event in CATALOGUE if services._is_silenced(Entry(user=alice, event=event))
    }
    assert silenced == categories.SILENCEABLE


def test_less_is_told_to_every_contact_and_more_by_mail(alice):
    switch(alice, Category.SIGN_INS, Way.SMS, on=True)
    assert told("alerts_more") == {("email", "alice@example.com")}
    switch(alice, Category.SIGN_INS, Way.SMS, on=False)
    assert told("alerts_less") == {("email", "alice@example.com"), ("sms", PHONE)}
    assert not switch(alice, Category.SIGN_INS, Way.SMS, on=False)


def test_more_is_at_once_and_less_takes_a_proof(client, alice, sign_in, clock):
    sign_in(client, alice)
    clock.shift(61)
    assert client.post(f"{PAGE}on/", {"choice": "contacts.sms"})["Location"] == PAGE
    assert User.objects.get(pk=alice.pk).alert_choices == {"also_sms": ["contacts"]}
    url = client.post(PAGE, {"choice": "contacts.sms"})["Location"]
    assert url.startswith("/step-up/")
    assert User.objects.get(pk=alice.pk).alert_choices == {"also_sms": ["contacts"]}
    client.post(url, {"password": PASSWORD})
    done = client.post(f"{url}answer/", {"code": code_for(alice)})
    assert "Contacts" in client.get(done["Location"]).content.decode()
    client.post(PAGE, {"choice": "contacts.sms"})
    assert User.objects.get(pk=alice.pk).alert_choices == {}


def test_the_way_to_more_never_makes_it_less(client, alice, sign_in):
    sign_in(client, alice)
    client.post(f"{PAGE}on/", {"choice": "digest.off"})
    assert User.objects.get(pk=alice.pk).digest == "weekly"
    client.post(f"{PAGE}on/", {"choice": "digest.daily"})
    assert User.objects.get(pk=alice.pk).digest == "daily"


@pytest.mark.parametrize("choice", ["", "x", "security.email", "digest.hourly", "cards.push"])
def test_odd_choices_are_refused(client, alice, sign_in, choice):
    sign_in(client, alice)
    assert client.post(f"{PAGE}on/", {"choice": choice}).status_code == 400
    assert User.objects.get(pk=alice.pk).alert_choices == {}


def test_the_page_says_what_is_always_on_and_why(client, alice, sign_in):
    sign_in(client, alice)
    page = client.get(PAGE).content.decode()
    assert page.count("Always on") == len(Category) - 2
    assert "silences them first" in page
    assert [row.sms_on for row in pages.rows(alice)] == [False] * len(Category)
