"""The network's answers as the gateway reads them, and every way they can fail to come."""

import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from accounts.outbox.gateways import lookup, twilio
from accounts.outbox.ports import Busy, Refused, Report, Unknown

TO = "+14155550101"


MOBILE = Report(line_type="mobile", carrier="Emulated Mobile")


@pytest.fixture
def numbers(wire, settings) -> lookup.TwilioNumbers:
    """The port as the portal makes it, at the emulator's live-like account."""
    settings.LOOKUP_TIMEOUT = 1
    return lookup.from_settings()


def test_a_mobile_with_its_old_sim(numbers):
    assert numbers.report(TO) == MOBILE


def test_a_swapped_sim_with_its_time(numbers, wire):
    wire.post(f"/phone/{TO}/profile", sim_swapped_at="2026-04-27T10:18:50Z")
    at = datetime(2026, 4, 27, 10, 18, 50, tzinfo=UTC)
    assert numbers.report(TO) == replace(MOBILE, swapped_at=at)


def test_a_landline(numbers, wire):
    wire.post(f"/phone/{TO}/profile", landline=True)
    assert numbers.report(TO) == Report(line_type="landline")


def test_packages_that_are_not_enabled_tell_nothing(numbers, wire):
    wire.post(f"/phone/{TO}/profile", sim_swapped=True)
    wire.fault("lookups", "not_enabled")
    assert numbers.report(TO) == Report()


@pytest.mark.parametrize("number", ["+1415555", "+0123", "nobody"])
def test_nothing_is_known_of_what_is_no_number(numbers, number):
    assert numbers.report(number) == Report()


def test_an_answer_about_another_number_is_not_believed(numbers, wire):
    wire.post(f"/phone/{TO}/profile", sim_swapped=True)
    wire.fault("lookups", "other_number")
    with pytest.raises(Unknown):
        numbers.report(TO)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("http_429", Busy),
        ("http_500", Unknown),
        ("http_503", Unknown),
        ("timeout", Unknown),
        ("reset", Unknown),
    ],
)
def test_a_failure_is_no_answer(numbers, wire, fault, error):
    wire.fault("lookups", fault)
    with pytest.raises(error):
        numbers.report(TO)
    assert numbers.report(TO) == MOBILE


@pytest.mark.parametrize("base", ["http://localhost:9", "http://nowhere.invalid"])
def test_a_provider_that_is_away_is_no_answer(settings, wire, base):
    settings.TWILIO_API_BASE = base
    with pytest.raises(Busy):
        lookup.from_settings().report(TO)


def test_wrong_credentials_are_our_fault(settings, wire):
    settings.TWILIO_AUTH_TOKENS = ["wrong"]
    with pytest.raises(Refused) as refused:
        lookup.from_settings().report(TO)
    assert refused.value.error.alarms


def test_it_waits_less_than_a_message_does(wire, settings):
    settings.LOOKUP_TIMEOUT, settings.TWILIO_TIMEOUT = 2, 7
    waits = [one.from_settings().client.http_client.timeout for one in (lookup, twilio)]
    assert waits == [2, 7]


def test_one_client_serves_all_questions(numbers):
    assert lookup.from_settings().client is numbers.client


@contextmanager
def answering(body: str, settings):
    """A provider that says ``body`` to everything."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    settings.TWILIO_API_BASE = f"http://localhost:{server.server_port}"
    try:
        yield lookup.from_settings()
    finally:
        server.shutdown()
        server.server_close()


def told(last: str, line: str = "null") -> str:
    swap = f'{{"last_sim_swap": {last}, "error_code": null}}'
    return f'{{"phone_number": "{TO}", "line_type_intelligence": {line}, "sim_swap": {swap}}}'


def undated(swapped: str, period: str) -> str:
    last = f'"last_sim_swap_date": null, "swapped_period": {period}, "swapped_in_period": {swapped}'
    return told(f"{{{last}}}")


DAY = timedelta(hours=24)


@pytest.mark.parametrize(
    ("body", "report"),
    [
        (undated("true", '"PT24H"'), Report(swapped_within=DAY)),
        (undated("true", '"PT48H"'), Report(swapped_within=2 * DAY)),
        (undated("true", "null"), Report(swapped_within=DAY)),
        (undated("false", '"PT24H"'), Report()),
        (undated("null", "null"), Report()),
        (told("null"), Report()),
        (told("null", '{"type": "nonFixedVoip", "error_code": null}'), Report(line_type="voip")),
        (told("null", '{"type": "tollFree", "error_code": null}'), Report()),
        (
            told("null", '{"type": "mobile", "carrier_name": " A\\n B ", "error_code": null}'),
            Report(line_type="mobile", carrier="A B"),
        ),
        (told("null", '{"type": "mobile", "error_code": 60601}'), Report()),
    ],
)
def test_what_a_carrier_may_tell(settings, body, report):
    with answering(body, settings) as numbers:
        assert numbers.report(TO) == report


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html>502</html>",
        "[]",
        "{}",
        f'{{"phone_number": "{TO}", "sim_swap": "yes"}}',
        told('"now"'),
        told('{"last_sim_swap_date": "yesterday"}'),
        told('{"last_sim_swap_date": 7}'),
        told('{"swapped_in_period": true, "swapped_period": 24}'),
        told("null", '{"type": ["mobile"]}'),
    ],
)
def test_an_odd_answer_is_none(settings, body):
    with answering(body, settings) as numbers, pytest.raises(Unknown):
        numbers.report(TO)
