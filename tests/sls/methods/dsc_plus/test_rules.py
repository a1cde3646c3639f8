import time
from decimal import Decimal

import pytest

from sls.algorithms import ocra
from sls.methods.dsc_plus import rules
from sls.methods.dsc_plus.rules import Unfit, Weighed, weigh

SEED = b"12345678901234567890123456789012"
PLAIN = "OCRA-1:HOTP-SHA256-8:QN06-PSHA256"
COUNTING = "OCRA-1:HOTP-SHA256-8:C-QN06-PSHA256"
ASKED = "492817"


@pytest.mark.parametrize(
    ("pin", "unfit"),
    [
        ("4827", None),
        ("0071", None),
        ("482", Unfit.NOT_FOUR_DIGITS),
        ("48271", Unfit.NOT_FOUR_DIGITS),
        ("４８２７", Unfit.NOT_FOUR_DIGITS),
        ("48a7", Unfit.NOT_FOUR_DIGITS),
        ("0000", Unfit.REPEATED),
        ("4848", Unfit.REPEATED),
        ("1234", Unfit.RUN),
        ("9876", Unfit.RUN),
        ("8901", Unfit.RUN),
        ("1984", Unfit.YEAR),
        ("2031", Unfit.YEAR),
        ("0101", Unfit.REPEATED),
        ("4155", Unfit.PERSONAL),
    ],
)
def test_a_pin_is_not_what_others_try_first(pin, unfit):
    assert rules.unfit_pin(pin, personal="+14155550101") is unfit


@pytest.mark.parametrize(
    ("suite", "seed", "says"),
    [
        (PLAIN, SEED, ""),
        (COUNTING, SEED, ""),
        ("OCRA-1:HOTP-SHA256-8:QN06", SEED, ""),
        ("", SEED, "no OCRA suite"),
        (PLAIN.lower(), SEED, "no OCRA suite"),
        ("OCRA-1:HOTP-SHA256-6:QN06", SEED, "six digits with eight"),
        ("OCRA-1:HOTP-SHA256-8:QN08", SEED, "six digits with eight"),
        ("OCRA-1:HOTP-SHA256-8:QA06", SEED, "six digits with eight"),
        ("OCRA-1:HOTP-SHA1-8:QN06", SEED, "not one for cards"),
        ("OCRA-1:HOTP-SHA256-8:QN06-T1M", SEED, "not one for cards"),
        ("OCRA-1:HOTP-SHA256-8:QN06-S064", SEED, "not one for cards"),
        (PLAIN, SEED[:19], "19 bytes"),
    ],
)
def test_takes_only_keys_that_make_a_card(suite, seed, says):
    found = rules.unfit_token(suite, seed)
    assert says in found
    assert bool(found) is bool(says)


@pytest.mark.parametrize(
    ("equity", "allowed", "eligible"),
    [("500000.01", False, True), ("500000", False, False), ("0", False, False), ("0", True, True)],
)
def test_exactly_the_threshold_is_not_more(equity, allowed, eligible):
    found = rules.is_eligible(
        equity_usd=Decimal(equity), threshold_usd=Decimal(500_000), allowed_by_staff=allowed
    )
    assert found is eligible


def test_a_card_is_never_asked_the_same_twice():
    asked = [rules.challenge(SEED, issued) for issued in range(5_000)]
    assert len(set(asked)) == len(asked)
    assert {len(one) for one in asked} == {6}


def test_asking_costs_the_same_however_often_it_was_asked():
    def cost(start: int) -> float:
        before = time.process_time()
        for issued in range(start, start + 1_000):
            rules.challenge(SEED, issued)
        return time.process_time() - before

    early = min(cost(0) for _ in range(3))
    assert min(cost(rules.SPENT - 1_000) for _ in range(3)) < 2 * early


def test_weighs_a_response_to_the_challenge_with_the_pin():
    right = ocra.compute(PLAIN, SEED, ASKED, pin="4827")

    def weighed(**given: str) -> bool:
        facts = {"question": ASKED, "pin": "4827", "answer": right} | given
        found = weigh(
            PLAIN, SEED, facts["question"], facts["answer"], pin=facts["pin"], counter=0, awaited=3
        )
        assert found == Weighed(found.right, 0)
        return found.right

    assert weighed()
    assert not weighed(pin="4828")
    assert not weighed(question="492818")
    assert not weighed(answer="")


def press(at: int, asked: str = ASKED) -> str:
    return ocra.compute(COUNTING, SEED, asked, counter=at, pin="4827")


def counted(answer: str, *, counter: int = 5, awaited: int | None = None) -> Weighed:
    return weigh(COUNTING, SEED, ASKED, answer, pin="4827", counter=counter, awaited=awaited)


@pytest.mark.parametrize("ahead", [0, 1, rules.LOOK_AHEAD])
def test_a_card_may_be_some_presses_ahead(ahead):
    assert counted(press(5 + ahead)) == Weighed(True, 6 + ahead)


def test_a_press_that_was_taken_is_over():
    assert counted(press(4)) == Weighed(False, 5)


def test_two_responses_in_a_row_bring_a_card_back_that_is_far_ahead():
    first = counted(press(105))
    assert first == Weighed(False, 5, awaited=106)
    assert counted(press(106), awaited=106) == Weighed(True, 107)


def test_the_same_response_twice_is_not_two_in_a_row():
    assert counted(press(105), awaited=106) == Weighed(False, 5, awaited=106)


@pytest.mark.parametrize("second", [104, 107])
def test_responses_that_do_not_follow_each_other_bring_nothing_back(second):
    assert counted(press(second), awaited=106) == Weighed(False, 5, awaited=second + 1)


def test_a_wrong_response_in_between_starts_the_search_anew():
    assert counted("00000000", awaited=106) == Weighed(False, 5)


def test_a_card_that_is_out_of_reach_stays_there():
    assert counted(press(5 + rules.FAR_AHEAD)).awaited == 6 + rules.FAR_AHEAD
    assert counted(press(6 + rules.FAR_AHEAD)) == Weighed(False, 5)
