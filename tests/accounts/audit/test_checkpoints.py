"""Signed checkpoints find what the chain cannot: a tail that was cut, a chain made anew."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction

from accounts import vault
from accounts.audit import checkpoints, rules, services
from accounts.audit.events import Event
from accounts.audit.models import Checkpoint, Entry
from accounts.origin import SYSTEM
from accounts.users.models import User
from tests.accounts.audit.test_audit import record
from tests.tampering import tampering
from tests.waiting import wait_until

KEYS = {"dev": b"d" * 32, "index": b"i" * 32, "audit": b"a" * 32}


@pytest.fixture
def keys(monkeypatch) -> dict[str, bytes]:
    """The key files, which a test may change."""
    present = dict(KEYS)
    monkeypatch.setattr(vault, "_keys", lambda: present)
    return present


def forge(user, **changed) -> None:
    """Somebody with the database makes the whole chain anew, with one entry changed."""
    with tampering():
        head = rules.GENESIS
        for entry in Entry.objects.filter(user=user).order_by("number"):
            if entry.number == 2:
                entry.detail = changed
            entry.digest = head = rules.link(head, entry.content())
            entry.save()
        User.objects.filter(pk=user.pk).update(audit_head=head)


def test_signs_the_head_of_a_chain_once(alice, keys):
    record(alice)
    made = checkpoints.place(alice.pk)
    assert (made.number, made.digest) == services.head_of(User.objects.get(pk=alice.pk))
    assert checkpoints.stored(alice)[0].is_genuine()
    assert checkpoints.place(alice.pk) is None
    assert checkpoints.broken(alice) is None


def test_has_none_of_a_chain_without_entries(alice):
    assert checkpoints.place(alice.pk) is None
    assert checkpoints.latest(alice.pk) is None


def test_each_thousandth_entry_is_signed_by_a_worker(alice, worker, monkeypatch):
    monkeypatch.setattr(rules, "CHECKPOINT_EVERY", 3)
    for _ in range(7):
        record(alice)
    wait_until(lambda: Checkpoint.objects.count() == 2)
    assert sorted(Checkpoint.objects.values_list("number", flat=True)) == [3, 6]


def test_once_a_day_every_chain_that_has_grown(alice, bob, clock):
    record(alice)
    with transaction.atomic():
        services.record(Event.SPENDING_BREAKER, user=None, origin=SYSTEM)
    assert checkpoints.daily() == 2
    record(alice)
    record(bob)
    assert checkpoints.daily() == 1  # bob's; alice's is of today
    clock.shift(timedelta(hours=24))
    assert checkpoints.daily() == 1
    assert checkpoints.daily() == 0


def test_finds_a_chain_that_was_made_anew(alice, keys):
    for _ in range(4):
        record(alice)
    checkpoints.place(alice.pk, number=3)
    forge(alice, method="forged")
    assert services.verify(alice) is None
    assert checkpoints.broken(alice) == 3


def test_finds_a_tail_that_was_cut_with_its_head(alice, keys):
    for _ in range(4):
        record(alice)
    checkpoints.place(alice.pk)
    with tampering():
        Entry.objects.filter(user=alice, number=4).delete()
        last = Entry.objects.get(user=alice, number=3)
        User.objects.filter(pk=alice.pk).update(audit_number=3, audit_head=last.digest)
    assert services.verify(alice) is None
    assert checkpoints.broken(alice) == 4


@pytest.mark.parametrize(
    "change", [{"digest": "0" * 64}, {"number": 1}, {"key": "0" * 16}, {"signature": "00" * 64}]
)
def test_believes_no_checkpoint_that_was_altered(alice, keys, change):
    for _ in range(2):
        record(alice)
    checkpoints.place(alice.pk)
    with tampering():
        Checkpoint.objects.update(**change)
    assert checkpoints.broken(alice) is not None


def test_of_another_chain_proves_nothing(alice, bob, keys):
    record(alice)
    record(bob)
    checkpoints.place(alice.pk)
    with tampering():
        Checkpoint.objects.update(user=bob)
    assert checkpoints.broken(bob) == 1


def test_is_checked_by_the_key_before_too(alice, keys):
    record(alice)
    checkpoints.place(alice.pk)
    keys["audit.1"], keys["audit"] = keys["audit"], b"b" * 32
    assert checkpoints.broken(alice) is None
    record(alice)
    assert checkpoints.place(alice.pk).key != Checkpoint.objects.earliest("number").key
    del keys["audit.1"]
    assert checkpoints.broken(alice) == 1


def test_off_the_house_shows_that_the_stored_ones_are_gone(alice, keys, tmp_path, capsys):
    for _ in range(3):
        record(alice)
    checkpoints.place(alice.pk)
    call_command("export_checkpoints")
    kept = tmp_path / "checkpoints.jsonl"
    kept.write_text(capsys.readouterr().out, encoding="utf-8")
    assert json.loads(kept.read_text())["number"] == 3
    call_command("verify_audit", checkpoints=kept)
    forge(alice, method="forged")
    with tampering():
        Checkpoint.objects.all().delete()
    call_command("verify_audit")
    with pytest.raises(SystemExit):
        call_command("verify_audit", checkpoints=kept)
    assert "chain alice: entry 3 is not what its checkpoint says" in capsys.readouterr().err


def test_what_is_no_checkpoint_is_named_by_its_line():
    with pytest.raises(ValueError, match="line 1 is no checkpoint"):
        checkpoints.read(["{}"])
