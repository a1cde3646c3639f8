from hypothesis import given
from hypothesis import strategies as st

from sls.methods.authenticator_app import rules

OFF = st.integers(-12, 12)


def test_the_window_is_three_steps_wide_wherever_the_clock_is():
    assert rules.window(1000, 0) == [999, 1000, 1001]
    assert rules.window(1000, -4) == [995, 996, 997]


def test_one_code_off_the_centre_moves_nothing():
    assert rules.recentred(0, before=0, off=1) == 0
    assert rules.recentred(0, before=1, off=-1) == 0


def test_two_codes_on_the_same_side_move_the_centre_by_one():
    assert rules.recentred(0, before=1, off=1) == 1
    assert rules.recentred(3, before=2, off=2) == 2


@given(OFF, OFF, OFF)
def test_the_centre_moves_by_one_at_most_and_never_beyond_ten(drift, before, off):
    drift = max(-10, min(10, drift))
    after = rules.recentred(drift, before=before, off=off)
    assert abs(after - drift) <= 1
    assert abs(after) <= 10


def test_names_issuer_and_account_so_that_no_app_mixes_them_up():
    uri = rules.key_uri(
        issuer="Client: Portal", account="alice&b", key="ABCD", facts={"digits": 6, "period": 30}
    )
    assert uri == (
        "otpauth://totp/Client%20%20Portal:alice%26b"
        "?secret=ABCD&issuer=Client%20%20Portal&digits=6&period=30"
    )
