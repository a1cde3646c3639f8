"""Whole stories: real Chromium, the portal's server, a worker, and the emulator as Twilio."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from django_otp.oath import totp
from playwright.sync_api import BrowserContext, expect

from tests import broker, emulator_process
from tests.cast import CARD_SEED, SECOND_SEED, SEED, SUITE
from tests.emulator_process import Emulator
from tests.journeys.ib_key_phone import PHONE, Phone, by_session_id
from tests.journeys.person import Person
from tests.wire import Wire

# Its times pass five times as fast: a telephone rings for five seconds.
SPEED = "5"
PATIENCE = 15_000  # milliseconds
SERIAL, SECOND = "DSC1000001", "DSC1000002"


@pytest.fixture(scope="session")
def emulator(live_server, tmp_path_factory) -> Iterator[Emulator]:
    """One emulator for the run; what a handset writes comes to the live server. It plays a card
    with the seed of the cast."""
    folder = tmp_path_factory.mktemp("emulator")
    cards = [
        {"serial": serial, "suite": SUITE, "seed": seed.hex()}
        for serial, seed in ((SERIAL, CARD_SEED), (SECOND, SECOND_SEED))
    ]
    (folder / "cards.json").write_text(json.dumps({"cards": cards}), encoding="utf-8")
    inbound = f"{live_server.url}/twilio/inbound/"
    with emulator_process.start(
        EMULATOR_SPEED=SPEED, EMULATOR_HOLD="2", EMULATOR_INBOUND_URL=inbound, DEMO_DIR=str(folder)
    ) as running:
        yield running


@pytest.fixture
def wire(emulator) -> Iterator[Wire]:
    """The emulator, empty."""
    wire = Wire(emulator.base_url)
    wire.post("/control/reset")
    yield wire
    # Nothing of this test calls back into the next.
    wire.post("/control/reset")


@pytest.fixture
def stack(emulator, wire, worker, live_server, settings) -> Wire:
    """Portal, worker and emulator know each other; returns the emulator's controls."""
    settings.PUBLIC_BASE_URL = live_server.url
    settings.TWILIO_API_BASE = emulator.base_url
    settings.TWILIO_TIMEOUT = 1
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "localhost", "port": emulator.smtp_port, "timeout": 2},
        }
    }
    return wire


@pytest.fixture
def new_person(stack, live_server, new_context) -> Callable[..., Person]:
    """Makes people at browsers of their own; takes Playwright's options of a context."""
    expect.set_options(timeout=PATIENCE)

    def make(**options: object) -> Person:
        context: BrowserContext = new_context(**{"locale": "en-US"} | options)
        return Person(context.new_page(), live_server.url, stack)

    return make


@pytest.fixture
def person(new_person) -> Person:
    """Somebody at a browser."""
    return new_person()


@pytest.fixture
def desk(new_person, sam) -> Person:
    """Sam, a support agent, at the console."""
    person = new_person()
    person.give_password("sam")
    person.give_code(f"{totp(SEED):06d}")
    person.sees("Support console", "h1")
    return person


@pytest.fixture
def phone(stack, new_context, live_server) -> Phone:
    """A telephone in alice's hand, with the app open in its browser."""
    return Phone(new_context(**PHONE), live_server.url)


@pytest.fixture
def active(phone, alice) -> Phone:
    """Her IB Key is active there, behind biometrics."""
    by_session_id(phone, alice.pk)
    return phone


@pytest.fixture
def asked(active, person) -> Person:
    """Alice signs in on a computer; the page waits for her phone."""
    person.asks_the_phone()
    return person


@pytest.fixture
def broker_away() -> Callable[[], AbstractContextManager[None]]:
    """``with broker_away():`` nobody can publish a task; the worker keeps its connection."""
    return broker.away


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Pages are drawn in every language, and crawled in one."""
    if "language" in metafunc.fixturenames:
        drawn = getattr(metafunc.config, "pictures", None)
        metafunc.parametrize("language", drawn.languages if drawn else ["en"])


@pytest.fixture
def pictures(request):
    """What keeps the pictures, in a run of ``tests.screenshots``; None otherwise."""
    return getattr(request.config, "pictures", None)
