import pytest

from accounts.outbox.guard import Reason, prefix, refusal


@pytest.mark.parametrize(
    "number",
    [
        *(f"+1415555010{digit}" for digit in (1, 2, 3, 7, 8, 9)),
        "+819012345678",
        "+447400123456",
        # Twilio's magic numbers are US personal numbers.
        "+15005550006",
        "+15005550009",
    ],
)
def test_telephones_of_clients_are_served(number):
    assert refusal(number) is None


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("+19005551234", Reason.PREMIUM),
        ("+81990123456", Reason.PREMIUM),
        ("+81570012345", Reason.PREMIUM),
        ("+81180991234", Reason.PREMIUM),
        ("+447012345678", Reason.PREMIUM),
        ("+449012345678", Reason.PREMIUM),
        ("+979123456789", Reason.PREMIUM),
        ("+870773123456", Reason.SPECIAL),
        ("+881612345678", Reason.SPECIAL),
        ("+882161234567", Reason.SPECIAL),
        ("+883510012345", Reason.SPECIAL),
        ("+447640123456", Reason.SPECIAL),
        ("+850123456789", Reason.COUNTRY),
        ("+2348012345678", Reason.COUNTRY),
        ("+18765551234", Reason.COUNTRY),  # Jamaica shares +1
        ("+1415555", Reason.INVALID),
        ("+14155550101999", Reason.INVALID),
        ("4155550101", Reason.INVALID),
        ("", Reason.INVALID),
        ("+1 415 555 0101", Reason.INVALID),
        ("+1415555０101", Reason.INVALID),
        ("+14155550101;ext=5", Reason.INVALID),
    ],
)
def test_others_are_refused_with_a_reason(number, reason):
    assert refusal(number) is reason


def test_a_country_is_served_by_the_settings(settings):
    settings.COUNTRIES_SERVED = ["JP"]
    assert refusal("+14155550101") is Reason.COUNTRY
    assert refusal("+819012345678") is None


def test_a_range_is_a_thousand_numbers():
    assert prefix("+14155550101") == prefix("+14155550999") != prefix("+14155551101")
