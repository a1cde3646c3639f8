"""A contact that support put on the list is taken by the proof that adding it would ask for."""

import pytest

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.contacts import services, verification
from accounts.contacts.models import EmailAddress, PhoneNumber
from accounts.origin import Origin
from accounts.outbox.models import Channel, Message

pytestmark = pytest.mark.django_db
DESK = Origin(platform="console")
LIST = "/settings/communication/phones/"


@pytest.fixture
def theirs(alice) -> PhoneNumber:
    """What staff, two of them, put on Alice's list."""
    made = services.add_phone(user_id=alice.pk, typed="+14155550177", origin=DESK, suggested=True)
    assert isinstance(made, PhoneNumber)
    return made


def sent_there() -> bool:
    return Message.objects.filter(to="+14155550177").exists()


def test_nothing_is_sent_there_before_it_is_taken(signed_in, theirs):
    page = signed_in.get(f"{LIST}{theirs.pk}/verify/").content.decode()
    assert "Is this yours?" in page
    page = signed_in.post(f"{LIST}{theirs.pk}/verify/", {"delivery": "sms"}).content.decode()
    assert "Is this yours?" in page
    signed_in.post(f"{LIST}{theirs.pk}/verify/", {"code": "493817"})
    assert not sent_there()
    theirs.refresh_from_db()
    assert theirs.verified_at is None


def test_taking_it_asks_for_a_proof(signed_in, theirs):
    answer = signed_in.post(f"{LIST}{theirs.pk}/take/")
    assert answer.status_code == 302
    assert "/verify-identity/" in answer["Location"] or "step" in answer["Location"]
    theirs.refresh_from_db()
    assert theirs.suggested


def test_whoever_has_proven_themselves_takes_and_verifies_it(signed_in, theirs, proven, alice):
    answer = signed_in.post(f"{LIST}{theirs.pk}/take/")
    assert answer["Location"] == f"{LIST}{theirs.pk}/verify/"
    theirs.refresh_from_db()
    assert not theirs.suggested
    assert Entry.objects.filter(user=alice, event=Event.CONTACT_TAKEN).count() == 1
    signed_in.post(f"{LIST}{theirs.pk}/verify/", {"delivery": "sms"})
    assert sent_there()


def test_taking_it_twice_is_taking_it_once(signed_in, theirs, proven, alice):
    for _time in range(2):
        signed_in.post(f"{LIST}{theirs.pk}/take/")
    assert Entry.objects.filter(user=alice, event=Event.CONTACT_TAKEN).count() == 1


def test_adding_it_oneself_takes_it(theirs, alice):
    again = services.add_phone(user_id=alice.pk, typed="+14155550177", origin=Origin())
    assert (again.pk, again.suggested) == (theirs.pk, False)


def test_staff_do_not_take_what_the_client_added(alice):
    own = services.add_email(user_id=alice.pk, typed="new@example.com", origin=Origin())
    same = services.add_email(
        user_id=alice.pk, typed="new@example.com", origin=DESK, suggested=True
    )
    assert (same.pk, same.suggested) == (own.pk, False)


def test_the_services_refuse_it_too(theirs):
    with pytest.raises(ValueError, match="not taken"):
        verification.send_code(contact=theirs, channel=Channel.SMS, origin=Origin())


def test_nobody_takes_what_is_on_anothers_list(signed_in, bob, proven):
    made = services.add_email(user_id=bob.pk, typed="new@example.com", origin=DESK, suggested=True)
    url = f"/settings/communication/emails/{made.pk}/take/"
    assert signed_in.post(url).status_code == 404
    assert EmailAddress.objects.get(pk=made.pk).suggested
