from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.contacts import reached, verification
from accounts.contacts import services as contacts
from accounts.contacts.models import LineType, PhoneNumber
from accounts.origin import Origin
from accounts.outbox.models import Channel, Lookup, Message
from accounts.outbox.signals import inbound, learnt, new_sim, reported
from tests.cast import code_for

pytestmark = pytest.mark.django_db
NUMBER = "+14155550101"


def events(user) -> list[str]:
    return list(Entry.objects.filter(user=user).order_by("number").values_list("event", flat=True))


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


ORIGIN = Origin(address="203.0.113.7")
NEW = "+14155550177"


def report(number: str = NUMBER, *, line: str = "", swapped_at=None) -> None:
    at = timezone.now()
    reported.send(sender=None, number=number, line_type=line, swapped_at=swapped_at, at=at)


def an_hour_ago():
    return timezone.now() - timedelta(hours=1)


def test_a_number_is_looked_up_when_it_comes_onto_the_list(alice):
    contacts.add_phone(user_id=alice.pk, typed=NEW, origin=ORIGIN)
    assert Lookup.objects.get(number=NEW).wanted_at is not None


def test_a_number_is_looked_up_when_it_is_verified(alice):
    phone = contacts.add_phone(user_id=alice.pk, typed=NEW, origin=ORIGIN)
    Lookup.objects.update(wanted_at=None)
    verification.send_code(contact=phone, channel=Channel.SMS, origin=ORIGIN)
    assert verification.confirm(contact=phone, text=code_for(alice), origin=ORIGIN) is None
    assert Lookup.objects.get(number=NEW).wanted_at is not None


def test_a_number_is_looked_up_when_it_becomes_primary(alice):
    now = timezone.now()
    phone = PhoneNumber.objects.create(user=alice, number=NEW, created_at=now, verified_at=now)
    contacts.make_primary(contact=phone, origin=ORIGIN)
    assert [lookup.number for lookup in Lookup.objects.all()] == [NEW]


def test_what_kind_of_line_it_is_is_kept(alice, bob):
    report(line="mobile")
    phone = alice.phonenumbers.get()
    assert phone.line_type == LineType.MOBILE
    assert phone.looked_up_at is not None
    assert bob.phonenumbers.get().looked_up_at is None
    assert events(alice) == []


def test_nothing_known_leaves_what_was_known(alice):
    alice.phonenumbers.update(line_type=LineType.VOIP)
    report()
    assert alice.phonenumbers.get().line_type == LineType.VOIP


def test_a_landline_takes_no_text_messages(alice):
    report(line="landline")
    report(line="landline")
    phone = alice.phonenumbers.get()
    assert (phone.line_type, phone.takes_sms) == (LineType.LANDLINE, False)
    assert events(alice) == [Event.PHONE_LEARNT]


def test_a_new_sim_is_recorded_and_told_once(alice):
    at = an_hour_ago()
    for _time in range(3):
        report(swapped_at=at)
    assert alice.phonenumbers.get().sim_swapped_at == at
    assert events(alice) == [Event.PHONE_NEW_SIM]
    assert Message.objects.filter(name="new_sim").count() == 1


def test_another_change_is_told_anew(alice):
    report(swapped_at=an_hour_ago())
    report(swapped_at=timezone.now())
    assert events(alice) == [Event.PHONE_NEW_SIM] * 2


def test_an_earlier_change_takes_nothing_back(alice):
    at = an_hour_ago()
    report(swapped_at=at)
    report(swapped_at=at - timedelta(days=1))
    assert alice.phonenumbers.get().sim_swapped_at == at


def test_a_change_of_long_ago_is_kept_and_not_told(alice):
    at = timezone.now() - timedelta(days=4)
    report(swapped_at=at)
    assert alice.phonenumbers.get().sim_swapped_at == at
    assert events(alice) == []


def test_whoever_has_the_number_verified_is_told(alice, bob):
    bob.phonenumbers.update(number=NUMBER)
    report(swapped_at=an_hour_ago())
    assert events(alice) == events(bob) == [Event.PHONE_NEW_SIM]


def test_somebody_elses_number_tells_a_stranger_nothing(alice):
    phone = contacts.add_phone(user_id=alice.pk, typed=NEW, origin=ORIGIN)
    report(NEW, line="mobile", swapped_at=an_hour_ago())
    phone.refresh_from_db()
    assert (phone.sim_swapped_at, phone.line_type) == (None, LineType.MOBILE)
    assert Event.PHONE_NEW_SIM not in events(alice)


def test_a_new_sim_confirms_nothing_for_three_days(alice, clock):
    report(swapped_at=timezone.now())
    assert reached.trusted_phones(alice.pk) == []
    clock.shift(72 * 3600 - 60)
    assert reached.trusted_phones(alice.pk) == []
    clock.shift(120)
    assert reached.trusted_phones(alice.pk) == [alice.phonenumbers.get()]


@pytest.mark.parametrize(
    ("sent", "event"), [(True, Event.CODE_TO_NEW_SIM), (False, Event.CODE_KEPT_BACK)]
)
def test_a_code_that_met_a_new_sim_is_recorded(alice, sent, event):
    new_sim.send(sender=None, user_id=alice.pk, number=NUMBER, sent=sent)
    assert events(alice) == [event]
    assert Message.objects.exists() is sent


def test_a_code_to_nobody_is_not_recorded(alice):
    new_sim.send(sender=None, user_id=None, number=NUMBER, sent=True)
    new_sim.send(sender=None, user_id=alice.pk, number=NEW, sent=True)
    assert not Entry.objects.exists()


def test_an_answer_about_numbers_without_news_takes_one_statement_each(alice, counted_queries):
    with counted_queries(most=2):
        report(line="mobile")
