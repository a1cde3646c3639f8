"""What to do now, and what becomes of a case, in words."""

from django.utils.translation import gettext as _

from accounts.cases.models import Kind, Status


def advice(kind: str) -> str:
    """What whoever reports it does now."""
    return {
        Kind.SIGN_IN: _("If you did not sign in, stop everything now. It takes one button."),
        Kind.EMAIL: _(
            "Do not answer it, do not open what is attached, and do not click on anything in it."
        ),
        Kind.CALL: _("Hang up. Do not call the number back that the caller gave you."),
        Kind.TEXT: _("Do not answer it, and do not call or open what stands in it."),
        Kind.TRANSACTION: _("If it was not you, stop everything now, then call us."),
        Kind.STATEMENT: _(
            "We compare it with our books and write here. If something was moved that you did not "
            "ask for, stop everything now."
        ),
        Kind.INCIDENT: _("Everything is stopped. Have this reference ready when you call us."),
    }[Kind(kind)]


def of_status(status: str) -> str:
    """What happens next, in one sentence."""
    return {
        Status.RECEIVED: _("We have your report. Nobody has looked at it yet."),
        Status.LOOKED_AT: _("One of us is looking at it. We write here, and tell you by mail."),
        Status.WAITING: _("We have asked you something. Please answer below."),
        Status.CLOSED: _("Nothing more happens here. Something new? Report it again."),
    }[Status(status)]


TONES = {
    Status.RECEIVED: "notice",
    Status.LOOKED_AT: "notice",
    Status.WAITING: "warning",
    Status.CLOSED: "good",
}
