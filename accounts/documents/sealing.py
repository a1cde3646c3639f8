"""The bytes of a document at rest: pieces, each sealed by AES-256-GCM under the document's key.

The key is sealed by the vault, so that rotation rewraps one short column and never touches the
pieces. A piece is bound to its document, its place and the size of the whole: none can be swapped,
left out or cut off.
"""

import json
from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from accounts.documents.rules import PIECE, Span
from accounts.vault import NONCE_BYTES, CannotOpen


def new_key() -> bytes:
    """A key for one document."""
    return AESGCM.generate_key(256)


def sealed(content: bytes, *, key: bytes, document: str) -> Iterator[bytes]:
    """The pieces of ``content`` in order. Once for each key: their places are the nonces."""
    cipher, size = AESGCM(key), len(content)
    for number, start in enumerate(range(0, size, PIECE)):
        about = _about(document, number, size)
        yield cipher.encrypt(_nonce(number), content[start : start + PIECE], about)


def opened(piece: bytes, number: int, *, key: bytes, document: str, size: int) -> bytes:
    """What stands in piece ``number``. Raises ``CannotOpen``."""
    try:
        return AESGCM(key).decrypt(_nonce(number), piece, _about(document, number, size))
    except InvalidTag:
        raise CannotOpen("altered, or of another place") from None


def numbers(span: Span) -> range:
    """The pieces in which ``span`` lies."""
    return range(span.first // PIECE, span.last // PIECE + 1)


def within(content: bytes, number: int, span: Span) -> bytes:
    """What of piece ``number`` belongs to ``span``."""
    start = number * PIECE
    return content[max(0, span.first - start) : span.last - start + 1]


def _nonce(number: int) -> bytes:
    return number.to_bytes(NONCE_BYTES)


def _about(document: str, number: int, size: int) -> bytes:
    return json.dumps(["document", document, number, size]).encode()
