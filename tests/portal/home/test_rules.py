import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.home import checkup
from portal.home.rules import (
    MOST,
    STANDS,
    TIERS,
    Facts,
    Finding,
    Standing,
    Tier,
    Topic,
    check_up,
    pressing,
)

BOOLEANS = (
    *("spare", "opted_out", "passkey_due", "recovering", "new_sim", "phone", "calls_only"),
    *("email", "check_due", "unusual", "new_device", "others", "restricted", "on_trial"),
)
FACTS = st.builds(
    Facts,
    **dict.fromkeys(("permanent", "own", "passkeys"), st.integers(0, 3)),
    **dict.fromkeys(BOOLEANS, st.booleans()),
)


@pytest.mark.parametrize(
    ("facts", "topic", "finding"),
    [
        ({}, Topic.FACTORS, Finding.FACTORS),
        ({"permanent": 0, "own": 0}, Topic.FACTORS, Finding.NO_FACTOR),
        ({"opted_out": True, "permanent": 0}, Topic.FACTORS, Finding.OPTED_OUT),
        ({"passkey_due": True}, Topic.FACTORS, Finding.PASSKEY_DUE),
        ({"bridged": True, "passkey_due": True}, Topic.FACTORS, Finding.BRIDGED),
        ({"permanent": 1, "spare": False}, Topic.FACTORS, Finding.ONE_FACTOR),
        ({"permanent": 1}, Topic.FACTORS, Finding.FACTORS),
        ({"permanent": 1, "own": 0}, Topic.FACTORS, Finding.TELEPHONE_ONLY),
        ({"passkeys": 0}, Topic.FACTORS, Finding.NO_PASSKEY),
        ({}, Topic.RECOVERY, Finding.CONTACTS),
        ({"recovering": True, "new_sim": True}, Topic.RECOVERY, Finding.RECOVERING),
        ({"new_sim": True}, Topic.RECOVERY, Finding.NEW_SIM),
        ({"phone": False, "new_sim": True}, Topic.RECOVERY, Finding.NO_PHONE),
        ({"calls_only": True, "check_due": True}, Topic.RECOVERY, Finding.CALLS_ONLY),
        ({"check_due": True}, Topic.RECOVERY, Finding.CHECK_DUE),
        ({"spare": False}, Topic.RECOVERY, Finding.NO_SPARE),
        ({}, Topic.DEVICES, Finding.ALONE),
        ({"others": True}, Topic.DEVICES, Finding.OTHERS),
        ({"others": True, "new_device": True}, Topic.DEVICES, Finding.NEW_DEVICE),
        ({"new_device": True, "unusual": True}, Topic.DEVICES, Finding.UNUSUAL),
        ({}, Topic.ALERTS, Finding.ALERTS),
        ({"email": False}, Topic.ALERTS, Finding.NO_EMAIL),
        ({}, Topic.ADDRESSES, Finding.RESTRICTED),
        ({"restricted": False}, Topic.ADDRESSES, Finding.ANYWHERE),
        ({"on_trial": True, "restricted": False}, Topic.ADDRESSES, Finding.ON_TRIAL),
    ],
)
def test_finds(facts, topic, finding):
    found = {section.topic: section.finding for section in check_up(Facts(**facts))}
    assert found[topic] is finding


def test_asks_nothing_of_whoever_has_everything():
    assert pressing(check_up(Facts())) == 0
    assert all(section.is_done for section in check_up(Facts()))


def test_puts_what_presses_first():
    facts = Facts(email=False, new_sim=True, restricted=False, unusual=True)
    order = [section.topic for section in check_up(facts)]
    assert order == [Topic.RECOVERY, Topic.ALERTS, Topic.DEVICES, Topic.ADDRESSES, Topic.FACTORS]
    assert pressing(check_up(facts)) == 3


@given(FACTS)
def test_has_five_sections_at_most_in_the_order_of_risk(facts):
    sections = check_up(facts)
    assert len({section.topic for section in sections}) == len(sections) <= MOST
    standings = [section.standing for section in sections]
    assert standings == sorted(standings)


@given(FACTS)
def test_each_section_has_one_sentence_one_state_and_one_action(facts):
    for section in checkup.shown(facts):
        assert all((section.sentence, section.state, section.url, section.action))


@given(FACTS)
def test_never_shows_a_choice_as_wrong(facts):
    for section, said in zip(check_up(facts), checkup.shown(facts), strict=True):
        if section.standing >= Standing.OPTIONAL:
            assert said.tone not in ("danger", "warning", "notice")
        if said.tone == "danger":
            assert section.finding in {Finding.NO_FACTOR, Finding.RECOVERING, Finding.NEW_SIM}


def test_every_finding_stands_somewhere_and_has_words():
    assert set(STANDS) == set(checkup.WORDS) == set(Finding)
    assert set(TIERS) == set(Topic)
    assert set(TIERS.values()) == set(Tier) == set(checkup.TIERS)
    assert set(checkup.STATES) == set(Standing)
