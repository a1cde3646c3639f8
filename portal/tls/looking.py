"""One look at an address, as a browser makes it: a handshake, and nothing is sent."""

import hashlib
import socket
import ssl
import warnings

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from portal.tls.rules import Facts

SECONDS = 10
_OLD = {"TLSv1": ssl.TLSVersion.TLSv1, "TLSv1.1": ssl.TLSVersion.TLSv1_1}


def look(host: str, port: int = 443, *, ca: str | None = None) -> Facts:
    """How ``host`` encrypts. Raises ``OSError`` when nothing answers, or not by TLS."""
    try:
        trusted, seen = _seen(host, port, ca)
    except (ssl.SSLError, ConnectionResetError):
        # Perhaps it speaks nothing that a browser still speaks.
        trusted, seen = _seen(host, port, ca, old=True)
    der, protocol, (cipher, _of, bits) = seen
    certificate = x509.load_der_x509_certificate(der)
    kind, key_bits = _key(certificate)
    return Facts(
        host=host,
        protocol=protocol,
        cipher=cipher,
        bits=bits,
        key=kind,
        key_bits=key_bits,
        issuer=_issuer(certificate),
        starts=certificate.not_valid_before_utc,
        ends=certificate.not_valid_after_utc,
        fingerprint=hashlib.sha256(der).hexdigest().upper(),
        trusted=trusted,
        old=[name for name in _OLD if _accepts(host, port, name)],
    )


def _seen(
    host: str, port: int, ca: str | None, *, old: bool = False
) -> tuple[str, tuple[bytes, str, tuple[str, str, int]]]:
    """Why a browser would not trust it, or "", and the handshake."""
    context = ssl.create_default_context(cafile=ca)
    if old:
        _loosen(context, min(_OLD.values()), max(_OLD.values()))
    try:
        return "", _handshake(host, port, context)
    except ssl.SSLCertVerificationError as error:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return error.verify_message, _handshake(host, port, context)


def _handshake(
    host: str, port: int, context: ssl.SSLContext
) -> tuple[bytes, str, tuple[str, str, int]]:
    with (
        socket.create_connection((host, port), SECONDS) as line,
        context.wrap_socket(line, server_hostname=host) as secured,
    ):
        return secured.getpeercert(binary_form=True), secured.version(), secured.cipher()


def _loosen(context: ssl.SSLContext, least: ssl.TLSVersion, most: ssl.TLSVersion) -> None:
    """Has it offer these protocols, and ciphers as weak as theirs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version, context.maximum_version = least, most
    context.set_ciphers("DEFAULT:@SECLEVEL=0")


def _accepts(host: str, port: int, protocol: str) -> bool:
    """Whether a protocol that nobody should speak any more is still accepted."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    _loosen(context, _OLD[protocol], _OLD[protocol])
    try:
        _handshake(host, port, context)
    except OSError:
        return False
    return True


def _key(certificate: x509.Certificate) -> tuple[str, int]:
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return "RSA", key.key_size
    if isinstance(key, ec.EllipticCurvePublicKey):
        return "EC", key.key_size
    return type(key).__name__, 0


def _issuer(certificate: x509.Certificate) -> str:
    names = certificate.issuer
    for oid in (x509.NameOID.ORGANIZATION_NAME, x509.NameOID.COMMON_NAME):
        if found := names.get_attributes_for_oid(oid):
            return str(found[0].value)
    return names.rfc4514_string()
