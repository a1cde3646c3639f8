"""Ten codes, shown in the answer that makes them and known to nobody afterwards."""

import pytest
from django.db import IntegrityError, transaction

from accounts import vault
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.origin import Origin
from accounts.outbox.models import Message
from accounts.sessions.models import Session
from sls.methods import registry
from sls.methods.backup_codes import hashing, rules
from sls.methods.backup_codes.models import CodeSet
from tests.cast import begin, code_set

pytestmark = pytest.mark.django_db
CODES = registry.get("backup_codes")


def enrol(user, session=""):
    origin = Origin(address="203.0.113.7", session=session)
    with transaction.atomic():
        return CODES.enrol(user=audit.lock(user.pk), origin=origin, bound_to="b" * 64)


def test_makes_ten_codes_that_can_be_used_at_once(alice):
    begun = enrol(alice)
    assert len(begun.shown["codes"]) == 10
    assert begun.challenge is None
    assert [row.id for row in registry.devices(alice.pk)][-1] == begun.device.persistent_id
    assert begun.device.left == 10


def test_keeps_no_code_but_a_digest_that_needs_a_sealed_key(alice):
    begun = enrol(alice)
    made = CodeSet.objects.get()
    stored = hashing.split(bytes(made.digests))
    first = rules.read(begun.shown["codes"][0])[1]
    with_key = {"salt": bytes(made.salt), "cost": made.cost}
    assert stored[0] == hashing.digest(first, key=made.open_key(), **with_key)
    assert stored[0] != hashing.digest(first, key=b"", **with_key)
    row = b" ".join([bytes(made.key), bytes(made.salt), *stored])
    assert not any(code.replace("-", "").encode() in row for code in begun.shown["codes"])
    assert made.open_key() not in row


def test_a_new_set_ends_the_old_one_in_the_same_transaction(alice):
    old, new = enrol(alice).device, enrol(alice).device
    old.refresh_from_db()
    assert old.revoked_at is not None
    assert not old.confirmed
    assert old.key is None
    with pytest.raises(vault.CannotOpen):
        old.open_key()
    assert list(CODES.devices(alice.pk)) == [new]
    why = Entry.objects.get(user=alice, event=Event.DEVICE_REVOKED).detail["why"]
    assert why == "renewed"


def test_the_old_set_stays_when_the_new_one_fails(alice, monkeypatch):
    old = enrol(alice).device
    monkeypatch.setattr("sls.methods.backup_codes.hashing.digest", None)
    with pytest.raises(TypeError):
        enrol(alice)
    assert list(CODES.devices(alice.pk)) == [old]


def test_a_user_has_one_set_whatever_is_tried(alice):
    code_set(alice)
    with pytest.raises(IntegrityError):
        code_set(alice)


def test_a_new_set_takes_the_place_of_a_disabled_one(alice):
    disabled = code_set(alice)
    CodeSet.objects.update(disabled_at=disabled.created_at)
    assert not CODES.devices(alice.pk).exists()
    enrol(alice)
    assert CODES.devices(alice.pk).get().failures == 0


def test_a_session_that_a_code_opened_goes_on_when_it_makes_a_new_set(client, alice, clock):
    begun = enrol(alice)
    url = begin(client)
    client.post(f"{url}method/", {"device": begun.device.persistent_id})
    client.post(f"{url}answer/", {"code": begun.shown["codes"][3]})
    mine = Session.objects.get()
    new = enrol(alice, session=mine.key).device
    mine.refresh_from_db()
    assert (mine.ended_at, mine.device) == (None, new.persistent_id)
    assert client.get("/").status_code == 200


def test_is_told_to_every_address(alice):
    enrol(alice)
    told = Message.objects.get(name="authenticator_enrolled", channel="email")
    assert told.to == "alice@example.com"
