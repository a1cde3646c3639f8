import pytest

from sls.devices import rules
from sls.devices.rules import Advice, Refusal, Standing

APP = Standing("app", permanent=True, opens=True, resistant=False)
OTHER = Standing("other", permanent=True, opens=True, resistant=False)
KEY = Standing("key", permanent=True, opens=True, resistant=True)
KEY_2 = Standing("key 2", permanent=True, opens=True, resistant=True)
SMS = Standing("sms", permanent=False, opens=True, resistant=False)
CODES = Standing("codes", permanent=False, opens=False, resistant=False)


@pytest.mark.parametrize(
    ("held", "gone", "why"),
    [
        ([APP], APP, Refusal.LAST),
        ([APP, CODES], APP, Refusal.LAST),
        ([APP, SMS], APP, None),
        ([APP, OTHER], APP, None),
        ([APP, CODES], CODES, None),
        ([CODES], CODES, None),
        ([APP], OTHER, None),  # disabled: it opens nothing, and is not among them
        ([], APP, None),
    ],
)
def test_one_that_opens_the_door_remains(held, gone, why):
    assert rules.refusal_to_remove(held, gone.id, resistant_only=False) is why


@pytest.mark.parametrize(
    ("held", "gone", "why"),
    [
        ([KEY, APP, SMS], KEY, Refusal.LAST_RESISTANT),
        ([KEY, KEY_2], KEY, None),
        ([KEY, APP], APP, None),
        ([KEY], KEY, Refusal.LAST),
        ([APP, SMS], APP, None),  # there is none to lose
    ],
)
def test_under_the_policy_a_phishing_resistant_one_remains(held, gone, why):
    assert rules.refusal_to_remove(held, gone.id, resistant_only=True) is why


@pytest.mark.parametrize(
    ("held", "why"),
    [
        ([SMS], Refusal.ONLY_TELEPHONE),
        ([SMS, CODES], Refusal.ONLY_TELEPHONE),
        ([SMS, APP], None),
        ([SMS, KEY], None),
    ],
)
def test_text_messages_stay_on_until_something_permanent_takes_their_place(held, why):
    assert rules.refusal_to_switch_off(held) is why


@pytest.mark.parametrize(
    ("one", "up", "after"),
    [("a", True, "abc"), ("a", False, "bac"), ("b", True, "bac"), ("c", False, "abc")],
)
def test_moves_a_place_and_stops_at_the_ends(one, up, after):
    assert "".join(rules.moved("abc", one, up=up)) == after


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Pixel 9", "Pixel 9"),
        ("  Pixel \t 9\n", "Pixel 9"),
        ("電話", "電話"),
        ("Zoë’s key 🔑", "Zoë’s key 🔑"),
        ("👩‍💻", "👩‍💻"),
        ("x" * 64, "x" * 64),
        ("", Refusal.NO_NAME),
        (" \u3000 ", Refusal.NO_NAME),
        ("x" * 65, Refusal.LONG_NAME),
        ("a\x07b", Refusal.BAD_NAME),
        ("\u202egnp.yekssap", Refusal.BAD_NAME),
        ("\ud800", Refusal.BAD_NAME),
    ],
)
def test_reads_a_name_in_one_line(typed, read):
    assert rules.read_name(typed) == read


@pytest.mark.parametrize(
    ("held", "left", "said"),
    [
        ([SMS], 10, Advice.NOTHING_STRONG),
        ([], 0, Advice.NOTHING_STRONG),
        ([SMS, APP], 0, Advice.ONE_ALONE),
        ([KEY], 10, Advice.ONE_ALONE),
        ([APP, OTHER], 10, Advice.NO_PASSKEY),
        ([KEY, APP], 0, Advice.NO_CODES),
        ([KEY, APP], 3, Advice.FEW_CODES),
        ([KEY, APP], 4, None),
    ],
)
def test_advises_the_worst_gap_first(held, left, said):
    assert rules.advice(held, codes_left=left) is said


def test_who_holds_a_card_is_advised_to_add_a_phone():
    held = {"codes_left": 10, "methods": {"dsc_plus"}}
    assert rules.advice([APP], **held) is Advice.CARD_WITHOUT_PHONE
    held["methods"] = {"dsc_plus", "ib_key"}
    assert rules.advice([APP], **held) is Advice.ONE_ALONE
