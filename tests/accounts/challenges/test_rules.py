from datetime import UTC, datetime, timedelta

import pytest

from accounts.challenges.rules import Bar, Ceilings, may_send

NOW = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
CEILINGS = Ceilings(timedelta(seconds=30), timedelta(seconds=60), 5, 10)


def at(*seconds_ago):
    return [NOW - timedelta(seconds=s) for s in seconds_ago]


def test_lets_the_first_send_go_at_once():
    sending = may_send(NOW, CEILINGS, sent_to_number=[], of_challenge=0)
    assert (sending.bar, sending.left, sending.seconds(NOW)) == (None, 5, 0)


def test_spaces_sends_at_0_30_90_150_210():
    sent, allowed = [], []
    for second in range(300):
        now = NOW + timedelta(seconds=second)
        sending = may_send(now, CEILINGS, sent_to_number=sent, of_challenge=len(sent))
        if sending.bar is None:
            sent.append(now)
            allowed.append(second)
    assert allowed == [0, 30, 90, 150, 210]


@pytest.mark.parametrize(("ago", "wait"), [([0], 30), ([29], 1), ([30], 0), ([31, 1], 59)])
def test_says_how_many_seconds_are_left(ago, wait):
    sending = may_send(NOW, CEILINGS, sent_to_number=at(*ago), of_challenge=0)
    assert sending.seconds(NOW) == wait
    assert sending.bar is (Bar.SPACING if wait else None)


def test_spaces_a_new_sign_in_by_the_sends_of_the_last_one():
    sending = may_send(NOW, CEILINGS, sent_to_number=at(10), of_challenge=0)
    assert sending.bar is Bar.SPACING


def test_stops_after_five_sends_of_one_challenge():
    sending = may_send(NOW, CEILINGS, sent_to_number=at(250, 220, 160, 100), of_challenge=5)
    assert (sending.bar, sending.at, sending.left) == (Bar.CHALLENGE_CAP, None, 0)


def test_stops_after_ten_sends_to_a_number_until_the_oldest_is_a_day_old():
    ago = [86_000 - 3600 * n for n in range(10)]
    sending = may_send(NOW, CEILINGS, sent_to_number=at(*ago), of_challenge=0)
    assert sending.bar is Bar.NUMBER_CAP
    assert sending.seconds(NOW) == 400


def test_forgets_sends_older_than_a_day():
    sending = may_send(NOW, CEILINGS, sent_to_number=at(*[86_401] * 10), of_challenge=0)
    assert sending.bar is None


def test_tells_how_many_sends_are_left_beforehand():
    sending = may_send(NOW, CEILINGS, sent_to_number=at(*[7200] * 8), of_challenge=1)
    assert sending.left == 2
