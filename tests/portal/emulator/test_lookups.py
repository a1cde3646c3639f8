"""Lookup v2 as the official client sees it: kind of line, change of SIM, magic numbers, faults."""

from datetime import UTC, datetime, timedelta

import pytest
import requests
from django.utils.dateparse import parse_duration
from twilio.base.exceptions import TwilioRestException

ALICE = "+14155550101"
BOTH = "line_type_intelligence,sim_swap"
LIVE = ("AC00000000000000000000000000000001", "emulator_auth_token")
TEST = ("AC00000000000000000000000000000002", "emulator_test_token")
# The keys of an answer and of its packages, as Twilio's OpenAPI document has them.
KEYS = {
    *("calling_country_code", "country_code", "phone_number", "national_format", "valid"),
    *("validation_errors", "caller_name", "sim_swap", "call_forwarding", "line_status"),
    *("line_type_intelligence", "identity_match", "reassigned_number", "sms_pumping_risk"),
    *("phone_number_quality_score", "pre_fill", "url"),
}
CARRIER = {"carrier_name", "mobile_country_code", "mobile_network_code", "error_code"}


def ask(client, number=ALICE, fields=BOTH):
    return client.lookups.v2.phone_numbers(number).fetch(fields=fields)


def refusal(client, *arguments) -> tuple[int, int]:
    with pytest.raises(TwilioRestException) as raised:
        ask(client, *arguments)
    return raised.value.status, raised.value.code


@pytest.fixture
def order(emulator, http):
    """Orders a fault on lookups; returns the status of the answer."""

    def make(fault: str, **more) -> int:
        asked = {"on": "lookups", "fault": fault, **more}
        return http.post(f"{emulator.base_url}/control/faults", json=asked).status_code

    return make


def test_has_every_key_of_the_resource(emulator, http):
    url = f"{emulator.base_url}/v2/PhoneNumbers/{ALICE}?Fields={BOTH}"
    answer = http.get(url, auth=LIVE).json()
    assert answer.keys() == KEYS
    assert answer["line_type_intelligence"].keys() == CARRIER | {"type"}
    assert answer["sim_swap"].keys() == CARRIER | {"last_sim_swap"}


def test_tells_no_package_that_was_not_asked_for(twilio):
    found = ask(twilio, fields="")
    assert (found.valid, found.country_code, found.calling_country_code) == (True, "US", "1")
    assert found.national_format == "(415) 555-0101"
    assert (found.line_type_intelligence, found.sim_swap) == (None, None)


def test_a_mobile_has_not_changed_its_sim(twilio):
    found = ask(twilio)
    assert found.line_type_intelligence["type"] == "mobile"
    assert found.sim_swap["last_sim_swap"] == {
        "last_sim_swap_date": None,
        "swapped_period": "PT48H",
        "swapped_in_period": False,
    }


def test_a_landline_has_no_sim(twilio, phone):
    phone.be(landline=True)
    found = ask(twilio)
    assert found.line_type_intelligence["type"] == "landline"
    assert (found.sim_swap["last_sim_swap"], found.sim_swap["error_code"]) == (None, 60612)


def test_a_swapped_sim_is_told_with_its_time(twilio, phone):
    phone.be(sim_swapped=True)
    last = ask(twilio).sim_swap["last_sim_swap"]
    at, now = datetime.fromisoformat(last["last_sim_swap_date"]), datetime.now(UTC)
    assert now - timedelta(seconds=30) < at <= now
    assert last["swapped_in_period"] is True
    assert parse_duration(last["swapped_period"]) < timedelta(minutes=1)


def test_an_old_swap_is_told_with_its_time(twilio, phone):
    phone.be(sim_swapped_at="2026-04-27T10:18:50Z")
    last = ask(twilio).sim_swap["last_sim_swap"]
    assert last["last_sim_swap_date"] == "2026-04-27T10:18:50Z"


def test_a_swap_can_be_forgotten(twilio, phone, http):
    phone.be(sim_swapped=True)
    assert http.get(f"{phone.url}profile").json()["sim_swapped_at"]
    phone.be(sim_swapped=False)
    assert ask(twilio).sim_swap["last_sim_swap"]["swapped_in_period"] is False


@pytest.mark.parametrize("profile", [{"sim_swapped": "maybe"}, {"sim_swapped_at": "yesterday"}])
def test_an_odd_swap_is_a_bad_field(phone, http, profile):
    assert http.post(f"{phone.url}profile", json=profile).status_code == 400


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("+1415555", "TOO_SHORT"),
        ("+141599299600", "TOO_LONG"),
        ("+9991234567", "INVALID_COUNTRY_CODE"),
    ],
)
def test_an_impossible_number_is_told_to_be_one(twilio, number, problem):
    found = ask(twilio, number)
    assert (found.valid, found.validation_errors) == (False, [problem])
    assert (found.phone_number, found.country_code, found.sim_swap) == (number, None, None)


@pytest.mark.parametrize("number", ["nobody", "14155550101", "+0123"])
def test_what_is_no_number_is_not_found(twilio, number):
    assert refusal(twilio, number) == (404, 20404)


def test_wants_credentials(connect):
    assert refusal(connect(LIVE[0], "wrong")) == (401, 20003)


def test_takes_an_api_key(connect):
    key = ("SK00000000000000000000000000000001", "emulator_api_secret", LIVE[0])
    assert ask(connect(*key)).valid


def test_other_packages_are_not_enabled(twilio):
    assert ask(twilio, fields="caller_name").caller_name == {"error_code": 60606}


def test_there_is_no_package_of_another_name(twilio):
    assert refusal(twilio, ALICE, "horoscope") == (400, 20001)


@pytest.mark.parametrize(
    ("number", "period"),
    [
        ("+12345678900", "PT48H"),
        ("+12345678901", "PT24H"),
        ("+12345678904", "PT48H"),
        ("+12345678907", "PT24H"),
    ],
)
def test_test_credentials_know_the_magic_numbers(sandbox, number, period):
    last = ask(sandbox, number).sim_swap["last_sim_swap"]
    assert (last["swapped_period"], last["swapped_in_period"]) == (period, False)


def test_test_credentials_know_nothing_of_a_telephone(sandbox, phone):
    phone.be(sim_swapped=True, landline=True)
    found = ask(sandbox)
    assert (found.valid, found.sim_swap, found.line_type_intelligence) == (True, None, None)


def test_test_credentials_may_only_look(emulator, http):
    answer = http.post(f"{emulator.base_url}/v2/PhoneNumbers/{ALICE}", auth=TEST)
    assert (answer.status_code, answer.json()["code"]) == (403, 20008)


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [("http_429", 429, 20429), ("http_500", 500, 20500), ("http_503", 503, 20503)],
)
def test_fails_on_demand(twilio, order, fault, status, code):
    order(fault, to=ALICE)
    assert ask(twilio, "+14155550102").valid
    assert refusal(twilio) == (status, code)
    assert ask(twilio).valid


@pytest.mark.parametrize("fault", ["timeout", "reset"])
def test_breaks_the_connection_on_demand(twilio, order, fault):
    order(fault)
    with pytest.raises(requests.ConnectionError):
        ask(twilio)


def test_packages_are_switched_off_on_demand(twilio, order):
    order("not_enabled")
    found = ask(twilio)
    assert found.sim_swap["error_code"] == found.line_type_intelligence["error_code"] == 60606


def test_answers_about_another_number_on_demand(twilio, order):
    order("other_number")
    assert ask(twilio).phone_number == "+14155550102"


def test_a_lookup_cannot_be_accepted_and_lost(order):
    assert order("accept_then_reset") == 400
