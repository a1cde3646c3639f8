"""One card for two user names of the same person."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges.models import Challenge
from accounts.origin import SYSTEM
from accounts.sessions.models import Session
from accounts.users.models import User
from sls.cards import sharing
from sls.cards.models import Share
from sls.methods import registry
from sls.methods.dsc_plus.models import Card, CardDevice
from tests.cast import PASSWORD, begin, card_device, code_for, response
from tests.passkey_authenticator import Passkey, enrolled
from tests.sls.cards.conftest import CARD, newest, text

SHARE = f"{CARD}share/"


@pytest.fixture
def both(alice, bob, card):
    """Alice holds the card; bob is another user name of hers."""
    User.objects.update(person="P-17")


@pytest.fixture
def asker(client, bob, sign_in, clock) -> Client:
    """The browser in which the other name is signed in."""
    sign_in(client, bob)
    clock.shift(61)
    return client


def ask(client, username="alice", password=PASSWORD):
    return client.post(SHARE, {"username": username, "password": password})


@pytest.fixture
def asked(both, asker) -> str:
    """The card has to answer."""
    answer = ask(asker)
    assert answer.status_code == 302, text(answer)
    return answer["Location"]


@pytest.fixture
def consented(asked, asker) -> str:
    assert asker.post(asked, {"code": response(newest())}).status_code == 302
    return asked


@pytest.fixture
def shared(consented, asker, prove, bob) -> CardDevice:
    prove(asker, f"{SHARE}confirm/", share=str(Share.objects.get().pk))
    return CardDevice.objects.get(user=bob)


def proves(user) -> bool:
    return any(row.method == "dsc_plus" for row in registry.devices(user.pk))


def test_the_card_serves_both_and_both_are_told(shared, alice, bob):
    assert shared.shared
    assert proves(alice)
    assert proves(bob)
    assert Entry.objects.filter(event=Event.CARD_SHARED, user=bob).count() == 1
    entry = Entry.objects.get(event=Event.CARD_SHARED, user=alice)
    assert (entry.actor, entry.detail["with"]) == ("name:bob", "bob")


def test_both_see_who_uses_it(shared, asker, alice, card):
    holder = by_text(alice)
    for client, device in ((asker, shared), (holder, card)):
        page = text(client.get(f"{CARD}{device.pk}/"))
        assert "Who uses this card" in page
        assert "alice Used since" in page
        assert "bob Used since" in page


def test_nothing_is_shared_without_the_proof_of_this_name(consented, asker, bob):
    answer = asker.post(f"{SHARE}confirm/", {"share": str(Share.objects.get().pk)})
    assert answer["Location"].startswith("/step-up/")
    assert not proves(bob)


def test_nothing_is_shared_without_the_response_of_the_card(asked, asker, prove, bob):
    prove(asker, f"{SHARE}confirm/", share=str(Share.objects.get().pk))
    assert not proves(bob)


def test_a_wrong_response_counts_for_the_card_and_its_holder_hears(asked, asker, alice):
    page = text(asker.post(asked, {"code": response(newest(), pin="0000")}))
    assert "2 more times" in page
    assert Card.objects.get().failures == 1
    assert Entry.objects.filter(event=Event.CARD_REFUSED, user=alice).count() == 1


def test_a_wrong_password_counts_and_says_nothing_of_the_name(both, asker, alice):
    for name in ("alice", "nobody-here"):
        assert "user name and password do not match" in text(ask(asker, name, "wrong password"))
    assert Entry.objects.filter(event=Event.PASSWORD_FAILED, user=alice).count() == 1
    assert not Challenge.objects.filter(method="dsc_plus").exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda: User.objects.filter(username="bob").update(person="P-18"), "one person only"),
        (lambda: User.objects.update(person=""), "one person only"),
        (lambda: Card.objects.update(lost_at=timezone.now()), "no active security card"),
        (
            lambda: enrolled(User.objects.get(username="bob"), Passkey(), "Key"),
            "Less secure device",
        ),
        (lambda: card_device(User.objects.get(username="bob")), "already"),
    ],
)
def test_it_is_refused_with_its_reason(both, asker, change, words):
    change()
    assert words in text(ask(asker))
    assert not Share.objects.exists()


def test_ones_own_name_is_not_another(both, asker):
    assert "signed in with" in text(ask(asker, "bob"))


def test_what_changed_since_the_consent_counts(consented, asker, prove, bob):
    Card.objects.update(lost_at=timezone.now())
    prove(asker, f"{SHARE}confirm/", share=str(Share.objects.get().pk))
    assert not CardDevice.objects.filter(user=bob).exists()


def test_another_sessions_consent_is_not_here(consented, bob, sign_in, clock):
    clock.shift(61)
    other = sign_in(Client(), bob)
    assert other.get(consented).status_code == 404


def test_an_old_consent_is_none(consented, clock, bob):
    share = Share.objects.select_related("device__user", "device__card").get()
    clock.shift(16 * 60)
    assert sharing.finish(share, origin=SYSTEM) == "not_consented"
    clock.shift(16 * 60)
    assert sharing.purge() == 1


def test_the_holder_takes_it_away(shared, alice, bob, card, prove):
    holder = by_text(alice)
    prove(holder, f"{CARD}{card.pk}/unshare/", username="bob")
    assert proves(alice)
    assert not proves(bob)
    assert Entry.objects.filter(event=Event.DEVICE_REVOKED, user=bob).count() == 1


def test_the_other_name_gives_it_up(shared, asker, alice, bob, prove):
    prove(asker, f"/settings/security/sls/dsc_plus/{shared.pk}/remove/")
    assert proves(alice)
    assert not proves(bob)


def test_who_shares_takes_it_from_nobody(shared, asker, alice, prove):
    prove(asker, f"{CARD}{shared.pk}/unshare/", username="alice")
    assert proves(alice)


def test_freezing_or_disabling_one_name_leaves_the_other(shared, alice, bob):
    User.objects.filter(pk=alice.pk).update(is_active=False)
    CardDevice.objects.filter(user=alice).update(disabled_at=timezone.now(), failures=10)
    assert proves(bob)
    client = Client()
    url = begin(client, "bob")
    client.post(f"{url}method/", {"device": shared.persistent_id})
    assert client.post(f"{url}answer/", {"code": response(newest())}).status_code == 302
    assert Session.objects.filter(user=bob, device=shared.persistent_id).exists()


@pytest.mark.parametrize("number", ["", "a b", "x" * 65])
def test_a_person_is_a_number_of_the_brokerage(bob, number):
    with pytest.raises(CommandError):
        call_command("set_person", "bob", number)


def test_the_number_is_recorded_without_itself(bob):
    call_command("set_person", "bob", "P-17")
    entry = Entry.objects.get(event=Event.PERSON_SET, user=bob)
    assert "P-17" not in str(entry.detail)
    assert User.objects.get(username="bob").person == "P-17"


def by_text(user) -> Client:
    """The holder, signed in by text message."""
    client = Client()
    url = begin(client, user.username)
    phone = user.phonenumbers.get().devices.get()
    client.post(f"{url}method/", {"device": phone.persistent_id})
    assert client.post(f"{url}answer/", {"code": code_for(user)}).status_code == 302
    return client
