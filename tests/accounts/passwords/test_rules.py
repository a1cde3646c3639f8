import pytest

from accounts.passwords import common, rules
from accounts.passwords.rules import Reason, Words

WORDS = Words(
    common=common.passwords(),
    personal=["alice", "Alice van Dyke", "a.meadows"],
    phones=["+14155550101"],
    brand=["Client Portal", "Example Brokerage LLC"],
)


def reasons(password: str, words: Words = WORDS) -> list[Reason]:
    return rules.refusals(password, words, least=12, most=256)


@pytest.mark.parametrize(
    "password",
    [
        "lantern-orbit-cactus-42",
        "correct horse battery staple",
        "вечерний трамвай у моста",
        "富士山の朝はとても静かである",
        "🦊🌲🏔️🛶🌙🔥🍞🧭🎒🗺️🪵⛺",
        "nine-1234-otters-dancing",
        "vJ7#qLx2!mRp",
        "x" * 3 + "lonesome-harbour",
        "a client of brisk lanterns",
        "secret-welcome-cactus",
    ],
)
def test_takes(password):
    assert reasons(password) == []


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", Reason.TOO_SHORT),
        ("vJ7#qLx2!mR", Reason.TOO_SHORT),
        ("vJ7#qLx2" * 33, Reason.TOO_LONG),
        ("1q2w3e4r5t6y", Reason.COMMON),
        ("professional", Reason.COMMON),
        ("Password1234!", Reason.COMMON),
        ("P@ssw0rd2026!!", Reason.COMMON),
        ("passwordpassword", Reason.COMMON),
        ("ｐａｓｓｗｏｒｄ１２３４", Reason.COMMON),
        ("!!!welcome!!!", Reason.COMMON),
        ("abcdefghijklmn", Reason.SEQUENCE),
        ("987654321098", Reason.SEQUENCE),
        ("abcd1234efgh5678", Reason.SEQUENCE),
        ("aaaaaaaaaaaaaaaa", Reason.REPEAT),
        ("            ", Reason.REPEAT),
        ("xyk1xyk1xyk1", Reason.REPEAT),
        ("qwertyuiopasdf", Reason.KEYBOARD),
        ("asdfghjklqwerty", Reason.KEYBOARD),
        ("poiuytrewqlkjh", Reason.KEYBOARD),
        ("summer-alice-tram", Reason.PERSONAL),
        ("summer-4l1ce-tram", Reason.PERSONAL),
        ("over the MEADOWS", Reason.PERSONAL),
        ("the van is green today", Reason.PERSONAL),
        ("ring 415-555-0101 now", Reason.PERSONAL),
        ("clientportal2026", Reason.BRAND),
        ("Example-Brokerage!", Reason.BRAND),
    ],
)
def test_refuses(password, reason):
    assert reason in reasons(password)


def test_counts_characters_after_composition():
    decomposed = "e\u0301" * 6 + "kbmzt"
    assert len(decomposed) == 17
    assert Reason.TOO_SHORT in reasons(decomposed)


def test_names_every_reason_at_once():
    assert reasons("alice123") == [Reason.TOO_SHORT, Reason.COMMON, Reason.PERSONAL]


def test_short_names_do_not_forbid_words_that_hold_them():
    words = Words(personal=["dai", "Dai Ito"])
    assert reasons("a dainty little tramway", words) == []
    assert Reason.PERSONAL in reasons("dai little tramways", words)


def test_is_quick_on_the_longest_password():
    import time

    before = time.perf_counter()
    for _ in range(20):
        reasons("qwe1" * 64)
        reasons("qw12er45" * 32)
    assert time.perf_counter() - before < 2


def test_the_lists_hold_what_the_nameplate_says():
    assert len(common.passwords()) == 40_101
    assert sum(len(password) >= 12 for password in common.passwords()) == 351


def test_a_long_password_of_either_list_is_refused():
    for password in ("massimiliano", "leavemealone", "ontheoutside"):
        assert password in common.passwords()
        assert reasons(password) == [Reason.COMMON]
