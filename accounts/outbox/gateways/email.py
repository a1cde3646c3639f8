"""E-mail by SMTP, through Django's mailer ``default``."""

import smtplib
import ssl
from contextlib import suppress
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers

from accounts.outbox.errors import Advice, Error, Kind, Meaning
from accounts.outbox.ports import Accepted, Busy, Letter, Refused, Unknown

REJECTED = Error(Kind.NUMBER, Meaning.OURS, Advice.RESEND)


class SmtpMailer:
    """A ``Mailer``. What a server did not surely refuse is never sent again."""

    def send(self, to: str, letter: Letter, *, ref: UUID) -> Accepted:
        """Hands over an e-mail; its Message-ID carries ``ref``."""
        message = _message(to, letter, ref)
        connection = mailers["default"]
        try:
            connection.open()
        except smtplib.SMTPAuthenticationError as error:
            raise Refused(error.smtp_code, REJECTED) from None
        except (OSError, ssl.SSLError, smtplib.SMTPException) as error:
            raise Busy(type(error).__name__) from None
        try:
            connection.send_messages([message])
        except smtplib.SMTPRecipientsRefused as error:
            raise _answered(next(iter(error.recipients.values()))[0]) from None
        except smtplib.SMTPResponseException as error:
            raise _answered(error.smtp_code) from None
        except ValueError:
            # An address or a header that no mail can have.
            raise Refused(553, REJECTED) from None
        except (OSError, smtplib.SMTPException) as error:
            raise Unknown(type(error).__name__) from None
        finally:
            # The mail was taken or not before this; saying goodbye changes nothing.
            with suppress(OSError, smtplib.SMTPException):
                connection.close()
        return Accepted("", "")


def _answered(code: int) -> Exception:
    """RFC 5321 4.2.1: 4yz is passing and nothing was taken, 5yz is a no."""
    return Busy(f"smtp {code}") if 400 <= code < 500 else Refused(code, REJECTED)


def _message(to: str, letter: Letter, ref: UUID) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[to],
        headers={
            "Message-ID": f"<{ref}@{settings.PUBLIC_HOST}>",
            # RFC 3834: out-of-office replies are not wanted.
            "Auto-Submitted": "auto-generated",
        },
    )
    if letter.html:
        message.attach_alternative(letter.html, "text/html")
    return message


def from_settings() -> SmtpMailer:
    """The mailer as the settings say."""
    return SmtpMailer()
