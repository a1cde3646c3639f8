"""A real emulator in a process of its own, the official client, and a customer who listens."""

import json
import re
import smtplib
import threading
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from tests import emulator_process
from tests.emulator_process import Emulator, until

SPEED = 20
ALICE = "+14155550101"
TOKEN = "emulator_auth_token"
ACCOUNT = ("AC00000000000000000000000000000001", TOKEN)
TEST_ACCOUNT = ("AC00000000000000000000000000000002", "emulator_test_token")
SUITE = "OCRA-1:HOTP-SHA256-8:QN06-PSHA256"
COUNTING = "OCRA-1:HOTP-SHA256-8:C-QN06"
CARDS = [
    {"serial": "DSC1000001", "suite": SUITE, "seed": "31" * 32, "hint": "Alice's"},
    {"serial": "DSC1000002", "suite": COUNTING, "seed": "32" * 32},
]


class Rebased(TwilioHttpClient):
    """The official HTTP client with only its base URL changed."""

    def __init__(self, base_url: str) -> None:
        super().__init__(timeout=10.0)
        self.base_url = base_url
        self.session.trust_env = False

    def request(self, method: str, url: str, *args: object, **kwargs: object) -> object:
        place = urllib.parse.urlsplit(url)
        assert re.fullmatch(r"(api|lookups)\.twilio\.com", place.hostname)
        path = place.path + (f"?{place.query}" if place.query else "")
        return super().request(method, self.base_url + path, *args, **kwargs)

    def close(self) -> None:
        self.session.close()


@dataclass
class Heard:
    """One request that reached the customer."""

    method: str
    url: str
    form: dict[str, str]
    headers: dict[str, str]


@dataclass
class Customer:
    """A web server that keeps what it is told and answers from ``pages`` (path to text)."""

    base_url: str = ""
    heard: list[Heard] = field(default_factory=list)
    pages: dict[str, str] = field(default_factory=dict)
    status: int = 200

    def told(self, path: str, name: str) -> list[str]:
        """The values of one form field on one path, in order of arrival."""
        return [hit.form.get(name, "") for hit in self.at(path)]

    def at(self, path: str) -> list[Heard]:
        """What came to one path."""
        return [hit for hit in self.heard if urllib.parse.urlsplit(hit.url).path == path]


@pytest.fixture(scope="session")
def _customer() -> Iterator[Customer]:
    customer = Customer()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            form = dict(urllib.parse.parse_qsl(body, keep_blank_values=True))
            url = customer.base_url + self.path
            customer.heard.append(Heard(self.command, url, form, dict(self.headers)))
            content = customer.pages.get(urllib.parse.urlsplit(self.path).path, "").encode()
            self.send_response(customer.status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    customer.base_url = f"http://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield customer
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def _emulator(_customer: Customer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    folder = tmp_path_factory.mktemp("demo")
    (folder / "handsets.json").write_text(f'{{"{ALICE}": "Alice"}}')
    (folder / "cards.json").write_text(json.dumps({"cards": CARDS}))
    with emulator_process.start(
        EMULATOR_SPEED=str(SPEED),
        EMULATOR_HOLD="0.3",
        EMULATOR_INBOUND_URL=f"{_customer.base_url}/inbound/",
        DEMO_DIR=str(folder),
    ) as emulator:
        yield emulator


@pytest.fixture
def http() -> Iterator[requests.Session]:
    """A plain session without credentials."""
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture
def emulator(_emulator: Emulator, http: requests.Session) -> Emulator:
    """The emulator, emptied."""
    assert http.post(f"{_emulator.base_url}/control/reset").status_code == 204
    return _emulator


@pytest.fixture
def customer(_customer: Customer, emulator: Emulator) -> Customer:
    """The customer, who has heard nothing yet."""
    _customer.heard.clear()
    _customer.pages.clear()
    _customer.status = 200
    return _customer


@pytest.fixture
def connect(emulator: Emulator) -> Iterator[Callable[..., Client]]:
    """``connect(user, password, account)`` makes an official client."""
    made = []

    def make(*credentials: str) -> Client:
        http_client = Rebased(emulator.base_url)
        made.append(http_client)
        return Client(*credentials, http_client=http_client, environment={"-": "-"})

    yield make
    for client in made:
        client.close()


@pytest.fixture
def twilio(connect: Callable[..., Client]) -> Client:
    """The client of the account."""
    return connect(*ACCOUNT)


@pytest.fixture
def sandbox(connect: Callable[..., Client]) -> Client:
    """The client of the test credentials."""
    return connect(*TEST_ACCOUNT)


@pytest.fixture
def phone(emulator: Emulator, http: requests.Session) -> "Phone":
    """Alice's handset."""
    return Phone(f"{emulator.base_url}/phone/{ALICE}/", http)


@dataclass
class Phone:
    """A handset, driven over HTTP."""

    url: str
    http: requests.Session

    def messages(self) -> list[dict]:
        return self.http.get(f"{self.url}messages.json").json()["messages"]

    def calls(self) -> list[dict]:
        return self.http.get(f"{self.url}calls.json").json()["calls"]

    def act(self, sid: str, verb: str, **form: str) -> int:
        return self.http.post(f"{self.url}calls/{sid}/{verb}", data=form).status_code

    def be(self, **profile: object) -> None:
        assert self.http.post(f"{self.url}profile", json=profile).status_code == 204

    def wait_for_call(self, status: str) -> dict:
        return until(lambda: next((c for c in self.calls() if c["status"] == status), None))

    def wait_for_speech(self, text: str) -> dict:
        return until(lambda: next((c for c in self.calls() if text in c["spoken"]), None))


@pytest.fixture
def card(emulator: Emulator, http: requests.Session) -> "Card":
    """Alice's card."""
    return Card(f"{emulator.base_url}/card/DSC1000001/", http)


@dataclass
class Card:
    """A card, driven over HTTP."""

    url: str
    http: requests.Session

    def respond(self, **fields: object) -> requests.Response:
        return self.http.post(f"{self.url}respond", json=fields)

    def press(self, keys: str) -> str:
        return self.http.post(f"{self.url}press", data={"keys": keys}).json()["display"]


@pytest.fixture
def mail(emulator: Emulator) -> Callable[..., None]:
    """Sends a mail by SMTP."""

    def make(
        to: str = "alice@example.com",
        subject: str = "ご確認 – code",
        text: str = "Hello\n",
        html: str = "<p>Hello</p>",
    ) -> None:
        message = EmailMessage()
        message["From"] = "Portal <portal@example.com>"
        message["To"] = to
        message["Subject"] = subject
        message.set_content(text)
        if html:
            message.add_alternative(html, subtype="html")
        with smtplib.SMTP("localhost", emulator.smtp_port, timeout=10) as link:
            link.send_message(message)

    return make


@pytest.fixture
def inbox(emulator: Emulator, http: requests.Session) -> Callable[..., list[dict]]:
    """Reads a mailbox."""

    def read(address: str = "alice@example.com") -> list[dict]:
        return http.get(f"{emulator.base_url}/mail/{address}.json").json()["mails"]

    return read
