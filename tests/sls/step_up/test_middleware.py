"""SECURITY A12, A7, A13: what a proof does not open."""

import threading
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.utils import timezone

from accounts.contacts.models import EmailAddress, PhoneNumber
from sls.step_up import services
from sls.step_up.models import Pending
from tests.cast import PASSWORD, code_for

PHONES = "/settings/communication/phones/"
NEW, OTHER = "+14155550177", "+14155550178"

pytestmark = pytest.mark.django_db


@pytest.fixture
def granted(signed_in, alice, prove):
    """A proof for adding ``NEW``, not used yet."""
    url = signed_in.post(PHONES, {"number": NEW})["Location"]
    prove(signed_in, alice, url)
    return signed_in


def is_held(response) -> bool:
    return response.status_code == 302 and response["Location"].startswith("/step-up/")


def added() -> set[str]:
    return set(PhoneNumber.objects.values_list("number", flat=True)) & {NEW, OTHER}


def test_a_proof_opens_exactly_once(granted):
    assert not is_held(granted.post(PHONES, {"number": NEW}))
    assert added() == {NEW}
    PhoneNumber.objects.filter(number=NEW).delete()
    assert is_held(granted.post(PHONES, {"number": NEW}))
    assert added() == set()


def test_it_does_not_open_for_a_changed_payload(granted):
    assert is_held(granted.post(PHONES, {"number": OTHER}))
    assert is_held(granted.post(PHONES, {"number": NEW, "more": "1"}))
    assert is_held(granted.post(f"{PHONES}?number=2", {"number": NEW}))
    assert added() == set()


def test_it_does_not_open_another_action(granted, alice):
    phone = PhoneNumber.objects.create(
        user=alice, number=OTHER, created_at=timezone.now(), verified_at=timezone.now()
    )
    assert is_held(granted.post(f"{PHONES}{phone.pk}/remove/"))
    assert is_held(granted.post(f"{PHONES}{phone.pk}/primary/"))
    assert PhoneNumber.objects.filter(pk=phone.pk, primary=False).exists()


@pytest.mark.parametrize(("proven", "other"), [("primary", "remove"), ("remove", "primary")])
def test_it_does_not_open_another_act_on_the_same_contact(signed_in, alice, prove, proven, other):
    address = EmailAddress.objects.create(
        user=alice,
        address="second@example.com",
        created_at=timezone.now(),
        verified_at=timezone.now(),
    )
    emails = f"/settings/communication/emails/{address.pk}"
    prove(signed_in, alice, signed_in.post(f"{emails}/{proven}/")["Location"])
    assert is_held(signed_in.post(f"{emails}/{other}/"))
    assert EmailAddress.objects.filter(pk=address.pk, primary=False).exists()
    assert not is_held(signed_in.post(f"{emails}/{proven}/"))


def test_it_does_not_open_in_another_session(granted, alice, sign_in, clock):
    clock.shift(61)
    second = sign_in(Client(), alice)
    assert is_held(second.post(PHONES, {"number": NEW}))
    assert added() == set()


def test_it_is_over_after_five_minutes(granted, clock):
    clock.shift(301)
    assert is_held(granted.post(PHONES, {"number": NEW}))
    assert added() == set()


def test_it_does_not_survive_signing_out(granted, alice, sign_in, clock):
    granted.post("/logout/")
    clock.shift(61)
    sign_in(granted, alice)
    assert is_held(granted.post(PHONES, {"number": NEW}))


@pytest.mark.parametrize("method", ["head", "put", "patch", "delete", "options"])
def test_no_other_verb_opens(granted, method):
    assert getattr(granted, method)(PHONES).status_code == 403
    response = granted.generic(
        method.upper(), PHONES, "number=%2B14155550177", "application/x-www-form-urlencoded"
    )
    assert response.status_code == 403
    assert added() == set()


def test_a_method_override_header_changes_nothing(granted):
    assert granted.get(PHONES, headers={"X-HTTP-Method-Override": "POST"}).status_code == 200
    assert added() == set()


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/xml"])
def test_a_body_that_is_no_form_is_refused(granted, kind):
    response = granted.post(PHONES, f'{{"number": "{NEW}"}}', content_type=kind)
    assert response.status_code == 400
    assert added() == set()


