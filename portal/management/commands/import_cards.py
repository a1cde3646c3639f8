"""``manage.py import_cards``: a delivery of cards goes into stock."""

from pathlib import Path
from typing import Any

from django.core.management import CommandError, CommandParser

from accounts.origin import SYSTEM
from portal.management.plain import PlainCommand
from sls.algorithms import pskc
from sls.methods.dsc_plus import stock


class Command(PlainCommand):
    """Reads an encrypted key container (RFC 6030)."""

    help = (
        "Take the cards of a PSKC file (RFC 6030) into stock: all of them or, if one cannot be "
        "read or is there already, none, and every bad one is named. The file must be encrypted, "
        "with a pre-shared key or a passphrase. Seeds are sealed anew at once; delete the file "
        "and its key afterwards."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and how to open it."""
        parser.add_argument("file", metavar="FILE", type=Path)
        secret = parser.add_mutually_exclusive_group(required=True)
        secret.add_argument("--key-file", type=Path, metavar="F", help="the key in hexadecimal")
        secret.add_argument("--passphrase-file", type=Path, metavar="F", help="the passphrase")

    def handle(self, *args: Any, **options: Any) -> None:
        """One line, or one for each problem."""
        container = self._bytes(options["file"])
        try:
            tokens = pskc.read(container, **self._secret(options))
            cards = stock.import_tokens(tokens, origin=SYSTEM, actor="staff:command")
        except pskc.Unreadable as error:
            raise CommandError("nothing was imported:\n  " + "\n  ".join(error.problems)) from None
        self.stdout.write(
            f"{len(cards)} cards are in stock now: {cards[0].serial} to {cards[-1].serial}"
        )

    def _secret(self, options: dict[str, Any]) -> dict[str, Any]:
        if options["key_file"] is None:
            text = self._bytes(options["passphrase_file"]).decode(errors="replace")
            return {"passphrase": text.rstrip("\r\n")}
        text = self._bytes(options["key_file"]).decode(errors="replace").strip()
        try:
            return {"key": bytes.fromhex(text)}
        except ValueError:
            raise CommandError("the key file does not hold hexadecimal digits") from None

    def _bytes(self, path: Path) -> bytes:
        try:
            if path.stat().st_size > pskc.MAX_BYTES:
                raise CommandError(f"{path} is larger than {pskc.MAX_BYTES} bytes")
            return path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror or 'cannot be read'}") from None
