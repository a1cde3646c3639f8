"""What is weak about the encryption of an address, and who hears of it."""

import socketserver
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.outbox.models import Message
from portal.console.rules import Role
from portal.tls import looking, services
from portal.tls.rules import Facts, Weak, weaknesses
from tests.cast import person
from tests.portal.console.staffing import given

NOW = datetime(2026, 11, 26, 15, tzinfo=UTC)


def facts(**changed: object) -> Facts:
    usual = {
        "host": "portal.example",
        "protocol": "TLSv1.3",
        "cipher": "TLS_AES_256_GCM_SHA384",
        "bits": 256,
        "key": "EC",
        "key_bits": 256,
        "issuer": "Example CA",
        "starts": NOW - timedelta(days=30),
        "ends": NOW + timedelta(days=60),
        "fingerprint": "AB" * 32,
    }
    return Facts(**usual | changed)


@pytest.mark.parametrize(
    ("changed", "weak"),
    [
        ({}, []),
        ({"key": "RSA", "key_bits": 2048}, []),
        ({"protocol": "TLSv1.2", "cipher": "ECDHE-RSA-CHACHA20-POLY1305"}, []),
        ({"key": "RSA", "key_bits": 1024}, [Weak.KEY]),
        ({"key": "EC", "key_bits": 192}, [Weak.KEY]),
        ({"key": "DSA", "key_bits": 4096}, [Weak.KEY]),
        ({"protocol": "TLSv1.1"}, [Weak.PROTOCOL]),
        ({"old": ["TLSv1"]}, [Weak.OLD_PROTOCOLS]),
        ({"cipher": "AES256-SHA"}, [Weak.CIPHER]),
        ({"cipher": "DES-CBC3-SHA", "bits": 112}, [Weak.CIPHER]),
        ({"ends": NOW}, [Weak.EXPIRED]),
        ({"starts": NOW + timedelta(1)}, [Weak.EXPIRED]),
        ({"ends": NOW + timedelta(days=21)}, [Weak.EXPIRES]),
        ({"ends": NOW + timedelta(days=22)}, []),
        ({"trusted": "self-signed certificate"}, [Weak.UNTRUSTED]),
    ],
)
def test_what_is_weak(changed, weak):
    assert weaknesses(facts(**changed), now=NOW) == weak


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


def certificate(folder: Path, key: object, *, days: int = 60) -> Path:
    name = x509.Name(
        [
            x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost"),
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "Example CA"),
        ]
    )
    now = timezone.now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def serve(tmp_path) -> Iterator:
    """Starts a server with a key, and returns its port and its certificate."""
    servers = []

    def start(key: object, *, only: str = "", **more: int) -> tuple[int, Path]:
        path = certificate(tmp_path, key, **more)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if only:
            context.set_ciphers("ALL:@SECLEVEL=0")
            with pytest.deprecated_call():
                context.minimum_version = context.maximum_version = ssl.TLSVersion[only]
        context.load_cert_chain(path)
        server = Server(("localhost", 0), socketserver.BaseRequestHandler)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return server.server_address[1], path

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_look_at_a_server(serve):
    port, path = serve(ec.generate_private_key(ec.SECP256R1()))
    seen = looking.look("localhost", port, ca=str(path))
    assert (seen.key, seen.key_bits, seen.issuer) == ("EC", 256, "Example CA")
    assert seen.protocol == "TLSv1.3"
    assert not seen.old
    assert weaknesses(seen, now=timezone.now()) == []
    assert looking.look("localhost", port).trusted


@pytest.mark.parametrize(("only", "protocol"), [("TLSv1", "TLSv1"), ("TLSv1_1", "TLSv1.1")])
def test_a_server_that_speaks_nothing_but_what_is_old_is_weak_and_not_away(serve, only, protocol):
    port, path = serve(rsa.generate_private_key(65537, 2048), only=only)
    seen = looking.look("localhost", port, ca=str(path))
    assert (seen.protocol, seen.old, seen.trusted) == (protocol, [protocol], "")
    weak = weaknesses(seen, now=timezone.now())
    assert weak[:2] == [Weak.PROTOCOL, Weak.OLD_PROTOCOLS]
    assert Weak.UNTRUSTED in weaknesses(looking.look("localhost", port), now=timezone.now())


def test_the_command_says_what_it_saw_and_what_is_weak(serve):
    port, path = serve(ec.generate_private_key(ec.SECP256R1()))
    out = StringIO()
    call_command("check_tls", f"localhost:{port}", ca=str(path), stdout=out)
    assert "nothing is weak" in out.getvalue()
    assert "EC, 256 bits" in out.getvalue()
    with pytest.raises(CommandError, match="untrusted"):
        call_command("check_tls", f"localhost:{port}", stdout=StringIO())
    weak, path = serve(rsa.generate_private_key(65537, 2048), days=5)
    with pytest.raises(CommandError, match="expires"):
        call_command("check_tls", f"localhost:{weak}", ca=str(path), stdout=StringIO())


@pytest.mark.parametrize("address", ["localhost:9", "http://localhost"])
def test_nothing_that_answers_is_one_line(address):
    with pytest.raises(CommandError) as failed:
        call_command("check_tls", address)
    assert failed.value.returncode == 3


def test_what_is_weak_is_told_once_and_shown_to_visitors(db, serve, settings, monkeypatch):
    port, _path = serve(ec.generate_private_key(ec.SECP256R1()), days=5)
    settings.PUBLIC_BASE_URL, settings.HTTPS = f"https://localhost:{port}", True
    monkeypatch.setattr(services, "_read", [0.0, None])
    assert services.watch() == [Weak.UNTRUSTED, Weak.EXPIRES]
    services.watch()
    entry = Entry.objects.get(event=Event.TLS_WEAK)
    assert entry.user is None
    assert entry.detail["weak"] == ["untrusted", "expires"]
    assert services.shown()["issuer"] == "Example CA"
    settings.PUBLIC_BASE_URL = "http://localhost:8000"
    page = Client().get("/login/").content.decode()
    assert "Example CA" in page


def test_officers_are_mailed_once_a_finding_and_again_when_it_changes(db, sam):
    """Sam is a security officer; Lena, a lead of support, is not told."""
    given(sam, Role.OFFICER)
    given(person("lena", staff=True), Role.LEAD)
    Message.objects.all().delete()
    weak = [Weak.EXPIRES]
    for _ in range(3):
        services.tell(facts(), weak)
    mail = Message.objects.get()
    assert (mail.user, mail.name, mail.channel) == (sam, "tls_weak", "email")
    services.tell(facts(), [Weak.EXPIRED])
    assert Message.objects.count() == 2
    services.tell(facts(), [])
    services.tell(facts(), [])
    assert Message.objects.count() == 2
    services.tell(facts(), [Weak.EXPIRED])
    assert Message.objects.count() == 3
    told = Entry.objects.filter(user=None, event__startswith="tls.").order_by("number")
    assert [one.event for one in told] == ["tls.weak", "tls.weak", "tls.well", "tls.weak"]


def test_without_tls_nothing_is_looked_at(db, settings, monkeypatch):
    monkeypatch.setattr(services, "_read", [0.0, None])
    assert services.watch() == []
    assert cache.get(services.KEPT) is None
    assert services.shown() is None
