"""A passkey that answers."""

import json

import pytest
from django.db import transaction

from accounts.audit import services as audit
from accounts.challenges.rules import Outcome
from sls.methods.passkey.models import PasskeyDevice
from tests.passkey_authenticator import BACKED_UP, ELIGIBLE, PRESENT, VERIFIED, Passkey, enrolled
from tests.passkeys import METHOD, ORIGIN, ask

pytestmark = pytest.mark.django_db


def test_moves_the_counter_on_and_says_where_it_was_used(asked, passkey, hers):
    passkey.counter = 40
    assert asked.says(passkey.answer(asked.question)).is_ok
    hers.refresh_from_db()
    assert hers.sign_count == 41
    assert hers.last_used_address == "203.0.113.7"


def test_takes_a_passkey_that_does_not_count(alice):
    passkey = Passkey(step=0)
    device = enrolled(alice, passkey)
    for _ in range(2):
        asked = ask(alice, device)
        assert asked.says(passkey.answer(asked.question)).is_ok


def test_learns_that_it_is_synced_by_now(alice):
    passkey = Passkey(flags=PRESENT | VERIFIED | ELIGIBLE)
    device = enrolled(alice, passkey)
    asked = ask(alice, device)
    passkey.flags |= BACKED_UP
    assert asked.says(passkey.answer(asked.question)).is_ok
    device.refresh_from_db()
    assert device.backup_state


def test_asks_for_this_passkey_and_for_verification(asked, hers):
    wanted = json.loads(METHOD.asking(asked.challenge)["options"])
    assert [one["id"] for one in wanted["allowCredentials"]] == [hers.credential_id]
    assert (wanted["rpId"], wanted["userVerification"]) == ("localhost", "required")


def test_counts_a_wrong_answer_and_speaks_of_no_code(asked, passkey, hers):
    verdict = asked.says(Passkey(id=passkey.id).answer(asked.question))
    assert (verdict.outcome, verdict.tries_left) == (Outcome.WRONG, 4)
    assert "passkey" in verdict.said
    hers.refresh_from_db()
    assert hers.failures == 1


@pytest.mark.parametrize("outcome", ["used", "expired", "no_tries", "disabled"])
def test_speaks_of_no_code_when_it_is_over(asked, passkey, hers, clock, outcome):
    if outcome == "used":
        asked.says(passkey.answer(asked.question))
    elif outcome == "expired":
        clock.shift(301)
    elif outcome == "no_tries":
        for _ in range(5):
            asked.says(Passkey(id=passkey.id).answer(asked.question))
    else:
        PasskeyDevice.objects.update(disabled_at="2026-01-01T00:00Z")
    verdict = asked.says(passkey.answer(asked.question))
    assert verdict.outcome == outcome
    assert verdict.said
    assert "code" not in verdict.said


def test_is_refused_where_it_may_not_be_synced_any_more(alice, settings):
    passkey = Passkey(flags=PRESENT | VERIFIED | ELIGIBLE)
    device = enrolled(alice, passkey)
    asked = ask(alice, device)
    settings.PASSKEYS_MAY_SYNC = False
    assert "one device" in asked.says(passkey.answer(asked.question)).said


def test_keeps_the_row_without_its_key_when_it_is_revoked(alice, hers):
    with transaction.atomic():
        METHOD.revoke(hers, user=audit.lock(alice.pk), origin=ORIGIN, why="test")
    hers.refresh_from_db()
    assert (hers.public_key, hers.confirmed) == (None, False)
    assert hers.credential_id
