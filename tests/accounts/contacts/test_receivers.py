import pytest

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.contacts.models import LineType
from accounts.outbox.signals import inbound, learnt

pytestmark = pytest.mark.django_db
NUMBER = "+14155550101"


def events(user) -> list[str]:
    return list(Entry.objects.filter(user=user).values_list("event", flat=True))


def test_stop_and_start_are_kept_once_each(alice):
    for word in ("stop", "stop", "help", "start", "start"):
        inbound.send(sender=None, number=NUMBER, word=word)
    assert events(alice) == [Event.PHONE_OPTED_OUT, Event.PHONE_OPTED_IN]
    assert alice.phonenumbers.get().takes_sms


def test_stop_counts_for_everybody_who_shares_the_telephone(alice, bob):
    bob.phonenumbers.update(number=NUMBER)
    inbound.send(sender=None, number=NUMBER, word="stop")
    assert not alice.phonenumbers.get().takes_sms
    assert not bob.phonenumbers.get().takes_sms


def test_an_unknown_number_changes_nothing(alice):
    inbound.send(sender=None, number="+14155550999", word="stop")
    assert events(alice) == []


def test_a_landline_is_learnt_once(alice):
    for _time in range(2):
        learnt.send(sender=None, number=NUMBER, error_code=30006, meaning="landline")
    phone = alice.phonenumbers.get()
    assert phone.line_type == LineType.LANDLINE
    assert not phone.takes_sms
    assert events(alice) == [Event.PHONE_LEARNT]


def test_what_is_passing_is_not_learnt(alice):
    learnt.send(sender=None, number=NUMBER, error_code=30005, meaning="inactive")
    assert alice.phonenumbers.get().takes_sms
    assert events(alice) == []
