"""The gateway against Twilio's wire: the emulator, or the real test credentials.

``TWILIO_TEST_REAL=1`` (``make test-twilio``) takes Twilio itself with ``TWILIO_TEST_ACCOUNT_SID``
and ``TWILIO_TEST_AUTH_TOKEN``: magic numbers, nothing is sent and nothing is charged.
"""

import os
from collections.abc import Callable, Iterator

import pytest

from accounts.outbox.gateways import twilio
from accounts.outbox.gateways.twilio import TwilioGateway
from tests import emulator_process
from tests.emulator_process import Emulator
from tests.wire import Wire

REAL = os.environ.get("TWILIO_TEST_REAL") == "1"
NAMES = ("TWILIO_TEST_ACCOUNT_SID", "TWILIO_TEST_AUTH_TOKEN")
EMULATED = ("AC00000000000000000000000000000002", "emulator_test_token")
SENDER = "+15005550006"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Real credentials run the contract alone; without them they are asked for."""
    if not REAL:
        return
    if any(not os.environ.get(name) for name in NAMES):
        pytest.exit(
            f"Set {' and '.join(NAMES)} to the test credentials of your Twilio account "
            "(Console, API keys and tokens, Test credentials).",
            returncode=2,
        )
    items[:] = [item for item in items if item.path.stem == "test_contract"]


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    """One emulator for the run; its times pass twenty times as fast."""
    with emulator_process.start(EMULATOR_SPEED="20", EMULATOR_HOLD="3") as running:
        yield running


@pytest.fixture
def wire(emulator, settings) -> Iterator[Wire]:
    """The emulator, empty, and the settings of the portal pointing to it."""
    settings.TWILIO_API_BASE = emulator.base_url
    settings.TWILIO_TIMEOUT = 1
    wire = Wire(emulator.base_url)
    wire.post("/control/reset")
    yield wire
    wire.delete("/control/faults")


@pytest.fixture
def gateway(wire) -> TwilioGateway:
    """The gateway as the portal makes it, at the emulator's live-like account."""
    return twilio.from_settings()


@pytest.fixture
def sandbox(request, settings) -> Callable[..., TwilioGateway]:
    """Makes a gateway with test credentials that sends from a number."""
    if REAL:
        account, token = (os.environ[name] for name in NAMES)
        base, timeout = "", 30
    else:
        account, token = EMULATED
        base, timeout = request.getfixturevalue("emulator").base_url, 10
    settings.TWILIO_MODE = "sandbox"

    def make(sender: str = SENDER) -> TwilioGateway:
        client = twilio._client(account, account, token, base, timeout)
        return TwilioGateway(client, sender=sender, service="", sandbox=True)

    return make
