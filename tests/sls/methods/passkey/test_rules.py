"""Counters and reasons."""

from dataclasses import replace

import pytest

from sls.methods.passkey.rules import GET, Flaw, Said, Wanted, flaw, went_back

WANTED = Wanted(GET, "question", "https://portal.example", b"address")
RIGHT = Said(
    type=GET,
    challenge="question",
    origin="https://portal.example",
    embedded=False,
    address=b"address",
    present=True,
    verified=True,
    backup_eligible=True,
    backed_up=True,
    counter=1,
)


@pytest.mark.parametrize(
    ("known", "now", "back"),
    [
        *[(0, 0, False), (0, 1, False), (5, 6, False), (5, 500, False)],
        *[(5, 5, True), (5, 4, True), (5, 0, True)],
    ],
)
def test_a_counter_has_to_move_on_once_it_counts(known, now, back):
    assert went_back(known=known, now=now) is back


def test_finds_nothing_wrong_with_what_was_asked_for():
    assert flaw(RIGHT, WANTED) is None


@pytest.mark.parametrize(
    ("bent", "reason"),
    [
        ({"type": "webauthn.create"}, Flaw.TYPE),
        ({"challenge": "another"}, Flaw.CHALLENGE),
        ({"origin": "http://portal.example"}, Flaw.ORIGIN),
        ({"embedded": True}, Flaw.ORIGIN),
        ({"address": b"another"}, Flaw.ADDRESS),
        ({"present": False}, Flaw.PRESENCE),
        ({"verified": False}, Flaw.VERIFICATION),
        ({"backup_eligible": False}, Flaw.BACKUP),
    ],
)
def test_names_what_is_wrong(bent, reason):
    assert flaw(replace(RIGHT, **bent), WANTED) is reason


def test_refuses_copies_where_none_are_allowed():
    strict = replace(WANTED, synced=False)
    assert flaw(RIGHT, strict) is Flaw.SYNCED
    assert flaw(replace(RIGHT, backup_eligible=False, backed_up=False), strict) is None
