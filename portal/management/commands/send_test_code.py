"""``manage.py send_test_code +E164 [--voice]``: one real message, to see that the account works."""

import time
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseError
from django.utils import timezone

from accounts import codes
from accounts.outbox import guard, services, tasks, wording
from accounts.outbox.models import Channel, Message, Status

NEEDED = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKENS", "TWILIO_FROM")


class Command(BaseCommand):
    """Sends through the same outbox as every other code, without waiting for a worker."""

    help = (
        "Send one security code that opens nothing to a telephone, by SMS or by a call. "
        "Real sending needs TWILIO_MODE=live, TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and "
        "TWILIO_FROM; TWILIO_API_KEY and TWILIO_API_SECRET are used where they are set. The keys "
        "of a call reach the portal at PUBLIC_BASE_URL, which has to be public then."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The number and the channel."""
        parser.add_argument("number", help="telephone number in E.164, such as +14155550101")
        parser.add_argument("--voice", action="store_true", help="call instead of writing")
        parser.add_argument("--language", default="en", choices=[code for code, _ in _languages()])

    def handle(self, *args: Any, **options: Any) -> None:
        """One line on success; raises ``CommandError`` with one line otherwise."""
        number = options["number"]
        self._check(number, voice=options["voice"])
        try:
            message = _send(number, Channel.VOICE if options["voice"] else Channel.SMS, options)
        except DatabaseError as error:
            raise CommandError(f"The database does not answer: {type(error).__name__}.") from None
        if message.status not in {Status.SENT, Status.DELIVERED}:
            raise CommandError(_why(message))
        self.stdout.write(
            f"{settings.TWILIO_MODE}: {message.channel} accepted as {message.provider_id}. "
            f"{wording.delivery(message, timezone.now()).text}"
        )

    def _check(self, number: str, *, voice: bool) -> None:
        missing = [name for name in NEEDED if not getattr(settings, name)]
        if missing:
            raise CommandError(f"Set {', '.join(missing)} (and TWILIO_MODE) to send for real.")
        if reason := guard.refusal(number):
            raise CommandError(f"{wording.refusal(reason)} ({number})")
        if settings.TWILIO_MODE != "live":
            self.stderr.write(f"TWILIO_MODE is {settings.TWILIO_MODE}: no real telephone is used.")
        elif voice and urlsplit(settings.PUBLIC_BASE_URL).hostname in {"localhost", "127.0.0.1"}:
            self.stderr.write("PUBLIC_BASE_URL is this machine: the call cannot react to keys.")


def _languages() -> list[tuple[str, str]]:
    return settings.LANGUAGES


def _send(number: str, channel: Channel, options: dict[str, Any]) -> Message:
    message = services.enqueue(
        user=None,
        channel=channel,
        name="security_code",
        to=number,
        language=options["language"],
        context={"code": codes.numeric(6), "reference": codes.reference()},
        expires_at=timezone.now() + timedelta(seconds=settings.SECURITY_CODE_LIFE),
        phrase="",  # to anybody
    )
    # A worker may be faster; then this finds nothing to do and waits for its outcome.
    tasks.deliver(str(message.pk))
    deadline = time.monotonic() + settings.TWILIO_TIMEOUT + 5
    message.refresh_from_db()
    while message.status in {Status.QUEUED, Status.SENDING} and time.monotonic() < deadline:
        time.sleep(0.2)
        if message.status == Status.QUEUED:
            tasks.deliver(str(message.pk))
        message.refresh_from_db()
    return message


def _why(message: Message) -> str:
    code = f" (error {message.error_code})" if message.error_code else ""
    return f"Not sent{code}: {wording.delivery(message, timezone.now()).text}"
