"""The mail server: takes every mail for every address and delivers it to ``/mail/``."""

import asyncio
import email
import email.policy
import os
import socket
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings

from portal.emulator.faults import ANSWERS, DELAY, Fault, faults
from portal.emulator.state import Mail, store

REFUSALS = {
    "http_429": "450 4.7.0 Too many messages",
    "http_500": "554 5.3.0 The message is refused",
    "http_503": "421 4.3.2 The service is not available",
}
ACCEPTED = "250 2.0.0 Taken"
SIZE_MOST = 10_000_000


class Inbox:
    """aiosmtpd's handler; ``to`` of a fault is matched against the first recipient."""

    async def handle_DATA(  # noqa: N802  (the name is aiosmtpd's)
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Takes the mail, or fails as ordered."""
        to = address(envelope.rcpt_tos[0])
        if delay := faults.take("smtp", to, DELAY):
            await asyncio.sleep(delay.ms / 1000)
        fault = faults.take("smtp", to, ANSWERS)
        if not fault:
            keep(envelope)
            return ACCEPTED
        return await self._fail(server, envelope, fault)

    async def _fail(self, server: SMTP, envelope: Envelope, fault: Fault) -> str:
        if fault.fault in REFUSALS:
            return REFUSALS[fault.fault]
        if fault.fault.startswith("accept_then_"):
            keep(envelope)
        if fault.fault.endswith("_500"):
            return REFUSALS["http_500"]
        if fault.fault.endswith("timeout"):
            await asyncio.to_thread(faults.hold, settings.CONFIG.hold)
        if server.transport:
            server.transport.abort()
        return ACCEPTED


def listen(host: str, port: int) -> None:
    """Serves on a thread of its own; a taken port is one clear line and exit 1."""
    inbox = Controller(
        Inbox(),
        hostname=host,
        port=port,
        data_size_limit=SIZE_MOST,
        enable_SMTPUTF8=True,
        ident="Emulator",
    )
    try:
        # aiosmtpd itself takes five seconds to notice that the port is taken.
        socket.create_server((host, port)).close()
        inbox.start()
    except OSError as error:
        raise SystemExit(f"SMTP_PORT {port}: {os.strerror(error.errno)}.") from None


def keep(envelope: Envelope) -> None:
    """Delivers one mail to each recipient's mailbox."""
    message = email.message_from_bytes(envelope.content or b"", policy=email.policy.default)
    with store.lock:
        for recipient in envelope.rcpt_tos:
            store.mails.append(
                Mail(
                    to=address(recipient),
                    sender=str(message.get("From") or envelope.mail_from or ""),
                    subject=str(message.get("Subject", "")),
                    text=_part(message, "plain"),
                    html=_part(message, "html"),
                )
            )
        store.lock.notify_all()


def address(text: str) -> str:
    """The key of a mailbox: lower case, without angle brackets."""
    return text.strip().strip("<>").lower()


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    if part is None:
        return ""
    try:
        return str(part.get_content()).replace("\r\n", "\n")
    except (LookupError, UnicodeError):
        # An unknown character set.
        return (part.get_payload(decode=True) or b"").decode("utf-8", "replace")
