"""Portable Symmetric Key Container (RFC 6030): the seeds of a delivery of cards, read back.

Only encrypted containers are read, and of each value the MAC is checked before anything of it is
decrypted. The XML is read without DTD, entities and outside references. Reading is all or
nothing: every package that cannot be read is named.
"""

import base64
import binascii
import hmac
from collections.abc import Callable, Container
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

MAX_BYTES = 5 * 1024 * 1024
MIN_ITERATIONS, MAX_ITERATIONS = 10_000, 10_000_000
BLOCK = 16
GCM_NONCE = 12

_PSKC = "{urn:ietf:params:xml:ns:keyprov:pskc}"
_XENC = "{http://www.w3.org/2001/04/xmlenc#}"
_XENC11 = "{http://www.w3.org/2009/xmlenc11#}"
_PKCS5 = "{http://www.rsasecurity.com/rsalabs/pkcs/schemas/pkcs-5v2-0#}"
_PBKDF2 = "http://www.rsasecurity.com/rsalabs/pkcs/schemas/pkcs-5v2-0#pbkdf2"
_CBC = {f"http://www.w3.org/2001/04/xmlenc#aes{bits}-cbc": bits for bits in (128, 192, 256)}
_GCM = {f"http://www.w3.org/2009/xmlenc11#aes{bits}-gcm": bits for bits in (128, 192, 256)}
_MACS = {
    "http://www.w3.org/2000/09/xmldsig#hmac-sha1": "sha1",
    "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256": "sha256",
    "http://www.w3.org/2001/04/xmldsig-more#hmac-sha512": "sha512",
}
_PRFS = {"hmacWithSHA1": hashes.SHA1, "hmacWithSHA256": hashes.SHA256}


class Unreadable(ValueError):
    """The container is refused; ``problems`` has a line for each reason."""

    def __init__(self, *problems: str) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Token:
    """One key of the container. ``suite`` is an OCRA suite as spelt there, "" without one."""

    serial: str
    algorithm: str
    suite: str
    secret: bytes
    counter: int

    def __repr__(self) -> str:
        return f"Token({self.serial!r})"  # the seed stays out of logs and tracebacks


def read(
    container: bytes,
    *,
    key: bytes | None = None,
    passphrase: str | None = None,
    min_iterations: int = MIN_ITERATIONS,
) -> list[Token]:
    """The tokens of ``container``, in its order.

    Exactly one of ``key`` (the pre-shared key, 16, 24 or 32 bytes) and ``passphrase`` (PBKDF2 with
    at least ``min_iterations``) is given. Raises ``Unreadable``.
    """
    if (key is None) is (passphrase is None):
        raise Unreadable("give either the pre-shared key or the passphrase")
    root = _parsed(container)
    if key is None:
        key = _derived(root, passphrase, min_iterations)
    mac = _mac(root, key)
    tokens: dict[str, Token] = {}
    problems: list[str] = []
    for place, package in enumerate(root.iterfind(f"{_PSKC}KeyPackage"), 1):
        try:
            token = _token(package, key, mac, taken=tokens)
        except Unreadable as error:
            problems.append(
                f"package {place} ({_serial(package)[:64] or 'no serial number'}): {error}"
            )
        else:
            tokens[token.serial] = token
    if problems or not tokens:
        raise Unreadable(*(problems or ["there is no key in it"]))
    return list(tokens.values())