def test_a_file_is_refused(granted):
    response = granted.post(PHONES, {"number": NEW, "f": SimpleUploadedFile("a", b"b")})
    assert response.status_code == 403


def test_a_partial_request_of_a_page_is_forbidden_without_a_proof(signed_in):
    response = signed_in.post(PHONES, {"number": NEW}, headers={"HX-Request": "true"})
    assert response.status_code == 403
    assert not Pending.objects.exists()


@pytest.mark.parametrize("name", ["password", "code", "pin"])
def test_a_secret_is_refused_and_never_kept(signed_in, name):
    response = signed_in.post(PHONES, {"number": NEW, name: "hidden"})
    assert response.status_code == 400
    assert not Pending.objects.exists()


def test_csrf_comes_first(alice, sign_in):
    client = sign_in(Client(), alice)
    client.handler.enforce_csrf_checks = True
    assert client.post(PHONES, {"number": NEW}).status_code == 403
    assert not Pending.objects.exists()


def test_nobody_signed_in_is_sent_to_sign_in(client, db):
    assert client.post(PHONES, {"number": NEW})["Location"].startswith("/login/")
    assert not Pending.objects.exists()


@pytest.mark.parametrize("act", ["primary", "remove"])
def test_a13_a_foreign_contact_is_not_found(signed_in, bob, act):
    phone, email = bob.phonenumbers.get(), bob.emailaddresss.get()
    for path in (f"{PHONES}{phone.pk}/{act}/", f"{PHONES}999999/{act}/"):
        assert signed_in.post(path).status_code == 404
    assert signed_in.post(f"/settings/communication/emails/{email.pk}/{act}/").status_code == 404
    assert not Pending.objects.exists()


def test_a13_a_foreign_pending_request_is_not_found(granted, bob, alice, sign_in, clock):
    clock.shift(61)
    url = f"/step-up/{Pending.objects.get().pk}/"
    for stranger in (sign_in(Client(), bob), sign_in(Client(), alice)):
        for path in (url, f"{url}confirm/"):
            assert stranger.get(path).status_code == 404
        for path in (url, f"{url}answer/", f"{url}resend/"):
            assert stranger.post(path, {"password": "x", "code": "1"}).status_code == 404


def test_the_code_of_one_request_does_not_open_another(signed_in, alice, clock):
    one = signed_in.post(PHONES, {"number": NEW})["Location"]
    other = signed_in.post(PHONES, {"number": OTHER})["Location"]
    signed_in.post(one, {"password": PASSWORD})
    code = code_for(alice)
    clock.shift(61)
    signed_in.post(other, {"password": PASSWORD})
    assert code_for(alice) != code  # one in a million
    assert signed_in.post(f"{other}answer/", {"code": code}).status_code == 200


def test_without_the_password_no_code_is_taken(signed_in):
    url = signed_in.post(PHONES, {"number": NEW})["Location"]
    assert signed_in.post(f"{url}answer/", {"code": "123456"})["Location"] == url
    assert signed_in.get(f"{url}confirm/")["Location"] == url
    assert not Pending.objects.filter(granted_at__isnull=False).exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_passes(granted, alice):
    pending = Pending.objects.get()
    key = {"user_id": alice.pk, "session": pending.session, "digest": pending.digest}
    passed, gate = [], threading.Barrier(20)

    def take():
        gate.wait()
        passed.append(services.take_grant(**key) is not None)
        connections.close_all()

    threads = [threading.Thread(target=take) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert passed.count(True) == 1


def test_what_was_let_go_by_is_deleted(signed_in, alice, clock):
    signed_in.post(PHONES, {"number": NEW})
    clock.shift(timedelta(minutes=6))
    signed_in.post(PHONES, {"number": OTHER})
    assert Pending.objects.count() == 1


def test_a_used_request_keeps_nothing_of_what_was_posted(granted):
    granted.post(PHONES, {"number": NEW})
    assert Pending.objects.get().fields is None
    assert EmailAddress.objects.exists()
