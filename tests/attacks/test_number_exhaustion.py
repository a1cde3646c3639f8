"""A4: somebody puts another person's number on a list to use up what that number may get."""

from django.test import Client
from django.utils import timezone

from accounts.contacts import verification
from accounts.contacts.models import PhoneNumber
from accounts.origin import Origin
from accounts.outbox.models import Channel, Message, Status
from tests.cast import begin


def test_leaves_the_owner_enough_codes_to_sign_in(alice, bob, clock):
    entry = PhoneNumber.objects.create(user=bob, number="+14155550101", created_at=timezone.now())
    origin = Origin(address="203.0.113.7")
    for _ in range(10):
        verification.send_code(contact=entry, channel=Channel.SMS, origin=origin)
        Message.objects.update(status=Status.SENT)
        clock.shift(400)
    assert Message.objects.filter(user=bob).count() == 5
    begin(Client(), "alice")
    assert Message.objects.filter(user=alice, is_code=True).count() == 1
