"""E-mail over SMTP: what a mail server says, and what may be sent again."""

from uuid import uuid4

import pytest

from accounts.outbox.gateways.email import SmtpMailer
from accounts.outbox.ports import Busy, Letter, Refused, Unknown

TO = "alice@example.com"
LETTER = Letter("A subject", "Plain words", "<p>Rich words</p>")


def mailers(port):
    """The mailer of production; pytest-django puts another in its place."""
    return {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "localhost", "port": port, "timeout": 1},
        }
    }


@pytest.fixture
def mailer(emulator, wire, settings) -> SmtpMailer:
    settings.MAILERS = mailers(emulator.smtp_port)
    return SmtpMailer()


def box(wire):
    return wire.get(f"/mail/{TO}.json")["mails"]


def test_a_mail_arrives_in_both_forms(mailer, wire, settings):
    mailer.send(TO, LETTER, ref=uuid4())
    [mail] = box(wire)
    assert mail["subject"] == "A subject"
    assert mail["text"].strip() == "Plain words"
    assert "<p>Rich words</p>" in mail["html"]
    assert mail["from"] == settings.DEFAULT_FROM_EMAIL


@pytest.mark.parametrize(
    ("fault", "error", "arrived"),
    [
        ("http_429", Busy, 0),
        ("http_503", Busy, 0),
        ("http_500", Refused, 0),
        ("reset", Unknown, 0),
        ("accept_then_reset", Unknown, 1),
        ("accept_then_timeout", Unknown, 1),
    ],
)
def test_only_what_was_surely_not_taken_is_sent_again(mailer, wire, fault, error, arrived):
    wire.fault("smtp", fault)
    with pytest.raises(error):
        mailer.send(TO, LETTER, ref=uuid4())
    assert len(box(wire)) == arrived


def test_a_mail_server_that_is_away_is_safe_to_ask_again(settings):
    settings.MAILERS = mailers(9)
    with pytest.raises(Busy):
        SmtpMailer().send(TO, LETTER, ref=uuid4())


@pytest.mark.parametrize(
    ("to", "subject"),
    [("not an address", "x"), ("a@b.example\nBcc: c@d.example", "x"), (TO, "x\nBcc: c@d.example")],
)
def test_what_no_mail_can_have_is_refused(mailer, wire, to, subject):
    with pytest.raises(Refused):
        mailer.send(to, Letter(subject, "x"), ref=uuid4())
    assert wire.get("/mail/c@d.example.json")["mails"] == []
