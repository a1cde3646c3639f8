"""The page of the link in a mail."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from accounts.audit.models import Entry
from accounts.contacts import links, services
from accounts.contacts.models import Change, EmailAddress, PhoneNumber
from accounts.origin import Origin
from accounts.outbox.models import Message

pytestmark = pytest.mark.django_db
HERE = Origin(address="203.0.113.7")
OLD, NEW = "alice@example.com", "new@example.com"


def verified(contact):
    now = timezone.now()
    contact.verified_at, contact.trusted_from = now, now + timedelta(hours=72)
    contact.save()
    return contact


@pytest.fixture
def added(alice) -> EmailAddress:
    """A new address that somebody added and verified."""
    return verified(services.add_email(user_id=alice.pk, typed=NEW, origin=HERE))


def link(to: str = OLD) -> str:
    """The path in the newest mail to an address, "" where there is none."""
    mail = Message.objects.filter(to=to, channel="email").latest("created_at").content()
    found = re.search(r"https?://[^/\s]+(/undo/\S+)", mail["text"])
    assert bool(found) == ("/undo/" in mail["html"])
    return found.group(1) if found else ""


def page(path: str) -> str:
    response = Client().get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_shows_what_will_be_undone_to_whoever_has_it_in_masks(added):
    shown = page(link())
    for said in ("n...@example.com was added.", "n...@example.com is taken off your list."):
        assert said in shown
    assert NEW not in shown
    assert 'type="password"' not in shown


@pytest.mark.parametrize("method", ["get", "head", "options", "put"])
def test_a_mail_scanner_does_nothing(added, method):
    path = link()
    for _ in range(3):
        getattr(Client(), method)(path)
    assert EmailAddress.objects.filter(address=NEW).exists()
    assert Change.objects.get().undone_at is None


def test_needs_the_form_of_the_page(added):
    path, client = link(), Client(enforce_csrf_checks=True)
    assert client.post(path).status_code == 403
    form = client.get(path).content.decode()
    secret = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form).group(1)
    assert client.post(path, {"csrfmiddlewaretoken": secret}).status_code == 302
    assert not EmailAddress.objects.filter(address=NEW).exists()


def test_undoes_it_and_says_so_without_a_session(added):
    path = link()
    assert Client().post(path)["Location"] == path
    assert not EmailAddress.objects.filter(address=NEW).exists()
    assert "The change is undone" in page(path)
    assert Entry.objects.get(event="email.undone").actor == "mail:a...@example.com"


def test_a_second_time_changes_nothing_and_says_it_calmly(alice, added):
    path = link()
    Client().post(path)
    services.add_email(user_id=alice.pk, typed=NEW, origin=HERE)
    assert "The change is undone" in Client().post(path, follow=True).content.decode()
    assert EmailAddress.objects.filter(address=NEW).exists()


def test_too_late_says_it_calmly(added, clock):
    path = link()
    clock.shift(timedelta(hours=72, seconds=1))
    assert "could be undone is over" in Client().post(path, follow=True).content.decode()
    assert EmailAddress.objects.filter(address=NEW).exists()


def test_the_new_side_has_no_link(added):
    services.make_primary(contact=added, origin=HERE)
    assert link(NEW) == ""
    assert link(OLD)


def test_a_removed_address_has_one(alice, added):
    services.make_primary(contact=added, origin=HERE)
    services.remove(contact=EmailAddress.objects.get(address=OLD), origin=HERE)
    Client().post(link(OLD))
    assert EmailAddress.objects.filter(address=OLD).exists()


def test_an_address_that_was_added_lately_does_not_undo_its_removal(added):
    services.remove(contact=added, origin=HERE)
    assert link(NEW) == ""


def test_a_change_of_numbers_is_undone_from_the_mail_too(alice):
    services.add_phone(user_id=alice.pk, typed="+14155550177", origin=HERE)
    Client().post(link())
    assert not PhoneNumber.objects.filter(number="+14155550177").exists()


def test_other_mails_have_none(alice):
    services.send_test(phone=alice.phonenumbers.get(), origin=HERE)
    texts = [m.content()["text"] for m in Message.objects.all()]
    assert not any("/undo/" in text for text in texts)


def test_a_text_message_has_no_address_of_the_web(added):
    texts = [m.content()["text"] for m in Message.objects.filter(channel="sms")]
    assert texts
    assert not any(re.search(r"https?:|/undo/", text) for text in texts)
    assert all("Sign in to undo it" in text for text in texts)


class TestForged:
    def test_a_link_of_one_change_does_not_open_another(self, alice, added):
        path = link()
        other = Change.objects.create(
            user=alice,
            kind="email",
            what="added",
            contact=0,
            at=timezone.now(),
            until=timezone.now() + timedelta(hours=1),
        )
        payload, _, signature = path.split("/")[2].partition(":")
        own = alice.emailaddresss.get(address=OLD).pk
        forged = signing.Signer(salt=links.SALT).sign_object([other.pk, own]).partition(":")[0]
        assert payload != forged
        unsigned = (payload, f"{payload}:", "x", f"{payload}:{'A' * 43}")
        for token in (f"{forged}:{signature}", *unsigned):
            assert Client().post(f"/undo/{token}/").status_code == 404
        assert not Change.objects.filter(undone_at__isnull=False).exists()

    def test_what_was_signed_for_something_else_opens_nothing(self, alice, added):
        token = signing.Signer(salt="else").sign_object([Change.objects.get().pk, added.pk])
        assert Client().post(f"/undo/{token}/").status_code == 404

    def test_an_address_of_somebody_else_opens_nothing(self, alice, bob, added):
        ids = [Change.objects.get().pk, bob.emailaddresss.get().pk]
        token = signing.Signer(salt=links.SALT).sign_object(ids)
        assert Client().post(f"/undo/{token}/").status_code == 404


def test_speaks_the_language_of_the_browser(added):
    shown = Client(headers={"Accept-Language": "ja"}).get(link()).content.decode()
    assert 'lang="ja"' in shown


class TestSignedIn:
    def test_the_owner_sees_what_is_in_motion(self, signed_in, added):
        shown = signed_in.get("/settings/communication/emails/").content.decode()
        assert "In motion" in shown
        assert f"{NEW} was added." in shown
        assert f"changes/{Change.objects.get().pk}/undo/" in shown

    def test_the_owner_proves_who_it_is_first(self, signed_in, added):
        response = signed_in.post(self._path())
        assert response["Location"].startswith("/step-up/")
        assert (
            f"{NEW} is taken off your list." in signed_in.get(response["Location"]).content.decode()
        )
        assert EmailAddress.objects.filter(address=NEW).exists()

    @pytest.mark.usefixtures("proven")
    def test_the_owner_undoes_it_and_stays(self, signed_in, added):
        shown = signed_in.post(self._path(), follow=True).content.decode()
        assert "It is as it was before." in shown
        assert "In motion" not in shown

    @pytest.mark.usefixtures("proven")
    def test_a_second_time_says_so(self, signed_in, added):
        path = self._path()
        signed_in.post(path)
        assert "is undone already" in signed_in.post(path, follow=True).content.decode()

    def test_says_so_before_anything_is_proven(self, signed_in, added, clock):
        path = self._path()
        Change.objects.update(until=timezone.now())
        assert "is over" in signed_in.post(path, follow=True).content.decode()

    @pytest.mark.usefixtures("proven")
    def test_a13_a_change_of_somebody_else_is_not_found(self, signed_in, bob):
        services.add_email(user_id=bob.pk, typed=NEW, origin=HERE)
        assert signed_in.post(self._path()).status_code == 404

    def _path(self) -> str:
        return f"/settings/communication/emails/changes/{Change.objects.latest('pk').pk}/undo/"