def _parsed(container: bytes) -> Element:
    if len(container) > MAX_BYTES:
        raise Unreadable(f"larger than {MAX_BYTES} bytes")
    try:
        root = fromstring(container, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise Unreadable("not well-formed XML, or XML with a DTD or entities") from None
    if root.tag != f"{_PSKC}KeyContainer" or root.get("Version") != "1.0":
        raise Unreadable("not a key container of RFC 6030, version 1.0")
    return root


def _derived(root: Element, passphrase: str, min_iterations: int) -> bytes:
    """The key that the passphrase gives (RFC 6030 section 6.2, PKCS #5)."""
    method = root.find(f"{_PSKC}EncryptionKey/{_XENC11}DerivedKey/{_XENC11}KeyDerivationMethod")
    if method is None or method.get("Algorithm") != _PBKDF2:
        raise Unreadable("its key is not derived from a passphrase")
    params = method.find(f"{_PKCS5}PBKDF2-params")
    if params is None:
        raise Unreadable("the derivation of its key is incomplete")
    # The RFC's own example leaves the inner elements without a namespace.
    inner = {element.tag.rpartition("}")[2]: element for element in params.iter()}
    iterations, length = (_number(inner, name) for name in ("IterationCount", "KeyLength"))
    if not min_iterations <= iterations <= MAX_ITERATIONS:
        raise Unreadable(
            f"its key is derived with {iterations} rounds, not at least {min_iterations}"
        )
    if length not in (16, 24, 32):
        raise Unreadable("its key has an odd length")
    prf = inner["PRF"].get("Algorithm", "") if "PRF" in inner else ""
    hash_of = _PRFS.get(prf.rpartition("#")[2] or "hmacWithSHA1")
    if hash_of is None:
        raise Unreadable("its key is derived with an unknown function")
    salt = _decoded(inner["Specified"].text if "Specified" in inner else None)
    return PBKDF2HMAC(hash_of(), length, salt, iterations).derive(passphrase.encode())


def _number(inner: dict[str, Element], name: str) -> int:
    text = (inner[name].text or "").strip() if name in inner else ""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Unreadable(f"the derivation of its key has no {name}")
    return int(text)


def _mac(root: Element, key: bytes) -> Callable[[bytes], bytes] | None:
    """What computes the MAC of a value, or None where the container names none."""
    method = root.find(f"{_PSKC}MACMethod")
    if method is None:
        return None
    name = _MACS.get(method.get("Algorithm", ""))
    if name is None:
        raise Unreadable("its MAC is of an unknown kind")
    sealed = method.find(f"{_PSKC}MACKey")
    mac_key = key if sealed is None else _decrypted(sealed, key)
    return lambda value: hmac.digest(mac_key, value, name)


def _serial(package: Element) -> str:
    return package.findtext(f"{_PSKC}DeviceInfo/{_PSKC}SerialNo", "").strip()


def _token(
    package: Element, key: bytes, mac: Callable[[bytes], bytes] | None, *, taken: Container[str]
) -> Token:
    serial = _serial(package)
    if not (serial.isascii() and serial.isalnum() and len(serial) <= 32):
        raise Unreadable("the serial number is not 1 to 32 letters and digits")
    if serial in taken:
        raise Unreadable("serial number twice")
    keys = package.findall(f"{_PSKC}Key")
    if len(keys) != 1:
        raise Unreadable("not exactly one key")
    data = keys[0].find(f"{_PSKC}Data")
    secret = data.find(f"{_PSKC}Secret") if data is not None else None
    if secret is None:
        raise Unreadable("no seed")
    return Token(
        serial=serial,
        algorithm=keys[0].get("Algorithm", ""),
        suite=keys[0].findtext(f"{_PSKC}AlgorithmParameters/{_PSKC}Suite", "").strip(),
        secret=_value(secret, key, mac),
        counter=_counter(data.find(f"{_PSKC}Counter"), key, mac),
    )


def _counter(element: Element | None, key: bytes, mac: Callable[[bytes], bytes] | None) -> int:
    if element is None:
        return 0
    plain = element.findtext(f"{_PSKC}PlainValue")
    if plain is None:
        return int.from_bytes(_value(element, key, mac))
    if not (plain.strip().isascii() and plain.strip().isdigit() and len(plain.strip()) < 20):
        raise Unreadable("the counter is not a number")
    return int(plain)


def _value(element: Element, key: bytes, mac: Callable[[bytes], bytes] | None) -> bytes:
    """The bytes of an encrypted value, once its MAC is right."""
    sealed = element.find(f"{_PSKC}EncryptedValue")
    if sealed is None:
        raise Unreadable("the seed is not encrypted")
    if _algorithm(sealed) in _CBC:
        given = element.findtext(f"{_PSKC}ValueMAC")
        if mac is None or given is None:
            raise Unreadable("there is no MAC")
        if not hmac.compare_digest(mac(_cipher_value(sealed)), _decoded(given)):
            raise Unreadable("the MAC does not match: altered, or another key")
    return _decrypted(sealed, key)


def _algorithm(sealed: Element) -> str:
    method = sealed.find(f"{_XENC}EncryptionMethod")
    return method.get("Algorithm", "") if method is not None else ""


def _cipher_value(sealed: Element) -> bytes:
    return _decoded(sealed.findtext(f"{_XENC}CipherData/{_XENC}CipherValue"))


def _decoded(text: str | None) -> bytes:
    try:
        return base64.b64decode("".join((text or "").split()), validate=True)
    except (binascii.Error, ValueError):
        raise Unreadable("a value is not Base64") from None


def _decrypted(sealed: Element, key: bytes) -> bytes:
    name, value = _algorithm(sealed), _cipher_value(sealed)
    bits = _CBC.get(name) or _GCM.get(name)
    if bits is None:
        raise Unreadable("encrypted in an unknown way")
    if len(key) * 8 != bits:
        raise Unreadable(f"encrypted with a key of {bits} bits, and this one has {len(key) * 8}")
    plain = _open_cbc(key, value) if name in _CBC else _open_gcm(key, value)
    if not plain:
        raise Unreadable("a value is empty")
    return plain


def _open_cbc(key: bytes, value: bytes) -> bytes:
    if len(value) < 2 * BLOCK or len(value) % BLOCK:
        raise Unreadable("a value has no whole blocks")
    opened = Cipher(AES(key), modes.CBC(value[:BLOCK])).decryptor()
    plain = opened.update(value[BLOCK:]) + opened.finalize()
    if not 1 <= plain[-1] <= BLOCK:
        raise Unreadable("a value does not open: altered, or another key")
    return plain[: -plain[-1]]


def _open_gcm(key: bytes, value: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(value[:GCM_NONCE], value[GCM_NONCE:], None)
    except (InvalidTag, ValueError):
        raise Unreadable("a value does not open: altered, or another key") from None
