"""Real posts to a real server on this machine, and names that lead elsewhere."""

import socket
import threading
import time
from contextlib import contextmanager

import pytest

from accounts.outbox.gateways import names as lookups
from accounts.outbox.gateways import registry
from accounts.outbox.gateways.hook import Hooks
from accounts.outbox.ports import Answer
from tests.hook_receiver import certificate, receiver
from tests.waiting import wait_until

HEADERS = {"Portal-Event-Id": "1"}
PUBLIC, INSIDE = "93.184.216.34", "10.0.0.1"


def posted(url: str, *, ca: str = "", timeout: float = 2, at_home: bool = True) -> Answer:
    return Hooks(timeout, ca).post(url, b"{}", HEADERS, at_home=at_home)


@contextmanager
def speaker(*says: bytes, pause: float = 0):
    """A server that reads and says these pieces, whatever it is asked."""
    server = socket.create_server(("localhost", 0))

    def serve() -> None:
        with server.accept()[0] as link:
            link.recv(65536)
            for piece in says:
                try:
                    link.sendall(piece)
                except OSError:
                    return
                time.sleep(pause)  # what is tested: an answer that drips

    threading.Thread(target=serve, daemon=True).start()
    yield f"http://localhost:{server.getsockname()[1]}/"
    server.close()


def names(monkeypatch, *addresses: str) -> list[str]:
    """Every name leads to these; returns the names that were asked for."""
    asked: list[str] = []

    def getaddrinfo(host, port, *args, **kwargs):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def test_it_arrives_whole():
    with receiver() as there:
        assert posted(there.url) == Answer(204)
    [(headers, body)] = there.taken
    assert body == b"{}"
    assert headers["portal-event-id"] == "1"
    assert headers["host"] in there.url


def test_over_tls_to_one_that_is_vouched_for(tmp_path):
    pem = certificate(tmp_path)
    with receiver(certificate=pem) as there:
        assert posted(there.url, ca=str(pem)) == Answer(204)
        refused = posted(there.url)
    assert (refused.reason, refused.is_worth_another_try) == ("tls", True)
    assert len(there.taken) == 1


def test_who_sends_something_else_does_not_read_the_certificates(settings, tmp_path):
    """Reading them takes longer than all else that a delivery does."""
    settings.HOOK_GATEWAY, settings.WEBHOOK_CA_FILE = "http", "/nowhere.pem"
    hooks = registry.chosen().hooks
    with receiver() as there:
        assert hooks.post(there.url, b"{}", HEADERS, at_home=True) == Answer(204)
    with receiver(certificate=certificate(tmp_path)) as there:
        assert hooks.post(there.url, b"{}", HEADERS, at_home=True).reason == "connect"
    assert not there.taken


def test_over_tls_to_one_with_the_certificate_of_another(tmp_path):
    pem = certificate(tmp_path, name="other.example")
    with receiver(certificate=pem) as there:
        assert posted(there.url, ca=str(pem)).reason == "tls"
    assert there.taken == []


def test_a_redirect_is_not_followed():
    with receiver() as inside, receiver() as there:
        there.status, there.headers = 307, {"Location": inside.url}
        assert posted(there.url) == Answer(307, "redirect")
    assert inside.taken == []


def test_what_it_asks_is_read():
    with receiver() as there:
        there.status, there.headers = 429, {"Retry-After": "17"}
        assert posted(there.url) == Answer(429, retry_after=17.0)
        there.headers = {"Retry-After": "Wed, 21 Oct 2099 07:28:00 GMT"}
        assert posted(there.url) == Answer(429)


@pytest.mark.parametrize("addresses", [[INSIDE], [PUBLIC, INSIDE], ["::ffff:10.0.0.1"], ["::1"]])
def test_a_name_that_leads_inside_is_not_called(monkeypatch, addresses):
    names(monkeypatch, *addresses)
    called = []
    monkeypatch.setattr(socket, "create_connection", lambda *args: called.append(args))
    assert posted("https://hooks.broker.example/") == Answer(0, "address")
    assert called == []


def test_a_name_that_leads_to_this_machine_is_not_this_machine(monkeypatch):
    names(monkeypatch, "127.0.0.1")
    assert posted("https://rebound.broker.example/", at_home=True) == Answer(0, "address")


