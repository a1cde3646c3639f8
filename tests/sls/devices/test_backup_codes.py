"""Backup codes in the settings: made, shown once, counted, and renewed as a set."""

import re

import pytest

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges.models import Challenge
from accounts.outbox.models import Message
from sls.methods.backup_codes import rules
from sls.methods.backup_codes.models import CodeSet
from sls.step_up.models import Pending
from tests.cast import CODE, PASSWORD, code_set
from tests.sls.devices.conftest import SLS, ask

pytestmark = pytest.mark.django_db(transaction=True)

ADD, RENEW = f"{SLS}add/backup_codes/", f"{SLS}backup_codes/renew/"
WRITTEN = re.compile(r"<code[^>]*>((?:[A-Z2-7]{4}-){3}[A-Z2-7]{4})</code>")


def page(response) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_are_shown_in_the_answer_that_makes_them(signed_in, prove):
    answer = prove(signed_in, ADD)
    codes = WRITTEN.findall(page(answer))
    assert len(set(codes)) == 10
    assert answer["Cache-Control"] == "no-store"
    assert CodeSet.objects.get().left == 10


def test_are_on_no_page_afterwards(signed_in, alice, prove):
    codes = WRITTEN.findall(page(prove(signed_in, ADD)))
    device = CodeSet.objects.get()
    for path in (SLS, f"{SLS}backup_codes/{device.pk}/", "/", "/activity/", "/settings/security/"):
        assert not any(code in page(signed_in.get(path)) for code in codes)
    assert signed_in.get(ADD).status_code == signed_in.get(RENEW).status_code == 405


def test_posting_the_page_again_makes_nothing_without_a_new_proof(signed_in, prove):
    prove(signed_in, ADD)
    again = signed_in.post(ADD)
    assert again["Location"].startswith("/step-up/")
    assert CodeSet.objects.count() == 1


def test_say_in_the_proof_that_the_present_ones_end(signed_in, alice):
    code_set(alice)
    assert "so that the present ones stop working" in page(signed_in.get(ask(signed_in, RENEW)))


def test_a_new_set_ends_the_old_one(signed_in, alice, prove):
    old = code_set(alice)
    codes = WRITTEN.findall(page(prove(signed_in, RENEW)))
    old.refresh_from_db()
    assert old.revoked_at is not None
    assert CodeSet.objects.get(revoked_at=None).left == len(codes) == 10
    assert Entry.objects.get(user=alice, event=Event.DEVICE_REVOKED).detail["why"] == "renewed"
    told = set(Message.objects.filter(channel="email").values_list("name", flat=True))
    assert {"authenticator_enrolled", "authenticator_revoked"} <= told


def test_a_second_set_beside_the_first_is_not_made(signed_in, alice, prove):
    code_set(alice)
    assert prove(signed_in, ADD)["Location"] == SLS
    assert "You have a set of them already" in page(signed_in.get(SLS))
    assert CodeSet.objects.count() == 1


def test_are_not_replaced_by_a_lesser_proof_than_renewed(signed_in, alice):
    device = code_set(alice)
    assert signed_in.post(f"{SLS}backup_codes/{device.pk}/replace/").status_code == 404
    assert not Pending.objects.exists()


def test_are_tested_nowhere_because_that_would_use_one_up(signed_in, alice):
    device = code_set(alice)
    assert f"backup_codes/{device.pk}/test/" not in page(signed_in.get(SLS))


def test_the_list_says_how_many_are_left_and_which_are_used(signed_in, alice):
    code_set(alice)
    assert "10 of 10 codes are left." in page(signed_in.get(SLS))
    assert ADD not in page(signed_in.get(SLS))
    CodeSet.objects.update(used_bits=rules.bit(2) | rules.bit(5))
    shown = page(signed_in.get(SLS))
    assert "8 of 10 codes are left. Used: 2, 5." in shown
    assert "Few left" not in shown


@pytest.mark.parametrize(("used", "warned"), [(6, False), (7, True), (10, True)])
def test_three_or_fewer_are_a_warning(signed_in, alice, used, warned):
    device = code_set(alice)
    CodeSet.objects.update(used_bits=2**used - 1)
    shown = page(signed_in.get(f"{SLS}backup_codes/{device.pk}/"))
    assert ("Few left" in shown) is warned


def test_a_set_of_somebody_else_is_not_there(signed_in, bob):
    device = code_set(bob)
    assert signed_in.get(f"{SLS}backup_codes/{device.pk}/").status_code == 404


def test_codes_alone_do_not_keep_the_door_open(signed_in, alice, prove):
    code_set(alice)
    assert prove(signed_in, f"{SLS}sms/off/")["Location"] == SLS
    assert alice.phonenumbers.get().devices.get().switched_off_at is None


def test_one_of_them_proves_a_sensitive_action_and_is_used_up(signed_in, alice):
    device = code_set(alice)
    url = ask(signed_in, f"{SLS}add/authenticator_app/")
    signed_in.post(url, {"password": PASSWORD})
    shown = signed_in.get(url).content.decode()
    number = re.search(r'name="way" value="(\d+)"[^>]*>[^<]*Backup codes', shown)[1]
    signed_in.post(f"{url}resend/", {"way": number})
    assert "Enter a backup code" in page(signed_in.get(url))
    assert signed_in.post(f"{url}answer/", {"code": f"{CODE}E"}).status_code == 302
    device.refresh_from_db()
    assert device.used == [5]
    assert Challenge.objects.latest("created_at").used_at is not None
