"""Twilio's Lookup v2: kind of line and change of SIM, each a package that may not be enabled.

A client of its own, so that its connection and its short time-out hurt nothing else. What a
package cannot tell (not enabled, country not covered, not a mobile number) is not known.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.dateparse import parse_datetime, parse_duration
from twilio.rest import Client

from accounts.outbox.gateways import twilio
from accounts.outbox.ports import CARRIER_MOST, Refused, Report, Unknown

PACKAGES = "line_type_intelligence,sim_swap"
LINES = {
    "mobile": "mobile",
    "landline": "landline",
    "fixedVoip": "voip",
    "nonFixedVoip": "voip",
}
NO_SUCH_NUMBER = 20404
UNTOLD = timedelta(hours=24)  # the shortest period that Twilio offers


class TwilioNumbers:
    """A ``NumberIntelligence``."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def report(self, number: str) -> Report:
        """What the network tells of ``number``; one request."""
        try:
            return twilio.attempt(self.client, lambda: self._report(number))
        except Refused as refused:
            if refused.code == NO_SUCH_NUMBER:
                return Report()
            raise

    def _report(self, number: str) -> Report:
        found = self.client.lookups.v2.phone_numbers(number).fetch(fields=PACKAGES)
        if found.phone_number != number:
            raise Unknown("an answer about another number")
        line = _package(found.line_type_intelligence)
        swap = _package(_package(found.sim_swap).get("last_sim_swap"))
        at = _moment(swap.get("last_sim_swap_date"))
        return Report(
            line_type=LINES.get(line.get("type"), ""),
            carrier=_name(line.get("carrier_name")),
            swapped_at=at,
            swapped_within=None if at else _period(swap),
        )


def _package(answer: dict[str, Any] | None) -> dict[str, Any]:
    """A package's answer; empty when it has none or tells an error. Raises ``AttributeError``."""
    return {} if answer is None or answer.get("error_code") else answer


def _name(text: str | None) -> str:
    """A carrier's name in one line; "" where it is not told. Raises ``AttributeError``."""
    return " ".join(text.split())[:CARRIER_MOST] if text else ""


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    at = parse_datetime(text)
    if at is None:
        raise ValueError("no time")
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _period(swap: dict[str, Any]) -> timedelta | None:
    if swap.get("swapped_in_period") is not True:
        return None
    return parse_duration(swap.get("swapped_period") or "") or UNTOLD


class NoNumbers:
    """A ``NumberIntelligence`` where none is bought: nothing is known."""

    def report(self, number: str) -> Report:
        """Nothing."""
        return Report()


def from_settings() -> TwilioNumbers:
    """The port as the settings say; shares one client in the process."""
    return TwilioNumbers(twilio.shared_client(timeout=settings.LOOKUP_TIMEOUT))
