"""A receiver of webhooks on this machine, as an integrator would write one; with TLS if asked."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from accounts.outbox.hooks.verifying import verified
from tests import http_receiver


class Receiver(http_receiver.Receiver):
    """Also reads what it was given."""

    def events(self, **secrets: str) -> list[dict[str, Any]]:
        """Every event that came, each verified."""
        return [
            verified(body, headers["portal-signature"], secrets, now=time.time())
            for headers, body in self.taken
        ]


@contextmanager
def receiver(*, certificate: Path | None = None, host: str = "localhost") -> Iterator[Receiver]:
    """One that answers while it is held open."""
    path = "/events?tenant=1"
    with http_receiver.answering(Receiver(), path, certificate=certificate, host=host) as made:
        yield made


def certificate(folder: Path, *, name: str = "localhost") -> Path:
    """A file with a certificate for ``name`` that vouches for itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    whose = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName(name), x509.IPAddress(ip_address("::2"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(whose)
        .issuer_name(whose)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path
