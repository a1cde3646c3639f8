"""``manage.py check_tls [HOST[:PORT]]``: how an address encrypts, and what is weak about it."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal.tls import looking, rules


class Command(BaseCommand):
    """One look, as the hourly watch makes it."""

    help = (
        "Report protocol, cipher, key, issuer and end of the certificate of the public address, or "
        "of another one. Exits with 1 when something is weak, 3 when nothing answers by TLS."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Which address, and who is trusted."""
        parser.add_argument("address", nargs="?", default="", metavar="HOST[:PORT]")
        parser.add_argument("--ca", help="file of certificates that are trusted instead")

    def handle(self, *args: Any, **options: Any) -> None:
        """A line a fact; raises ``CommandError`` with what is weak."""
        text = options["address"] or settings.PUBLIC_BASE_URL
        parts = urlsplit(text if "://" in text else f"https://{text}")
        if parts.scheme != "https" or not parts.hostname:
            raise CommandError(f"{text} is no address with TLS", returncode=3)
        try:
            facts = looking.look(parts.hostname, parts.port or 443, ca=options["ca"])
        except (OSError, ValueError) as error:
            raise CommandError(f"{text} does not answer by TLS: {error}", returncode=3) from None
        self.stdout.write(f"host        {facts.host}")
        self.stdout.write(f"protocol    {facts.protocol}")
        self.stdout.write(f"cipher      {facts.cipher}, {facts.bits} bits")
        self.stdout.write(f"key         {facts.key}, {facts.key_bits} bits")
        self.stdout.write(f"issuer      {facts.issuer}")
        self.stdout.write(f"valid       {facts.starts:%Y-%m-%d} to {facts.ends:%Y-%m-%d}")
        self.stdout.write(f"SHA-256     {facts.fingerprint}")
        weak = rules.weaknesses(facts, now=timezone.now())
        if weak:
            why = f" ({facts.trusted})" if facts.trusted else ""
            raise CommandError(f"weak: {', '.join(weak)}{why}")
        self.stdout.write("nothing is weak")