def test_this_machine_is_not_called_in_production():
    with receiver() as there:
        assert posted(there.url, at_home=False) == Answer(0, "address")
    assert there.taken == []


def test_what_was_judged_is_what_is_called(monkeypatch):
    """A second look-up could lead elsewhere (DNS rebinding): there is none."""
    asked = names(monkeypatch, PUBLIC)
    called = []

    def connect(address, _timeout):
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    answer = posted("https://hooks.broker.example:8443/")
    assert (answer.reason, answer.is_worth_another_try) == ("connect", True)
    assert called == [(PUBLIC, 8443)]
    assert asked == ["hooks.broker.example"]


def test_no_proxy_of_the_environment_is_asked(monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://localhost:9/")
    with receiver() as there:
        assert posted(there.url) == Answer(204)


def test_nobody_there():
    answer = posted("http://localhost:9/")
    assert (answer.reason, answer.is_worth_another_try) == ("connect", True)


@pytest.fixture
def resolver(monkeypatch):
    """One that does not answer until it is let; ``asked`` are the names that it was asked for."""
    let, asked, real = threading.Event(), [], socket.getaddrinfo

    def getaddrinfo(host, port, *args, **kwargs):
        asked.append(host)
        let.wait(60)
        return real("127.0.0.1", port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    yield asked
    let.set()
    wait_until(lambda: lookups._places._value == lookups.MOST)


def test_a_name_server_that_does_not_answer_costs_no_more_than_the_bound(resolver):
    began = time.monotonic()
    answer = posted("https://hooks.broker.example/", timeout=0.3)
    assert time.monotonic() - began < 5
    assert (answer.reason, answer.is_worth_another_try) == ("timeout", True)
    assert resolver == ["hooks.broker.example"]


def test_look_ups_that_hang_are_bounded(resolver, monkeypatch):
    monkeypatch.setattr(lookups, "MOST", 2)
    monkeypatch.setattr(lookups, "_places", threading.BoundedSemaphore(2))
    for _ in range(5):
        assert posted("https://hooks.broker.example/", timeout=0.05).reason == "timeout"
    wait_until(lambda: len(resolver) == 2)


def test_the_time_of_the_look_up_is_time_of_the_post(monkeypatch):
    """What a slow look-up leaves is all that the connection has."""
    left = []

    def connect(_address, seconds):
        left.append(seconds)
        raise ConnectionRefusedError

    def slow(*_args, **_kwargs):
        threading.Event().wait(0.4)  # what is tested: a resolver that takes its time
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (PUBLIC, 443))]

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    monkeypatch.setattr(socket, "create_connection", connect)
    assert posted("https://hooks.broker.example/", timeout=30).reason == "connect"
    assert left[0] <= 29.6


def test_a_name_that_is_none(monkeypatch):
    def unknown(*_args, **_kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    answer = posted("https://hooks.broker.example/")
    assert (answer.reason, answer.is_worth_another_try) == ("dns", True)


def test_one_that_says_nothing_is_left_in_time():
    with speaker(b"", pause=3) as url:
        began = time.monotonic()
        assert posted(url, timeout=0.5).reason == "timeout"
        assert time.monotonic() - began < 2


def test_one_that_drips_is_left_in_time():
    drops = [b"H", b"T", b"T", b"P", *([b"/"] * 40)]
    with speaker(*drops, pause=0.2) as url:
        began = time.monotonic()
        assert posted(url, timeout=0.5).reason == "timeout"
        assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    "said",
    [
        b"SSH-2.0-OpenSSH_9\r\n\r\n",
        b"HTTP/1.1 999 x\r\n\r\n",
        b"HTTP/1.1 2000 x\r\n\r\n",
        b"HTTP/9 200 x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 40_000,
        b"\x00\xff\r\n\r\n",
        b"",
    ],
)
def test_what_is_no_answer_is_tried_again(said):
    with speaker(said) as url:
        answer = posted(url)
    assert answer.status == 0
    assert answer.is_worth_another_try


def test_what_only_says_go_on_is_not_the_answer():
    with speaker(b"HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\n\r\n") as url:
        assert posted(url) == Answer(200)
